"""Administrators' pages: the checklist, the outbox, feedback with its clock, the audit log, a learner's data."""

from __future__ import annotations

import json
import shutil
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from course.content.stamping import stamp
from course.domain.retention import ANSWER_WITHIN
from course.services import audit
from course.services.mail import put_mail
from course.storage import outbox
from course.storage.tables import Account, AuditRow, Certificate, Feedback, Learner, Task
from tests.strict_client import StrictClient
from tests.web.journeys import READ, pass_course


def lines(site, what: str) -> list[tuple[str, str]]:
    with site.store.reading() as connection:
        rows = connection.execute(select(AuditRow.who, AuditRow.about).where(AuditRow.what == what))
        return [(row[0], row[1]) for row in rows]


@pytest.fixture
def learner(client, site) -> StrictClient:
    client.submit(client.get("/fi/modules/tea/water/"), READ)
    return client


def test_a_learner_sees_everything_that_is_kept_as_a_page_and_as_a_file(learner):
    page = learner.get("/fi/progress/my-data/")
    assert "Vesi" in page.text or "water" in page.text
    file = learner.raw.get("/fi/progress/my-data.json")
    assert file.headers["Content-Disposition"].startswith("attachment")
    kept = json.loads(file.data)
    assert [row["lesson_id"] for row in kept["lessons"]] == ["water"]
    assert kept["ways in"][0].keys() == {"kind", "created_at", "expires_at"}


def test_whoever_has_no_record_is_told_so(client):
    assert client.get("/en/progress/my-data/").select_one(".notice")
    assert json.loads(client.raw.get("/en/progress/my-data.json").data) == {}
    assert client.raw.get("/en/progress/my-data/erase").status_code == 302


def test_a_learner_erases_herself_after_being_told_what_goes(learner, site, library):
    pass_course(learner, library)
    named = learner.submit(learner.get("/en/certificate/"), name="Aino Merkki")
    code = str(named.select_one("a[href*='/verify/']")["href"]).rpartition("/")[2]
    page = learner.get("/en/progress/my-data/erase")
    assert "What stays" in page.text
    page = learner.submit(page, "form[action$='/erase']")
    assert "erased" in page.select_one("h1").text
    with site.store.reading() as connection:
        assert connection.execute(select(Learner.id)).all() == []
        assert connection.execute(select(Certificate.facts)).scalars().all() == [None]
    assert lines(site, "learner-erased") == [("learner", "learner:1")]
    assert "erased" in learner.get(f"/verify/{code}?lang=en").text
    assert learner.raw.get_cookie("learner") is None


def test_an_administrator_finds_hands_out_and_erases_and_each_is_written_down(learner, site, admin_client):
    found = admin_client.raw.get("/en/admin/register/?q=1", follow_redirects=True)
    assert b"Learner 1" in found.data
    assert "Nobody was found" in admin_client.get("/en/admin/register/?q=77").text
    page = admin_client.get("/en/admin/register/1/")
    token = str(page.select_one("[name=csrf_token]")["value"])
    file = admin_client.send("/en/admin/register/1/export", {"csrf_token": token})
    assert json.loads(file.data)["learner"][0]["id"] == 1
    assert admin_client.send("/en/admin/register/1/erase", {"csrf_token": token}).status_code == 404
    assert admin_client.send("/en/admin/register/1/erase", {"csrf_token": token, "sure": "erase"}).status_code == 303
    with site.store.reading() as connection:
        account = connection.execute(select(Account.id)).scalar_one()
    assert lines(site, "register-exported") == lines(site, "learner-erased") == [(f"account:{account}", "learner:1")]
    log = admin_client.get("/en/admin/audit/")
    assert "Learner erased" in log.text
    assert "Aarne" in log.text
    assert "Learner erased" not in admin_client.get("/en/admin/audit/?what=register-exported").select_one("tbody").text


def test_feedback_gets_a_number_a_mail_to_the_administrators_and_an_answer(client, site, admin_client, clock):
    page = client.submit(client.get("/en/accessibility/feedback"), where="Quiz", message="Small", email="a@b.example")
    number = f"{clock().year}-0001"
    assert number in page.text
    assert mails(site) == [("aarne@office.example", f"Saavutettavuuspalaute, tapaus {number}")]
    listed = admin_client.get("/en/admin/feedback/")
    assert number in listed.text
    done = admin_client.submit(admin_client.get("/en/admin/feedback/1/"), answer="It is larger now.")
    assert "Answered" in done.text
    assert mails(site)[1][0] == "a@b.example"
    assert lines(site, "feedback-answered")[0][1] == f"feedback:{number}"


