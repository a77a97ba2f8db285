"""A trainer makes a group for her network, and sees who in it is done and nothing else."""

from __future__ import annotations

import csv
import re
from io import BytesIO, StringIO

import pytest
from bs4 import BeautifulSoup
from openpyxl import load_workbook
from sqlalchemy import event, select

from course.services.people import start_learner
from course.storage.tables import Cohort, CohortMember, Completion, Learner
from tests.strict_client import StrictClient, text_of, values_of
from tests.web.journeys import hand_in, pass_module, start_quiz, wrong_answers

NEW = "/en/trainer/cohorts/new"


def make_cohort(trainer: StrictClient, **fields: str | list[str]) -> str:
    """The address of a new cohort of the trainer's network."""
    page = trainer.get(NEW)
    trainer.submit(page, **{"name": "Spring group", "track": "core", **fields})
    return trainer.response.request.path


def code_of(trainer: StrictClient, cohort: str) -> str:
    link = trainer.get(cohort).select_one("a[href*='/codes/'][href$='/']:not([href$='/codes/'])")
    return text_of(link).replace(" ", "")


def join(client: StrictClient, code: str, name: str, **fields: str) -> BeautifulSoup:
    page = client.get(f"/join/{code}?lang=en")
    return client.submit(page, name=name, **fields)


def rows_of(page: BeautifulSoup) -> dict[str, list[str]]:
    table = page.select_one("#members-title").find_parent("section").select_one("table")
    return {
        text_of(row.select_one("th")): [text_of(cell) for cell in row.select("td")] for row in table.select("tbody tr")
    }


# Making one


def test_a_trainer_without_groups_is_told_how_to_begin(trainer_client):
    page = trainer_client.get("/en/trainer/")
    assert "No groups yet" in text_of(page.main)
    assert page.select_one("a[href$='/trainer/cohorts/new']")


def test_a_new_group_has_a_code_at_once_and_stands_in_the_overview(trainer_client):
    cohort = make_cohort(trainer_client, due_on="2027-02-01")
    assert re.fullmatch(r"/en/trainer/cohorts/\d+/", cohort)
    assert re.fullmatch(r"[2-9A-HJKMNP-Z]{8}", code_of(trainer_client, cohort))
    overview = text_of(trainer_client.get("/en/trainer/").main)
    assert "Spring group" in overview and "1 February 2027" in overview and "Tuuli" in overview


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"name": "  "}, "Give the group a name."),
        ({"name": "x" * 121}, "at most 120"),
        ({"starts_on": "2027-03-01", "due_on": "2027-02-01"}, "before the first day"),
        ({"due_on": "soon"}, "Write the day like this"),
    ],
)
def test_a_form_with_a_mistake_says_so_and_keeps_what_was_typed(trainer_client, site, fields, words):
    page = trainer_client.submit(
        trainer_client.get(NEW), status=422, **{"name": "Kept", "track": "core", "ends_on": "2027-05-05", **fields}
    )
    assert words in text_of(page.select_one(".error-summary"))
    assert page.select_one("#ends_on")["value"] == "2027-05-05"
    with site.store.reading() as connection:
        assert connection.execute(select(Cohort.id)).all() == []


def test_a_day_may_be_written_as_people_write_it(trainer_client):
    cohort = make_cohort(trainer_client, due_on="1.2.2027")
    assert "1 February 2027" in text_of(trainer_client.get(cohort).main)


def test_a_group_is_changed_and_keeps_its_network(trainer_client, site):
    cohort = make_cohort(trainer_client)
    trainer_client.submit(trainer_client.get(f"{cohort}edit"), name="Autumn group", network="south")
    assert "Autumn group" in text_of(trainer_client.get(cohort).h1)
    with site.store.reading() as connection:
        assert connection.execute(select(Cohort.network_id)).scalar_one() == "north"


def test_several_trainers_of_the_network_can_be_named_and_nobody_else(trainer_client, signed_in_client, site):
    signed_in_client("kalle@north.example", networks=("north",))
    signed_in_client("sanna@south.example", networks=("south",))
    page = trainer_client.get(NEW)
    offered = [text_of(one) for one in page.select("#trainers label")]
    assert offered == ["Kalle", "Tuuli"]
    ids = [str(box["value"]) for box in page.select("#trainers input")]
    foreign = str(max(int(one) for one in ids) + 1)
    cohort = make_cohort(trainer_client, trainers=[*ids, foreign])
    assert "Kalle, Tuuli" in text_of(trainer_client.get(cohort).main)


# Who sees it


ADDRESSES = [
    "",
    "edit",
    "members.csv",
    "members.xlsx",
    "codes/",
    "codes/{code}/",
    "roster/",
    "roster/file.csv",
    "roster/imports/{file}/",
]
DEEDS = [
    "edit",
    "members/remove",
    "certificates",
    "codes/",
    "codes/{code}/revoke",
    "roster/",
    "roster/people",
    "roster/people/{row}/remove",
    "roster/people/{row}/link",
    "roster/imports/{file}/apply",
    "roster/imports/{file}/undo",
    "roster/invitations",
]


