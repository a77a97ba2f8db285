"""Commands that fill a database with people who do not exist."""

from __future__ import annotations

import time
from base64 import b32encode
from datetime import UTC, datetime
from typing import Protocol

import click
from flask.cli import with_appcontext
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn
from rich.table import Table

from course.cli.group import console, content_folder, course_commands, database, part, wide_console
from course.content.library import Library
from course.content.loading import load
from course.services.made_up.demo import (
    PASSWORD,
    TOTP_SECRET,
    NotEmpty,
    code_now,
    demo_people,
    half_way,
    make_demo,
)
from course.services.made_up.seeding import LearnersThere, seed_learners
from course.services.people import make_resume_link
from course.services.second_factor import SiteKeys, code_ends
from course.storage.engine import Store


class MountedCourse(Protocol):
    """What these commands need of the course that is mounted in the application."""

    base_url: str
    secret_key: str

    def has(self, endpoint: str) -> bool: ...

    def outside(self, endpoint: str, **values: object) -> str: ...

    def verify_url(self, code: str) -> str: ...


def progress_bar() -> Progress:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    return Progress(*columns, TimeRemainingColumn(), console=console, transient=not console.is_terminal)


@course_commands.command("seed")
@click.option("--learners", type=click.IntRange(1, 10_000_000), required=True, help="How many.")
@click.option("--seed", default=1, show_default=True, help="The same number makes the same people.")
@click.option("--add", "beside_others", is_flag=True, help="Also where learners are already, who may be real.")
@with_appcontext
def seed_command(learners: int, seed: int, beside_others: bool) -> None:
    """Add made-up learners with everything that learners do, for benchmarks: a million in a few minutes on SQLite."""
    library, began = load(content_folder()), time.monotonic()
    course: MountedCourse = part()
    try:
        with progress_bar() as bar:
            task = bar.add_task("learners", total=learners)
            seed_learners(
                Store(database()),
                library,
                learners,
                seed=seed,
                verify_url=course.verify_url,
                now=datetime.now(UTC),
                beside_others=beside_others,
                tell=lambda more: bar.advance(task, more),
            )
    except LearnersThere as refused:
        raise click.ClickException(
            f"The database has {refused} learners, who may be real, and made-up ones cannot be told from them later. "
            "Set FLASK_COURSE_DATABASE_URL to another database, or add them on purpose with --add."
        ) from refused
    console.print(f"{learners:,} learners in {time.monotonic() - began:.0f} s", highlight=False)


@course_commands.command("demo")
@with_appcontext
def demo_command() -> None:
    """Fill an empty database with a believable site and print how to sign in. Nobody in it is real."""
    library, now = load(content_folder()), datetime.now(UTC)
    course: MountedCourse = part()
    store, keys = Store(database()), SiteKeys(course.secret_key, course.base_url, "")
    try:
        with console.status("Making up people …"):
            made = make_demo(store, library, keys, verify_url=course.verify_url, now=now)
    except NotEmpty as refused:
        raise click.ClickException(
            "There are accounts or learners in this database, who may be real, and everybody knows how to sign in to "
            "the demonstration. Give it a database of its own: FLASK_COURSE_DATABASE_URL=sqlite:////srv/demo.sqlite3"
        ) from refused
    if not made:
        console.print("The demonstration is here already.")
    _print_sign_ins(library, store, course)


def _print_sign_ins(library: Library, store: Store, course: MountedCourse) -> None:
    table = Table("mail address", "who", "networks")
    for one in demo_people(library):
        names = [library.networks[network].name["en"] for network in one.networks]
        table.add_row(one.email, "administrator" if one.administrator else "trainer", ", ".join(names))
    wide_console().print(table)
    now = datetime.now(UTC)
    secret = b32encode(TOTP_SECRET).decode()
    if course.has("sign_in"):
        console.print(f"Sign in at   {course.outside('sign_in', lang='en')}", highlight=False)
    console.print(f"Password     {PASSWORD}  (the same for all)", highlight=False)
    console.print(f"Second step  {code_now(now)}  until {code_ends(now):%H:%M:%S} UTC, and once for each account;")
    console.print(f"             for later codes put this key into an authenticator app: {secret}", highlight=False)
    console.print("             or run this command again.")
    learner = half_way(store)
    if learner is not None:
        link = make_resume_link(store, learner, now=now)
        console.print(f"A learner    {course.outside('resume', token=link.secret)}", highlight=False)
    console.print("Everybody can know these sign-ins: show the demonstration, and never invite real people to it.")
