"""Commands that make the handbook and the cards as files."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Protocol

import click
from flask.cli import with_appcontext
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from course.cli.exports import export_commands
from course.cli.group import console, part, refuse
from course.content.handbook import Edition
from course.content.library import Library
from course.domain.errors import NotThere, PdfNotAvailable
from course.services.books import BookMaker

language_option = click.option("--lang", "language", required=True, help="fi, sv or en")
edition_option = click.option(
    "--edition", type=click.Choice([one.value for one in Edition]), default=Edition.LEARNER.value, show_default=True
)
output_option = click.option("-o", "--output", required=True, type=click.Path(dir_okay=False, path_type=Path))


class MountedCourse(Protocol):
    """What these commands need of the course that is mounted in the application."""

    library: Library


@export_commands.command("handbook-pdf")
@language_option
@edition_option
@output_option
@with_appcontext
def handbook_pdf_command(language: str, edition: str, output: Path) -> None:
    """The whole handbook as one tagged PDF with bookmarks. It takes a minute or two."""
    books = _books(language)
    _write(output, "setting the pages", lambda: books.handbook_pdf(language, Edition(edition)))


@export_commands.command("handbook-epub")
@language_option
@edition_option
@output_option
@with_appcontext
def handbook_epub_command(language: str, edition: str, output: Path) -> None:
    """The whole handbook as an EPUB 3 for reading devices and screen readers."""
    books = _books(language)
    _write(output, "binding the book", lambda: books.handbook_epub(language, Edition(edition)))


@export_commands.command("card")
@language_option
@click.option("--module", "module_id", default="", help="The module that it is about.")
@click.option("--tool", default="", help="referral, or indicators/ and a setting.")
@output_option
@with_appcontext
def card_command(language: str, module_id: str, tool: str, output: Path) -> None:
    """One sheet to hang by the desk: a module's, or a tool's."""
    books = _books(language)
    if bool(module_id) == bool(tool):
        refuse("Name a module or a tool: --module ID or --tool NAME.")
    if module_id:
        _write(output, "setting the card", lambda: books.module_card(module_id, language))
    else:
        _write(output, "setting the card", lambda: books.tool_card(tool, language))


def _books(language: str) -> BookMaker:
    course: MountedCourse = part()
    if language not in course.library.languages:
        refuse(f"The course has no language {language}. It has {', '.join(course.library.languages)}.")
    books: BookMaker = part("books")
    return books


def _write(output: Path, doing: str, make: Callable[[], bytes]) -> None:
    """Make the file while a clock runs."""
    course: MountedCourse = part()
    columns = (SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
    try:
        with Progress(*columns, console=console, transient=True) as progress:
            progress.add_task(doing, total=None)
            made = make()
    except NotThere as missing:
        books: BookMaker = part("books")
        modules = ", ".join(module.id for module in course.library.modules)
        refuse(f"There is no {missing}. Modules: {modules}. Tools: {', '.join(books.tools())}.")
    except PdfNotAvailable as error:
        refuse(str(error))
    output.write_bytes(made)
    console.print(f"{output}: {len(made) // 1024} kB", highlight=False, markup=False)
