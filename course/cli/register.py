"""Commands for what is kept of people: write it down for a learner, and erase it."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import click
from flask.cli import with_appcontext

from course.cli.group import console, course_commands, database, instance_here
from course.domain.certificate_state import Actor
from course.domain.errors import NotThere
from course.services.audit import OPERATOR
from course.services.certificates import By
from course.services.erasure import erase_learner
from course.services.register import exported_for, find_learner
from course.storage.engine import Store


@course_commands.command("register")
@click.argument("learner")
@click.option("-o", "--output", type=click.Path(dir_okay=False, path_type=Path), help="The file; else to the screen.")
@with_appcontext
def register_command(learner: str, output: Path | None) -> None:
    """Write everything that is kept of a LEARNER as JSON, for whoever asks for her data without a browser.

    A number, a mail address, or the code of a certificate. It is written in the audit log.
    """
    store = Store(database())
    kept = exported_for(store, _found(store, learner), by=None, now=datetime.now(UTC))
    text = json.dumps(kept, ensure_ascii=False, indent=1)
    if output is None:
        click.echo(text)
        return
    # Nobody else on this machine reads it.
    output.touch(mode=0o600)
    output.write_text(text, encoding="utf-8")
    console.print(f"Written to {output}", highlight=False, markup=False)


def _found(store: Store, learner: str) -> int:
    with store.reading() as connection:
        found = find_learner(connection, learner)
    if found is None:
        raise click.ClickException("There is no such learner.")
    return found


@course_commands.command("erase")
@click.argument("learner")
@click.option("--yes", is_flag=True, help="Do not ask once more.")
@with_appcontext
def erase_command(learner: str, yes: bool) -> None:
    """Erase everything of a LEARNER: a number, a mail address, or the code of a certificate.

    The certificate's number still verifies and says that the holder's data is erased. It cannot be taken back.
    """
    store = Store(database())
    found = _found(store, learner)
    if not yes:
        click.confirm(f"Erase learner {found} for good?", abort=True)
    try:
        done = erase_learner(
            store,
            found,
            instance=instance_here(),
            now=datetime.now(UTC),
            who=OPERATOR,
            by=By(Actor.OPERATOR),
        )
    except NotThere as gone:
        raise click.ClickException("There is no such learner.") from gone
    console.print(
        f"Learner {found} is erased: {done.certificates} certificates, {done.roster_rows} places on lists, "
        f"{done.mails} mails{', the account' if done.account else ''}.",
        highlight=False,
    )
    console.print("Backups made before still hold the data; restoring one erases it again.")
