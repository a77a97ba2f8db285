"""Nothing of an erased learner is left anywhere: marks planted wherever something of hers is kept are looked for."""

from __future__ import annotations

import logging
import sqlite3
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from course.domain.certificate_state import State
from course.domain.errors import NotThere
from course.services import rosters
from course.services.audit import verify
from course.services.certificate_checks import Answer
from course.services.erasure import erase_learner, erased_since
from course.services.mail import FilePostman, MailHandler, put_mail
from course.services.register import find_learner, register_of
from course.services.tally import drift
from course.services.work import Worker
from course.storage.certificates import add_file
from course.storage.engine import Store
from course.storage.tables import (
    Account,
    AnswerRow,
    Attempt,
    Attendance,
    Base,
    CasePath,
    Cohort,
    CohortMember,
    Feedback,
    Job,
    JobCertificate,
    JobPart,
    Learner,
    LearnerProfile,
    Passkey,
    SignIn,
    SignInRequest,
    TrainingSession,
    WayIn,
)
from tests.services.graduates import NOW, checked, graduate, issue

MARKS = [f"Merkki{number:02d}x" for number in range(20)]
EMAIL = f"{MARKS[1].lower()}@marks.example"
NAME = f"Aino {MARKS[0]}"


@pytest.fixture
def store(engine) -> Store:
    return Store(engine)


def plant(store: Store, library, folder: Path) -> tuple[int, str]:
    """A learner with something in every place where something of hers can be; (her number, her certificate's code)."""
    learner_id = graduate(store, library)
    held = issue(store, library, learner_id, NAME)
    with store.writing() as session:
        trainer = Account(email="trainer@office.example", language="fi", created_at=NOW, administrator=True)
        own = Account(email=EMAIL, name=MARKS[2], language="fi", created_at=NOW, learner_id=learner_id)
        group = Cohort(network_id="north", name="Group", track_id="core", language="fi", created_at=NOW)
        session.add_all([trainer, own, group])
        session.flush()
        meeting = TrainingSession(
            network_id="north", title="Meeting", track_id="core", module_ids=[], language="fi", starts_at=NOW,
            ends_at=NOW, place="", link="", agenda="", uid="uid", code="CODE", created_at=NOW, changed_at=NOW,
        )  # fmt: skip
        attempt = Attempt(
            learner_id=learner_id, quiz_id="tea", number=1, state="open", edition=library.edition, seed=1,
            pass_mark=80, language="fi", questions=[{"id": MARKS[3]}], started_at=NOW,
        )  # fmt: skip
        job = Job(account_id=trainer.id, state="done", total=1, created_at=NOW, expires_at=NOW + timedelta(days=1))
        session.add_all([meeting, attempt, job])
        session.flush()
        session.add_all(
            [
                AnswerRow(attempt_id=attempt.id, question_id="q", chosen=MARKS[4]),
                CasePath(learner_id=learner_id, case_id="c", path=MARKS[5], changed_at=NOW),
                CohortMember(cohort_id=group.id, learner_id=learner_id, name=f"Aino {MARKS[6]}", joined_at=NOW),
                Attendance(
                    session_id=meeting.id, learner_id=learner_id, name=f"Aino {MARKS[7]}", credited=[],
                    name_key=f"aino {MARKS[7].lower()}", how="code", edition="1", recorded_at=NOW,
                ),
                LearnerProfile(learner_id=learner_id, network_id="north", asked_at=NOW),
                JobCertificate(job_id=job.id, certificate_id=held.id),
                JobPart(job_id=job.id, number=0, content=f"zip {MARKS[9]}".encode()),
                WayIn(learner_id=learner_id, kind="cookie", secret_hash=MARKS[10], created_at=NOW),
                SignIn(
                    account_id=own.id, secret_hash="s", created_at=NOW, seen_at=NOW,
                    expires_at=NOW + timedelta(days=1), device=MARKS[11],
                ),
                Passkey(
                    account_id=own.id, credential_id=MARKS[12], public_key=MARKS[13].encode(),
                    sign_count=0, created_at=NOW,
                ),
                SignInRequest(
                    secret_hash="r", email=EMAIL, step="code", challenge=MARKS[14], created_at=NOW,
                    expires_at=NOW + timedelta(days=1),
                ),
                Feedback(number="2026-0001", language="fi", page="p", message="m", email=EMAIL, created_at=NOW),
            ]
        )  # fmt: skip
        session.get_one(Learner, learner_id).place = MARKS[15]
        add_file(session, held.id, f"pdf {MARKS[16]}".encode(), sha256="x", now=NOW)
        put_mail(
            session,
            to=EMAIL,
            subject="S",
            text=f"waiting {MARKS[17]}",
            now=NOW,
            due_at=NOW + timedelta(days=9),
            headers={"X-Mark": MARKS[8]},
        )
        put_mail(session, to=EMAIL, subject="S", text=f"written {MARKS[18]} ä", now=NOW)
        group_id = group.id
    raw = f"name,email,organisation\n{MARKS[19]},{EMAIL},Office\nOlli,olli@other.example,Office\n".encode()
    planned = rosters.plan_import(store, group_id, raw, file_name="a.csv", account_id=None, now=NOW)
    rosters.apply_import(store, group_id, planned, now=NOW)
    worker = Worker(store, {"mail": MailHandler(FilePostman(folder / "outbox"), "a@b.example")}, lambda: NOW)
    assert worker.run_due() == (1, 0)
    return learner_id, held.facts.code