@pytest.fixture
def cohort_parts(trainer_client) -> tuple[str, dict[str, str]]:
    """A cohort of the network "north" with a code, a person and a file; and the ids of these."""
    cohort = make_cohort(trainer_client)
    code = trainer_client.get(cohort).select_one("a[href*='/codes/'][href$='/']:not([href$='/codes/'])")["href"]
    page = trainer_client.submit(trainer_client.get(f"{cohort}roster/"), "form[action$='/people']", name="Aino")
    row = page.select_one("form[action$='/link']")["action"].split("/")[-2]
    file = upload(trainer_client, cohort, b"name\nBo\n").location.split("/")[-2]
    return cohort, {"code": code.split("/")[-2], "row": row, "file": file}


def upload(client: StrictClient, cohort: str, raw: bytes, name: str = "people.csv"):
    token = values_of(client.get(f"{cohort}roster/").select_one("form[enctype]"))["csrf_token"]
    return client.raw.post(
        f"{cohort}roster/",
        data={"csrf_token": token, "file": (BytesIO(raw), name)},
        headers={"Origin": "http://localhost", "Sec-Fetch-Site": "same-origin"},
    )


def test_a_trainer_of_another_network_finds_nothing_of_the_group(cohort_parts, other_trainer_client, site):
    cohort, parts = cohort_parts
    own = make_cohort(other_trainer_client)
    token = values_of(other_trainer_client.get(f"{own}edit").select_one("main form"))["csrf_token"]
    for address in ADDRESSES:
        assert other_trainer_client.raw.get(cohort + address.format(**parts)).status_code == 404, address
    for address in DEEDS:
        url = cohort + address.format(**parts)
        fields = {"csrf_token": token, "name": "Mine", "track": "core", "learner": "1"}
        assert other_trainer_client.send(url, fields).status_code == 404, address
    assert "Spring group" in text_of(other_trainer_client.get("/en/trainer/").main)
    assert len(other_trainer_client.get("/en/trainer/").select("tbody tr")) == 1


def test_parts_of_one_group_are_not_there_under_another(cohort_parts, trainer_client):
    _, parts = cohort_parts
    other = make_cohort(trainer_client, name="Other")
    for address in ("codes/{code}/", "roster/imports/{file}/"):
        trainer_client.get(other + address.format(**parts), status=404)
    token = values_of(trainer_client.get(f"{other}edit").select_one("main form"))["csrf_token"]
    for address in ("roster/people/{row}/link", "roster/imports/{file}/apply"):
        assert trainer_client.send(other + address.format(**parts), {"csrf_token": token}).status_code == 404


def test_an_administrator_sees_the_groups_of_all_networks(cohort_parts, admin_client):
    assert "Spring group" in text_of(admin_client.get("/en/trainer/").main)
    assert admin_client.get(cohort_parts[0])


def test_nobody_gets_in_without_signing_in(cohort_parts, client):
    cohort, parts = cohort_parts
    for address in ADDRESSES:
        assert client.raw.get(cohort + address.format(**parts)).status_code in (302, 303, 401), address


# Following


def test_the_list_can_be_narrowed(trainer_client, client, another_client, library):
    cohort = make_cohort(trainer_client)
    code = code_of(trainer_client, cohort)
    join(client, code, "Aino")
    join(another_client, code, "Bo")
    pass_module(client, library, "tea")
    assert list(rows_of(trainer_client.get(cohort))) == ["Aino", "Bo"]
    assert list(rows_of(trainer_client.get(f"{cohort}?show=not-begun"))) == ["Bo"]
    assert list(rows_of(trainer_client.get(f"{cohort}?lacks=tea"))) == ["Bo"]
    assert list(rows_of(trainer_client.get(f"{cohort}?name=AIN"))) == ["Aino"]
    assert "0 of 2 members" in text_of(trainer_client.get(f"{cohort}?show=done").main)
    assert list(rows_of(trainer_client.get(f"{cohort}?show=nonsense&lacks=nothing"))) == ["Aino", "Bo"]


def test_what_was_hard_is_shown_from_five_members_on(app, trainer_client, library):
    cohort = make_cohort(trainer_client)
    code = code_of(trainer_client, cohort)
    for number in range(5):
        learner = StrictClient(app)
        join(learner, code, f"Learner {number}")
        page = start_quiz(learner, "tea")
        hand_in(learner, page, wrong_answers(page, library, "tea"))
        topics = trainer_client.get(cohort).select("#topics-title ~ ol li")
        assert bool(topics) is (number == 4), number
    assert all("Learner" not in text_of(one) for one in topics)


