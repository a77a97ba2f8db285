"""Commands that make the questions of the course into files for other programs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Protocol
from urllib.parse import urlsplit

import click
from flask.cli import with_appcontext

from course.cli.exports import export_commands
from course.cli.group import console, part, refuse
from course.content.library import Library
from course.domain.quiz import Kind
from course.exports.questions.gift import gift
from course.exports.questions.items import Address, Bank, ItemMaker, Say
from course.exports.questions.moodle import moodle_xml
from course.exports.questions.qti import qti_package

language_option = click.option("--lang", "language", required=True, help="fi, sv or en")
output_option = click.option("-o", "--output", required=True, type=click.Path(dir_okay=False, path_type=Path))

#: What each of our kinds became. Said at every export, so that nobody looks for what a format does not have.
BECAME = {
    "moodle-xml": {
        Kind.ONE: "multiple choice, one answer",
        Kind.SEVERAL: "multiple choice, several answers, with the same points for a part",
        Kind.TRUE_FALSE: "true/false, in Moodle's own two words",
        Kind.ORDER: "matching with places 1, 2, 3: the same points for a part; reasons in the general feedback",
        Kind.MATCH: "matching: the same points for a part; reasons in the general feedback",
    },
    "qti3": {
        Kind.ONE: "choice interaction",
        Kind.SEVERAL: "choice interaction with a mapping, with the same points for a part",
        Kind.TRUE_FALSE: "choice interaction",
        Kind.ORDER: "order interaction with a share for each place; reasons together in one feedback",
        Kind.MATCH: "match interaction with a mapping; reasons together in one feedback",
    },
}
BECAME["gift"] = BECAME["moodle-xml"]


class MountedCourse(Protocol):
    """What these commands need of the course that is mounted in the application."""

    library: Library

    def outside(self, endpoint: str, **values: object) -> str: ...

    def say(self, language: str, text: str, **values: object) -> str: ...


def addresses(course: MountedCourse, language: str) -> Address:
    """Whole addresses of places of the site, as they are seen from outside."""
    library = course.library

    def lesson(lesson_id: str) -> str:
        module_id = library.lesson(language, lesson_id).module_id
        return course.outside("lesson", lang=language, module_id=module_id, lesson_id=lesson_id)

    def address(kind: str, name: str) -> str:
        if kind == "lesson":
            return lesson(name)
        if kind == "section":
            return f"{lesson(library.lesson_of_section(name)[1])}#{name}"
        page = {"term": "glossary", "source": "sources"}[kind]
        return f"{course.outside(page, lang=language)}#{name}"

    return address


@export_commands.command("moodle-xml")
@language_option
@output_option
@with_appcontext
def moodle_xml_command(language: str, output: Path) -> None:
    """All questions for Moodle's question bank, one category a module."""
    _export("moodle-xml", language, output, moodle_xml)


@export_commands.command("gift")
@language_option
@output_option
@with_appcontext
def gift_command(language: str, output: Path) -> None:
    """All questions as GIFT, a plain text that many programs read."""
    _export("gift", language, output, gift)


@export_commands.command("qti3")
@language_option
@output_option
@with_appcontext
def qti3_command(language: str, output: Path) -> None:
    """All questions as a QTI 3.0 package, one test a module."""
    library: Library = part().library
    make = partial(qti_package, course_id=library.id, language=language, edition=library.edition)
    _export("qti3", language, output, make)


def _export(name: str, language: str, output: Path, make: Callable[[Sequence[Bank], Say], bytes]) -> None:
    course: MountedCourse = part()
    if language not in course.library.languages:
        refuse(f"The course has no language {language}. It has {', '.join(course.library.languages)}.")
    say = partial(course.say, language)
    banks = list(ItemMaker(course.library, language, say, addresses(course, language)).banks())
    made = make(banks, say)
    output.write_bytes(made)
    console.print(f"{output}: {len(made) // 1024} kB", highlight=False, markup=False)
    _tell(name, banks)
    if urlsplit(course.outside("home", lang=language)).hostname in ("127.0.0.1", "localhost"):
        console.print(
            "The links in the questions lead to this machine only. "
            "Set FLASK_COURSE_BASE_URL to the address of the site, and export again.",
            highlight=False,
            markup=False,
        )


def _tell(name: str, banks: Sequence[Bank]) -> None:
    items = [item for bank in banks for item in bank.items]
    for kind, number in sorted(Counter(item.kind for item in items if not item.decision).items()):
        console.print(f"{number} {kind}: {BECAME[name][kind]}", highlight=False, markup=False)
    if decisions := sum(item.decision for item in items):
        console.print(
            f"{decisions} decisions of cases: {BECAME[name][Kind.ONE]}, each by itself: what follows a choice is told, "
            "and does not branch",
            highlight=False,
            markup=False,
        )
