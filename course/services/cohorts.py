"""Make and follow cohorts. A trainer sees those of her own networks; the others are not there for her."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from sqlalchemy import Connection
from sqlalchemy.orm import Session

from course.content.library import Library
from course.domain.cohort import (
    CODES,
    CohortPlan,
    CountedAnswer,
    MemberProgress,
    Topic,
    join_code,
    weakest_topics,
)
from course.domain.errors import NotThere, UnknownOption
from course.domain.home_time import day_at_home, morning_of
from course.domain.permission import Staff
from course.domain.quiz import Question
from course.services.reminder_schedule import schedule_reminders
from course.services.tally import counted
from course.storage import cohorts, rosters
from course.storage.cohorts import StoredCode, StoredCohort
from course.storage.engine import Store

#: How long the code made with a cohort works when the cohort has no dates.
CODE_LASTS = timedelta(days=90)


@dataclass(frozen=True, slots=True)
class CohortSummary:
    """One line of a trainer's overview."""

    cohort: StoredCohort
    trainers: tuple[str, ...]
    #: Whether she is one of its trainers herself.
    mine: bool
    members: int
    #: Members who have passed every module of the track.
    done: int


def cohort_for(connection: Connection, staff: Staff, cohort_id: int) -> StoredCohort:
    """The cohort, for somebody who may see it; for everybody else it is not there."""
    found = cohort_named(connection, cohort_id)
    if not staff.may_see_cohort(cohort_id, found.plan.network_id):
        raise NotThere(str(cohort_id))
    return found


def cohort_named(connection: Connection, cohort_id: int) -> StoredCohort:
    """The cohort, for whoever looks after the machine."""
    found = cohorts.cohort_by_id(connection, cohort_id)
    if found is None:
        raise NotThere(str(cohort_id))
    return found


def visible_networks(library: Library, staff: Staff) -> tuple[str, ...]:
    """The networks whose cohorts she sees, in the order of the content package."""
    return tuple(one for one in library.networks if staff.may_see_network(one))


def modules_of(library: Library, plan: CohortPlan) -> tuple[str, ...]:
    """The modules that count for the cohort; none for a track that this edition does not have any more."""
    return next((track.module_ids for track in library.tracks if track.id == plan.track_id), ())


def overview(connection: Connection, library: Library, staff: Staff) -> list[CohortSummary]:
    """Her own cohorts first, then those of her networks, newest first: four statements for any number of them."""
    seen = cohorts.cohorts_of_networks(connection, None if staff.administrator else staff.networks, also=staff.cohorts)
    ids = [one.id for one in seen]
    trainers = cohorts.trainers_of_cohorts(connection, ids)
    sizes = cohorts.sizes_of(connection, ids)
    done = cohorts.done_of(connection, ids, {track.id: track.module_ids for track in library.tracks})
    found = [
        CohortSummary(
            cohort=one,
            trainers=tuple(name for _, name in trainers.get(one.id, [])),
            mine=any(account_id == staff.account_id for account_id, _ in trainers.get(one.id, [])),
            members=sizes.get(one.id, 0),
            done=done.get(one.id, 0),
        )
        for one in seen
    ]
    return sorted(found, key=lambda one: not one.mine)


# Making and changing


def create_cohort(
    store: Store, library: Library, staff: Staff, plan: CohortPlan, *, trainers: Iterable[int], now: datetime
) -> int:
    """A new cohort with its trainers and a join code, ready to be projected. Its id."""
    _require_sound(library, staff, plan)
    with store.writing() as session:
        cohort_id = cohorts.add_cohort(session, plan, created_by=staff.account_id, now=now)
        chosen = _trainers_of(session, plan.network_id, trainers)
        # An administrator who trains in no network may leave the cohort to its trainers.
        fallback = set() if staff.administrator and plan.network_id not in staff.networks else {staff.account_id}
        cohorts.set_trainers(session, cohort_id, chosen or fallback)
        _add_code(session, cohort_id, staff.account_id, None, _end_of_code(plan, now), now)
        schedule_reminders(session, cohort_id, plan.due_on, now=now)
    return cohort_id


