"""A trainer makes a session of her network, with its calendar entry and its kit."""

from __future__ import annotations

import re
from contextlib import contextmanager
from datetime import UTC, datetime

import pytest
from icalendar import Calendar
from sqlalchemy import event, func, select

from course.exports.certificate_pdf import available
from course.storage.tables import Attendance, Task, TrainingSession
from tests.strict_client import StrictClient, text_of
from tests.web.test_cohorts import make_cohort

NEW = "/en/trainer/sessions/new"
#: The fixtures' clock stands at 11.30 in Finland on this day.
TODAY = {"day": "2026-11-22", "begins": "11:00", "ends": "15:00"}
LATER = {"day": "2026-12-01", "begins": "9.00", "ends": "13.00"}


def make_session(trainer: StrictClient, *, topics=("tea", "bread"), cohort: str = "", **fields: str) -> str:
    """The address of a new session."""
    address = f"{NEW}?cohort={cohort}" if cohort else NEW
    filled = {"title": "Half a day", "place": "Room 1", "track": "drinks", **TODAY, **fields}
    trainer.submit(trainer.get(address), topics=list(topics), **filled)
    return trainer.response.request.path


def attendance_code(trainer: StrictClient, session: str) -> str:
    return text_of(trainer.get(f"{session}attendance/").select_one(".big-code")).replace(" ", "")


def counts(site, table, *conditions) -> int:
    with site.store.reading() as connection:
        return connection.execute(select(func.count()).select_from(table).where(*conditions)).scalar_one()


# Making one


def test_a_trainer_without_sessions_is_told_what_they_are_for(trainer_client):
    page = trainer_client.get("/en/trainer/sessions/")
    assert "No sessions yet" in text_of(page.main) and page.select_one("a[href$='/sessions/new']")


def test_a_new_session_says_all_about_itself_and_stands_in_the_list(trainer_client):
    session = make_session(trainer_client, link="https://calls.example/room", agenda="Welcome\nCoffee", **LATER)
    assert re.fullmatch(r"/en/trainer/sessions/\d+/", session)
    said = text_of(trainer_client.get(session).main)
    for words in ("1 December 2026, 09:00–13:00", "Room 1", "https://calls.example/room", "1. Tea", "Coffee"):
        assert words in said
    overview = text_of(trainer_client.get("/en/trainer/sessions/").main)
    assert "Half a day" in overview and "Coming" in overview


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"title": " "}, "Give the session a title."),
        ({"ends": "10:00"}, "The end must come after the beginning."),
        ({"day": "someday"}, "Write the day like this"),
        ({"begins": "soon"}, "Write the time like this"),
        ({"day": "2027-03-28", "begins": "03:30", "ends": "9:00"}, "clocks go forward"),
        ({"place": ""}, "Give a place, or a link to the call"),
        ({"link": "javascript:alert(1)"}, "Begin the link with https://"),
        ({"topics": []}, "Choose at least one topic."),
        ({"agenda": "x" * 4001}, "at most 4000"),
    ],
)
def test_a_form_with_a_mistake_says_so_and_keeps_what_was_typed(trainer_client, site, fields, words):
    filled = {"title": "Kept title", "place": "Room 1", "track": "core", "topics": ["tea"], **TODAY, **fields}
    page = trainer_client.submit(trainer_client.get(NEW), status=422, **filled)
    assert words in text_of(page.select_one(".error-summary"))
    assert page.select_one("#track option[selected]")["value"] == "core"
    assert counts(site, TrainingSession) == 0


def test_times_are_those_in_finland_before_and_after_the_clocks_change(trainer_client, site):
    make_session(trainer_client, day="2026-10-24", begins="9:00", ends="12:00")
    make_session(trainer_client, day="2026-10-26", begins="9:00", ends="12:00")
    with site.store.reading() as connection:
        found = connection.execute(select(TrainingSession.starts_at).order_by(TrainingSession.id)).scalars().all()
    assert found == [datetime(2026, 10, 24, 6, tzinfo=UTC), datetime(2026, 10, 26, 7, tzinfo=UTC)]


def test_a_session_for_a_group_begins_with_its_network_and_track(trainer_client):
    cohort = make_cohort(trainer_client, track="drinks").split("/")[-2]
    page = trainer_client.get(f"{NEW}?cohort={cohort}")
    assert page.select_one("#track option[selected]")["value"] == "drinks"
    session = make_session(trainer_client, cohort=cohort)
    assert "Spring group" in text_of(trainer_client.get(session).main)


def test_a_group_of_another_network_cannot_be_chosen(trainer_client, other_trainer_client, site):
    theirs = make_cohort(other_trainer_client).split("/")[-2]
    page = trainer_client.get(f"{NEW}?cohort={theirs}")
    assert not page.select(f"#cohort option[value='{theirs}']")
    filled = {"title": "X", "place": "Y", "network": "north", "track": "core", "topics": "tea", **TODAY}
    token = page.select_one("[name=csrf_token]")["value"]
    trainer_client.post(NEW, {**filled, "cohort": theirs, "csrf_token": token}, status=422)
    assert counts(site, TrainingSession) == 0


# Who may see it


SESSION_PAGES = ("", "edit", "session.ics", "attendance/", "kit-fi.pdf")
SESSION_BUTTONS = ("edit", "cancel", "kit", "attendance/", "attendance/count", "attendance/code", "attendance/code/end")


