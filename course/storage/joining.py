"""Give one learner all that another did, row by row. The rule is `course.domain.progress.Record.joined_with`."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Table, delete, func, literal, select, update
from sqlalchemy.orm import Session

from course.domain.progress import Record
from course.storage.learning import last_number
from course.storage.tables import (
    Attempt,
    Certificate,
    CohortMember,
    Completion,
    Gain,
    LearnerProfile,
    LessonDone,
    RosterRow,
    TrackCompletion,
)


def record_of(session: Session, learner_id: int) -> Record:
    lessons = session.execute(
        select(LessonDone.lesson_id, LessonDone.done_at).where(LessonDone.learner_id == learner_id)
    )
    modules = session.execute(
        select(Completion.module_id, Completion.passed_at).where(Completion.learner_id == learner_id)
    )
    lesson_dates, module_dates = ({name: at for name, at in rows} for rows in (lessons, modules))  # noqa: C416
    return Record(lesson_dates, module_dates)


def move_dated_rows(session: Session, *, from_learner: int, to_learner: int) -> None:
    """Lessons done, modules passed, tracks completed and the gain: of two rows for one thing the earlier one stays."""
    _move(session, LessonDone, LessonDone.lesson_id, LessonDone.done_at, from_learner, to_learner)
    _move(session, Completion, Completion.module_id, Completion.passed_at, from_learner, to_learner)
    _move(session, TrackCompletion, TrackCompletion.track_id, TrackCompletion.completed_at, from_learner, to_learner)
    _move(session, Gain, literal("gain"), Gain.finished_at, from_learner, to_learner)


def _move(session: Session, entity: Any, name: Any, moment: Any, from_learner: int, to_learner: int) -> None:
    theirs = dict(_dates(session, entity, name, moment, to_learner))
    ours = dict(_dates(session, entity, name, moment, from_learner))
    later_here = [key for key, at in ours.items() if key in theirs and at >= theirs[key]]
    later_there = [key for key, at in ours.items() if key in theirs and at < theirs[key]]
    table: Table = entity.__table__
    for learner_id, keys in ((from_learner, later_here), (to_learner, later_there)):
        if keys:
            session.execute(delete(table).where(table.c.learner_id == learner_id, name.in_(keys)))
    session.execute(update(table).where(table.c.learner_id == from_learner).values(learner_id=to_learner))


def _dates(session: Session, entity: Any, name: Any, moment: Any, learner_id: int) -> list[tuple[str, datetime]]:
    return [(key, at) for key, at in session.execute(select(name, moment).where(entity.learner_id == learner_id))]


def move_attempts(session: Session, *, from_learner: int, to_learner: int) -> None:
    """Attempts go on counting after those that are there. Two open attempts at one quiz: the moved one is void."""
    rows = session.execute(
        select(Attempt.id, Attempt.quiz_id, Attempt.state)
        .where(Attempt.learner_id == from_learner)
        .order_by(Attempt.quiz_id, Attempt.number)
    ).all()
    for attempt_id, quiz_id, state in rows:
        has_open = session.execute(
            select(Attempt.id).where(
                Attempt.learner_id == to_learner, Attempt.quiz_id == quiz_id, Attempt.state == "open"
            )
        ).first()
        session.execute(
            update(Attempt)
            .where(Attempt.id == attempt_id)
            .values(
                learner_id=to_learner,
                number=last_number(session, to_learner, quiz_id) + 1,
                state="void" if state == "open" and has_open else state,
            )
        )


def move_certificates(session: Session, *, from_learner: int, to_learner: int) -> None:
    """Every certificate stays with its person. A second one for a track and edition is counted after those there."""
    rows = session.execute(
        select(Certificate.id, Certificate.track_id, Certificate.edition)
        .where(Certificate.learner_id == from_learner)
        .order_by(Certificate.sequence, Certificate.id)
    ).all()
    for certificate_id, track_id, edition in rows:
        last = session.execute(
            select(func.coalesce(func.max(Certificate.sequence), 0)).where(
                Certificate.learner_id == to_learner, Certificate.track_id == track_id, Certificate.edition == edition
            )
        ).scalar_one()
        session.execute(
            update(Certificate).where(Certificate.id == certificate_id).values(learner_id=to_learner, sequence=last + 1)
        )


def move_memberships(session: Session, *, from_learner: int, to_learner: int) -> None:
    """The cohorts of both. In a cohort of both the name stays, and the earlier day of joining."""
    theirs = memberships_of(session, to_learner)
    for cohort_id, joined_at in memberships_of(session, from_learner).items():
        here = (CohortMember.cohort_id == cohort_id) & (CohortMember.learner_id == from_learner)
        if cohort_id not in theirs:
            session.execute(update(CohortMember).where(here).values(learner_id=to_learner))
            continue
        session.execute(delete(CohortMember).where(here))
        session.execute(
            update(CohortMember)
            .where(CohortMember.cohort_id == cohort_id, CohortMember.learner_id == to_learner)
            .values(joined_at=min(joined_at, theirs[cohort_id]))
        )
    session.execute(update(RosterRow).where(RosterRow.learner_id == from_learner).values(learner_id=to_learner))


def memberships_of(session: Session, learner_id: int) -> dict[int, datetime]:
    """cohort id -> when she joined."""
    rows = session.execute(
        select(CohortMember.cohort_id, CohortMember.joined_at).where(CohortMember.learner_id == learner_id)
    )
    return {row[0]: row[1] for row in rows}


def move_profile(session: Session, *, from_learner: int, to_learner: int) -> None:
    """What the other told of her work fills what is not told yet."""
    theirs, ours = session.get(LearnerProfile, to_learner), session.get(LearnerProfile, from_learner)
    if ours is None:
        return
    if theirs is None:
        session.execute(
            update(LearnerProfile).where(LearnerProfile.learner_id == from_learner).values(learner_id=to_learner)
        )
        session.expire_all()
        return
    for told in ("profession_id", "organisation_id", "network_id"):
        if getattr(theirs, told) is None:
            setattr(theirs, told, getattr(ours, told))
    theirs.asked_at = min(theirs.asked_at, ours.asked_at)
    session.flush()
