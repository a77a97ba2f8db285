"""The outbox: tasks put in with their cause, and claimed by one worker at a time."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Connection, bindparam, delete, insert, select, update
from sqlalchemy.orm import Session

from course.storage.hot import HotStatement
from course.storage.insert import insert_if_new
from course.storage.tables import Task

OPEN = "open"
DONE = "done"
FAILED = "failed"


@dataclass(frozen=True, slots=True)
class ClaimedTask:
    id: int
    kind: str
    payload: dict[str, Any]
    tries: int


def add_task(
    session: Session,
    kind: str,
    payload: dict[str, Any],
    *,
    now: datetime,
    due_at: datetime | None = None,
    key: str = "",
) -> bool:
    """Put a task in, within the transaction of its cause. False when one with the same key was there before."""
    row = {
        "kind": kind,
        "key": key or None,
        "payload": payload,
        "state": OPEN,
        "created_at": now,
        "due_at": due_at or now,
        "tries": 0,
        "error": "",
    }
    return bool(insert_if_new(session, Task, [row]))


def is_known(connection: Connection, key: str) -> bool:
    """Whether a task with this key was put in, and is still kept."""
    return connection.execute(select(Task.id).where(Task.key == key)).first() is not None


def hot_task(kind: str) -> HotStatement:
    """Puts in a task of this kind that is due at once, on the hot path; it is given `payload` and `now`."""
    return HotStatement(
        insert(Task).values(
            kind=kind,
            payload=bindparam("payload", type_=JSON),
            state=OPEN,
            created_at=bindparam("now"),
            due_at=bindparam("now"),
            tries=0,
            error="",
        )
    )


def claim_due(
    session: Session, kinds: Iterable[str], *, now: datetime, until: datetime, limit: int
) -> list[ClaimedTask]:
    """Take the tasks that are due, for as long as the claim lasts. Two workers at once never get the same one."""
    due = (
        select(Task)
        .where(Task.state == OPEN, Task.due_at <= now, Task.kind.in_(sorted(kinds)))
        .order_by(Task.due_at, Task.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    claimed = []
    for task in session.scalars(due):
        task.due_at = until
        task.tries += 1
        claimed.append(ClaimedTask(task.id, task.kind, task.payload, task.tries))
    return claimed


def finish(session: Session, task_id: int, *, now: datetime) -> None:
    session.execute(update(Task).where(Task.id == task_id).values(state=DONE, finished_at=now, error=""))


def put_off(session: Session, task_id: int, *, error: str, due_at: datetime | None, now: datetime) -> None:
    """Try again at `due_at`; without one the task is given up and waits for an administrator."""
    values: dict[str, Any] = {"error": error}
    values.update({"due_at": due_at} if due_at else {"state": FAILED, "finished_at": now})
    session.execute(update(Task).where(Task.id == task_id).values(**values))


def state_of(connection: Connection, key: str) -> str | None:
    """How it stands with the task of this key; None when there is none."""
    state: str | None = connection.execute(select(Task.state).where(Task.key == key)).scalar()
    return state


def drop_closed(session: Session, key: str) -> None:
    """Forget a task that was done or given up, so that one with its key may be put in anew."""
    session.execute(delete(Task).where(Task.key == key, Task.state != OPEN))


def retry(session: Session, task_id: int, *, now: datetime) -> bool:
    """Open a task that was given up once more. False when it is not one."""
    found = session.execute(
        update(Task)
        .where(Task.id == task_id, Task.state == FAILED)
        .values(state=OPEN, due_at=now, tries=0, finished_at=None)
    )
    return bool(found.rowcount)  # type: ignore[attr-defined]


def has_key(connection: Connection, key: str) -> bool:
    """Whether a task with this key was ever put in and is still there."""
    return connection.execute(select(Task.id).where(Task.key == key)).first() is not None
