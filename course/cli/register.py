"""Commands for what is kept of people: erase a learner, and do at once what the worker does once a day."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import click
from flask import current_app
from flask.cli import with_appcontext

from course.cli.group import console, course_commands, database
from course.domain.certificate_state import Actor
from course.domain.errors import NotThere
from course.services.audit import OPERATOR
from course.services.certificates import By
from course.services.erasure import erase_learner
from course.services.register import find_learner
from course.storage.engine import Store


@course_commands.command("erase")
@click.argument("learner")
@click.option("--yes", is_flag=True, help="Do not ask once more.")
@with_appcontext
def erase_command(learner: str, yes: bool) -> None:
    """Erase everything of a LEARNER: a number, a mail address, or the code of a certificate.

    The certificate's number still verifies and says that the holder's data is erased. It cannot be taken back.
    """
    store = Store(database())
    with store.reading() as connection:
        found = find_learner(connection, learner)
    if found is None:
        raise click.ClickException("There is no such learner.")
    if not yes:
        click.confirm(f"Erase learner {found} for good?", abort=True)
    try:
        done = erase_learner(
            store,
            found,
            instance=Path(current_app.instance_path),
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
