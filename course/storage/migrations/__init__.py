"""The tables' history. Revisions import no model; they run on SQLite and PostgreSQL alike."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, Engine, text
from sqlalchemy.schema import CreateSchema

from course.later import Later

if TYPE_CHECKING:
    from alembic import command, config, migration, script
else:
    command, config, migration, script = (
        Later(f"alembic.{name}") for name in ("command", "config", "migration", "script")
    )

#: Our own version table, so that a host's migrations and ours never meet.
VERSION_TABLE = "course_version"


def _settings() -> config.Config:
    settings = config.Config()
    settings.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    settings.set_main_option("path_separator", "os")
    return settings


def upgrade(engine: Engine, revision: str = "head") -> None:
    """Bring the database to the newest form (or to a given one). Nothing happens when it is there already."""
    settings = _settings()
    with engine.begin() as connection:
        _make_schema(connection)
        settings.attributes["connection"] = connection
        command.upgrade(settings, revision)


def _make_schema(connection: Connection) -> None:
    """A course beside another one in the same PostgreSQL database has a schema of its own: its address names it."""
    if connection.dialect.name != "postgresql" or connection.scalar(text("SELECT current_schema()")) is not None:
        return
    named = str(connection.scalar(text("SHOW search_path"))).split(",")[0].strip().strip('"')
    connection.execute(CreateSchema(named))


def downgrade(engine: Engine, revision: str) -> None:
    """Take the database back, for the tests of the migrations: released data is never taken back."""
    settings = _settings()
    with engine.begin() as connection:
        settings.attributes["connection"] = connection
        command.downgrade(settings, revision)


def newest() -> str:
    """The revision that this code needs."""
    return script.ScriptDirectory.from_config(_settings()).get_current_head() or ""


def current(engine: Engine) -> str:
    """The revision that the database has; empty for a database without our tables."""
    with engine.connect() as connection:
        context = migration.MigrationContext.configure(connection, opts={"version_table": VERSION_TABLE})
        return context.get_current_revision() or ""
