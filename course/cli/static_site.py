"""The command that writes the handbook as a static site."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

import click
from flask.cli import with_appcontext

from course.cli.exports import export_commands
from course.cli.group import console, part, refuse
from course.content.library import Library
from course.exports.packages.archive import packed
from course.exports.static_site import FRONT
from course.services.books import BookMaker

ALL = "all"


class MountedCourse(Protocol):
    """What this command needs of the course that is mounted in the application."""

    library: Library
    exit_url: str

    def outside(self, endpoint: str, **values: object) -> str: ...


@export_commands.command("site")
@click.option("--lang", "language", required=True, help="fi, sv or en, or all for a site in every language.")
@click.option("-o", "--output", required=True, type=click.Path(path_type=Path), help="A new folder, or a .zip file.")
@with_appcontext
def site_command(language: str, output: Path) -> None:
    """The whole handbook as pages for a disk or any web server, without quizzes and search."""
    course: MountedCourse = part()
    if language not in (ALL, *course.library.languages):
        refuse(f"The course has no language {language}. It has {', '.join(course.library.languages)}, or {ALL}.")
    if output.suffix != ".zip" and output.exists() and (not output.is_dir() or any(output.iterdir())):
        refuse(f"{output} is there already. Choose a new folder, or a file that ends in .zip.")
    languages = course.library.languages if language == ALL else (language,)
    site_url = course.outside("choose_language")
    books: BookMaker = part("books")
    files = books.site(languages, exit_url=course.exit_url, site_url=site_url)
    if output.suffix == ".zip":
        output.write_bytes(packed(files, FRONT))
    else:
        for name, content in files.items():
            path = output / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
    size = sum(map(len, files.values())) // 1024
    console.print(f"{output}: {len(files)} files, {size} kB. Open {FRONT}.", highlight=False, markup=False)
