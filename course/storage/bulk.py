"""Write many rows at once, as fast as the database takes them: made-up people, and counts that are published.

SQLAlchemy looks at every value of every row; a million learners are thirty million rows. Here they go to the driver as
they are, so whoever calls this gives values as the database keeps them (`clock_end`, JSON as text).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Connection, Select, Table, func, select, text
from sqlalchemy.orm import DeclarativeBase


class BulkWriter:
    """Rows into the tables, within the transaction of a connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._postgresql = connection.dialect.name == "postgresql"
        self._driver: Any = connection.connection.dbapi_connection

    @property
    def clock_end(self) -> str:
        """What stands behind "2026-03-02 09:30:00" in this database."""
        return ".000000+00" if self._postgresql else ".000000"

    def next_id(self, entity: type[DeclarativeBase]) -> int:
        """The first number that no row of this table has or had."""
        highest = self._connection.execute(self._highest(entity)).scalar_one()
        if self._postgresql:
            used = self._connection.execute(select(func.nextval(self._sequence(entity)))).scalar_one() - 1
        else:
            used = self._connection.execute(
                text("select coalesce(max(seq), 0) from sqlite_sequence where name = :name"),
                {"name": entity.__tablename__},
            ).scalar_one()
        return max(int(highest), int(used)) + 1

    def write(self, entity: type[DeclarativeBase], columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
        """All the rows, each with a value for each of the columns."""
        table = entity.__table__
        assert isinstance(table, Table)
        names = ", ".join(table.columns[name].name for name in columns)
        if self._postgresql:
            with self._driver.cursor() as cursor, cursor.copy(f"copy {table.name} ({names}) from stdin") as copy:
                for row in rows:
                    copy.write_row(row)
            return
        marks = ", ".join("?" * len(columns))
        statement = f"insert into {table.name} ({names}) values ({marks})"  # noqa: S608 - names of our own tables
        self._driver.executemany(statement, rows)

    def numbers_used(self, entity: type[DeclarativeBase]) -> None:
        """Rows were written with numbers of their own: the next row that is not gets one after them."""
        if self._postgresql:
            highest = self._highest(entity).scalar_subquery()
            self._connection.execute(select(func.setval(self._sequence(entity), func.greatest(highest, 1))))

    @staticmethod
    def _highest(entity: type[DeclarativeBase]) -> Select[Any]:
        return select(func.coalesce(func.max(entity.__table__.columns["id"]), 0))

    @staticmethod
    def _sequence(entity: type[DeclarativeBase]) -> Any:
        return func.pg_get_serial_sequence(entity.__tablename__, "id")


def look_anew(connection: Connection) -> None:
    """So many rows came at once that the database must learn anew how they lie, before it plans how to read them."""
    connection.execute(text("analyze"))
