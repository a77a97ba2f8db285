"""The command that marks attempts again when the key of a question was wrong."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

import click
from flask.cli import with_appcontext
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from course.cli.group import console, course_commands, part, refuse
from course.content.library import Library
from course.content.question_version import QuestionVersions
from course.domain.errors import NotThere
from course.services.regrading import Regraded, regrade
from course.storage.engine import Store


class MountedCourse(Protocol):
    """What this command needs of the course that is mounted in the application."""

    store: Store
    library: Library
    versions: QuestionVersions

    def now(self) -> datetime: ...


@course_commands.command("regrade")
@click.argument("module")
@click.argument("question")
@click.option("--apply", is_flag=True, help="Do it. Without this option the command only says what would change.")
@with_appcontext
def regrade_command(module: str, question: str, apply: bool) -> None:
    """Mark attempts again after the key of QUESTION in the quiz of MODULE was corrected.

    No result falls: an answer that was right by the earlier key stays right. Safe to repeat.
    """
    site: MountedCourse | None = part()
    if site is None:
        refuse("The content has faults, so nothing can be marked. Run: flask --app wsgi course check")
    columns = (SpinnerColumn(), TextColumn("{task.fields[attempts]} attempts"), TimeElapsedColumn())
    try:
        with Progress(*columns, console=console, transient=True) as progress:
            task = progress.add_task("", total=None, attempts=0)
            done = regrade(
                site.store,
                site.library,
                site.versions,
                module_id=module,
                question_id=question,
                apply=apply,
                now=site.now(),
                tell=lambda so_far: progress.update(task, attempts=so_far.attempts),
            )
    except NotThere as missing:
        refuse(f"The course has no {missing}. Modules and the questions of their quizzes stand in quizzes/.")
    for line in _told(done, question, apply):
        console.print(line, highlight=False, markup=False)


def _told(done: Regraded, question: str, apply: bool) -> list[str]:
    if not done.attempts:
        return [f"No attempt is marked by an earlier key of {question}. Nothing to do."]
    lines = [
        f"Attempts marked by an earlier key of {question}: {done.attempts}",
        f"  not handed in yet, marked by the right key when they are: {done.open}",
        f"  with a better result: {done.raised}",
        f"  learners who pass the module by it: {len(done.passing)}",
    ]
    return [*lines, "Done." if apply else "Nothing was changed. Run it again with --apply to mark them again."]
