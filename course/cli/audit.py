"""Commands for the audit log."""

from __future__ import annotations

import sys

import click
from flask.cli import with_appcontext

from course.cli.group import console, course_commands, database, instance_here
from course.domain.audit import Break, anchor_from
from course.services.audit import keep_anchor, kept_anchors, verify
from course.storage.engine import Store

#: In the instance folder, beside the database and not in it.
ANCHORS = "audit-anchors"


@course_commands.group("audit")
def audit_commands() -> None:
    """The audit log."""


@audit_commands.command("verify")
@click.option("--anchor", help="An end of the log as printed before, NUMBER:HASH. Kept elsewhere, it proves the most.")
@with_appcontext
def verify_command(anchor: str | None) -> None:
    """Tell whether the audit log is whole: no line changed, deleted or swapped, none cut off its end.

    Ends with 1 where it is not. A whole log's end is printed, and added to instance/audit-anchors for the next check.
    """
    path = instance_here() / ANCHORS
    anchors = kept_anchors(path)
    if anchor:
        given = anchor_from(anchor)
        if given is None:
            raise click.ClickException("An anchor is a number, a colon and 64 hexadecimal digits.")
        anchors.append(given)
    fault, end = verify(Store(database()), anchors)
    if fault is None:
        keep_anchor(path, end)
        console.print(f"The audit log is whole: {end.count} lines.", highlight=False)
        console.print(f"Its end: {end}", highlight=False)
        return
    words = {
        Break.CHANGED: f"Line {fault.number} is not as it was written, or not in its place.",
        Break.MISSING: f"Line {fault.number} is missing.",
        Break.CUT: f"The log ends before line {fault.number}, and it was longer.",
        Break.REWRITTEN: f"Line {fault.number} is another one than at an earlier check.",
    }
    console.print(f"The audit log is broken. {words[fault.what]}", style="red", highlight=False)
    sys.exit(1)
