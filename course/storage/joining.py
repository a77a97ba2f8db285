"""Give one learner all that another did, row by row. The rule is `course.domain.progress.Record.joined_with`."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Table, delete, exists, select, update
from sqlalchemy.orm import Session, aliased

from course.domain.progress import Record
from course.storage.learning import last_number
from course.storage.tables import Attempt, Certificate, Completion, LessonDone


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
    """Lessons done and modules passed: of two rows for one thing the earlier one stays."""
    _move(session, LessonDone, LessonDone.lesson_id, LessonDone.done_at, from_learner, to_learner)
    _move(session, Completion, Completion.module_id, Completion.passed_at, from_learner, to_learner)


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
    """A certificate that would be the second for its track and edition stays valid, but is listed no more."""
    held = aliased(Certificate)
    session.execute(
        update(Certificate)
        .where(
            Certificate.learner_id == from_learner,
            ~exists().where(
                held.learner_id == to_learner,
                held.track_id == Certificate.track_id,
                held.edition == Certificate.edition,
            ),
        )
        .values(learner_id=to_learner)
    )
