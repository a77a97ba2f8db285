"""The file of records says of every completion what the database says, on the day of Finland, and runs nothing."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from sqlalchemy.pool import QueuePool

from course.domain.home_time import day_at_home
from course.domain.permission import Staff
from course.exports.sheet import unguarded
from course.services.made_up.seeding import seed_learners
from course.services.records import stream_records
from course.storage import records
from course.storage.engine import Store
from course.storage.tables import Cohort, CohortMember, Completion, Learner, LearnerProfile, TrainingSession
from tests.services.graduates import verify_url

NOW = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
ADMIN = Staff(1, "A", administrator=True)


@pytest.fixture
def store(engine) -> Store:
    return Store(engine)


def lines_of(store: Store, staff: Staff = ADMIN) -> list[list[str]]:
    text = b"".join(stream_records(store, staff, ["Learner"], "by =attendance")).decode("utf-8-sig")
    heading, *lines = csv.reader(io.StringIO(text, newline=""), delimiter=";")
    assert heading == ["Learner"]
    return lines


def test_every_completion_is_one_line_with_what_is_known_of_the_learner(store, library):
    seed_learners(store, library, 600, seed=1, verify_url=verify_url, now=NOW)
    with store.reading() as connection:
        told = {row.learner_id: row for row in connection.execute(select(*LearnerProfile.__table__.columns))}
        member = {
            row.learner_id: (row.name, row.group, row.network_id)
            for row in connection.execute(
                select(CohortMember.learner_id, CohortMember.name, Cohort.name.label("group"), Cohort.network_id).join(
                    Cohort, Cohort.id == CohortMember.cohort_id
                )
            )
        }
        passed = connection.execute(select(*Completion.__table__.columns)).all()
    wanted = []
    for row in passed:
        profile = told.get(row.learner_id)
        name, group, network = member.get(row.learner_id, ("", "", (profile and profile.network_id) or ""))
        work = [(profile and profile.organisation_id) or "", (profile and profile.profession_id) or ""]
        day = day_at_home(row.passed_at).isoformat()
        end = [row.module_id, day, row.edition, row.language, "", ""]
        wanted.append([str(row.learner_id), name, group, network, *work, *end])
    assert len(wanted) > 50
    found = lines_of(store)
    assert sorted(found) == sorted(wanted)
    assert [int(line[0]) for line in found] == sorted(int(line[0]) for line in found)


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        ((2026, 1, 15, 21, 59), "2026-01-15"),
        ((2026, 1, 15, 22, 0), "2026-01-16"),
        ((2026, 7, 15, 20, 59), "2026-07-15"),
        ((2026, 7, 15, 21, 0), "2026-07-16"),
        ((2026, 12, 31, 22, 30), "2027-01-01"),
        ((2026, 10, 25, 21, 30), "2026-10-25"),
    ],
)
def test_a_late_evening_belongs_to_the_day_that_it_is_in_finland(store, moment, day):
    with store.writing() as session:
        learner = Learner(created_at=NOW, language="fi")
        session.add(learner)
        session.flush()
        at = datetime(*moment, tzinfo=UTC)
        session.add(Completion(learner_id=learner.id, module_id="tea", passed_at=at, edition="1", language="fi"))
    assert [line[7] for line in lines_of(store)] == [day]


@pytest.mark.parametrize("name", ["=1+1", "@x", "\ta", "\rb", 'a;"b"\nc', "Ål; Ö", "'=1", "'", "\x1f2026-01-01 10\x1e"])
def test_names_stay_what_they_are_and_nothing_is_run(store, name):
    with store.writing() as session:
        learner = Learner(created_at=NOW, language="fi")
        cohort = Cohort(network_id="north", name=name, track_id="core", language="fi", created_at=NOW)
        training = TrainingSession(
            network_id="north", title="T", track_id="core", module_ids=[], language="fi", starts_at=NOW, ends_at=NOW,
            place="P", link="", agenda="", uid="u", code="ABCDEFGH", created_at=NOW, changed_at=NOW,
        )  # fmt: skip
        session.add_all([learner, cohort, training])
        session.flush()
        session.add(CohortMember(cohort_id=cohort.id, learner_id=learner.id, name=name, joined_at=NOW))
        session.add(
            Completion(
                learner_id=learner.id, module_id="tea", passed_at=NOW, edition="1", language="fi",
                session_id=training.id,
            )
        )  # fmt: skip
    trainer = Staff(2, "T", networks=frozenset({"north"}))
    for staff in (ADMIN, trainer):
        [line] = lines_of(store, staff)
        assert line[1] == line[2]
        assert unguarded(line[1]) == name
        assert line[1][:1] not in "=@\t\r"
        assert line[10] == "by =attendance"
    assert lines_of(store, Staff(3, "S", networks=frozenset({"south"}))) == []


def passed_by(session: Session, cohorts: list[Cohort]) -> int:
    learner = Learner(created_at=NOW, language="fi")
    session.add_all([learner, *cohorts])
    session.flush()
    for number, cohort in enumerate(cohorts):
        session.add(CohortMember(cohort_id=cohort.id, learner_id=learner.id, name=f"N{number}", joined_at=NOW))
    for module in ("tea", "bread"):
        session.add(Completion(learner_id=learner.id, module_id=module, passed_at=NOW, edition="1", language="fi"))
    return learner.id


def test_trainers_see_a_member_in_each_of_their_groups_and_nobody_without_a_completion(store):
    with store.writing() as session:
        groups = [
            Cohort(network_id=network, name=f"G{number}", track_id="core", language="fi", created_at=NOW)
            for number, network in enumerate(("north", "south", "north", "east"))
        ]
        passed_by(session, groups)
        waiting = Learner(created_at=NOW, language="fi")
        session.add(waiting)
        session.flush()
        session.add(CohortMember(cohort_id=groups[0].id, learner_id=waiting.id, name="W", joined_at=NOW))
    both = Staff(2, "T", networks=frozenset({"north", "south"}))
    assert [(line[2], line[1], line[6]) for line in lines_of(store, both)] == [
        (group, name, module)
        for group, name in (("G0", "N0"), ("G1", "N1"), ("G2", "N2"))
        for module in ("bread", "tea")
    ]
    # The group that she joined last is that of the whole file.
    assert [line[2] for line in lines_of(store)] == ["G3", "G3"]


def test_whoever_stops_halfway_leaves_the_connection_as_it_was(store, monkeypatch):
    monkeypatch.setattr(records, "_CHUNK", 3)
    monkeypatch.setattr(records, "_AT_ONCE", 2)
    with store.writing() as session:
        for _ in range(20):
            passed_by(session, [])
    pool = store.engine.pool
    assert isinstance(pool, QueuePool)
    for pieces in (1, 2, 4):
        stream = stream_records(store, ADMIN, ["Learner"], "yes")
        assert [next(stream) for _ in range(pieces)]
        stream.close()
        assert pool.checkedout() == 0
    assert len(lines_of(store)) == 40
    with store.reading() as connection:
        assert connection.execute(select(func.count()).select_from(Completion)).scalar() == 40