def change_cohort(
    store: Store,
    library: Library,
    staff: Staff,
    cohort_id: int,
    plan: CohortPlan,
    *,
    trainers: Iterable[int],
    now: datetime,
) -> None:
    """Change everything but the network: members joined a group of that network.

    Whether scores are seen stays as it is once somebody has joined: members were told before.
    """
    with store.writing() as session:
        cohorts.lock_cohort(session, cohort_id)
        before = cohort_for(session.connection(), staff, cohort_id)
        told = bool(cohorts.sizes_of(session.connection(), [cohort_id]))
        after = replace(
            plan,
            network_id=before.plan.network_id,
            shows_scores=before.plan.shows_scores and plan.shows_scores if told else plan.shows_scores,
        )
        _require_sound(library, staff, after)
        cohorts.change_cohort(session, cohort_id, after)
        schedule_reminders(session, cohort_id, after.due_on, now=now)
        chosen = _trainers_of(session, after.network_id, trainers)
        if chosen:
            cohorts.set_trainers(session, cohort_id, chosen)


def close_cohort(store: Store, staff: Staff, cohort_id: int, *, now: datetime) -> None:
    """Nobody joins any more and nobody is reminded; what was done stays and can be seen."""
    with store.writing() as session:
        cohort_for(session.connection(), staff, cohort_id)
        cohorts.set_closed(session, cohort_id, now)


def reopen_cohort(store: Store, staff: Staff, cohort_id: int, *, now: datetime) -> None:
    """As it was before it was closed. Reminders before a due date that is still to come go again."""
    with store.writing() as session:
        found = cohort_for(session.connection(), staff, cohort_id)
        cohorts.set_closed(session, cohort_id, None)
        schedule_reminders(session, cohort_id, found.plan.due_on, now=now)


def _require_sound(library: Library, staff: Staff, plan: CohortPlan) -> None:
    library.track(plan.track_id)
    if plan.network_id not in library.networks or not staff.may_see_network(plan.network_id):
        raise NotThere(plan.network_id)
    if plan.language not in library.languages:
        raise NotThere(plan.language)


def _trainers_of(session: Session, network_id: str, wanted: Iterable[int]) -> set[int]:
    """Those of the wanted who train in the network; nobody else can be made to see its people."""
    known = {one[0] for one in cohorts.trainers_of_networks(session.connection(), [network_id])}
    return known & set(wanted)


# Join codes


def make_code(
    store: Store, staff: Staff, cohort_id: int, *, cap: int | None, last_day: date | None, now: datetime
) -> str:
    """A new code, beside those that are there."""
    with store.writing() as session:
        cohort = cohort_for(session.connection(), staff, cohort_id)
        expires_at = _end_of(last_day) if last_day else _end_of_code(cohort.plan, now)
        return _add_code(session, cohort_id, staff.account_id, cap, expires_at, now)


def revoke_code(store: Store, staff: Staff, cohort_id: int, code_id: int, *, now: datetime) -> None:
    with store.writing() as session:
        cohort_for(session.connection(), staff, cohort_id)
        cohorts.revoke_code(session, cohort_id, code_id, now=now)


def _add_code(
    session: Session, cohort_id: int, owner_id: int, cap: int | None, expires_at: datetime, now: datetime
) -> str:
    while True:
        code = join_code(secrets.randbelow(CODES))
        if cohorts.add_code(session, cohort_id, code, owner_id=owner_id, cap=cap, expires_at=expires_at, now=now):
            return code


def _end_of_code(plan: CohortPlan, now: datetime) -> datetime:
    last_day = max((one for one in (plan.ends_on, plan.due_on) if one is not None), default=None)
    end = _end_of(last_day) if last_day else now + CODE_LASTS
    return end if end > now else now + CODE_LASTS


def _end_of(last_day: date) -> datetime:
    """A code works to the end of its last day in Finland."""
    return morning_of(last_day + timedelta(days=1), hour=0)


# Following


