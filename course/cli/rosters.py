"""Commands for the rosters of cohorts."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path

import click
from flask.cli import with_appcontext
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from course.cli.group import console, course_commands, database
from course.domain.errors import NotThere, RosterChanged
from course.domain.roster import EXPORT_HEADINGS, ROWS_MAX, FileRefused
from course.exports.sheet import csv_sheet, xlsx_sheet
from course.services import rosters
from course.services.cohorts import cohort_named
from course.storage.cohorts import StoredCohort
from course.storage.engine import Store
from course.storage.rosters import StoredImport, last_applied

#: So many changes and faults are printed one by one.
PRINTED_MOST = 50


@course_commands.group("roster")
def roster_commands() -> None:
    """Rosters: the people expected in a cohort. COHORT is its number, as in its address."""


def _say(text: str, **values: object) -> str:
    return text % values if values else text


def _cohort(store: Store, cohort_id: int) -> StoredCohort:
    with store.reading() as connection:
        try:
            return cohort_named(connection, cohort_id)
        except NotThere:
            console.print(f"There is no cohort {cohort_id}.")
            sys.exit(2)


@roster_commands.command("import")
@click.argument("cohort", type=int)
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--apply", "do_it", is_flag=True, help="Do it; without this, only the plan is shown.")
@with_appcontext
def import_command(cohort: int, file: Path, do_it: bool) -> None:
    """Show what a CSV or XLSX file would change on a roster, and with --apply, do it."""
    store = Store(database())
    _cohort(store, cohort)
    now = datetime.now(UTC)
    try:
        import_id = _planned(store, cohort, file, now)
    except FileRefused as refused:
        console.print(rosters.refusal_words(refused.why, _say))
        sys.exit(1)
    with store.reading() as connection:
        found = rosters.import_of(connection, cohort, import_id)
    _print_plan(found)
    if not do_it:
        console.print("Nothing was changed. Add --apply to do it.")
        return
    try:
        rosters.apply_import(store, cohort, import_id, now=now)
    except RosterChanged:
        console.print("The roster has changed meanwhile. Nothing was done; try again.")
        sys.exit(1)
    console.print("Done. `roster undo` takes it back.")


def _planned(store: Store, cohort: int, file: Path, now: datetime) -> int:
    """Read and plan, with a bar for a file that takes a moment."""
    columns = (TextColumn("reading"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task("reading", total=ROWS_MAX)
        return rosters.plan_import(
            store,
            cohort,
            file.read_bytes(),
            file_name=file.name,
            account_id=None,
            now=now,
            tell=lambda read: bar.update(task, completed=read),
        )


def _print_plan(found: StoredImport) -> None:
    plan = found.plan
    for change in plan.changes[:PRINTED_MOST]:
        word = "new" if change.before is None else "changed"
        console.print(f"{word}: {change.after.name} ({change.key})", highlight=False, markup=False)
    for fault in plan.faults[:PRINTED_MOST]:
        console.print(f"line {fault.line}: {rosters.fault_words(fault, _say)}", highlight=False, markup=False)
    new = sum(change.before is None for change in plan.changes)
    changed = len(plan.changes) - new
    console.print(
        f"{new} new, {changed} changed, {plan.unchanged} as they were, {len(plan.faults)} rows left out",
        highlight=False,
    )


@roster_commands.command("export")
@click.argument("cohort", type=int)
@click.option("-o", "--output", required=True, type=click.Path(dir_okay=False, path_type=Path), help=".csv or .xlsx")
@click.option("--lang", default="en", type=click.Choice(sorted(EXPORT_HEADINGS)), help="Language of the headings.")
@with_appcontext
def export_command(cohort: int, output: Path, lang: str) -> None:
    """Write a roster into a file. Imported again, it changes nothing."""
    store = Store(database())
    found = _cohort(store, cohort)
    with store.reading() as connection:
        heading, rows = rosters.exported(connection, cohort, lang)
    as_workbook = output.suffix.lower() == ".xlsx"
    output.write_bytes(xlsx_sheet(found.plan.name, heading, rows) if as_workbook else csv_sheet(heading, rows))
    console.print(f"{len(rows)} people written to {output}", highlight=False, markup=False)


@roster_commands.command("undo")
@click.argument("cohort", type=int)
@with_appcontext
def undo_command(cohort: int) -> None:
    """Take the last import back: the roster is again what it was before."""
    store = Store(database())
    _cohort(store, cohort)
    with store.reading() as connection:
        found = last_applied(connection, cohort)
    if found is None:
        console.print("There is no import to take back.")
        sys.exit(1)
    try:
        rosters.undo_import(store, cohort, found.id, now=datetime.now(UTC))
    except RosterChanged:
        console.print("These people were changed since the import. Nothing was done.")
        sys.exit(1)
    console.print(f"The import of {found.file_name} was taken back.", highlight=False, markup=False)
