"""`flask --app wsgi course …`: the commands. They say what they do and what to do next, in plain words."""

from __future__ import annotations

import sys
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import click
from flask import Flask, current_app
from flask.cli import with_appcontext
from rich.console import Console
from rich.table import Table
from sqlalchemy import Engine

from course.content.check import check as check_package
from course.content.findings import Finding, Level
from course.content.loading import content_root, load
from course.content.releasing import release_ids
from course.content.stamping import stamp as stamp_package
from course.content.summary import summary
from course.domain.certificate import normal_code
from course.services.certificates import verify_code
from course.services.doctor import diagnose
from course.settings import DEFAULTS
from course.storage.engine import Store, make_engine, prepare
from course.storage.migrations import current, newest, upgrade

console = Console(soft_wrap=True)


@click.group("course", help="The course: content, database, certificates.")
def course_commands() -> None: ...


def add_commands(app: Flask) -> None:
    app.cli.add_command(course_commands)


def _root() -> Path:
    return content_root(current_app.config["COURSE_CONTENT_DIR"] or None)


def _engine() -> Engine:
    """The application's database, ours or the host's; also when the content is broken and no page is mounted."""
    mounted = current_app.extensions.get("sqlalchemy")
    return prepare(mounted.engine) if mounted else make_engine(current_app.config["COURSE_DATABASE_URL"])


@course_commands.command("check")
@click.option("--strict", is_flag=True, help="Warnings fail as well.")
@click.option("--summary", "totals", is_flag=True, help="Print what the package holds, by module and language.")
@with_appcontext
def check_command(strict: bool, totals: bool) -> None:
    """Check the content package: every finding names the file, the line and the fix."""
    findings = check_package(_root(), today=datetime.now(UTC).date())
    for finding in findings:
        _print_finding(finding)
    counts = Counter(finding.level for finding in findings)
    errors, warnings = counts[Level.ERROR], counts[Level.WARNING]
    console.print(f"{errors} errors, {warnings} warnings", style="bold" if errors else "green")
    if totals and not errors:
        _print_summary()
    if errors or (strict and warnings):
        sys.exit(1)


def _print_finding(finding: Finding) -> None:
    style = "red" if finding.level is Level.ERROR else "yellow"
    console.print(f"{finding.path}:{finding.line}", style="bold", end=" ", highlight=False, markup=False)
    console.print(str(finding.level), style=style, end=" ")
    console.print(f"{finding.what} {finding.fix} [{finding.rule}]", highlight=False, markup=False)


def _print_summary() -> None:
    library = load(_root())
    headings = ("words", "minutes", "lessons", "questions", "sources")
    table = Table("module", "language", title=f"Edition {library.edition}")
    for heading in (*headings, "checked"):
        table.add_column(heading, justify="right")
    totals = Counter[str]()
    for row in summary(library):
        table.add_row(row.module, row.language, *(str(getattr(row, one)) for one in (*headings, "checked")))
        totals.update({f"{row.language} {heading}": getattr(row, heading) for heading in headings})
    for language in library.languages:
        table.add_row("all", language, *(str(totals[f"{language} {one}"]) for one in headings), "", style="bold")
    # A pipe has no width: the names of modules are printed whole.
    Console(width=max(console.width, 110)).print(table)
    checked = sorted(source.checked for source in library.sources.values())
    console.print(f"{len(library.sources)} sources in all, checked between {checked[0]} and {checked[-1]}")


@course_commands.command("stamp")
@click.argument("files", nargs=-1)
@with_appcontext
def stamp_command(files: tuple[str, ...]) -> None:
    """Write into translations which source text they were made from. Do it after the translation was really read."""
    changed = stamp_package(_root(), set(files) or None)
    for name in changed:
        console.print(name, highlight=False, markup=False)
    console.print(f"{len(changed)} files stamped")


@course_commands.command("release")
@with_appcontext
def release_command() -> None:
    """Write the ids of this edition into modules/released-ids.txt: from then on they may be retired, never dropped."""
    new = release_ids(_root(), load(_root()))
    console.print(f"{len(new)} new ids in modules/released-ids.txt")


@course_commands.command("init-db")
@with_appcontext
def init_db_command() -> None:
    """Create the database or bring it to the newest form. Nothing is lost; doing it twice does no harm."""
    engine = _engine()
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
    findings = diagnose(current_app.config, DEFAULTS, _root(), newest())
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
    for address, methods, permission in current_app.extensions["course_routes"]:
        table.add_row(address, methods, permission)
    Console(width=max(console.width, 110)).print(table)


@course_commands.group("certificate")
def certificate_commands() -> None:
    """Certificates."""


@certificate_commands.command("verify")
@click.argument("code")
@with_appcontext
def verify_command(code: str) -> None:
    """Tell whether a certificate's number was issued here."""
    normal = normal_code(code)
    if normal is None:
        console.print("This cannot be a number of ours: something is left out or mistyped.")
        sys.exit(2)
    with Store(_engine()).reading() as connection:
        held = verify_code(connection, normal)
    if held is None:
        console.print("No certificate has this number.")
        sys.exit(1)
    facts = held.facts
    console.print(
        f"Valid: {facts.course_title}, {facts.track_title}, edition {facts.edition}, issued {facts.issued_on}.",
        highlight=False,
    )
