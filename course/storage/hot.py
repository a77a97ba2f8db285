"""Statements of the hot path: written like all others, compiled once, and run on the driver itself.

A lesson page, a saved answer and the pages of a quiz may cost about what a few empty Flask pages cost. SQLAlchemy's
execution alone is more than half of an empty page, so these statements go to the driver directly; pools, dialects and
types stay SQLAlchemy's. A statement runs by itself (given an engine), with others on one connection (given a `Hot`),
or like any other statement (given a connection or a session). See docs/decisions/007.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import TracebackType
from typing import Any

from sqlalchemy import Connection, Dialect, Engine
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session
from sqlalchemy.sql import Executable

Row = Sequence[Any]
Convert = Callable[[Any], Any]


@dataclass(frozen=True, slots=True)
class _Compiled:
    sql: str
    #: The values that stand in the statement itself, in the order of the marks or by name, and empty places for others.
    fixed: list[Any] | dict[str, Any]
    #: What is filled in: (place or name in `fixed`, name of the value, conversion if it needs one).
    given: Sequence[tuple[Any, str, Convert | None]]
    #: What comes out and is not yet what the type promises: (place in the row, conversion).
    results: Sequence[tuple[int, Convert]]

    def arguments(self, given: Mapping[str, Any]) -> Any:
        values: Any = self.fixed.copy()
        for place, name, convert in self.given:
            value = given[name]
            values[place] = value if convert is None else convert(value)
        return values

    def converted(self, rows: list[Row]) -> Sequence[Row]:
        if not self.results:
            return rows
        found = [list(row) for row in rows]
        for row in found:
            for place, convert in self.results:
                row[place] = convert(row[place])
        return found


class Hot:
    """A connection of the pool for hot statements.

    Each statement is its own transaction; with `writing` all are one, committed at the end and rolled back when
    anything is raised.
    """

    __slots__ = ("_driver", "_engine", "_pooled", "_writing", "connection", "dialect")

    def __init__(self, engine: Engine, *, writing: bool = False) -> None:
        self._engine = engine
        self._writing = writing
        self.dialect = engine.dialect
        self._driver: Any = engine.dialect.loaded_dbapi

    @property
    def engine(self) -> Engine:
        return self._engine

    def __enter__(self) -> Hot:
        try:
            self._pooled = self._engine.raw_connection()
            self.connection: Any = self._pooled.dbapi_connection
            try:
                self._begin()
            except BaseException:
                self._pooled.close()
                raise
        except self._driver.OperationalError as error:
            raise _known(error) from error
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None) -> None:
        try:
            try:
                self._end(failed=error is not None)
            finally:
                # Whatever is not committed now is rolled back by the pool.
                self._pooled.close()
        except self._driver.OperationalError as trouble:
            raise _known(trouble) from trouble
        if isinstance(error, self._driver.OperationalError):
            raise _known(error) from error

    def _begin(self) -> None:
        if self.dialect.name != "sqlite":
            self.connection.autocommit = not self._writing
        elif self._writing:
            # Prepared engines leave the driver in autocommit: a statement by itself is a transaction.
            self.connection.execute("BEGIN IMMEDIATE")

    def _end(self, *, failed: bool) -> None:
        if self._writing:
            if failed:
                self.connection.rollback()
            else:
                self.connection.commit()
        elif self.dialect.name != "sqlite":
            self.connection.autocommit = False


def _known(error: BaseException) -> OperationalError:
    """A locked database is the same fault here as anywhere else, and one page explains it."""
    return OperationalError("", None, error)


Place = Engine | Hot | Connection | Session


class HotStatement:
    """A statement, or what makes it for a dialect by name, where the dialects say a thing in different words."""

    def __init__(self, statement: Executable | Callable[[str], Executable]) -> None:
        self._statement = statement
        self._compiled: dict[str, _Compiled] = {}

    def rows(self, place: Place, **given: Any) -> Sequence[Row]:
        """All rows that a SELECT or a RETURNING gives."""
        if isinstance(place, Hot):
            compiled = self._for(place.dialect)
            return compiled.converted(place.connection.execute(compiled.sql, compiled.arguments(given)).fetchall())
        if isinstance(place, Engine):
            with Hot(place) as hot:
                return self.rows(hot, **given)
        return self._ordinary(place, given).all()  # type: ignore[no-any-return]

    def changed(self, place: Place, **given: Any) -> int:
        """How many rows an UPDATE or INSERT changed."""
        if isinstance(place, Hot):
            compiled = self._for(place.dialect)
            return int(place.connection.execute(compiled.sql, compiled.arguments(given)).rowcount)
        if isinstance(place, Engine):
            with Hot(place) as hot:
                return self.changed(hot, **given)
        return int(self._ordinary(place, given).rowcount)

    def each(self, hot: Hot, every: Iterable[Mapping[str, Any]]) -> int:
        """Once for each set of values: how many rows were changed by all."""
        compiled = self._for(hot.dialect)
        cursor = hot.connection.cursor()
        cursor.executemany(compiled.sql, [compiled.arguments(given) for given in every])
        return int(cursor.rowcount)

    def _ordinary(self, place: Connection | Session, given: Mapping[str, Any]) -> Any:
        connection = place.connection() if isinstance(place, Session) else place
        return connection.execute(self._as_written(connection.dialect), dict(given))

    def _as_written(self, dialect: Dialect) -> Executable:
        statement: Any = self._statement
        written: Executable = statement(dialect.name) if not isinstance(statement, Executable) else statement
        return written

    def _for(self, dialect: Dialect) -> _Compiled:
        return self._compiled.get(dialect.name) or self._compile(dialect)

    def _compile(self, dialect: Dialect) -> _Compiled:
        statement: Any = self._as_written(dialect)
        compiled = statement.compile(dialect=dialect)
        values = {
            name: bind.type.dialect_impl(dialect).bind_processor(dialect) for bind, name in compiled.bind_names.items()
        }
        order = compiled.positiontup if compiled.positional else list(values)
        places = range(len(order)) if compiled.positional else order
        fixed = {}
        given = []
        for place, name in zip(places, order, strict=True):
            value, convert = compiled.params[name], values[name]
            fixed[place] = value if value is None or convert is None else convert(value)
            if value is None:
                given.append((place, name, convert))
        results = []
        for number, column in enumerate(statement.exported_columns):
            processor = column.type.dialect_impl(dialect).result_processor(dialect, None)
            if processor is not None:
                results.append((number, processor))
        start = list(fixed.values()) if compiled.positional else fixed
        made = self._compiled[dialect.name] = _Compiled(str(compiled), start, given, results)
        return made
