"""The tables' history leads to the tables, on both databases, up and down."""

from __future__ import annotations

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import inspect

from course.storage.migrations import VERSION_TABLE, current, downgrade, newest, upgrade
from course.storage.tables import Base


def test_the_migrations_end_where_the_tables_of_the_code_are(engine):
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"version_table": VERSION_TABLE, "compare_type": True})
        differences = compare_metadata(context, Base.metadata)
    assert differences == []


def test_a_migrated_database_says_that_it_is_up_to_date(engine):
    assert current(engine) == newest() != ""


def test_migrating_twice_changes_nothing(engine):
    upgrade(engine)
    assert current(engine) == newest()


def test_every_step_down_and_up_again_works(engine):
    downgrade(engine, "base")
    assert set(inspect(engine).get_table_names()) <= {VERSION_TABLE, "sqlite_sequence"}
    upgrade(engine)
    assert set(Base.metadata.tables) <= set(inspect(engine).get_table_names())
