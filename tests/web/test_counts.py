"""The page, the files, the API and the command show the same figures, and none of them a small one."""

from __future__ import annotations

import csv
import io
import json
import time
from datetime import timedelta
from random import Random

import pytest
from openpyxl import load_workbook
from sqlalchemy import case, insert, select, update

from course.domain.counts import Cell, Dimension, Kind, query_of
from course.services.audit import What
from course.services.counts import count
from course.services.made_up.seeding import seed_learners
from course.services.retention import ask_for_today
from course.storage import tally
from course.storage.published_counts import last_closed
from course.storage.tables import (
    AnswerRow,
    Attempt,
    AuditRow,
    Cohort,
    CohortMember,
    Completion,
    Learner,
    LearnerProfile,
    PublishedCount,
)
from tests.services.graduates import verify_url
from tests.strict_client import text_of

NETWORKS, JOBS, LANGUAGES = ("north", "south", ""), ("baker", "cook", ""), ("fi", "sv", "en")


def fill(site, *, seed: int = 1, cells: int = 120) -> None:
    random = Random(seed)
    found: dict[Cell, int] = {}
    for _ in range(cells):
        kind = random.choice(list(Kind))
        subject = {"started": "", "completed": random.choice(["tea", "bread"])}.get(kind, "core")
        month = f"2026-{random.randrange(5, 12):02}"
        place = (random.choice(NETWORKS), random.choice(["cafe", ""]), random.choice(JOBS), random.choice(LANGUAGES))
        found[Cell(kind.value, subject, month, *place, "2030.1", "web")] = random.choice([1, 1, 2, 3, 4, 6, 9, 40])
    with site.store.writing() as session:
        tally.change(session, found)


def random_question(random: Random) -> list[tuple[str, str]]:
    asked = [("by", one.value) for one in random.sample(list(Dimension), random.randrange(4))]
    asked += [("count", one.value) for one in random.sample(list(Kind), random.randrange(3))]
    for name, values in (("network", NETWORKS), ("profession", JOBS), ("language", LANGUAGES), ("module", ("tea",))):
        if random.random() < 0.3:
            asked += [(name, value or "-") for value in random.sample(values, 1)]
    asked += [("from", "2026-07")] if random.random() < 0.3 else []
    return [*asked, ("to", "2026-09")] if random.random() < 0.3 else asked


def grouped(asked):
    parts: dict[str, list[str]] = {}
    for name, value in asked:
        parts.setdefault(name, []).append(value)
    return parts


def make_key(admin_client) -> str:
    page = admin_client.get("/en/admin/api-keys/")
    made = admin_client.submit(page, "main form[action$='/api-keys/']", name="Reporting office")
    return text_of(made.select_one(".notice code"))


def digits(text: str) -> int:
    return int("".join(one for one in text if one.isdigit()))


def from_csv(raw: bytes, names: int) -> tuple[list[list[str]], list[list[int]]]:
    rows = list(csv.reader(io.StringIO(raw.decode("utf-8-sig")), delimiter=";"))[1:]
    return [row[:names] for row in rows], [[int(one) for one in row[names:]] for row in rows]


def from_xlsx(raw: bytes, names: int) -> tuple[list[list[str]], list[list[int]]]:
    rows = [list(row) for row in load_workbook(io.BytesIO(raw)).worksheets[0].iter_rows(min_row=2, values_only=True)]
    rows = [row for row in rows if any(one is not None for one in row)]
    return [row[:names] for row in rows], [row[names:] for row in rows]


def from_page(page, names: int) -> tuple[list[list[str]], list[list[int]]]:
    rows = page.select("main table tbody tr")
    heads = [[text_of(cell) for cell in row.select("th")] for row in rows]
    assert all(len(head) == names for head in heads)
    return heads, [[digits(text_of(cell)) for cell in row.select("td")] for row in rows]


