"""Commands for those who run the site."""

from __future__ import annotations

import sys

import click
from flask import current_app
from flask.cli import with_appcontext
from rich.table import Table

from course.cli.group import console, content_folder, course_commands, database, part, settings_here, wide_console
from course.services.doctor import diagnose
from course.settings import DEFAULTS
from course.storage.migrations import current, newest, upgrade


@course_commands.command("init-db")
@with_appcontext
def init_db_command() -> None:
    """Create the database or bring it to the newest form. Nothing is lost; doing it twice does no harm."""
    engine = database()
    before = current(engine)
    upgrade(engine)
    after = current(engine)
    console.print(
        "The database is ready." if before == after else f"The database went from {before or 'nothing'} to {after}."
    )


@course_commands.command("doctor")
@click.option("--brief", is_flag=True, help="Only what needs a person.")
@with_appcontext
def doctor_command(brief: bool) -> None:
    """Say in plain words what is missing or misconfigured, and what to do about it."""
    config = {**current_app.config, **settings_here()}
    if mounted := part():
        # In a host it may be the host's.
        config["COURSE_DATABASE_URL"] = mounted.store.engine.url.render_as_string(hide_password=False)
    findings = diagnose(config, DEFAULTS, content_folder(), newest())
    for found in findings:
        if found.good and brief:
            continue
        mark, style = (
            ("✓", "green") if found.good else ("✗" if found.stops else "!", "red" if found.stops else "yellow")
        )
        console.print(mark, style=style, end=" ")
        console.print(f"{found.says} {found.todo}".strip(), highlight=False, markup=False)
    if any(found.stops for found in findings):
        sys.exit(1)


@course_commands.command("routes")
@with_appcontext
def routes_command() -> None:
    """Every address of the site, with who may use it."""
    table = Table("address", "methods", "who may use it")
    for address, methods, permission in part("routes"):
        table.add_row(address, methods, permission)
    wide_console().print(table)