@dataclass(frozen=True, slots=True)
class CohortRecord:
    """All that a cohort's page shows."""

    cohort: StoredCohort
    trainers: tuple[tuple[int, str], ...]
    modules: tuple[str, ...]
    members: tuple[MemberProgress, ...]
    #: How many people of the roster have not joined yet.
    expected: int
    codes: tuple[StoredCode, ...]
    topics: tuple[Topic, ...]


def cohort_record(connection: Connection, library: Library, cohort: StoredCohort) -> CohortRecord:
    """Seven statements, whatever the number of members."""
    modules = modules_of(library, cohort.plan)
    members = member_progress(connection, library, cohort)
    trainers = cohorts.trainers_of_cohorts(connection, [cohort.id]).get(cohort.id, [])
    return CohortRecord(
        cohort=cohort,
        trainers=tuple(trainers),
        modules=modules,
        members=tuple(members),
        expected=sum(row.learner_id is None for row in rosters.rows_of(connection, cohort.id)),
        codes=tuple(cohorts.codes_of(connection, cohort.id)),
        topics=_topics(connection, library, cohort, modules),
    )


def member_progress(connection: Connection, library: Library, cohort: StoredCohort) -> list[MemberProgress]:
    """The members with what the trainers may see of them: two statements, whatever their number."""
    passed: dict[int, dict[str, date]] = {}
    scores: dict[int, dict[str, int]] = {}
    waived: dict[int, set[str]] = {}
    rows = cohorts.modules_passed_in(connection, cohort.id, modules_of(library, cohort.plan))
    for learner_id, module_id, passed_at, percent, by_waiver in rows:
        passed.setdefault(learner_id, {})[module_id] = day_at_home(passed_at)
        if cohort.plan.shows_scores and percent is not None:
            scores.setdefault(learner_id, {})[module_id] = percent
        if by_waiver:
            waived.setdefault(learner_id, set()).add(module_id)
    return [
        MemberProgress(
            learner_id,
            name,
            day_at_home(at),
            passed.get(learner_id, {}),
            scores.get(learner_id, {}),
            frozenset(waived.get(learner_id, ())),
        )
        for learner_id, name, at in cohorts.members_of(connection, cohort.id)
    ]


def _topics(
    connection: Connection, library: Library, cohort: StoredCohort, modules: Sequence[str]
) -> tuple[Topic, ...]:
    """From what members answered when they first tried: later attempts show what was learned since."""
    questions = {
        (module.id, question.id): question
        for module in library.modules
        if module.id in modules and module.quiz is not None
        for question in module.quiz.questions
    }
    topic_of = {key: question.objective for key, question in questions.items()}
    return weakest_topics(
        _counted(questions, cohorts.first_answers_in(connection, cohort.id, modules)),
        cohorts.members_by_topic(connection, cohort.id, topic_of),
    )


def _counted(
    questions: Mapping[tuple[str, str], Question], answers: Iterable[tuple[str, str, tuple[str, ...], int]]
) -> Iterator[CountedAnswer]:
    for module_id, question_id, answer, count in answers:
        question = questions.get((module_id, question_id))
        try:
            if question is not None:
                yield CountedAnswer(module_id, question, question.normal(answer), count)
        except UnknownOption:
            # The question has other options in this edition: what was answered then tells nothing of it now.
            continue


def certificates_of_members(connection: Connection, library: Library, cohort: StoredCohort) -> list[int]:
    """The certificates of this course that the members hold and that are valid, for the ZIP file."""
    tracks = {cohort.plan.track_id, library.tracks[0].id}
    return cohorts.certificates_in(connection, cohort.id, tracks)


def remove_member(store: Store, staff: Staff, cohort_id: int, learner_id: int) -> None:
    """A trainer takes somebody off. Her own record stays hers."""
    with store.writing() as session:
        cohort_for(session.connection(), staff, cohort_id)
        with counted(session, [learner_id]):
            cohorts.drop_member(session, cohort_id, learner_id)
            rosters.free_rows(session, cohort_id, learner_id)
