"""Commands for those who write the content package."""

from __future__ import annotations

import sys
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import click
from flask.cli import with_appcontext
from rich.table import Table

from course.cli.group import console, content_folder, course_commands, wide_console
from course.content.check import check as check_package
from course.content.evidence import evidence_of
from course.content.findings import Finding, Level
from course.content.loading import load
from course.content.new_package import CannotBegin, make_package
from course.content.package import read
from course.content.releasing import release_ids
from course.content.stamping import stamp as stamp_package
from course.content.summary import summary


@course_commands.command("check")
@click.option("--strict", is_flag=True, help="Warnings fail as well.")
@click.option("--summary", "totals", is_flag=True, help="Print what the package holds, by module and language.")
@with_appcontext
def check_command(strict: bool, totals: bool) -> None:
    """Check the content package: every finding names the file, the line and the fix."""
    findings = check_package(content_folder(), today=datetime.now(UTC).date())
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
    library = load(content_folder())
    headings = ("words", "minutes", "lessons", "questions", "sources", "from_notes")
    table = Table("module", "language", title=f"Edition {library.edition}")
    for heading in (*headings, "checked"):
        table.add_column(heading.replace("_", " "), justify="right")
    totals = Counter[str]()
    for row in summary(library):
        table.add_row(row.module, row.language, *(str(getattr(row, one)) for one in (*headings, "checked")))
        totals.update({f"{row.language} {heading}": getattr(row, heading) for heading in headings})
    for language in library.languages:
        table.add_row("all", language, *(str(totals[f"{language} {one}"]) for one in headings), "", style="bold")
    wide_console().print(table)
    how = Counter(source.seen.how for source in library.sources.values())
    console.print(
        f"{len(library.sources)} sources in all: {how['page']} checked on their page, {how['copy']} in a stored copy, "
        f"{how['notes']} from notes and not opened since"
    )
    statements = sum(
        len(of_place) for one in evidence_of(read(content_folder())) for of_place in one.statements.values()
    )
    console.print(f"{statements} statements tied to the sources they were held against (modules/evidence/)")


@course_commands.command("stamp")
@click.argument("files", nargs=-1)
@with_appcontext
def stamp_command(files: tuple[str, ...]) -> None:
    """Write into translations which source text they were made from. Do it after the translation was really read."""
    changed = stamp_package(content_folder(), set(files) or None)
    for name in changed:
        console.print(name, highlight=False, markup=False)
    console.print(f"{len(changed)} files stamped")


@course_commands.command("release")
@with_appcontext
def release_command() -> None:
    """Write the ids of this edition into modules/released-ids.txt: from then on they may be retired, never dropped."""
    new = release_ids(content_folder(), load(content_folder()))
    console.print(f"{len(new)} new ids in modules/released-ids.txt")


@course_commands.command("new-package")
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--id", "course_id", default="new-course", show_default=True, help="Lower-case letters, digits, hyphens.")
@click.option("--languages", default="en", show_default=True, help="Codes, the source language first: et,ru,en.")
@with_appcontext
def new_package_command(folder: Path, course_id: str, languages: str) -> None:
    """Begin a content package of your own: a small one that passes the check."""
    codes = [code.strip() for code in languages.split(",") if code.strip()]
    try:
        files = make_package(folder, course_id=course_id, languages=codes, today=datetime.now(UTC).date())
    except CannotBegin as refused:
        console.print(str(refused), highlight=False, markup=False)
        sys.exit(2)
    stamp_package(folder, None)
    console.print(f"{len(files)} files in {folder}. Check them:", highlight=False)
    console.print(f"FLASK_COURSE_CONTENT_DIR={folder} flask --app wsgi course check", highlight=False, markup=False)
