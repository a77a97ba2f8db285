"""Commands for certificates."""

from __future__ import annotations

import sys

import click
from flask.cli import with_appcontext

from course.cli.group import console, course_commands, database
from course.domain.certificate import normal_code
from course.services.certificates import verify_code
from course.storage.engine import Store


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
    with Store(database()).reading() as connection:
        held = verify_code(connection, normal)
    if held is None:
        console.print("No certificate has this number.")
        sys.exit(1)
    facts = held.facts
    console.print(
        f"Valid: {facts.course_title}, {facts.track_title}, edition {facts.edition}, issued {facts.issued_on}.",
        highlight=False,
    )
