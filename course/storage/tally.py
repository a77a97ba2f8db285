"""The maintained counters: changed by differences, read in sums, and compared with the records."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, bindparam, delete, insert, select
from sqlalchemy.orm import Session
from sqlalchemy.sql import Executable

from course.domain.counts import Cell
from course.storage.hot import HotStatement, Place
from course.storage.insert import insert_on
from course.storage.tables import Tally


def _add(dialect: str) -> Executable:
    values: dict[str, Any] = {name: bindparam(f"new_{name}") for name in Cell._fields}
    statement = insert_on(dialect)(Tally).values(**values, n=bindparam("more"))
    added: Executable = statement.on_conflict_do_update(
        index_elements=list(Cell._fields), set_={"n": Tally.n + statement.excluded.n}
    )
    return added


_CHANGE = HotStatement(_add)
_CHUNK = 5_000


def change(place: Place, difference: Mapping[Cell, int]) -> None:
    """Add to the counters. Always in the same order, so that two transactions cannot wait for one another."""
    for cell in sorted(difference):
        if difference[cell]:
            values = {f"new_{name}": value for name, value in cell._asdict().items()}
            _CHANGE.changed(place, **values, more=difference[cell])


def change_many(connection: Connection, difference: Mapping[Cell, int]) -> None:
    """The same for thousands of counters, handed over at once."""
    rows = [
        {**{f"new_{name}": value for name, value in cell._asdict().items()}, "more": more}
        for cell, more in sorted(difference.items())
    ]
    if rows:
        connection.execute(_add(connection.dialect.name), rows)


def counters(connection: Connection) -> Counter[Cell]:
    """All that are not zero."""
    columns = [getattr(Tally, name) for name in Cell._fields]
    rows = connection.execute(select(*columns, Tally.n).where(Tally.n != 0).execution_options(yield_per=_CHUNK))
    return Counter({Cell(*row[:-1]): row[-1] for row in rows})


def replace_all(session: Session, counts: Mapping[Cell, int]) -> None:
    """Put these in the place of all."""
    session.execute(delete(Tally))
    rows = [{**cell._asdict(), "n": n} for cell, n in sorted(counts.items())]
    for start in range(0, len(rows), _CHUNK):
        session.execute(insert(Tally), rows[start : start + _CHUNK])
