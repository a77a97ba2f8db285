"""The roster's pages: a file shown before it is done, people by hand, invitations, and joining as somebody expected."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from course.storage.tables import CohortMember, RosterRow, Task
from tests.strict_client import StrictClient, text_of
from tests.web.test_cohorts import code_of, join, make_cohort, rows_of, upload


@pytest.fixture
def cohort(trainer_client) -> str:
    return make_cohort(trainer_client, due_on="2027-02-01")


def states(trainer: StrictClient, cohort: str) -> dict[str, str]:
    page = trainer.get(f"{cohort}roster/")
    return {text_of(row.select_one("th")): text_of(row.select_one("td")) for row in page.select("tbody tr")}


def plan_of(trainer: StrictClient, cohort: str, raw: bytes, name: str = "people.csv"):
    return trainer.get(upload(trainer, cohort, raw, name).location)


def figures(page) -> dict[str, int]:
    return {text_of(one.dt): int(text_of(one.dd)) for one in page.select(".figures div")}


def test_a_file_is_shown_before_anything_is_done_and_can_be_taken_back(trainer_client, cohort):
    raw = "nimi;sähköposti\nVäinö Åström;v@x.fi\n;x@x.fi\nBo;nonsense\n".encode("cp1252")
    page = plan_of(trainer_client, cohort, raw)
    assert figures(page) == {"new": 1, "changed": 0, "as they were": 0, "rows left out": 2}
    faults = [[text_of(cell) for cell in row.select("th, td")] for row in page.select("#faults-title ~ .data tbody tr")]
    assert faults == [["3", "The name is missing."], ["4", "This is no mail address: nonsense"]]
    assert states(trainer_client, cohort) == {}
    page = trainer_client.submit(page, "form[action$='/apply']")
    assert states(trainer_client, cohort) == {"Väinö Åström": "Expected"}
    trainer_client.submit(page, "form[action$='/undo']")
    assert states(trainer_client, cohort) == {}


def test_what_is_wrong_with_a_row_is_said_in_the_readers_language(trainer_client, cohort):
    address = upload(trainer_client, cohort, b"name;email\n;a@x.fi\nBo;nonsense\n").location
    assert "Nimi puuttuu." in text_of(trainer_client.get(address.replace("/en/", "/fi/")).main)
    assert "Det här är ingen e-postadress: nonsense" in text_of(
        trainer_client.get(address.replace("/en/", "/sv/")).main
    )


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_the_roster_as_a_file_imported_again_changes_nothing(trainer_client, cohort, kind):
    page = plan_of(trainer_client, cohort, b"name,organisation\nAino,=1+1\n-Bo,Kela\n")
    trainer_client.submit(page, "form[action$='/apply']")
    raw = trainer_client.raw.get(f"{cohort}roster/file.{kind}").data
    page = plan_of(trainer_client, cohort, raw, f"roster.{kind}")
    assert figures(page) == {"new": 0, "changed": 0, "as they were": 2, "rows left out": 0}
    assert "Nothing to change" in text_of(page.main) and not page.select("form[action$='/apply']")


@pytest.mark.parametrize("raw", [b"", b"mail\na@x.fi\n", b"\xd0\xcf\x11\xe0"])
def test_a_file_that_cannot_be_read_is_explained_beside_the_field(trainer_client, cohort, raw):
    answer = upload(trainer_client, cohort, raw)
    assert answer.status_code == 422
    assert 'href="#file"' in answer.text and 'id="file-error"' in answer.text


def test_a_form_without_a_file_says_so(trainer_client, cohort):
    page = trainer_client.get(f"{cohort}roster/")
    trainer_client.submit(page, "form[enctype]", status=422)


def test_a_file_as_large_as_five_thousand_people_is_taken(trainer_client, cohort):
    raw = "name,email\n" + "".join(f"Somebody With A Long Name {one},person{one}@example.fi\n" for one in range(5000))
    assert figures(plan_of(trainer_client, cohort, raw.encode()))["new"] == 5000


def test_a_change_by_somebody_else_meanwhile_is_noticed(trainer_client, cohort):
    first = plan_of(trainer_client, cohort, b"id,name\n1,Aino\n")
    second = plan_of(trainer_client, cohort, b"id,name\n1,Bo\n")
    trainer_client.submit(second, "form[action$='/apply']")
    trainer_client.submit(first, "form[action$='/apply']", status=409)
    assert states(trainer_client, cohort) == {"Bo": "Expected"}


def add(trainer: StrictClient, cohort: str, name: str, email: str = "") -> None:
    trainer.submit(trainer.get(f"{cohort}roster/"), "form[action$='/people']", name=name, email=email)


def test_somebody_is_added_and_taken_off_by_hand(trainer_client, cohort):
    add(trainer_client, cohort, "Aino", "a@x.fi")
    page = trainer_client.get(f"{cohort}roster/")
    trainer_client.submit(page, "form[action$='/people']", status=422, name="", email="b@x.fi")
    trainer_client.submit(page, "form[action$='/remove']")
    assert states(trainer_client, cohort) == {}


# Invitations


def mails(site) -> list[dict]:
    with site.store.reading() as connection:
        return list(connection.execute(select(Task.payload).where(Task.kind == "mail").order_by(Task.id)).scalars())


def link_in(mail: dict) -> str:
    return next(line for line in mail["text"].splitlines() if "/join/person/" in line).removeprefix("http://localhost")


def test_everybody_with_an_address_is_invited_once_in_the_language_of_the_group(trainer_client, site):
    cohort = make_cohort(trainer_client, language="sv", due_on="2027-02-01")
    add(trainer_client, cohort, "Aino", "a@x.fi")
    add(trainer_client, cohort, "Bo")
    page = trainer_client.get(f"{cohort}roster/")
    assert "Genomför modulerna senast 1.2.2027." in text_of(page.select_one("blockquote[lang=sv]"))
    for _ in range(2):
        trainer_client.send(
            page.select_one("form[action$='/invitations']")["action"],
            {"csrf_token": page.select_one("[name=csrf_token]")["value"]},
        )
    [mail] = mails(site)
    assert mail["to"] == "a@x.fi" and mail["text"].startswith("Hej Aino,") and "Spring group" in mail["text"]
    assert states(trainer_client, cohort)["Aino"].startswith("Link made on")
    assert states(trainer_client, cohort)["Bo"] == "Expected"


def test_a_personal_link_makes_her_the_person_on_the_roster(trainer_client, client, another_client, cohort, site):
    add(trainer_client, cohort, "Aino", "a@x.fi")
    trainer_client.submit(trainer_client.get(f"{cohort}roster/"), "form[action$='/invitations']")
    link = link_in(mails(site)[0])
    page = client.get(f"{link}?lang=en")
    assert page.select_one("#name")["value"] == "Aino"
    client.submit(page, name="A. Virtanen")
    assert states(trainer_client, cohort) == {"Aino": "Has joined"}
    assert list(rows_of(trainer_client.get(cohort))) == ["A. Virtanen"]
    another_client.get(link, status=410)


def test_a_new_link_ends_the_one_before_and_shows_itself_once(trainer_client, client, cohort):
    add(trainer_client, cohort, "Aino")
    links = []
    for _ in range(2):
        page = trainer_client.submit(trainer_client.get(f"{cohort}roster/"), "form[action$='/link']")
        links.append(page.select_one("input[readonly]")["value"].removeprefix("http://localhost"))
    client.get(links[0], status=410)
    client.get(links[1])


def test_the_database_keeps_only_a_hash_of_the_link(trainer_client, cohort, site):
    add(trainer_client, cohort, "Aino")
    page = trainer_client.submit(trainer_client.get(f"{cohort}roster/"), "form[action$='/link']")
    secret = page.select_one("input[readonly]")["value"].rpartition("/")[2]
    with site.store.reading() as connection:
        kept = connection.execute(select(RosterRow.link_hash)).scalar_one()
    assert kept and secret not in kept


# By code and name


def test_who_types_an_expected_name_is_asked_and_becomes_that_person(trainer_client, client, cohort):
    add(trainer_client, cohort, "Aino Virtanen", "secret@x.fi")
    page = join(client, code_of(trainer_client, cohort), "aino  VIRTANEN")
    assert "Is this you?" in text_of(page.h1) and "secret@x.fi" not in text_of(page.main)
    client.submit(page, button="[value=yes]")
    assert states(trainer_client, cohort) == {"Aino Virtanen": "Has joined"}
    client.submit(client.get("/en/progress/"), "form[action$='/leave']")
    assert states(trainer_client, cohort) == {"Aino Virtanen": "Expected"}


def test_who_only_has_the_same_name_joins_all_the_same(trainer_client, client, cohort):
    add(trainer_client, cohort, "Aino")
    client.submit(join(client, code_of(trainer_client, cohort), "Aino"), button="[value=no]")
    assert states(trainer_client, cohort) == {"Aino": "Expected"}
    assert list(rows_of(trainer_client.get(cohort))) == ["Aino"]


def test_a_name_that_two_have_is_not_asked_about(trainer_client, client, cohort):
    add(trainer_client, cohort, "Aino", "a@x.fi")
    add(trainer_client, cohort, "Aino", "b@x.fi")
    page = join(client, code_of(trainer_client, cohort), "Aino")
    assert "Is this you?" not in text_of(page.h1)


def test_who_is_taken_off_the_roster_stays_a_member(trainer_client, client, cohort, site):
    add(trainer_client, cohort, "Aino")
    client.submit(join(client, code_of(trainer_client, cohort), "Aino"), button="[value=yes]")
    trainer_client.submit(trainer_client.get(f"{cohort}roster/"), "form[action$='/remove']")
    with site.store.reading() as connection:
        assert len(connection.execute(select(CohortMember.learner_id)).all()) == 1


def test_nothing_larger_than_a_roster_is_taken(trainer_client, cohort):
    answer = trainer_client.raw.post(
        f"{cohort}roster/",
        data=b"x" * 4_000_000,
        content_type="multipart/form-data; boundary=x",
        headers={"Origin": "http://localhost", "Sec-Fetch-Site": "same-origin"},
    )
    assert answer.status_code == 413


def test_a_long_roster_shows_its_first_people_and_finds_the_others_by_name(trainer_client, cohort):
    people = "".join(f"Person {number:04}\n" for number in range(1, 601))
    page = plan_of(trainer_client, cohort, f"name\n{people}".encode())
    trainer_client.submit(page, "form[action$='/apply']")
    page = trainer_client.get(f"{cohort}roster/")
    assert len(page.select("tbody tr")) == 200 and "200 of 600 people are shown." in text_of(page.main)
    page = trainer_client.get(f"{cohort}roster/?find=person+0599")
    assert [text_of(one) for one in page.select("tbody th")] == ["Person 0599"]
