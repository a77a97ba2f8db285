"""Learners and the secrets that lead back to them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, bindparam, delete, func, or_, select, update
from sqlalchemy.orm import Session

from course.storage.hot import Hot, HotStatement, Place
from course.storage.tables import Learner, WayIn


@dataclass(frozen=True, slots=True)
class KnownLearner:
    id: int
    version: int
    language: str
    place: str | None


_FIND = HotStatement(
    select(Learner.id, Learner.version, Learner.language, Learner.place)
    .join(WayIn, WayIn.learner_id == Learner.id)
    .where(
        WayIn.secret_hash == bindparam("secret_hash"),
        WayIn.kind == bindparam("kind"),
        or_(WayIn.expires_at.is_(None), WayIn.expires_at > bindparam("now")),
    )
)


def find_learner(place: Place, *, secret_hash: str, kind: str, now: datetime) -> KnownLearner | None:
    for row in _FIND.rows(place, secret_hash=secret_hash, kind=kind, now=now):
        return KnownLearner(*row)
    return None


def add_learner(session: Session, *, language: str, now: datetime) -> int:
    learner = Learner(language=language, created_at=now, version=0)
    session.add(learner)
    session.flush()
    return learner.id


def count_learners(connection: Connection) -> int:
    return int(connection.execute(select(func.count()).select_from(Learner)).scalar_one())


def add_way_in(
    session: Session, learner_id: int, *, kind: str, secret_hash: str, now: datetime, expires_at: datetime | None = None
) -> None:
    session.add(WayIn(learner_id=learner_id, kind=kind, secret_hash=secret_hash, created_at=now, expires_at=expires_at))
    session.flush()


def drop_ways_in(session: Session, learner_id: int, *, kind: str) -> int:
    found = session.execute(delete(WayIn).where(WayIn.learner_id == learner_id, WayIn.kind == kind))
    return int(found.rowcount)  # type: ignore[attr-defined]


def move_ways_in(session: Session, *, from_learner: int, to_learner: int) -> None:
    session.execute(update(WayIn).where(WayIn.learner_id == from_learner).values(learner_id=to_learner))


def drop_learner(session: Session, learner_id: int) -> None:
    session.execute(delete(Learner).where(Learner.id == learner_id))


def lock_learners(session: Session, learner_ids: Sequence[int]) -> None:
    """Hold the rows until the end of the transaction, always in the same order, so that two joins cannot cross."""
    session.execute(
        select(Learner.id).where(Learner.id.in_(sorted(learner_ids))).order_by(Learner.id).with_for_update()
    ).all()


_LOCK = HotStatement(select(Learner.id).where(Learner.id == bindparam("learner")).with_for_update())


def lock_learner_hot(hot: Hot, learner_id: int) -> None:
    """The same on the hot path, for one."""
    _LOCK.rows(hot, learner=learner_id)


_CHANGED = HotStatement(update(Learner).where(Learner.id == bindparam("learner")).values(version=Learner.version + 1))
_SPEAKS = HotStatement(
    update(Learner)
    .where(Learner.id == bindparam("learner"), Learner.language != bindparam("used"))
    .values(language=bindparam("used"))
)


def record_changed(place: Place, learner_id: int) -> None:
    """Pages of this learner made before are out of date now."""
    _CHANGED.changed(place, learner=learner_id)


def set_place(session: Session, learner_id: int, place: str) -> None:
    session.execute(
        update(Learner)
        .where(Learner.id == learner_id, Learner.place.is_distinct_from(place))
        .values(place=place, version=Learner.version + 1)
    )


def set_language(place: Place, learner_id: int, language: str) -> None:
    _SPEAKS.changed(place, learner=learner_id, used=language)