def test_a_session_of_another_network_is_not_there(trainer_client, other_trainer_client, admin_client, site):
    session = make_session(trainer_client)
    token = other_trainer_client.get("/en/trainer/sessions/").select_one("[name=csrf_token]")["value"]
    for page in SESSION_PAGES:
        assert other_trainer_client.raw.get(f"{session}{page}").status_code == 404, page
    for button in SESSION_BUTTONS:
        sent = {"csrf_token": token, "without_names": "3", "names": "Eve", "kit": "fi"}
        assert other_trainer_client.send(f"{session}{button}", sent).status_code == 404, button
    assert "Half a day" not in text_of(other_trainer_client.get("/en/trainer/sessions/").main)
    assert counts(site, Attendance) == counts(site, Task) == 0
    assert "Half a day" in text_of(admin_client.get(session).main)


def test_a_session_needs_a_sign_in(trainer_client, client):
    session = make_session(trainer_client)
    assert client.raw.get(session).status_code in (302, 401)


# Calendar


def entry_of(trainer: StrictClient, session: str):
    answer = trainer.raw.get(f"{session}session.ics")
    assert answer.mimetype == "text/calendar"
    calendar = Calendar.from_ical(answer.data)
    assert [str(zone["tzid"]) for zone in calendar.walk("VTIMEZONE")] == ["Europe/Helsinki"]
    [event] = calendar.walk("VEVENT")
    return calendar, event


def test_the_calendar_entry_keeps_its_id_and_counts_its_changes(trainer_client):
    session = make_session(trainer_client, **LATER)
    _, before = entry_of(trainer_client, session)
    assert before["dtstart"].dt == datetime(2026, 12, 1, 7, tzinfo=UTC)
    assert "Room 1" in before["location"] and before["sequence"] == 0
    form = trainer_client.get(f"{session}edit")
    trainer_client.submit(form)
    assert entry_of(trainer_client, session)[1]["sequence"] == 0, "nothing was changed"
    trainer_client.submit(form, place="Room 2")
    _, after = entry_of(trainer_client, session)
    assert (after["uid"], after["sequence"]) == (before["uid"], 1) and "Room 2" in after["location"]


def test_a_cancelled_session_takes_itself_out_of_calendars_and_is_over(trainer_client, client, site):
    session = make_session(trainer_client)
    code = attendance_code(trainer_client, session)
    trainer_client.submit(trainer_client.get(session), "form[action$='/cancel']")
    calendar, event = entry_of(trainer_client, session)
    assert (str(calendar["method"]), str(event["status"]), event["sequence"]) == ("CANCEL", "CANCELLED", 1)
    assert client.raw.get(f"/attend/{code}").status_code == 409
    trainer_client.get(f"{session}edit", status=404)


# The kit


def kit_state(page, language: str) -> str:
    [row] = [row for row in page.select("#kit-title ~ .data tbody tr") if row.th["lang"] == language]
    return text_of(row)


@pytest.mark.skipif(available() is not None, reason=str(available()))
def test_a_kit_is_asked_for_made_by_the_worker_and_fetched(trainer_client, app):
    session = make_session(trainer_client)
    ask = "form[action$='/kit'] button[value=sv]"
    page = trainer_client.get(session)
    form = page.select_one(ask).find_parent("form")
    token = form.select_one("[name=csrf_token]")["value"]
    for _ in range(2):
        page = trainer_client.post(f"{session}kit", {"csrf_token": token, "kit": "sv"})
        assert "Being made" in kit_state(page, "sv") and "Not made yet" in kit_state(page, "fi")
    with app.app_context():
        assert app.extensions["course_worker"].run_due() == (1, 0)
    page = trainer_client.get(session)
    assert "Download the PDF" in kit_state(page, "sv")
    answer = trainer_client.raw.get(page.select_one("a[href$='kit-sv.pdf']")["href"])
    assert answer.mimetype == "application/pdf" and answer.data.startswith(b"%PDF-")
    trainer_client.submit(trainer_client.get(f"{session}edit"), place="Room 2")
    assert "Out of date" in kit_state(trainer_client.get(session), "sv")


def test_a_kit_that_nobody_made_is_not_there(trainer_client):
    session = make_session(trainer_client)
    assert trainer_client.raw.get(f"{session}kit-fi.pdf").status_code == 404


@contextmanager
def statements_of(site):
    """The statements that a block issues."""
    seen: list[str] = []

    def note(_connection, _cursor, statement, *_):
        seen.append(statement)

    event.listen(site.store.engine, "before_cursor_execute", note)
    yield seen
    event.remove(site.store.engine, "before_cursor_execute", note)


def test_the_list_of_sessions_takes_as_many_statements_for_one_as_for_ten(trainer_client, site):
    make_session(trainer_client)
    with statements_of(site) as few:
        trainer_client.get("/en/trainer/sessions/")
    for _ in range(9):
        make_session(trainer_client)
    with statements_of(site) as many:
        trainer_client.get("/en/trainer/sessions/")
    assert len(few) == len(many) > 0


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_every_page_of_sessions_is_a_good_page_in_every_language(trainer_client, client, language):
    session = make_session(trainer_client).removeprefix("/en/")
    for page in ("trainer/sessions/", "trainer/sessions/new", session, f"{session}edit", f"{session}attendance/"):
        trainer_client.get(f"/{language}/{page}")
    code = attendance_code(trainer_client, f"/en/{session}")
    assert client.get(f"/attend/{code}?lang={language}").html["lang"] == language
    assert client.get(f"/attend/?lang={language}").html["lang"] == language