def mails(site) -> list[tuple[str, str]]:
    with site.store.reading() as connection:
        rows = connection.execute(select(Task.payload).order_by(Task.id)).scalars()
        return [(one["to"], one["subject"]) for one in rows]


def test_the_clock_of_fourteen_days_is_seen(client, admin_client, clock, signed_in_client):
    client.submit(client.get("/en/accessibility/feedback"), message="Small")
    assert "14 days left" in admin_client.get("/en/admin/feedback/").text
    assert not admin_client.get("/en/admin/feedback/").select_one(".mark-partly, .mark-late")
    clock.move(days=11)
    later = signed_in_client("aarne@office.example", administrator=True)
    assert later.get("/en/admin/feedback/").select_one("td .mark-partly")
    clock.move(days=4)
    last = signed_in_client("aarne@office.example", administrator=True)
    assert last.get("/en/admin/feedback/").select_one("td .mark-late")
    assert timedelta(days=14) == ANSWER_WITHIN


def test_feedback_without_words_is_refused_and_keeps_what_was_typed(client, site):
    page = client.submit(client.get("/en/accessibility/feedback"), where="Quiz", email="no address", status=422)
    assert page.select_one(".error-summary a[href='#message']")
    assert page.select_one(".error-summary a[href='#email']")
    assert page.select_one("[name=where]")["value"] == "Quiz"
    with site.store.reading() as connection:
        assert connection.execute(select(Feedback.id)).all() == []


def test_a_delivery_that_was_given_up_is_shown_and_tried_again(site, admin_client):
    with site.store.writing() as session:
        put_mail(session, to="olli@b.example", subject="Hello", text="t", now=site.now())
        outbox.put_off(session, 1, error="refused", due_at=None, now=site.now())
    page = admin_client.get("/en/admin/outbox/")
    assert "olli@b.example" in page.text
    page = admin_client.submit(page, "form[action$='/retry']")
    assert "Nothing was given up" in page.text
    assert lines(site, "task-retried") == [(lines(site, "task-retried")[0][0], "task:1")]


def test_the_checklist_says_what_is_still_to_do(admin_client, signed_in_client):
    page = admin_client.get("/en/admin/")
    assert "FLASK_COURSE_MAIL_URL" in page.text
    assert len(page.select(".mark-late")) >= 3
    assert page.select_one("a[href$='/admin/audit/']")
    assert "These networks have none: North, South." in page.text
    signed_in_client("olli@north.example", networks=("north",))
    assert "These networks have none: South." in admin_client.get("/en/admin/").text
    assert admin_client.get("/en/admin/content/").select_one("h1")


def test_the_state_of_the_content_follows_the_files(admin_client, app, fixture_course, tmp_path):
    package = Path(shutil.copytree(fixture_course, tmp_path / "package"))
    app.config["COURSE_CONTENT_DIR"] = str(package)

    def behind() -> list[str]:
        page = admin_client.get("/en/admin/content/")
        return [one.text for one in page.select("section[aria-labelledby=behind] li code")]

    assert behind() == []
    lesson = next(package.glob("modules/fi/*tea/*water.md"))
    text = lesson.read_text(encoding="utf-8")
    lesson.write_text(f"{text}\nYksi lause lisää.\n", encoding="utf-8")
    translations = [str(path.relative_to(package)) for path in package.glob("modules/[se][vn]/*tea/*water.md")]
    assert translations and behind() == sorted(translations)
    stamp(package, translations[:1])
    assert behind() == translations[1:]
    stamp(package)
    assert behind() == []
    (package / "modules/course.yaml").write_text("format: [")
    assert "cannot be told now" in admin_client.get("/en/admin/content/").text


def test_roles_that_change_are_written_down_without_names(site, admin_client, signed_in_client):
    signed_in_client("olli@north.example", networks=("north",))
    page = admin_client.get("/en/admin/people/")
    link = page.find("a", string="Olli")["href"]
    token = str(admin_client.get(link).select_one("[name=csrf_token]")["value"])
    admin_client.send(link, {"csrf_token": token, "name": "Olli", "networks": ["north", "south"]})
    with site.store.reading() as connection:
        row = connection.execute(select(AuditRow.what, AuditRow.details)).one()
    assert row.what == "roles-changed"
    assert json.loads(row.details)["after"] == {"administrator": False, "networks": ["north", "south"]}
    assert "Olli" not in row.details
    assert audit.verify(site.store)[0] is None


def test_the_privacy_page_tells_every_period(client):
    page = client.get("/en/privacy/")
    assert len(page.select("dl.kept > div")) == 11
    assert "24 months" in page.text
    assert "60 months" in page.text
