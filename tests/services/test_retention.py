"""With the clock moved, each rule removes exactly what it says, once, and tells before where it promises to."""

from __future__ import annotations

import os
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from course.domain.retention import DEFAULT_DAYS, DEFAULT_PERIODS, NOTICE, Kind, PeriodWrong, periods_from
from course.services import people
from course.services.audit import OPERATOR, What, record_audit, verify
from course.services.certificate_checks import Answer
from course.services.mail import Letter, put_mail
from course.services.retention import Keeping, ask_for_today, keep
from course.services.sign_ins import open_sign_in
from course.services.tally import counted, drift
from course.services.work import Worker
from course.storage.engine import Store
from course.storage.learning import add_lesson_done
from course.storage.tables import (
    Account,
    Attendance,
    Certificate,
    Cohort,
    CohortMember,
    Completion,
    Feedback,
    Learner,
    LearnerProfile,
    RemovalNotice,
    RosterImport,
    RosterRow,
    SignIn,
    Task,
    Throttle,
    TrainingSession,
    WayIn,
)
from tests.services.graduates import NOW, checked, graduate, issue

DAY = timedelta(days=1)


@pytest.fixture
def keeping(engine, tmp_path) -> Keeping:
    return Keeping(
        Store(engine), DEFAULT_PERIODS, tmp_path, lambda language, day: Letter("Soon", f"{language} {day:%d}")
    )


def count(keeping: Keeping, entity, *conditions) -> int:
    with keeping.store.reading() as connection:
        return connection.execute(select(func.count()).select_from(entity).where(*conditions)).scalar_one()


def add(keeping: Keeping, *rows) -> None:
    with keeping.store.writing() as session:
        session.add_all(rows)


def around(kind: Kind):
    """(just before its end, just after it)."""
    end = NOW + timedelta(days=DEFAULT_DAYS[kind])
    return end - timedelta(minutes=1), end + timedelta(minutes=1)


def group(keeping: Keeping, **values) -> int:
    with keeping.store.writing() as session:
        one = Cohort(network_id="north", name="G", track_id="core", language="fi", created_at=NOW, **values)
        session.add(one)
        session.flush()
        return one.id


def test_mails_that_are_done_go_and_those_that_wait_stay(keeping):
    with keeping.store.writing() as session:
        put_mail(session, to="a@b.example", subject="s", text="t", now=NOW)
        put_mail(session, to="a@b.example", subject="s", text="later", now=NOW, due_at=NOW + 900 * DAY)
    Worker(keeping.store, {"mail": lambda _: None}, lambda: NOW).run_due()
    before, after = around(Kind.MAIL)
    assert keep(keeping, now=before) == {}
    assert keep(keeping, now=after) == {"mail": 1}
    assert keep(keeping, now=after) == {}
    assert count(keeping, Task) == 1


def test_letters_in_files_go_by_their_age(keeping):
    folder = keeping.instance / "outbox"
    folder.mkdir()
    for name, age in (("old", 1), ("new", -1)):
        path = folder / f"{name}.eml"
        path.write_text("x")
        stamp = (NOW - timedelta(days=DEFAULT_DAYS[Kind.MAIL]) - timedelta(minutes=age)).timestamp()
        os.utime(path, (stamp, stamp))
    assert keep(keeping, now=NOW) == {"mail": 1}
    assert [path.name for path in Path(folder).iterdir()] == ["new.eml"]


def test_sign_ins_and_tries_that_are_over_go(keeping):
    add(keeping, Account(id=1, email="t@b.example", language="fi", created_at=NOW, administrator=True))
    add(keeping, SignIn(account_id=1, secret_hash="s", created_at=NOW, seen_at=NOW, expires_at=NOW))
    add(keeping, Throttle(key="k", window=int(NOW.timestamp()), tries=3))
    before, after = around(Kind.SIGN_IN)
    assert keep(keeping, now=before) == {}
    assert keep(keeping, now=after) == {"sign-in": 1}
    assert keep(keeping, now=around(Kind.TRIES)[1]) == {"tries": 1}


def test_rosters_go_after_their_group_and_their_files_sooner(keeping):
    ended, lasting = group(keeping, ends_on=date(2026, 11, 22)), group(keeping, ends_on=date(2036, 1, 1))
    blank = {"email": "", "organisation": "", "profession": "", "created_at": NOW}
    add(keeping, *(RosterRow(cohort_id=one, key="k", name="N", **blank) for one in (ended, lasting)))
    add(
        keeping,
        RosterImport(
            cohort_id=ended,
            file_name="f",
            state="planned",
            rows=1,
            unchanged=0,
            changes=[],
            problems=[],
            created_at=NOW,
        ),
    )
    assert keep(keeping, now=around(Kind.ROSTER_FILE)[0]) == {}
    assert keep(keeping, now=around(Kind.ROSTER_FILE)[1]) == {"roster-file": 1}
    before, after = around(Kind.ROSTER)
    assert keep(keeping, now=before) == {}
    assert keep(keeping, now=after + DAY) == {"roster": 1}
    assert count(keeping, RosterRow, RosterRow.cohort_id == lasting) == 1


def test_names_on_attendance_lists_go_and_the_attendance_stays(keeping):
    add(
        keeping,
        TrainingSession(
            id=1, network_id="north", title="M", track_id="core", module_ids=[], language="fi", starts_at=NOW,
            ends_at=NOW,
            place="", link="", agenda="", uid="u", code="C", created_at=NOW, changed_at=NOW,
        ),
    )  # fmt: skip
    add(
        keeping,
        Attendance(session_id=1, name="Olli", name_key="olli", how="list", credited=[], edition="1", recorded_at=NOW),
    )
    before, after = around(Kind.ATTENDANCE)
    assert keep(keeping, now=before) == {}
    assert keep(keeping, now=after) == {"attendance": 1}
    assert count(keeping, Attendance, Attendance.name == "") == 1


