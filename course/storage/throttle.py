"""Tries counted by window in the database, so that any number of processes count together."""

from __future__ import annotations

from sqlalchemy import Connection, delete, select, update
from sqlalchemy.orm import Session

from course.storage.insert import insert_if_new
from course.storage.tables import Throttle


def tries_so_far(connection: Connection, key: str, *, window: int) -> int:
    return (
        connection.execute(select(Throttle.tries).where(Throttle.key == key, Throttle.window == window)).scalar() or 0
    )


def count_try(session: Session, key: str, *, window: int) -> int:
    """How many tries this key has made in this window, this one included. Older windows of the key are dropped."""
    insert_if_new(session, Throttle, [{"key": key, "window": window, "tries": 0}])
    session.execute(
        update(Throttle).where(Throttle.key == key, Throttle.window == window).values(tries=Throttle.tries + 1)
    )
    session.execute(delete(Throttle).where(Throttle.key == key, Throttle.window < window))
    return int(
        session.execute(select(Throttle.tries).where(Throttle.key == key, Throttle.window == window)).scalar_one()
    )
