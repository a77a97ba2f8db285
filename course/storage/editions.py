"""Under which edition a learner studied what, and what she has read of the changes since."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, delete, literal, select, union_all, update
from sqlalchemy.orm import Session

from course.storage.hot import HotStatement, Place
from course.storage.insert import insert_if_new
from course.storage.tables import ChangesRead, Completion, LessonDone

_STUDIED = HotStatement(
    union_all(
        select(literal("lesson"), LessonDone.lesson_id, LessonDone.edition).where(
            LessonDone.learner_id == bindparam("learner")
        ),
        select(literal("module"), Completion.module_id, Completion.edition).where(
            Completion.learner_id == bindparam("learner")
        ),
        select(literal("read"), ChangesRead.edition, ChangesRead.edition).where(
            ChangesRead.learner_id == bindparam("learner")
        ),
    )
)


@dataclass(frozen=True, slots=True)
class StudiedIn:
    """Editions by lesson done and by module passed, and the editions of which she has read the changes."""

    lessons: dict[str, str]
    modules: dict[str, str]
    read: frozenset[str]


def studied_in(place: Place, learner_id: int) -> StudiedIn:
    """In one statement: the front page asks it."""
    found: dict[str, dict[str, str]] = {"lesson": {}, "module": {}, "read": {}}
    for kind, name, edition in _STUDIED.rows(place, learner=learner_id):
        found[kind][name] = edition
    return StudiedIn(found["lesson"], found["module"], frozenset(found["read"]))


def add_changes_read(session: Session, learner_id: int, edition: str, *, now: datetime) -> bool:
    """False when they were read before."""
    row = {"learner_id": learner_id, "edition": edition, "read_at": now}
    return insert_if_new(session, ChangesRead, [row]) == 1


def move_changes_read(session: Session, *, from_learner: int, to_learner: int) -> None:
    """What one of two learners has read, both have."""
    theirs = select(ChangesRead.edition).where(ChangesRead.learner_id == to_learner).scalar_subquery()
    session.execute(delete(ChangesRead).where(ChangesRead.learner_id == from_learner, ChangesRead.edition.in_(theirs)))
    session.execute(update(ChangesRead).where(ChangesRead.learner_id == from_learner).values(learner_id=to_learner))
