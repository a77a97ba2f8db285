"""Sums of counters, exact or published, and the closing of months."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, case, func, literal, select
from sqlalchemy.orm import Session

from course.domain.counts import Cell, CountQuery, Dimension, kinds_with
from course.storage.bulk import BulkWriter
from course.storage.hot import HotStatement, Place
from course.storage.insert import insert_if_new
from course.storage.tables import ClosedMonth, PublishedCount, Tally


def sums(connection: Connection, query: CountQuery, *, until: str) -> Iterator[tuple[tuple[str, ...], str, int]]:
    """(a value for each dimension, kind, sum) of what the question asks for. The one statement behind every format."""
    table: Any = Tally if query.exact else PublishedCount
    columns = [_column(table, one).label(one.value) for one in query.by]
    conditions = [table.kind.in_([one.value for one in query.kinds])]
    conditions += [_column(table, one).in_(values) for one, values in query.where]
    conditions += [table.month >= query.first_month] if query.first_month else []
    conditions += [table.month <= query.last_month] if query.last_month else []
    if not query.exact:
        conditions.append(table.month <= until)
    groups = [*(one.value for one in query.by), table.kind]
    statement = select(*columns, table.kind, func.sum(table.n)).where(*conditions).group_by(*groups)
    for *key, kind, count in connection.execute(statement):
        yield tuple(key), kind, int(count)


def _column(table: Any, dimension: Dimension) -> ColumnElement[str]:
    if dimension in (Dimension.MODULE, Dimension.TRACK):
        kinds = [one.value for one in kinds_with(dimension)]
        return case((table.kind.in_(kinds), table.subject), else_=literal(""))
    column: ColumnElement[str] = getattr(table, dimension.value)
    return column


_LAST = HotStatement(select(func.max(ClosedMonth.month)))


def last_closed(place: Place) -> str:
    """The last month that is published; "" before the first."""
    [[month]] = _LAST.rows(place)
    return month or ""


def close_month(session: Session, month: str, *, now: datetime) -> bool:
    """False when another process closes it: of two at once, one publishes."""
    return insert_if_new(session, ClosedMonth, [{"month": month, "closed_at": now}]) == 1


def counters_between(connection: Connection, after: str, until: str) -> dict[Cell, int]:
    """The counters of the months after one and up to another."""
    columns = [getattr(Tally, name) for name in Cell._fields]
    rows = connection.execute(select(*columns, Tally.n).where(Tally.month > after, Tally.month <= until, Tally.n > 0))
    return {Cell(*row[:-1]): row[-1] for row in rows}


def add_published(session: Session, counts: Mapping[Cell, int]) -> None:
    rows = ((*cell, n) for cell, n in sorted(counts.items()))
    BulkWriter(session.connection()).write(PublishedCount, (*Cell._fields, "n"), rows)


def errors_by(connection: Connection, name: str, until: str) -> dict[tuple[str, str], int]:
    """By kind and one value more: how much more was published than is true, in the months up to one."""
    found: dict[tuple[str, str], int] = {}
    tables: tuple[tuple[Any, int], ...] = ((PublishedCount, 1), (Tally, -1))
    for table, sign in tables:
        column = getattr(table, name)
        statement = select(table.kind, column, func.sum(table.n)).where(table.month <= until)
        for kind, value, count in connection.execute(statement.group_by(table.kind, column)):
            found[kind, value] = found.get((kind, value), 0) + sign * int(count)
    return found