def test_page_files_api_and_command_agree_for_fifty_random_questions(app, site, client, admin_client):
    fill(site)
    random, headers = Random(20), {"Authorization": f"Bearer {make_key(admin_client)}"}
    runner = app.test_cli_runner()
    shown = 0
    for _ in range(50):
        asked = random_question(random)
        table = count(site.store, query_of(grouped(asked)), key=site.counts_key, small=5, now=site.now())
        figures, names = [list(row.counts) for row in table.rows], len(table.query.by)
        parts = asked or [("by", "")]
        page = admin_client.get("/en/admin/counts/", query_string=parts)
        heads, on_page = from_page(page, names)
        files = {kind: admin_client.raw.get(f"/en/admin/counts/file.{kind}", query_string=asked).data for kind in
                 ("csv", "xlsx", "json")}  # fmt: skip
        assert from_csv(files["csv"], names) == (heads, figures) == from_xlsx(files["xlsx"], names)
        assert on_page == figures
        api = client.raw.get("/api/v1/counts", query_string=asked, headers=headers)
        assert api.status_code == 200 and api.json == json.loads(files["json"])
        assert [[row[kind.value] for kind in table.query.kinds] for row in api.json["rows"]] == figures
        options = ["--by", ",".join(value for name, value in asked if name == "by"), "--format", "json"]
        options += ["--count", ",".join(value for name, value in asked if name == "count")]
        for name, value in asked:
            if name in ("from", "to"):
                options += [f"--{name}", value]
            elif name not in ("by", "count"):
                options += ["--where", f"{name}={value}"]
        said = runner.invoke(args=["course", "counts", *options])
        assert said.exit_code == 0 and json.loads(said.output) == api.json
        shown += len(figures)
    assert shown > 60


def test_nothing_small_is_published_and_what_is_published_stays(site, clock):
    fill(site)
    query = query_of({"by": ["month,network,profession,language"]})

    def published():
        return count(site.store, query, key=site.counts_key, small=5, now=site.now())

    before = published()
    with site.store.reading() as connection:
        figures = connection.execute(select(PublishedCount.n)).scalars().all()
    assert figures and min(figures) >= 5
    fill(site, seed=2)
    clock.move(days=5)
    assert published() == before
    clock.move(days=40)
    later = published()
    assert [row for row in later.rows if row.key[0] <= before.until] == list(before.rows)
    assert later.until > before.until


def test_exact_counts_are_for_administrators_who_ask_and_it_is_written_down(site, admin_client, trainer_client):
    fill(site)
    page = admin_client.get("/en/admin/counts/?by=network")
    exact = admin_client.submit(page, "form[action$='/exact']")
    assert "Exact counts" in text_of(exact.main)
    with site.store.streaming() as connection:
        true = sum(tally.counters(connection).values())
        written = connection.execute(select(AuditRow.what, AuditRow.who, AuditRow.details)).all()
    assert sum(digits(text_of(cell)) for cell in exact.select("tfoot td")) == true
    assert [(what, who.partition(":")[0]) for what, who, _ in written] == [(What.EXACT_COUNTS, "account")]
    assert "by=network" in written[0][2]
    assert not trainer_client.get("/en/admin/counts/").select("form[action$='/exact']")
    token = trainer_client.get("/en/admin/counts/").select_one("[name=csrf_token]")
    fields = {"csrf_token": token["value"] if token else "", "by": "network"}
    assert trainer_client.send("/en/admin/counts/exact", fields).status_code == 403


def test_a_month_is_charted_as_a_line_and_networks_as_bars(site, admin_client):
    fill(site)
    assert admin_client.get("/en/admin/counts/?by=month").select_one(".chart svg[role=img] path.series")
    assert admin_client.get("/en/admin/counts/?by=network").select_one(".chart svg[role=img] rect")