def left(store: Store, folder: Path, log: str) -> list[str]:
    """The marks that are still somewhere: in a column, a file of the database, a mail, a file, or the log."""
    places = {"log": log.encode()}
    with store.reading() as connection:
        for table in Base.metadata.sorted_tables:
            places[table.name] = repr(connection.execute(select(table)).all()).encode()
    if store.engine.dialect.name == "sqlite":
        store.engine.dispose()
        database = Path(str(store.engine.url.database))
        places |= {path.name: path.read_bytes() for path in database.parent.glob(f"{database.name}*")}
    for path in folder.rglob("*"):
        if path.is_file():
            places[str(path)] = path.read_bytes()
    return sorted(
        {
            f"{mark} in {where}"
            for mark in MARKS
            for where, content in places.items()
            if mark.lower().encode() in content.lower()
        }
    )


def test_the_marks_are_planted_and_after_the_erasure_none_is_left_anywhere(store, library, tmp_path, caplog):
    caplog.set_level(logging.DEBUG)
    learner_id, code = plant(store, library, tmp_path)
    planted = {found.split()[0] for found in left(store, tmp_path, "")}
    assert planted == set(MARKS)
    done = erase_learner(store, learner_id, instance=tmp_path, now=NOW)
    assert (done.certificates, done.roster_rows, done.account) == (1, 1, True)
    assert left(store, tmp_path, caplog.text) == []
    answer, found = checked(store, code)
    assert answer is Answer.VALID
    assert found.facts is None
    assert found.standing.state is State.VALID
    assert verify(store)[0] is None


def test_others_stay_as_they_are(store, library, tmp_path):
    learner_id, _ = plant(store, library, tmp_path)
    other = graduate(store, library)
    issue(store, library, other, "Aino Toinen")
    erase_learner(store, learner_id, instance=tmp_path, now=NOW)
    with store.reading() as connection:
        assert [row["email"] for row in register_of(connection, other)["account"]] == []
        assert len(register_of(connection, other)["certificates"]) == 1
        group = connection.execute(select(Cohort.id)).scalar_one()
        assert [one.name for one in rosters.rosters.people_of(connection, group).values()] == ["Olli"]
        assert connection.execute(select(Account.email)).scalars().all() == ["trainer@office.example"]


def test_what_is_counted_stays_true(store, library, tmp_path):
    learner_id, _ = plant(store, library, tmp_path)
    with store.reading() as connection:
        there = connection.execute(select(Attendance.id)).all()
    before = drift(store)
    erase_learner(store, learner_id, instance=tmp_path, now=NOW)
    after = drift(store)
    # The rows were planted past the counters; the erasure adds no fault of its own.
    assert sum(map(abs, after.values())) <= sum(map(abs, before.values()))
    with store.reading() as connection:
        assert connection.execute(select(Attendance.id)).all() == there


def test_an_account_with_a_role_stays(store, library, tmp_path):
    learner_id, _ = plant(store, library, tmp_path)
    with store.writing() as session:
        session.execute(select(Account).where(Account.learner_id == learner_id)).scalar_one().administrator = True
    assert not erase_learner(store, learner_id, instance=tmp_path, now=NOW).account
    with store.reading() as connection:
        assert find_learner(connection, EMAIL) is None
        assert connection.execute(select(Account.learner_id).where(Account.email == EMAIL)).scalar_one() is None


def test_who_was_erased_is_noted_beside_the_database(store, library, tmp_path):
    learner_id, _ = plant(store, library, tmp_path)
    erase_learner(store, learner_id, instance=tmp_path, now=NOW)
    assert erased_since(tmp_path, NOW - timedelta(seconds=1)) == [learner_id]
    assert erased_since(tmp_path, NOW) == []
    with pytest.raises(NotThere):
        erase_learner(store, learner_id, instance=tmp_path, now=NOW)


def test_the_register_shows_everything_that_was_planted_and_no_secret(store, library, tmp_path):
    learner_id, code = plant(store, library, tmp_path)
    with store.reading() as connection:
        shown = repr(register_of(connection, learner_id)).lower()
        assert [find_learner(connection, asked) for asked in (EMAIL, code, str(learner_id), "999")] == [
            learner_id,
            learner_id,
            learner_id,
            None,
        ]
    secret = {MARKS[number] for number in (3, 8, 9, 10, 12, 13, 14, 16)}
    assert {mark for mark in MARKS if mark.lower() in shown} == set(MARKS) - secret


def test_the_scan_sees_what_sqlite_leaves_in_its_file_without_overwriting(tmp_path):
    """The fault that the pragma is for: a deleted row is still in the file."""
    seen = []
    for mode in ("OFF", "ON"):
        path = tmp_path / mode
        connection = sqlite3.connect(path)
        connection.execute(f"PRAGMA secure_delete={mode}")
        connection.execute("CREATE TABLE t (x)")
        connection.execute("INSERT INTO t VALUES (?)", [MARKS[0]])
        connection.commit()
        connection.execute("DELETE FROM t")
        connection.commit()
        connection.close()
        seen.append(MARKS[0].encode() in path.read_bytes())
    assert seen == [True, False]
