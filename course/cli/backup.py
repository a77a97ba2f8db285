"""Commands for backups."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import click
from flask.cli import with_appcontext

from course.cli.group import console, course_commands, database, instance_here
from course.services.backup import CannotBackUp, back_up, restore


@course_commands.command("backup")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@with_appcontext
def backup_command(file: Path) -> None:
    """Write database and keys into one archive FILE, while the site runs. Keep it safe: it holds everything."""
    instance = instance_here()
    try:
        back_up(database(), instance, file, now=datetime.now(UTC))
    except CannotBackUp as refused:
        raise click.ClickException(str(refused)) from refused
    console.print(f"{file}: {file.stat().st_size / 1e6:.1f} MB", highlight=False, markup=False)


@course_commands.command("restore")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--yes", is_flag=True, help="Do not ask once more.")
@with_appcontext
def restore_command(file: Path, yes: bool) -> None:
    """Put database and keys back as they are in FILE. What was recorded since is lost; stop the site first.

    Learners who were erased since the backup are erased again.
    """
    if not yes:
        click.confirm("Everything recorded since the backup is lost. Go on?", abort=True)
    instance = instance_here()
    try:
        about, again = restore(database(), instance, file, now=datetime.now(UTC))
    except CannotBackUp as refused:
        raise click.ClickException(str(refused)) from refused
    console.print(f"Restored as of {about.made_at:%Y-%m-%d %H:%M} UTC.", highlight=False)
    if again:
        console.print(f"{len(again)} learners were erased again.", highlight=False)
    console.print("Start the site anew, so that it reads its keys.")
