"""Tries counted by window in the database, so that any number of processes count together."""

from __future__ import annotations

from sqlalchemy import bindparam, delete, select
from sqlalchemy.sql import Executable

from course.storage.hot import HotStatement, Place
from course.storage.insert import insert_on
from course.storage.tables import Throttle


def _count(dialect: str) -> Executable:
    statement = insert_on(dialect)(Throttle).values(
        key=bindparam("of"), window=bindparam("begun"), tries=bindparam("many")
    )
    counted: Executable = statement.on_conflict_do_update(
        index_elements=["key", "window"], set_={"tries": Throttle.tries + statement.excluded.tries}
    ).returning(Throttle.tries)
    return counted


_COUNT = HotStatement(_count)
_TRIES = HotStatement(
    select(Throttle.tries).where(Throttle.key == bindparam("of"), Throttle.window == bindparam("begun"))
)
_OLDER = HotStatement(delete(Throttle).where(Throttle.key == bindparam("of"), Throttle.window < bindparam("begun")))


def tries_so_far(place: Place, key: str, *, window: int) -> int:
    found = _TRIES.rows(place, of=key, begun=window)
    return int(found[0][0]) if found else 0


def count_tries(place: Place, key: str, *, window: int, many: int = 1) -> int:
    """How many tries this key has made in this window, these included. Its older windows go with the first."""
    [[tries]] = _COUNT.rows(place, of=key, begun=window, many=many)
    if tries == many:
        _OLDER.changed(place, of=key, begun=window)
    return int(tries)
