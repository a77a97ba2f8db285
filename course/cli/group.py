"""What all commands share: their group, the console, the content and the database of the application."""

from __future__ import annotations

from pathlib import Path

import click
from flask import current_app
from rich.console import Console
from sqlalchemy import Engine

from course.content.folders import content_root
from course.storage.engine import make_engine, prepare

console = Console(soft_wrap=True)


@click.group("course")
def course_commands() -> None: ...


def content_folder() -> Path:
    return content_root(current_app.config["COURSE_CONTENT_DIR"] or None)


def database() -> Engine:
    """The application's database, ours or the host's; also when the content is broken and no page is mounted."""
    mounted = current_app.extensions.get("sqlalchemy")
    return prepare(mounted.engine) if mounted else make_engine(current_app.config["COURSE_DATABASE_URL"])


def wide_console() -> Console:
    """A pipe has no width: tables are printed whole."""
    return Console(width=max(console.width, 110))
