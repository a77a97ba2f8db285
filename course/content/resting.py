"""Which state of a section each question and case was last read against: quizzes/read-against.txt.

When a section changes, what rests on it may have become wrong. The file names a question (or `case/` and a case,
`referral/` or `indicators/` and an id), a section, and the mark of the section's text in the source language;
`flask course stamp` writes it after both were read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import PurePath

from course.content import schema
from course.content.files import stamp_of
from course.content.package import INDICATORS, REFERRAL, Package, case_path

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


def resting(package: Package) -> Iterator[tuple[str, str, tuple[str, ...], list[str]]]:
    """(name, path, keys to its line, sections) of all that rests on sections: questions, cases, what tools say."""
    for module, bank in package.quizzes_in_use():
        for question in bank.questions:
            yield question.id, f"quizzes/{module.quiz}.yaml", ("questions", question.id), rests_on(question)
    for case_id, case in package.cases.items():
        yield f"case/{case_id}", case_path(case_id), (), case.sections()
    for path, keys, section, _ in resting_in_tools(package):
        yield "/".join((PurePath(path).stem, *keys[-1:])), path, keys, [section]


def resting_in_tools(package: Package) -> Iterator[tuple[str, tuple[str, ...], str, list[str]]]:
    """(path, keys to its line, section, sources) of all that a tool says."""
    for advice in package.referral.advice if package.referral else ():
        yield REFERRAL, ("advice", advice.id), advice.section, advice.sources
    if package.indicators:
        for setting in package.indicators.settings:
            yield INDICATORS, ("settings", setting.id), setting.section, setting.sources
        for kind, readings in package.indicators.readings():
            for reading in readings:
                yield INDICATORS, (kind, reading.id), reading.section, reading.sources


def read_against(package: Package) -> dict[tuple[str, str], str]:
    """(name of what rests, section id) -> the mark written down."""
    lines = (line.split() for line in package.texts.get(READ_AGAINST, "").splitlines() if not line.startswith("#"))
    return {(words[0], words[1]): words[2] for words in lines if len(words) == 3}


def changed_since_read(package: Package) -> Iterator[tuple[str, str, tuple[str, ...], str, bool]]:
    """(name, path, keys to its line, section, whether it was ever read against it) of all whose section has changed.

    Nothing where the package does not say what anything was read against.
    """
    written = read_against(package)
    if not written:
        return
    stamps = section_stamps(package)
    for name, path, keys, sections in resting(package):
        for section in sections:
            carried = written.get((name, section))
            if section in stamps and carried != stamps[section]:
                yield name, path, keys, section, carried is not None


def current_lines(package: Package) -> Iterator[str]:
    """The file as it should be now."""
    stamps = section_stamps(package)
    for name, _, _, sections in resting(package):
        for section in sections:
            if section in stamps:
                yield f"{name} {section} {stamps[section]}"
