"""What administrators look at first: what waits, what failed, who is there."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, func, select

from course.storage.outbox import FAILED, OPEN
from course.storage.tables import Account, Feedback, Task, TrainerNetwork


@dataclass(frozen=True, slots=True)
class Waiting:
    """How the outbox stands."""

    open: int
    failed: int
    #: The oldest task whose time has come; a worker would have taken it.
    overdue_since: datetime | None


@dataclass(frozen=True, slots=True)
class FailedTask:
    id: int
    kind: str
    error: str
    created_at: datetime
    tries: int
    #: Whom a mail was to; empty for other kinds.
    to: str
    subject: str


def waiting(connection: Connection, now: datetime) -> Waiting:
    counted = select(Task.state, func.count()).group_by(Task.state)
    many = {row[0]: int(row[1]) for row in connection.execute(counted)}
    overdue = connection.execute(select(func.min(Task.due_at)).where(Task.state == OPEN, Task.due_at <= now)).scalar()
    return Waiting(many.get(OPEN, 0), many.get(FAILED, 0), overdue)


def failed_tasks(connection: Connection, *, limit: int) -> list[FailedTask]:
    """Given up, the newest first."""
    rows = connection.execute(
        select(Task.id, Task.kind, Task.error, Task.created_at, Task.tries, Task.payload)
        .where(Task.state == FAILED)
        .order_by(Task.id.desc())
        .limit(limit)
    )
    return [
        FailedTask(row[0], row[1], row[2], row[3], row[4], row[5].get("to", ""), row[5].get("subject", ""))
        for row in rows
    ]


def administrators(connection: Connection) -> int:
    """How many can sign in."""
    return int(
        connection.execute(
            select(func.count()).select_from(Account).where(Account.administrator, Account.disabled_at.is_(None))
        ).scalar_one()
    )


def networks_with_trainers(connection: Connection) -> set[str]:
    """The networks that somebody trains in who can sign in."""
    rows = connection.execute(
        select(TrainerNetwork.network_id)
        .join(Account, Account.id == TrainerNetwork.account_id)
        .where(Account.disabled_at.is_(None))
        .distinct()
    )
    return set(rows.scalars())


def open_feedback(connection: Connection) -> tuple[int, datetime | None]:
    """(cases without an answer, when the oldest of them came)."""
    row = connection.execute(
        select(func.count(), func.min(Feedback.created_at)).where(Feedback.answered_at.is_(None))
    ).one()
    return row[0], row[1]
