"""Commands that make files out of the course, for use elsewhere."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

import click
from flask.cli import with_appcontext

from course.cli.group import console, course_commands, part, refuse
from course.content.library import Library
from course.domain.errors import NotThere, PdfNotAvailable
from course.services.session_kits import KitMaker, general_kit


class MountedCourse(Protocol):
    """What these commands need of the course that is mounted in the application."""

    library: Library


@course_commands.group("export")
def export_commands() -> None:
    """Files made of the course."""


@export_commands.command("session-kit")
@click.option("--lang", "language", required=True, help="fi, sv or en")
@click.option("--track", "track_id", default="", help="The track that it is about; else the first one.")
@click.option("-o", "--output", required=True, type=click.Path(dir_okay=False, path_type=Path))
@with_appcontext
def session_kit_command(language: str, track_id: str, output: Path) -> None:
    """Plan, slides, case cards and sign-in sheet of a half-day training, as one tagged PDF."""
    course: MountedCourse = part()
    kits: KitMaker = part("kits")
    library = course.library
    if language not in library.languages:
        refuse(f"The course has no language {language}. It has {', '.join(library.languages)}.")
    try:
        kit, modules = general_kit(library, track_id or library.tracks[0].id, language)
        pdf = kits.make(kit, modules, language)
    except NotThere:
        refuse(f"There is no track {track_id}. There are {', '.join(track.id for track in library.tracks)}.")
    except PdfNotAvailable as error:
        refuse(str(error))
    output.write_bytes(pdf)
    console.print(f"{output}: {len(pdf) // 1024} kB", highlight=False, markup=False)
