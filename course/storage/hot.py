"""Statements of the hot path: written like all others, compiled once, and run on the driver itself.

A lesson page and a saved answer may cost about what an empty Flask page costs. SQLAlchemy's execution alone is more
than half of that, so these few statements go to the driver directly; pools, dialects and types stay SQLAlchemy's. Each
is a single statement and its own transaction. See docs/decisions/007.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Dialect, Engine
from sqlalchemy.exc import OperationalError
from sqlalchemy.sql import Executable


@dataclass(frozen=True, slots=True)
class _Compiled:
    sql: str
    #: Names in the order of the marks; None where the driver takes names.
    order: tuple[str, ...] | None
    defaults: Mapping[str, Any]
    convert: Mapping[str, Callable[[Any], Any]]

    def arguments(self, given: Mapping[str, Any]) -> Any:
        values = {**self.defaults, **given}
        for name, convert in self.convert.items():
            values[name] = convert(values[name])
        return values if self.order is None else [values[name] for name in self.order]


class HotStatement:
    def __init__(self, statement: Executable) -> None:
        self.statement = statement
        self._compiled: dict[str, _Compiled] = {}

    def rows(self, engine: Engine, **given: Any) -> list[tuple[Any, ...]]:
        """All rows, as the driver gives them: only for columns that need no conversion (numbers and texts)."""
        return self._run(engine, given, lambda cursor: cursor.fetchall())  # type: ignore[no-any-return]

    def changed(self, engine: Engine, **given: Any) -> int:
        """How many rows an UPDATE changed; it is committed."""
        return int(self._run(engine, given, lambda cursor: cursor.rowcount))

    def _run(self, engine: Engine, given: Mapping[str, Any], read: Callable[[Any], Any]) -> Any:
        compiled = self._compiled.get(engine.dialect.name) or self._compile(engine.dialect)
        try:
            with closing(engine.raw_connection()) as pooled:
                connection: Any = pooled.dbapi_connection
                if engine.dialect.name == "sqlite":
                    # Prepared engines leave the driver in autocommit: a statement by itself is a transaction.
                    return read(connection.execute(compiled.sql, compiled.arguments(given)))
                connection.autocommit = True
                try:
                    return read(connection.execute(compiled.sql, compiled.arguments(given)))
                finally:
                    connection.autocommit = False
        except engine.dialect.loaded_dbapi.OperationalError as error:
            # A locked database is the same fault here as anywhere else, and one page explains it.
            raise OperationalError(compiled.sql, None, error) from error

    def _compile(self, dialect: Dialect) -> _Compiled:
        statement: Any = self.statement
        compiled = statement.compile(dialect=dialect)
        convert = {}
        for name, bind in compiled.binds.items():
            processor = bind.type.dialect_impl(dialect).bind_processor(dialect)
            if processor is not None:
                convert[name] = processor
        order = tuple(compiled.positiontup) if compiled.positional else None
        defaults = {name: value for name, value in compiled.params.items() if value is not None}
        found = self._compiled[dialect.name] = _Compiled(str(compiled), order, defaults, convert)
        return found
