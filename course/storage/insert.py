"""Insert a row unless it is there: the database settles who was first, on SQLite and PostgreSQL alike."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Table
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import DeclarativeBase, Session


def insert_if_new(session: Session, entity: type[DeclarativeBase], rows: list[dict[str, Any]]) -> int:
    """How many of the rows were new. A row that meets a unique rule of the table is left out, without an error."""
    if not rows:
        return 0
    table = entity.__table__
    assert isinstance(table, Table)
    insert = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
    # Rows that came back are counted: the drivers do not agree on what a row count means here. The rows are handed
    # over beside the statement, and not within it, so that it is compiled once and not anew for each number of rows.
    statement = insert(table).on_conflict_do_nothing().returning(*table.primary_key.columns)
    return len(session.connection().execute(statement, rows).all())
