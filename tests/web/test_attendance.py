"""Who was at a session says so by the code on the screen, or is written down by its trainer; both count once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from sqlalchemy import select

from course.services.attendance import attend
from course.services.people import start_learner
from course.storage.tables import Attendance, CohortMember, Completion, RosterRow, TrainingSession
from tests.strict_client import text_of
from tests.web.journeys import pass_module
from tests.web.test_cohorts import code_of, join, make_cohort
from tests.web.test_sessions import LATER, attendance_code, counts, make_session

# Attendance by the code


def test_somebody_new_says_by_the_code_that_she_is_here(trainer_client, client, site):
    session = make_session(trainer_client)
    code = attendance_code(trainer_client, session)
    page = client.get(f"/attend/{code}?lang=en")
    page = client.submit(page, name="Aino Aalto")
    assert "You are on the list" in text_of(page.main) and "Tea" in text_of(page.main)
    assert "Aino Aalto" in text_of(trainer_client.get(session).main)
    assert counts(site, Attendance) == 1
    progress = text_of(client.get("/en/progress/").main)
    assert "1 of 2" in progress or "Passed" in progress


def test_saying_it_twice_is_saying_it_once(trainer_client, client, site):
    session = make_session(trainer_client)
    code = attendance_code(trainer_client, session)
    for name in ("", "Aino", "Aino"):
        client.submit(client.get(f"/attend/{code}"), name=name)
    assert counts(site, Attendance) == 1
    assert "Aino" in text_of(trainer_client.get(session).main)


def test_what_was_passed_before_stays_as_it_was_earned(trainer_client, client, site, library):
    pass_module(client, library, "tea")
    session = make_session(trainer_client)
    client.submit(client.get(f"/attend/{attendance_code(trainer_client, session)}"))
    with site.store.reading() as connection:
        [row] = connection.execute(select(Completion.module_id, Completion.attempt_id, Completion.session_id)).all()
    assert row[0] == "tea" and row[1] is not None and row[2] is None


def test_a_track_that_does_not_say_so_lets_attendance_pass_nothing(trainer_client, client, site):
    session = make_session(trainer_client, track="core")
    assert "passes no module" in text_of(trainer_client.get(session).main)
    client.submit(client.get(f"/attend/{attendance_code(trainer_client, session)}"))
    assert (counts(site, Attendance), counts(site, Completion)) == (1, 0)


def test_a_member_is_named_to_the_trainer_by_her_name_in_the_group(trainer_client, client):
    cohort = make_cohort(trainer_client)
    join(client, code_of(trainer_client, cohort), "Aino of the group")
    session = make_session(trainer_client, cohort=cohort.split("/")[-2])
    client.submit(client.get(f"/attend/{attendance_code(trainer_client, session)}"))
    page = trainer_client.get(session)
    assert "Aino of the group" in text_of(page.main) and not page.select("#members")


def test_a_code_may_be_typed_in_any_shape(trainer_client, client):
    session = make_session(trainer_client)
    code = attendance_code(trainer_client, session)
    assert client.get("/attend/?lang=en").select_one("form[method=get] [name=code]")
    page = client.get(f"/attend/?code={code[:4].lower()}-{code[4:].lower()}")
    assert "Half a day" in text_of(page.h1)


def test_a_code_works_around_the_session_and_not_before_or_after(trainer_client, client, clock):
    session = make_session(trainer_client, day="2026-11-22", begins="14:00", ends="15:00")
    with_code = trainer_client.get(f"{session}attendance/")
    assert not with_code.select(".big-code") and "It works from" in text_of(with_code.main)
    clock.move(hours=2)
    code = attendance_code(trainer_client, session)
    client.get(f"/attend/{code}")
    clock.move(hours=4)
    client.get(f"/attend/{code}", status=409)


def test_a_new_code_ends_the_one_before_and_an_ended_one_lets_nobody_in(trainer_client, client):
    session = make_session(trainer_client)
    first = attendance_code(trainer_client, session)
    trainer_client.submit(trainer_client.get(f"{session}attendance/"), "form[action$='/code']")
    second = attendance_code(trainer_client, session)
    assert first != second
    client.get(f"/attend/{first}", status=404)
    client.get(f"/attend/{second}")
    trainer_client.submit(trainer_client.get(session), "form[action$='/code/end']")
    client.get(f"/attend/{second}", status=409)
    assert not trainer_client.get(f"{session}attendance/").select(".big-code")


def test_guessing_is_slowed_down_and_right_codes_do_not_count(trainer_client, client, another_client):
    session = make_session(trainer_client)
    code = attendance_code(trainer_client, session)
    for _ in range(35):
        assert client.raw.get(f"/attend/{code}").status_code == 200
    answers = [another_client.raw.get(f"/attend/{'A' * 7}{letter}").status_code for letter in "BCDEFGHJKM" * 4]
    assert answers.count(404) == 30 and answers[-1] == 429
    assert another_client.raw.get(f"/attend/{code}").status_code == 429


# By list, and without names


def test_a_trainer_writes_down_members_expected_people_and_names(trainer_client, client, site, clock):
    cohort = make_cohort(trainer_client)
    join(client, code_of(trainer_client, cohort), "Aino")
    cohort_id = int(cohort.split("/")[-2])
    with site.store.writing() as session:
        row = {"key": "r1", "name": "Roope", "email": "", "organisation": "", "profession": ""}
        session.add(RosterRow(cohort_id=cohort_id, created_at=site.now(), **row))
    address = make_session(trainer_client, cohort=str(cohort_id))
    page = trainer_client.get(address)
    ticked = {name: page.select_one(f"[name={name}]")["value"] for name in ("members", "expected")}
    page = trainer_client.submit(
        page, "form[action$='/attendance/']", **ticked, names="Veikko  Virta\nveikko virta\n\nLiisa"
    )
    said = text_of(page.main)
    assert [name for name in ("Aino", "Roope", "Veikko Virta", "Liisa") if name not in said] == []
    assert counts(site, Attendance) == 4
    assert counts(site, Completion, Completion.session_id.is_not(None)) == 1


def test_an_id_of_somebody_else_is_not_written_down(trainer_client, other_trainer_client, client, site):
    theirs = make_cohort(other_trainer_client)
    join(client, code_of(other_trainer_client, theirs), "Eve")
    with site.store.reading() as connection:
        stranger = connection.execute(select(CohortMember.learner_id)).scalar_one()
    mine = make_cohort(trainer_client)
    for session in (make_session(trainer_client), make_session(trainer_client, cohort=mine.split("/")[-2])):
        token = trainer_client.get(session).select_one("[name=csrf_token]")["value"]
        trainer_client.send(f"{session}attendance/", {"csrf_token": token, "members": str(stranger)})
    assert counts(site, Attendance) == counts(site, Completion) == 0


def test_a_typed_name_and_the_code_are_one_person_when_the_names_are_one(trainer_client, client, site):
    session = make_session(trainer_client)
    code = attendance_code(trainer_client, session)
    page = trainer_client.get(session)
    trainer_client.submit(page, "form[action$='/attendance/']", names="Aino Aalto\nLiisa")
    client.submit(client.get(f"/attend/{code}"), name="aino aalto")
    assert counts(site, Attendance) == 2
    assert counts(site, Completion) == 1


def test_two_learners_with_one_name_are_two_people(trainer_client, client, another_client, site):
    session = make_session(trainer_client)
    code = attendance_code(trainer_client, session)
    for one in (client, another_client):
        one.submit(one.get(f"/attend/{code}"), name="Matti")
    assert counts(site, Attendance) == 2


def test_a_row_that_turns_out_to_be_the_same_person_becomes_one(trainer_client, client, site):
    session = make_session(trainer_client)
    code = attendance_code(trainer_client, session)
    client.submit(client.get(f"/attend/{code}"))
    trainer_client.submit(trainer_client.get(session), "form[action$='/attendance/']", names="Aino")
    assert counts(site, Attendance) == 2, "nobody can know yet"
    client.submit(client.get(f"/attend/{code}"), name="Aino")
    assert counts(site, Attendance) == 1


def test_whoever_was_not_there_is_struck_out_and_loses_what_it_passed(trainer_client, client, site):
    session = make_session(trainer_client)
    client.submit(client.get(f"/attend/{attendance_code(trainer_client, session)}"))
    assert counts(site, Completion) == 1
    trainer_client.submit(trainer_client.get(session), "form[action$='/strike']")
    assert counts(site, Attendance) == counts(site, Completion) == 0


def test_people_without_names_are_a_number_and_a_wrong_one_is_refused(trainer_client, site):
    session = make_session(trainer_client)
    page = trainer_client.submit(trainer_client.get(session), "form[action$='/count']", without_names="12")
    assert "12" in text_of(page.select_one(".figures"))
    page = trainer_client.submit(page, "form[action$='/count']", without_names="many", status=422)
    assert "Write a number from 0 to" in text_of(page.select_one(".error-summary"))
    assert counts(site, TrainingSession, TrainingSession.without_names == 12) == 1


def test_attendance_is_not_recorded_before_the_session(trainer_client, site):
    session = make_session(trainer_client, **LATER)
    page = trainer_client.get(session)
    assert not page.select("form[action$='/attendance/']")
    token = page.select_one("[name=csrf_token]")["value"]
    trainer_client.post(f"{session}attendance/", {"csrf_token": token, "names": "Early"}, status=409)
    assert counts(site, Attendance) == 0


def test_somebody_expected_who_joins_later_has_what_she_attended(trainer_client, client, site):
    cohort = make_cohort(trainer_client)
    cohort_id = int(cohort.split("/")[-2])
    with site.store.writing() as session:
        row = {"key": "r1", "name": "Roope", "email": "", "organisation": "", "profession": ""}
        session.add(RosterRow(cohort_id=cohort_id, created_at=site.now(), **row))
    address = make_session(trainer_client, cohort=str(cohort_id))
    page = trainer_client.get(address)
    expected = page.select_one("[name=expected]")["value"]
    trainer_client.submit(page, "form[action$='/attendance/']", expected=expected)
    assert counts(site, Completion) == 0
    page = join(client, code_of(trainer_client, cohort), "Roope")
    if confirm := page.select("[name=expected], [name=row], [value=yes]"):
        client.submit(page, button=f"[name={confirm[0]['name']}][value='{confirm[0]['value']}']")
    assert counts(site, Attendance, Attendance.learner_id.is_not(None)) == 1
    assert counts(site, Completion, Completion.session_id.is_not(None)) == 1


def test_two_devices_that_turn_out_to_be_one_person_were_there_once(trainer_client, client, another_client, site):
    session = make_session(trainer_client)
    code = attendance_code(trainer_client, session)
    for one in (client, another_client):
        one.submit(one.get(f"/attend/{code}"))
    assert counts(site, Attendance) == 2
    made = client.submit(client.get("/fi/progress/"), "form[action$='/resume-link']")
    link = made.select_one("input[readonly]")["value"].removeprefix("http://localhost")
    another_client.submit(another_client.get(link))
    assert counts(site, Attendance) == 1


def test_twenty_people_at_once_are_twenty_and_one_person_twenty_times_is_one(trainer_client, site):
    session_id = int(make_session(trainer_client).rstrip("/").rpartition("/")[2])
    learners = [start_learner(site.store, language="fi", now=site.now()).learner_id for _ in range(10)]

    def come(learner_id: int) -> None:
        attend(site.store, site.library, session_id, learner_id=learner_id, name="Same name", now=site.now())

    with ThreadPoolExecutor(10) as together:
        list(together.map(come, learners * 2))
    assert counts(site, Attendance) == counts(site, Completion) == 10


def test_a_learner_started_elsewhere_keeps_her_record(trainer_client, client, site):
    new = start_learner(site.store, language="sv", now=site.now())
    client.raw.set_cookie("learner", new.secret)
    session = make_session(trainer_client)
    page = client.get(f"/attend/{attendance_code(trainer_client, session)}")
    assert page.html["lang"] == "sv"
    client.submit(page)
    assert counts(site, Attendance, Attendance.learner_id == new.learner_id) == 1
