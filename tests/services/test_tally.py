"""The counters are what the records say, whatever happens."""

from __future__ import annotations

from collections import Counter, defaultdict
from random import Random
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import delete, select, update

from course.services.tally import counted, drift, recount
from course.storage import tally
from course.storage.engine import Store
from course.storage.tables import (
    Attempt,
    Attendance,
    Certificate,
    Cohort,
    CohortMember,
    Completion,
    LearnerProfile,
    LessonDone,
    Tally,
    TrackCompletion,
    TrainingSession,
)
from tests.services.busy_course import BusyCourse


@pytest.fixture
def store(engine) -> Store:
    return Store(engine)


def rows_of(connection, entity):
    return [row._asdict() for row in connection.execute(select(entity.__table__))]


def counted_by_hand(connection) -> Counter:
    """The same sums by another way: every record is looked at by itself."""
    profiles = {row["learner_id"]: row for row in rows_of(connection, LearnerProfile)}
    networks = {row["id"]: row["network_id"] for row in rows_of(connection, Cohort)}
    first_group = {}
    members = rows_of(connection, CohortMember)
    for row in sorted(members, key=lambda one: (one["joined_at"], one["cohort_id"]), reverse=True):
        first_group[row["learner_id"]] = networks[row["cohort_id"]]
    trainings = {row["id"]: row for row in rows_of(connection, TrainingSession)}
    found: Counter = Counter()

    def add(kind, subject, at, row, *, language="", network=None, way="web"):
        who = row["learner_id"]
        told = profiles.get(who, {})
        where = network or first_group.get(who) or told.get("network_id") or ""
        month = at.astimezone(ZoneInfo("Europe/Helsinki")).strftime("%Y-%m")
        organisation, profession = told.get("organisation_id") or "", told.get("profession_id") or ""
        spoken = language or row["language"]
        found[kind, subject, month, where, organisation, profession, spoken, row["edition"], way] += 1

    for at, row in first_steps(connection):
        add("started", "", at, row)
    for row in rows_of(connection, Completion):
        add("completed", row["module_id"], row["passed_at"], row, way="session" if row["session_id"] else "web")
    for row in rows_of(connection, TrackCompletion):
        add("track_completed", row["track_id"], row["completed_at"], row)
    for row in rows_of(connection, Certificate):
        if row["sequence"] == 1:
            add("certificate", row["track_id"], row["issued_at"], row)
    for row in rows_of(connection, Attendance):
        there = trainings[row["session_id"]]
        if there["cancelled_at"] is None:
            words = {"language": there["language"], "network": there["network_id"], "way": "session"}
            add("attended", there["track_id"], there["starts_at"], row, **words)
    return found


def first_steps(connection):
    """(moment, row) of the first thing that each learner did."""
    begun = defaultdict(list)
    for entity, moment in ((LessonDone, "done_at"), (Attempt, "started_at")):
        for row in rows_of(connection, entity):
            if row.get("quiz_id", "").startswith("gain:"):
                # Questions before the course are not yet a step of it.
                continue
            begun[row["learner_id"]].append((row[moment], row["language"], row["edition"], row))
    return [min(firsts, key=lambda one: one[:3])[::3] for firsts in begun.values()]


def counters(store) -> Counter:
    with store.streaming() as connection:
        return tally.counters(connection)


@pytest.mark.parametrize("seed", range(3))
def test_counters_are_what_the_records_say_whatever_happens(store, library, seed):
    course = BusyCourse(store, library, Random(seed))
    for _ in range(6):
        course.live(30)
        with store.reading() as connection:
            assert counters(store) == counted_by_hand(connection)
    kinds = {cell.kind for cell in counters(store)}
    assert {"started", "completed", "track_completed", "attended"} <= kinds
    assert drift(store) == {}


def test_a_record_that_was_changed_past_the_counters_is_found_and_mended(store, library):
    course = BusyCourse(store, library, Random(5))
    course.live(150)
    with store.writing() as session:
        session.execute(update(Tally).where(Tally.kind == "started").values(n=Tally.n + 2))
        session.execute(delete(Tally).where(Tally.kind == "completed"))
    missing = recount(store, library)
    assert {cell.kind for cell in missing} == {"started", "completed"}
    assert drift(store) == {}
    with store.reading() as connection:
        assert counters(store) == counted_by_hand(connection)


def test_a_track_completed_by_joining_two_records_is_written_down_at_the_next_recount(store, library):
    course = BusyCourse(store, library, Random(1))
    course.begin()
    with store.writing() as session:
        learner = course.learners[0].learner_id
        session.add(Completion(learner_id=learner, module_id="tea", passed_at=course.now, edition="1", language="fi"))
    recount(store, library)
    found = {(cell.kind, cell.subject) for cell in counters(store)}
    assert found == {("completed", "tea"), ("track_completed", "drinks")}


def test_a_refused_change_leaves_the_counters_alone(store, library):
    course = BusyCourse(store, library, Random(2))
    course.live(40)
    before = counters(store)
    learner = course.learners[0].learner_id

    def fail_halfway() -> None:
        with store.writing() as session, counted(session, [learner]):
            session.execute(delete(Completion))
            raise RuntimeError("no")

    with pytest.raises(RuntimeError):
        fail_halfway()
    assert counters(store) == before


def test_a_change_within_another_must_stay_with_its_people(store, library):
    course = BusyCourse(store, library, Random(3))
    course.begin()
    course.begin()
    one, other = (new.learner_id for new in course.learners)
    with store.writing() as session, counted(session, [one]):
        with counted(session, [one]):
            pass
        with pytest.raises(ValueError, match="other learners"), counted(session, [other]):
            pass