def test_a_workbook_has_a_chart_and_no_formula(site, admin_client):
    fill(site)
    name = "=1+1"
    with site.store.writing() as session:
        cell = Cell("completed", name, "2026-06", "@x", "", "\tz", "fi", "\ry", "web")
        tally.change(session, {cell: 50})
    raw = admin_client.raw.get("/en/admin/counts/file.xlsx?by=module,network,profession,edition").data
    book = load_workbook(io.BytesIO(raw))
    assert len(book.chartsheets) == 1
    cells = [cell for row in book.worksheets[0].iter_rows() for cell in row]
    assert [cell for cell in cells if cell.data_type == "f"] == []
    assert name in [cell.value for cell in cells]
    said = admin_client.raw.get("/en/admin/counts/file.csv?by=module,network,profession,edition").data.decode(
        "utf-8-sig"
    )
    row = next(row for row in csv.reader(io.StringIO(said, newline=""), delimiter=";") if row[0] == "'=1+1")
    assert [one[0] for one in row[:4]] == ["'"] * 4


def test_the_worker_publishes_a_month_that_is_over_before_anybody_asks(app, site):
    fill(site)
    assert last_closed(site.store.engine) == ""
    assert ask_for_today(site.store, site.now())
    done, failed = app.extensions["course_worker"].run_due()
    assert (done, failed) == (1, 0)
    assert last_closed(site.store.engine) == "2026-10"
    with site.store.reading() as connection:
        assert connection.execute(select(PublishedCount.n)).scalars().all()


def test_a_question_that_is_none_is_explained(admin_client):
    page = admin_client.get("/en/admin/counts/?by=shoe", status=422)
    assert "by shoe" in text_of(page.main)


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_the_pages_are_good_pages_in_every_language(site, admin_client, trainer_client, language):
    fill(site)
    for page in ("counts/?by=profession", "api-keys/", "records/", "items/"):
        admin_client.get(f"/{language}/admin/{page}")
    trainer_client.get(f"/{language}/admin/records/")


def test_the_page_of_questions_names_the_language_in_which_a_translation_seems_to_have_a_fault(
    site, admin_client, library
):
    seed_learners(site.store, library, 3_000, seed=1, verify_url=verify_url, now=site.now())
    module = library.modules[0]
    question = module.quiz.question("who-to-call")
    wrong = next(one for one in question.options if one not in question.correct)
    swedish = select(Attempt.id).where(Attempt.language == "sv")
    with site.store.writing() as session:
        session.execute(update(Attempt).values(language=case((Attempt.id % 2 == 0, "sv"), else_="fi")))
        session.execute(
            update(AnswerRow)
            .where(AnswerRow.question_id == question.id, AnswerRow.attempt_id.in_(swedish))
            .values(chosen=wrong)
        )
    for language, said in (("fi", "Vaikeampi"), ("sv", "Svårare"), ("en", "Harder in Svenska")):
        page = admin_client.get(f"/{language}/admin/items/?module={module.id}")
        assert said in text_of(page.main)


# The API


def test_without_a_key_or_with_a_revoked_one_the_api_says_so(client, admin_client, site):
    assert client.raw.get("/api/v1/counts").status_code == 401
    key = make_key(admin_client)
    headers = {"Authorization": f"Bearer {key}"}
    assert client.raw.get("/api/v1/counts", headers=headers).status_code == 200
    admin_client.submit(admin_client.get("/en/admin/api-keys/"), "form[action$='/revoke']")
    refused = client.raw.get("/api/v1/counts", headers=headers)
    assert (refused.status_code, refused.json["error"]["code"]) == (401, "key_needed")
    with site.store.reading() as connection:
        assert connection.execute(select(AuditRow.what)).scalars().all() == [What.API_KEY] * 2


def test_a_key_without_a_name_is_not_made(admin_client):
    page = admin_client.get("/en/admin/api-keys/")
    assert admin_client.submit(page, "main form[action$='/api-keys/']", name=" ", status=422).select(".field-error")


