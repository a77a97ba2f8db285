"""Tracks completed: written down once, when the last module is passed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import Connection, bindparam, delete, func, select
from sqlalchemy.orm import Session

from course.storage.hot import HotStatement, Place
from course.storage.insert import insert_on
from course.storage.tables import Completion, Learner, LessonDone, TrackCompletion

_PASSED = HotStatement(
    select(Completion.module_id, Completion.passed_at).where(Completion.learner_id == bindparam("learner"))
)
_ADD = HotStatement(
    lambda dialect: (
        insert_on(dialect)(TrackCompletion)
        .values(
            learner_id=bindparam("learner"),
            track_id=bindparam("track"),
            completed_at=bindparam("at"),
            edition=bindparam("in_edition"),
            language=bindparam("in_language"),
            module_ids=bindparam("modules", type_=TrackCompletion.module_ids.type),
        )
        .on_conflict_do_nothing()
    )
)


def passed_modules(place: Place, learner_id: int) -> dict[str, datetime]:
    """module id -> when it was passed"""
    return {row[0]: row[1] for row in _PASSED.rows(place, learner=learner_id)}


def add_track_completion(
    place: Place,
    learner_id: int,
    track_id: str,
    *,
    module_ids: Sequence[str],
    completed_at: datetime,
    edition: str,
    language: str,
) -> None:
    """The first time stands."""
    _ADD.changed(
        place,
        learner=learner_id,
        track=track_id,
        at=completed_at,
        in_edition=edition,
        in_language=language,
        modules=list(module_ids),
    )


def drop_unfounded(session: Session, learner_id: int) -> None:
    """Take back the tracks that rest on a module which is not passed any more."""
    passed = passed_modules(session, learner_id)
    rows = session.execute(
        select(TrackCompletion.track_id, TrackCompletion.module_ids).where(TrackCompletion.learner_id == learner_id)
    ).all()
    gone = [track_id for track_id, module_ids in rows if not passed.keys() >= set(module_ids)]
    session.execute(
        delete(TrackCompletion).where(TrackCompletion.learner_id == learner_id, TrackCompletion.track_id.in_(gone))
    )


def learners_without_a_track(connection: Connection, tracks: Mapping[str, Sequence[str]]) -> list[tuple[int, str]]:
    """(id, language) of learners who passed all modules of a track of which nothing is written down."""
    found: dict[int, str] = {}
    for track_id, module_ids in tracks.items():
        written = (
            select(TrackCompletion.learner_id)
            .where(TrackCompletion.learner_id == Learner.id, TrackCompletion.track_id == track_id)
            .exists()
        )
        passed = (
            select(Completion.learner_id)
            .where(Completion.module_id.in_(module_ids))
            .group_by(Completion.learner_id)
            .having(func.count() == len(set(module_ids)))
        )
        rows = connection.execute(select(Learner.id, Learner.language).where(Learner.id.in_(passed), ~written))
        found.update({row[0]: row[1] for row in rows})
    return sorted(found.items())


def learner_half_way(connection: Connection) -> int | None:
    """Whoever has read the most and completed no track yet."""
    completed = select(TrackCompletion.learner_id)
    most = (
        select(LessonDone.learner_id)
        .where(LessonDone.learner_id.not_in(completed))
        .group_by(LessonDone.learner_id)
        .order_by(func.count().desc(), LessonDone.learner_id)
        .limit(1)
    )
    return connection.execute(most).scalar()
