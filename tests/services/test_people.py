"""Begin without a name, carry on elsewhere, and lose nothing when two records become one."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from course.domain.cohort import CohortPlan
from course.domain.errors import LinkNotValid
from course.domain.roster import Person
from course.services import people
from course.storage import joining, learning, rosters
from course.storage.cohorts import add_cohort, add_member
from course.storage.engine import Store
from course.storage.people import KnownLearner
from course.storage.profiles import Profile, keep_profile, profile_of
from course.storage.tables import Attempt, Completion, Learner, LessonDone, WayIn

NOW = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)


@pytest.fixture
def store(engine) -> Store:
    return Store(engine)


def learner_here(store: Store, new: people.NewSecret) -> KnownLearner:
    found = people.learner_of(store, new.secret, now=NOW)
    assert found is not None
    return found


def test_the_cookie_leads_back_to_the_learner_and_the_database_keeps_only_its_hash(store):
    new = people.start_learner(store, language="sv", now=NOW)
    assert learner_here(store, new).id == new.learner_id
    with store.reading() as connection:
        stored = connection.execute(select(WayIn.secret_hash)).scalar_one()
    assert new.secret not in stored


def test_a_secret_nobody_has_leads_nowhere(store):
    people.start_learner(store, language="fi", now=NOW)
    assert people.learner_of(store, "made-up", now=NOW) is None


def test_a_resume_link_makes_a_cookie_for_the_same_learner_on_another_device(store):
    new = people.start_learner(store, language="fi", now=NOW)
    link = people.make_resume_link(store, new.learner_id, now=NOW)
    there = people.carry_on(store, link.secret, here=None, now=NOW)
    assert there is not None
    assert learner_here(store, there).id == new.learner_id


def test_a_resume_link_is_no_cookie(store):
    new = people.start_learner(store, language="fi", now=NOW)
    link = people.make_resume_link(store, new.learner_id, now=NOW)
    assert people.learner_of(store, link.secret, now=NOW) is None


def test_a_new_resume_link_ends_the_one_before(store):
    new = people.start_learner(store, language="fi", now=NOW)
    old = people.make_resume_link(store, new.learner_id, now=NOW)
    people.make_resume_link(store, new.learner_id, now=NOW)
    with pytest.raises(LinkNotValid):
        people.carry_on(store, old.secret, here=None, now=NOW)


def test_a_resume_link_runs_out_after_ninety_days(store):
    new = people.start_learner(store, language="fi", now=NOW)
    link = people.make_resume_link(store, new.learner_id, now=NOW)
    people.carry_on(store, link.secret, here=None, now=NOW + timedelta(days=89))
    with pytest.raises(LinkNotValid):
        people.carry_on(store, link.secret, here=None, now=NOW + timedelta(days=91))


def test_withdrawn_links_lead_nowhere(store):
    new = people.start_learner(store, language="fi", now=NOW)
    link = people.make_resume_link(store, new.learner_id, now=NOW)
    assert people.end_resume_links(store, new.learner_id) == 1
    with pytest.raises(LinkNotValid):
        people.carry_on(store, link.secret, here=None, now=NOW)


def test_following_ones_own_link_changes_nothing(store):
    new = people.start_learner(store, language="fi", now=NOW)
    link = people.make_resume_link(store, new.learner_id, now=NOW)
    assert people.carry_on(store, link.secret, here=learner_here(store, new), now=NOW) is None
    assert learner_here(store, new).id == new.learner_id


def test_progress_of_this_device_joins_the_learner_of_the_link(store):
    office, phone = (people.start_learner(store, language="fi", now=NOW) for _ in range(2))
    with store.writing() as session:
        learning.add_lesson_done(session, office.learner_id, "water", edition="1", language="fi", now=NOW)
        learning.add_lesson_done(session, phone.learner_id, "leaves", edition="1", language="sv", now=NOW)
    link = people.make_resume_link(store, office.learner_id, now=NOW)
    people.carry_on(store, link.secret, here=learner_here(store, phone), now=NOW)
    assert learner_here(store, phone).id == office.learner_id
    assert learning.progress_of(store.engine, office.learner_id).lessons_done == {"water", "leaves"}
    with store.reading() as connection:
        assert connection.execute(select(Learner.id)).scalars().all() == [office.learner_id]


moments = st.integers(0, 300).map(lambda minutes: NOW + timedelta(minutes=minutes))
lessons = st.dictionaries(st.sampled_from(["water", "leaves", "dough", "oven"]), moments)
modules = st.dictionaries(st.sampled_from(["tea", "bread"]), moments)
attempts = st.lists(st.tuples(st.sampled_from(["tea", "bread"]), st.booleans()), max_size=4)
histories = st.tuples(lessons, modules, attempts)


def write_history(store: Store, learner_id: int, history) -> None:
    lessons_done, modules_passed, tries = history
    with store.writing() as session:
        for name, at in lessons_done.items():
            session.add(LessonDone(learner_id=learner_id, lesson_id=name, done_at=at, edition="1", language="fi"))
        for name, at in modules_passed.items():
            session.add(Completion(learner_id=learner_id, module_id=name, passed_at=at, edition="1", language="fi"))
        opened = set()
        for quiz_id, is_open in tries:
            open_now = is_open and quiz_id not in opened
            opened |= {quiz_id} if open_now else set()
            session.add(
                Attempt(
                    learner_id=learner_id,
                    quiz_id=quiz_id,
                    number=learning.last_number(session, learner_id, quiz_id) + 1,
                    state="open" if open_now else "graded",
                    edition="1",
                    seed=1,
                    pass_mark=80,
                    language="fi",
                    questions=[],
                    started_at=NOW,
                )
            )
            session.flush()


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(histories, histories)
def test_joining_two_learners_keeps_the_union_of_what_they_did(store, here, there):
    kept, other = (people.start_learner(store, language="fi", now=NOW).learner_id for _ in range(2))
    write_history(store, kept, here)
    write_history(store, other, there)
    with store.writing() as session:
        wanted = joining.record_of(session, kept).joined_with(joining.record_of(session, other))
        people.join_learners(session, kept=kept, other=other)
        assert joining.record_of(session, kept) == wanted
        rows = session.execute(select(Attempt.quiz_id, Attempt.number, Attempt.state).where(Attempt.learner_id == kept))
        found = [tuple(row) for row in rows]
    assert len(found) == len(here[2]) + len(there[2]), "no attempt is lost"
    for quiz_id in ("tea", "bread"):
        numbers = sorted(number for quiz, number, _ in found if quiz == quiz_id)
        assert numbers == list(range(1, len(numbers) + 1))
        assert sum(quiz == quiz_id and state == "open" for quiz, _, state in found) <= 1


memberships = st.dictionaries(st.sampled_from(["A", "B", "C"]), moments)
tellings = st.none() | st.tuples(*[st.sampled_from([None, "one", "other"])] * 3)


def write_memberships(store: Store, learner_id: int, cohorts: dict[str, int], joined, told) -> None:
    with store.writing() as session:
        for name, at in joined.items():
            add_member(session, cohorts[name], learner_id, name=f"{name} {learner_id}", now=at)
        if told is not None:
            keep_profile(session, learner_id, Profile(*told), now=NOW)


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(memberships, memberships, tellings, tellings)
def test_joining_two_learners_keeps_the_cohorts_of_both(store, here, there, told_here, told_there):
    with store.writing() as session:
        cohorts = {
            name: add_cohort(session, CohortPlan("north", name, "core", "fi"), created_by=None, now=NOW)
            for name in "ABC"
        }
    kept, other = (people.start_learner(store, language="fi", now=NOW).learner_id for _ in range(2))
    write_memberships(store, kept, cohorts, here, told_here)
    write_memberships(store, other, cohorts, there, told_there)
    with store.writing() as session:
        people.join_learners(session, kept=kept, other=other)
        found = joining.memberships_of(session, kept)
        profile = profile_of(session.connection(), kept)
    assert found == {
        cohorts[name]: min(moment for moment in (here.get(name), there.get(name)) if moment) for name in {*here, *there}
    }
    if told_here is None and told_there is None:
        assert profile is None
    else:
        first, second = told_here or (None,) * 3, told_there or (None,) * 3
        assert profile == Profile(*(one or two for one, two in zip(first, second, strict=True)))


def test_who_was_expected_stays_found_after_two_learners_were_joined(store):
    kept, other = (people.start_learner(store, language="fi", now=NOW).learner_id for _ in range(2))
    with store.writing() as session:
        cohort_id = add_cohort(session, CohortPlan("north", "A", "core", "fi"), created_by=None, now=NOW)
        add_member(session, cohort_id, other, name="Aino", now=NOW)
        rosters.add_people(session, cohort_id, {"1": Person("Aino")}, now=NOW)
        [row] = rosters.rows_of(session.connection(), cohort_id)
        rosters.take_row(session, row.id, other)
        people.join_learners(session, kept=kept, other=other)
        [row] = rosters.rows_of(session.connection(), cohort_id)
    assert row.learner_id == kept
