"""Commands that make the course into packages for the learning platforms of others."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

import click
from flask.cli import with_appcontext
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from course.cli.exports import export_commands
from course.cli.group import console, part, refuse
from course.content.library import Library
from course.domain.errors import NotThere
from course.exports.packages.limits import MOST_CHARACTERS, StateTooLong
from course.services.packages import ALL, PackageMaker

language_option = click.option("--lang", "language", required=True, help="fi, sv or en; all: chosen inside the package")
module_option = click.option("--module", "module_id", default="", help="One module instead of the whole course.")
output_option = click.option("-o", "--output", required=True, type=click.Path(dir_okay=False, path_type=Path))


ONE = "Make a package of one module: --module ID."


class MountedCourse(Protocol):
    """What these commands need of the course that is mounted in the application."""

    library: Library


@export_commands.command("scorm12")
@language_option
@module_option
@output_option
@with_appcontext
def scorm12_command(language: str, module_id: str, output: Path) -> None:
    """The course as a SCORM 1.2 package. Moodle plays this one best."""
    _write("scorm12", language, module_id, output)


@export_commands.command("scorm2004")
@language_option
@module_option
@output_option
@with_appcontext
def scorm2004_command(language: str, module_id: str, output: Path) -> None:
    """The same for SCORM 2004, 4th edition."""
    _write("scorm2004", language, module_id, output)


@export_commands.command("cmi5")
@language_option
@module_option
@output_option
@with_appcontext
def cmi5_command(language: str, module_id: str, output: Path) -> None:
    """The same for cmi5, with xAPI statements."""
    _write("cmi5", language, module_id, output)


def _write(kind: str, language: str, module_id: str, output: Path) -> None:
    course: MountedCourse = part()
    maker: PackageMaker = part("packages")
    library = course.library
    if language not in (*library.languages, ALL):
        refuse(f"The course has no language {language}. It has {', '.join(library.languages)}; {ALL} takes them all.")
    columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    try:
        with Progress(*columns, console=console, transient=True) as progress:
            task = progress.add_task(kind, total=None)

            def told(what: str, done: int, total: int) -> None:
                progress.update(task, description=f"{kind}: {what}", completed=done, total=total)

            made = maker.make(kind, language=language, module_id=module_id, told=told)
    except NotThere as missing:
        refuse(f"There is no module {missing}. There are {', '.join(one.id for one in library.modules)}.")
    except StateTooLong as error:
        refuse(f"A learner could have {error.characters} characters to keep; platforms keep {MOST_CHARACTERS}. {ONE}")
    output.write_bytes(made.content)
    console.print(f"{output}: {len(made.content) // 1024} kB, {made.files} files", highlight=False, markup=False)
    kept = f"A platform keeps at most {made.longest_state} characters for a learner; it may limit them to"
    console.print(f"{kept} {MOST_CHARACTERS}.", highlight=False, markup=False)
