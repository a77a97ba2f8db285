"""Insert a row unless it is there: the database settles who was first, on SQLite and PostgreSQL alike."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy import Table
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import DeclarativeBase, Session


def insert_on(dialect: str) -> Callable[..., Any]:
    """The INSERT that knows `on_conflict_do_nothing`, which both databases write alike and SQLAlchemy does not."""
    return sqlite.insert if dialect == "sqlite" else postgresql.insert


def insert_if_new(session: Session, entity: type[DeclarativeBase], rows: list[dict[str, Any]]) -> int:
    """How many of the rows were new. A row that meets a unique rule of the table is left out, without an error."""
    if not rows:
        return 0
    table = entity.__table__
    assert isinstance(table, Table)
    insert = insert_on(session.get_bind().dialect.name)
    # Rows that came back are counted: the drivers do not agree on what a row count means here. The rows are handed
    # over beside the statement, and not within it, so that it is compiled once and not anew for each number of rows.
    statement = insert(table).on_conflict_do_nothing().returning(*table.primary_key.columns)
    return len(session.connection().execute(statement, rows).all())