def test_the_api_gives_no_exact_counts_and_names_what_it_does_not_understand(client, admin_client):
    headers = {"Authorization": f"Bearer {make_key(admin_client)}"}
    assert client.raw.get("/api/v1/counts?exact=1", headers=headers).status_code == 403
    wrong = client.raw.get("/api/v1/counts?by=shoe", headers=headers)
    assert (wrong.status_code, wrong.json["error"]["message"]) == (400, "by: shoe")


def test_whoever_guesses_keys_is_told_to_wait(client):
    answers = [client.raw.get("/api/v1/counts", headers={"Authorization": f"Bearer {n}"}) for n in range(31)]
    assert [one.status_code for one in answers[:30]] == [401] * 30
    assert answers[30].status_code == 429 and int(answers[30].headers["Retry-After"]) > 0


def test_the_description_of_the_api_is_whole(client):
    document = client.raw.get("/api/v1/openapi.json").json
    assert document["openapi"] == "3.1.0"
    operation = document["paths"]["/api/v1/counts"]["get"]
    assert set(operation["responses"]) == {"200", "400", "401", "403", "429"}
    assert {one["name"] for one in operation["parameters"]} == {"by", "count", "from", "to", *Dimension}
    for answer in operation["responses"].values():
        name = answer["content"]["application/json"]["schema"]["$ref"].rpartition("/")[2]
        assert name in document["components"]["schemas"]


# Records person by person


def person(session, name: str, network: str | None, now) -> int:
    learner = Learner(language="fi", created_at=now, version=0)
    session.add(learner)
    session.flush()
    if network:
        group = Cohort(network_id=network, name="=G", track_id="core", language="fi", created_at=now)
        session.add(group)
        session.flush()
        session.add(CohortMember(cohort_id=group.id, learner_id=learner.id, name=name, joined_at=now))
    session.add(LearnerProfile(learner_id=learner.id, profession_id="cook", asked_at=now))
    passed = {"learner_id": learner.id, "module_id": "tea", "passed_at": now, "edition": "1", "language": "fi"}
    session.execute(insert(Completion).values(**passed))
    return learner.id


def records_of(client) -> list[list[str]]:
    page = client.get("/en/admin/records/")
    token = page.select_one("main [name=csrf_token]")["value"]
    said = client.send("/en/admin/records.csv", {"csrf_token": token})
    assert said.status_code == 200
    return list(csv.reader(io.StringIO(said.data.decode("utf-8-sig"), newline=""), delimiter=";"))[1:]


def test_records_go_to_those_with_the_right_and_it_is_written_down(site, admin_client, trainer_client):
    late = site.now().replace(hour=22, minute=30)
    with site.store.writing() as session:
        north = person(session, "=1+1", "north", late)
        south = person(session, "@x", "south", late)
        alone = person(session, "", None, late)
    assert [row[0] for row in records_of(admin_client)] == [str(north), str(south), str(alone)]
    [row] = records_of(trainer_client)
    day = (late + timedelta(days=1)).date().isoformat()
    assert row == [str(north), "'=1+1", "'=G", "north", "", "cook", "tea", day, "1", "fi", "", ""]
    with site.store.reading() as connection:
        written = connection.execute(select(AuditRow.what, AuditRow.details).order_by(AuditRow.number)).all()
    assert [(what, "north" in details) for what, details in written] == [(What.RECORDS, False), (What.RECORDS, True)]


def test_the_first_row_comes_before_the_last_is_read(site, admin_client):
    with site.store.writing() as session:
        for _ in range(3):
            person(session, "N", "north", site.now())
    token = admin_client.get("/en/admin/records/").select_one("main [name=csrf_token]")["value"]
    headers = {"Origin": "http://localhost", "Sec-Fetch-Site": "same-origin"}
    began = time.monotonic()
    answer = admin_client.raw.post("/en/admin/records.csv", data={"csrf_token": token}, headers=headers, buffered=False)
    pieces = iter(answer.response)
    first = next(pieces)
    assert b"Learner" in first and b"cook" not in first and time.monotonic() - began < 1
    assert b"".join(pieces).count(b"cook") == 3
