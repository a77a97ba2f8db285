"""Which state of a section each question was last read against: quizzes/read-against.txt.

When a section changes, the questions that rest on it may have become wrong. The file names a question, a section and
the mark of the section's text in the source language; `flask course stamp` writes it after the questions were read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from course.content import schema
from course.content.files import stamp_of
from course.content.package import Package

READ_AGAINST = "quizzes/read-against.txt"
HEAD = "# Written by `flask course stamp`: question, section, mark of the section's text it was last read against.\n"

_HEADING = re.compile(r"^## .*\{#([a-z0-9-]+)\}\s*$", re.MULTILINE)


def section_stamps(package: Package) -> dict[str, str]:
    """section id -> mark of its text in the source language, heading included."""
    stamps = {}
    for lesson in package.lessons.get(package.spine.source_language, {}).values():
        headings = list(_HEADING.finditer(lesson.body))
        ends = [heading.start() for heading in headings[1:]] + [len(lesson.body)]
        for heading, end in zip(headings, ends, strict=False):
            stamps[heading[1]] = stamp_of(lesson.body[heading.start() : end])
    return stamps


def rests_on(question: schema.QuestionKey) -> list[str]:
    """The sections of a question and of its options, each once."""
    return list(dict.fromkeys([question.section, *question.sections.values()]))


def read_against(package: Package) -> dict[tuple[str, str], str]:
    """(question id, section id) -> the mark written down."""
    lines = (line.split() for line in package.texts.get(READ_AGAINST, "").splitlines() if not line.startswith("#"))
    return {(words[0], words[1]): words[2] for words in lines if len(words) == 3}


def current_lines(package: Package) -> Iterator[str]:
    """The file as it should be now."""
    stamps = section_stamps(package)
    for _, bank in package.quizzes_in_use():
        for question in bank.questions:
            for section in rests_on(question):
                if section in stamps:
                    yield f"{question.id} {section} {stamps[section]}"
