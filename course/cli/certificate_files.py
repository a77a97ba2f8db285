"""The command that makes files of certificates: one, all, or a sample."""

from __future__ import annotations

import resource
import sys
import time
from functools import partial
from pathlib import Path

import click
from flask.cli import with_appcontext
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

from course.cli.certificates import MountedCourse, certificate_commands, site_here
from course.cli.group import console
from course.domain.errors import CourseError
from course.exports.rendering_process import InProcess
from course.services.certificate_batch import Done, cores, count_missing_files, make_missing_files
from course.services.certificate_files import file_of_code


@certificate_commands.command("render")
@click.argument("code", required=False)
@click.option("--all", "everything", is_flag=True, help="Make every file that is missing.")
@click.option("--jobs", type=click.IntRange(1, 64), help="Processes at once; without it one for each core.")
@click.option("--lang", "language", default="fi", show_default=True, help="The language of the sample.")
@click.option("--template", help="The template of the sample; without it the one in use.")
@click.option("-o", "--output", type=click.Path(dir_okay=False, path_type=Path), help="Where the PDF is written.")
@with_appcontext
def render_command(
    code: str | None, everything: bool, jobs: int | None, language: str, template: str | None, output: Path | None
) -> None:
    """Make files of certificates: with --all those that are missing, with CODE one, and otherwise a template's sample.

    A file that was made once is never made anew.
    """
    site = site_here()
    if everything:
        sys.exit(_render_all(site, jobs or cores()))
    try:
        pdf = (
            _one(site, code)
            if code
            else site.previews.draw(template or site.certificate_templates.default.name, language)
        )
    except CourseError as error:
        raise click.ClickException(f"{type(error).__name__}: {error}") from error
    finally:
        site.previews.close()
    target = output or Path(f"{code or 'sample'}.pdf")
    target.write_bytes(pdf)
    console.print(f"{target}: {len(pdf)} bytes", highlight=False, markup=False)


def _one(site: MountedCourse, code: str) -> bytes:
    renderer = InProcess(site.certificate_templates, site.signing)
    return file_of_code(site.store, renderer, code, site.now())


def _render_all(site: MountedCourse, processes: int) -> int:
    missing = count_missing_files(site.store)
    if not missing:
        console.print("Every certificate has its file.")
        return 0
    console.print(f"{missing} files to make, {processes} processes", highlight=False)
    began = time.monotonic()
    with _bar() as bar:
        task = bar.add_task("files", total=missing)
        done = make_missing_files(
            site.store,
            partial(InProcess, site.certificate_templates, site.signing),
            processes=processes,
            now=site.now(),
            tell=lambda so_far: bar.update(task, completed=so_far.made + so_far.failed),
        )
    _tell(done, time.monotonic() - began)
    return 1 if done.failed else 0


def _bar() -> Progress:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    return Progress(*columns, TimeRemainingColumn(), console=console, transient=not console.is_terminal)


def _tell(done: Done, seconds: float) -> None:
    if done.made:
        console.print(
            f"{done.made} files in {seconds:.1f} s: {done.made / seconds:.1f} a second, "
            f"{1000 * seconds / done.made:.1f} ms and {done.bytes / done.made / 1000:.1f} kB each",
            highlight=False,
        )
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.made:
        worked = children.ru_utime + children.ru_stime
        console.print(f"Processor time: {1000 * worked / done.made:.1f} ms each, start included", highlight=False)
    largest = children.ru_maxrss // 1024
    own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    console.print(f"Memory: {largest} MB in the largest of the processes, {own} MB here", highlight=False)
    if done.failed:
        console.print(f"{done.failed} could not be made. The first fault: {done.fault}", highlight=False, markup=False)
