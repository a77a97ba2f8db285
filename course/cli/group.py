"""What all commands share: their group, the console, and the parts of the course that they work on."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NoReturn

import click
from flask import current_app
from rich.console import Console
from sqlalchemy import Engine

from course.cli import COURSE, Commands
from course.content.findings import ContentError
from course.content.folders import content_root
from course.storage.engine import make_engine, prepare

console = Console(soft_wrap=True)


@click.group("course")
def course_commands() -> None: ...


def course_name() -> str:
    """The name of the course whose command is running: the word before the command."""
    context = click.get_current_context(silent=True)
    while context is not None:
        if isinstance(context.command, Commands):
            return context.command.name or COURSE
        context = context.parent
    return COURSE


def part(what: str = "") -> Any:
    """The mounted course, or a part of it ("worker", "books"); None where its content is broken."""
    name = course_name()
    return current_app.extensions.get(f"{name}_{what}" if what else name)


def settings_here() -> Mapping[str, Any]:
    """The settings of the course; those of the application where none is mounted."""
    found: Mapping[str, Any] = part("settings") or current_app.config
    return found


def instance_here() -> Path:
    """The folder of the course on this machine."""
    mounted = part()
    return Path(mounted.instance if mounted else current_app.instance_path)


def refuse(sentence: str, *, status: int = 1) -> NoReturn:
    """Say why nothing was done, and end with this status."""
    console.print(sentence, style="red", highlight=False, markup=False)
    sys.exit(status)


def content_folder() -> Path:
    try:
        return content_root(settings_here()["COURSE_CONTENT_DIR"] or None)
    except ContentError as error:
        raise click.ClickException(str(error)) from error


def database() -> Engine:
    """The database of the course, its own or the host's; also when the content is broken and no page is mounted."""
    mounted = part()
    if mounted:
        engine: Engine = mounted.store.engine
        return engine
    of_application = current_app.extensions.get("sqlalchemy")
    return prepare(of_application.engine) if of_application else make_engine(settings_here()["COURSE_DATABASE_URL"])


def wide_console() -> Console:
    """A pipe has no width: tables are printed whole."""
    return Console(width=max(console.width, 110))