def test_the_name_on_a_certificate_goes_and_its_number_still_verifies(keeping, library):
    learner_id = graduate(keeping.store, library)
    held = issue(keeping.store, library, learner_id)
    before, after = around(Kind.CERTIFICATE)
    assert keep(keeping, now=before) == {}
    # From here on the learner has nothing that keeps her record.
    assert keep(keeping, now=after) == {"certificate": 1, "record": 1}
    assert keep(keeping, now=after) == {}
    answer, found = checked(keeping.store, held.facts.code)
    assert answer is Answer.VALID
    assert found.facts is None
    assert count(keeping, Certificate, Certificate.learner_id == learner_id) == 1


def test_a_record_that_nobody_used_is_nobodys_and_is_still_counted(keeping, library):
    learner_id = people.start_learner(keeping.store, language="fi", now=NOW).learner_id
    cohort = group(keeping)
    with keeping.store.writing() as session, counted(session, [learner_id]):
        session.add(CohortMember(cohort_id=cohort, learner_id=learner_id, name="Aino", joined_at=NOW))
        session.add(Completion(learner_id=learner_id, module_id="tea", passed_at=NOW, edition="1", language="fi"))
        session.flush()
    before, after = around(Kind.RECORD)
    assert keep(keeping, now=before) == {}
    assert keep(keeping, now=after) == {"record": 1}
    assert keep(keeping, now=after) == {}
    assert (count(keeping, Learner), count(keeping, Completion)) == (1, 1)
    assert (count(keeping, WayIn), count(keeping, CohortMember)) == (0, 0)
    assert count(keeping, LearnerProfile, LearnerProfile.network_id == "north") == 1
    assert drift(keeping.store) == {}


def test_a_record_that_is_used_stays(keeping, library):
    learner_id = people.start_learner(keeping.store, language="fi", now=NOW).learner_id
    after = around(Kind.RECORD)[1]
    with keeping.store.writing() as session:
        add_lesson_done(session, learner_id, "water", edition="1", language="fi", now=after - DAY)
    assert keep(keeping, now=after) == {}


def test_the_owner_of_an_unused_account_is_told_and_thirty_days_later_it_goes(keeping):
    learner_id = people.start_learner(keeping.store, language="sv", now=NOW).learner_id
    add(
        keeping,
        Account(email="aino@b.example", language="sv", created_at=NOW, learner_id=learner_id),
        Account(email="trainer@b.example", language="sv", created_at=NOW, administrator=True),
    )
    before, after = around(Kind.ACCOUNT)
    assert keep(keeping, now=before) == {}
    keep(keeping, now=after)
    keep(keeping, now=after + DAY)
    with keeping.store.reading() as connection:
        mails = [payload["to"] for payload in connection.execute(select(Task.payload)).scalars()]
    assert mails == ["aino@b.example"]
    keep(keeping, now=after + NOTICE - timedelta(minutes=1))
    assert count(keeping, Account) == 2
    assert keep(keeping, now=after + NOTICE)["account"] == 1
    assert count(keeping, Account) == 1
    assert count(keeping, Task) == 0


def test_whoever_comes_back_after_being_told_keeps_the_account(keeping):
    add(keeping, Account(id=7, email="aino@b.example", language="sv", created_at=NOW))
    after = around(Kind.ACCOUNT)[1]
    keep(keeping, now=after)
    assert count(keeping, RemovalNotice) == 1
    used = after + DAY
    with keeping.store.writing() as session:
        open_sign_in(session, 7, now=used)
    keep(keeping, now=after + NOTICE + DAY)
    # The sign-in is over by then and its row is gone; that the account was used is not.
    keep(keeping, now=used + timedelta(days=DEFAULT_DAYS[Kind.ACCOUNT]) - DAY)
    assert (count(keeping, Account), count(keeping, RemovalNotice)) == (1, 0)


def test_answered_feedback_goes_and_unanswered_stays(keeping):
    blank = {"language": "fi", "page": "", "message": "m", "email": "", "created_at": NOW}
    add(keeping, Feedback(number="1", answered_at=NOW, **blank), Feedback(number="2", **blank))
    before, after = around(Kind.FEEDBACK)
    assert keep(keeping, now=before) == {}
    assert keep(keeping, now=after) == {"feedback": 1}
    assert count(keeping, Feedback) == 1


def test_old_lines_of_the_audit_log_go_and_it_is_still_whole(keeping):
    with keeping.store.writing() as session:
        record_audit(session, OPERATOR, What.ROLES, "account:1", now=NOW)
    assert keep(keeping, now=around(Kind.AUDIT)[0]) == {}
    assert keep(keeping, now=around(Kind.AUDIT)[1]) == {"audit": 1}
    assert verify(keeping.store)[0] is None


def test_the_round_is_asked_for_once_a_day(keeping):
    assert [ask_for_today(keeping.store, NOW), ask_for_today(keeping.store, NOW)] == [True, False]
    assert ask_for_today(keeping.store, NOW + DAY)


def test_a_setting_changes_periods_and_a_slip_in_it_is_refused():
    assert periods_from("record=365, audit=1095").days[Kind.RECORD] == 365
    assert periods_from("").days == DEFAULT_DAYS
    for slip in ("recrod=3", "record", "record=-1", "record=0"):
        with pytest.raises(PeriodWrong):
            periods_from(slip)