HOSTILE = ["=1+1", "+1", "-1", "@x", "\tcmd", "\r=1", "=HYPERLINK(x)", "'=1", "'t Hooft"]


def test_names_that_look_like_formulas_are_text_in_both_files(app, trainer_client):
    cohort = make_cohort(trainer_client)
    code = code_of(trainer_client, cohort)
    for name in HOSTILE:
        join(StrictClient(app), code, name)
    raw = trainer_client.raw.get(f"{cohort}members.csv")
    assert raw.data.startswith(b"\xef\xbb\xbf") and "attachment" in raw.headers["Content-Disposition"]
    rows = list(csv.reader(StringIO(raw.data.decode("utf-8-sig"), newline=""), delimiter=";"))
    assert len(rows) == len(HOSTILE) + 1
    assert all(cell[:1] not in "=+-@\t\r" for row in rows for cell in row if cell)
    sheet = load_workbook(BytesIO(trainer_client.raw.get(f"{cohort}members.xlsx").data)).active
    assert {cell.data_type for row in sheet.iter_rows(min_row=2, max_col=1) for cell in row} == {"s"}
    names = {row[0] for row in sheet.iter_rows(min_row=2, values_only=True)}
    assert names == {" ".join(name.split()) for name in HOSTILE}


def fill(site, cohort_id: int, members: int) -> None:
    """Members who have passed everything, written directly."""
    now = site.now()
    ids = [start_learner(site.store, language="fi", now=now).learner_id for _ in range(min(members, 10))]
    with site.store.writing() as session:
        while len(ids) < members:
            learner = Learner(language="fi", created_at=now, version=0)
            session.add(learner)
            session.flush()
            ids.append(learner.id)
        session.add_all(
            CohortMember(cohort_id=cohort_id, learner_id=one, name=f"Member {one}", joined_at=now) for one in ids
        )
        session.add_all(
            Completion(learner_id=one, module_id=module, passed_at=now, edition="1", language="fi")
            for one in ids
            for module in ("tea", "bread")
        )


def statements(site, deed) -> int:
    count = 0

    def counted(*_):
        nonlocal count
        count += 1

    event.listen(site.store.engine, "before_cursor_execute", counted)
    try:
        deed()
    finally:
        event.remove(site.store.engine, "before_cursor_execute", counted)
    return count


def test_a_group_of_a_thousand_takes_as_many_statements_as_one_of_ten(trainer_client, site):
    counts = []
    for members in (10, 1000):
        cohort = make_cohort(trainer_client, name=f"Group of {members}")
        fill(site, int(cohort.split("/")[-2]), members)
        counts.append(statements(site, lambda address=cohort: trainer_client.get(address)))
        assert len(rows_of(trainer_client.get(cohort))) == members
    assert counts[0] == counts[1] <= 12, counts


def test_the_overview_takes_as_many_statements_for_many_groups_as_for_one(trainer_client, site):
    make_cohort(trainer_client)
    one = statements(site, lambda: trainer_client.get("/en/trainer/"))
    for number in range(5):
        fill(site, int(make_cohort(trainer_client, name=f"G{number}").split("/")[-2]), 3)
    assert statements(site, lambda: trainer_client.get("/en/trainer/")) == one


def test_the_growth_of_the_group_is_drawn_and_stands_in_a_table(
    trainer_client, signed_in_client, client, library, clock
):
    cohort = make_cohort(trainer_client)
    join(client, code_of(trainer_client, cohort), "Aino")
    clock.move(days=14)
    pass_module(client, library, "tea")
    pass_module(client, library, "bread")
    page = signed_in_client("tuuli@north.example").get(cohort)
    assert page.select_one(".chart svg[role=img][aria-label]")
    rows = [[text_of(cell) for cell in row.select("th, td")] for row in page.select("#time-title ~ details tbody tr")]
    assert [row[1:] for row in rows] == [["1", "0", "0"], ["1", "0", "0"], ["1", "2", "1"]]


# Certificates


def test_without_certificates_the_page_says_so(trainer_client, client):
    cohort = make_cohort(trainer_client)
    join(client, code_of(trainer_client, cohort), "Aino")
    page = trainer_client.submit(trainer_client.get(cohort), "form[action$='/certificates']")
    assert "No certificates yet" in text_of(page.h1)


def test_the_certificates_of_the_members_are_asked_for_as_one_file(trainer_client, client, another_client, library):
    cohort = make_cohort(trainer_client)
    join(client, code_of(trainer_client, cohort), "Aino")
    for learner in (client, another_client):
        pass_module(learner, library, "tea")
        pass_module(learner, library, "bread")
        learner.submit(learner.get("/en/certificate/"), name="Somebody")
    page = trainer_client.submit(trainer_client.get(cohort), "form[action$='/certificates']")
    assert "/jobs/" in trainer_client.response.request.path
    assert "1" in text_of(page.main)
