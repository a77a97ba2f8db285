"""Waivers, and the modules passed by them.

What a learner earned stands over what was waived: a quiz passed later takes the waiver's place in `completion`, and the
waiver stays beside it. So a waiver taken back takes nothing that was earned.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, delete, exists, select, update
from sqlalchemy.orm import Session, aliased

from course.storage.insert import insert_if_new
from course.storage.tables import Account, CohortMember, Completion, Waiver


@dataclass(frozen=True, slots=True)
class StoredWaiver:
    id: int
    learner_id: int
    module_id: str
    reason: str
    #: The author's name as it is now; empty when her account is gone.
    author: str
    waived_at: datetime
    #: Whether the module counts as passed by it; not so once the learner has passed it herself.
    counts: bool


def _waivers(*wanted: ColumnElement[bool]) -> Any:
    by_it = exists().where(Completion.waiver_id == Waiver.id)
    return (
        select(Waiver.id, Waiver.learner_id, Waiver.module_id, Waiver.reason, Account.name, Waiver.waived_at, by_it)
        .outerjoin(Account, Account.id == Waiver.author_id)
        .where(*wanted)
        .order_by(Waiver.waived_at.desc(), Waiver.id.desc())
    )


def _read(connection: Connection, *wanted: ColumnElement[bool]) -> list[StoredWaiver]:
    return [
        StoredWaiver(id_, learner, module, reason, author or "", at, counts)
        for id_, learner, module, reason, author, at, counts in connection.execute(_waivers(*wanted))
    ]


def waivers_of_cohort(connection: Connection, cohort_id: int) -> list[StoredWaiver]:
    """Those that were given in this cohort to people who are still members, newest first."""
    member = exists().where(CohortMember.cohort_id == cohort_id, CohortMember.learner_id == Waiver.learner_id)
    return _read(connection, Waiver.cohort_id == cohort_id, member)


def waivers_of_learner(connection: Connection, learner_id: int) -> dict[str, StoredWaiver]:
    """module id -> waiver"""
    return {one.module_id: one for one in _read(connection, Waiver.learner_id == learner_id)}


def account_of(connection: Connection, learner_id: int) -> int | None:
    """The account that leads to the learner, if she has one."""
    return connection.execute(select(Account.id).where(Account.learner_id == learner_id)).scalar()


def add_waiver(session: Session, values: dict[str, Any]) -> int | None:
    """The waiver with its completion; None when the module was passed or waived before."""
    passed = exists().where(Completion.learner_id == values["learner_id"], Completion.module_id == values["module_id"])
    if session.execute(select(passed)).scalar() or not insert_if_new(session, Waiver, [values]):
        return None
    restore(session, values["learner_id"])
    return session.execute(
        select(Waiver.id).where(Waiver.learner_id == values["learner_id"], Waiver.module_id == values["module_id"])
    ).scalar_one()


def restore(session: Session, learner_id: int) -> None:
    """Where nothing else passes a module, its waiver does."""
    rows = session.execute(
        select(Waiver.id, Waiver.module_id, Waiver.waived_at, Waiver.edition, Waiver.language).where(
            Waiver.learner_id == learner_id
        )
    )
    insert_if_new(
        session,
        Completion,
        [
            {
                "learner_id": learner_id,
                "module_id": module_id,
                "passed_at": at,
                "edition": edition,
                "language": language,
                "waiver_id": waiver_id,
            }
            for waiver_id, module_id, at, edition, language in rows
        ],
    )


def drop_waiver(session: Session, waiver_id: int) -> int:
    """Take a waiver back, with what passed by it alone: how many modules that were."""
    found = session.execute(delete(Completion).where(Completion.waiver_id == waiver_id))
    session.execute(delete(Waiver).where(Waiver.id == waiver_id))
    return int(found.rowcount)  # type: ignore[attr-defined]


def make_room(session: Session, learner_id: int, module_ids: list[str]) -> None:
    """Drop what only waivers passed of these modules: it is earned now."""
    session.execute(
        delete(Completion).where(
            Completion.learner_id == learner_id,
            Completion.module_id.in_(module_ids),
            Completion.waiver_id.is_not(None),
        )
    )


def forget_reasons(session: Session, learner_id: int) -> None:
    """What was written about a learner whose record is nobody's any more."""
    session.execute(update(Waiver).where(Waiver.learner_id == learner_id).values(reason=""))


def move_waivers(session: Session, *, from_learner: int, to_learner: int) -> None:
    """Before the modules passed are moved: of two waivers for one module the earlier one stays, and a module that one
    of the two earned is not one that was waived."""
    for mine, theirs in ((from_learner, to_learner), (to_learner, from_learner)):
        earned = aliased(Completion)
        by_them = exists().where(
            earned.learner_id == theirs, earned.module_id == Completion.module_id, earned.waiver_id.is_(None)
        )
        session.execute(
            delete(Completion).where(Completion.learner_id == mine, Completion.waiver_id.is_not(None), by_them)
        )
    for waiver_id in _later_ones(session, from_learner, to_learner):
        drop_waiver(session, waiver_id)
    session.execute(update(Waiver).where(Waiver.learner_id == from_learner).values(learner_id=to_learner))


def _later_ones(session: Session, one: int, other: int) -> list[int]:
    """Of each two waivers for one module, the later one."""
    mine, theirs = aliased(Waiver), aliased(Waiver)
    rows = session.execute(
        select(mine.id, mine.waived_at, theirs.id, theirs.waived_at)
        .join(
            theirs,
            and_(theirs.learner_id == other, theirs.module_id == mine.module_id),
        )
        .where(mine.learner_id == one)
    ).all()
    return [my_id if my_at >= their_at else their_id for my_id, my_at, their_id, their_at in rows]
