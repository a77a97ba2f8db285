"""Translations: the same sections and blocks in every language, and made from the text as it now stands."""

from __future__ import annotations

from collections.abc import Iterator

from course.content.check.registry import Checked, Fault, rule
from course.content.files import stamp_of
from course.content.package import LessonFile
from course.content.page import Page, Place

PENDING = "pending"
STAMP = "Compare it with the source text, then run `flask --app wsgi course stamp`."


def _translated(checked: Checked) -> Iterator[tuple[LessonFile, Page, Page]]:
    """(translation, its page, the page of the original)"""
    for original, translation in checked.package.pairs():
        pages = checked.rendered.lessons
        lesson_id = original.front.id
        yield translation, pages[translation.language][lesson_id], pages[original.language][lesson_id]


def _difference(here: list[Place], there: list[Place]) -> tuple[int, str, str]:
    """(line, name here, name there) of the first place where two lists part; line 0 when they do not."""
    for mine, its in zip(here, there, strict=False):
        if mine.name != its.name:
            return mine.line, mine.name, its.name
    if len(here) > len(there):
        return here[len(there)].line, here[len(there)].name, "nothing"
    if len(there) > len(here):
        return (here[-1].line if here else 1), "nothing", there[len(here)].name
    return 0, "", ""


@rule("sections-differ")
def sections_differ(checked: Checked) -> Iterator[Fault]:
    """A lesson has the same sections, in the same order, in every language."""
    for lesson, page, original in _translated(checked):
        line, here, there = _difference(page.sections, original.sections)
        if line:
            what = f"The section here is {here}, in the source language {there}."
            yield Fault(lesson.path, lesson.above + line, what, "Give both the same headings with the same ids.")


@rule("blocks-differ")
def blocks_differ(checked: Checked) -> Iterator[Fault]:
    """A lesson has the same blocks, in the same order, in every language."""
    for lesson, page, original in _translated(checked):
        line, here, there = _difference(page.blocks, original.blocks)
        if line:
            what = f"The block here is {here}, in the source language {there}."
            yield Fault(lesson.path, lesson.above + line, what, "Give both the same blocks in the same order.")


@rule("front-differs")
def front_differs(checked: Checked) -> Iterator[Fault]:
    """The front page has the same opening line and principles in every language."""
    package = checked.package
    original = package.course_words.get(package.spine.source_language)
    for language in package.translations:
        words = package.course_words.get(language)
        if original is None or words is None:
            continue
        path = f"modules/{language}/course.yaml"
        if bool(words.welcome) != bool(original.welcome):
            line = checked.line(path, "welcome")
            yield Fault(path, line, "Only some languages have an opening line.", "Write `welcome` in all, or in none.")
        if len(words.principles) != len(original.principles):
            what = f"{len(words.principles)} principles here, {len(original.principles)} in the source language."
            yield Fault(path, checked.line(path, "principles"), what, "Give all languages the same principles.")


def _stamps(checked: Checked) -> Iterator[tuple[str, int, str | None, str]]:
    """(path, line, the stamp it carries, the stamp of the source text) of every translation."""
    package = checked.package
    for original, translation in package.pairs():
        line = translation.head.line("translated_from")
        yield translation.path, line, translation.front.translated_from, original.stamp
    for path, carried, text in package.translated_yaml():
        yield path, checked.line(path, "translated_from"), carried, stamp_of(text)


@rule("translation-unstamped")
def unstamped(checked: Checked) -> Iterator[Fault]:
    """A translation says which state of the source text it was made from."""
    for path, line, carried, _ in _stamps(checked):
        if carried is None:
            yield Fault(path, line, "translated_from is missing.", STAMP)


@rule("translation-pending")
def pending(checked: Checked) -> Iterator[Fault]:
    """No text of a released package is marked as still to be translated."""
    for path, line, carried, _ in _stamps(checked):
        if carried == PENDING:
            yield Fault(path, line, "The translation is marked as pending.", STAMP)


@rule("translation-stale")
def stale(checked: Checked) -> Iterator[Fault]:
    """A translation was made from the source text as it is now."""
    for path, line, carried, current in _stamps(checked):
        if carried not in (None, PENDING, current):
            yield Fault(path, line, "The source text has changed since this was translated.", STAMP)


@rule("stamp-in-source")
def stamp_in_source(checked: Checked) -> Iterator[Fault]:
    """A text in the source language is a translation of nothing."""
    package = checked.package
    source = package.spine.source_language
    for lesson in package.lessons.get(source, {}).values():
        if lesson.front.translated_from is not None:
            line = lesson.head.line("translated_from")
            yield Fault(lesson.path, line, "This is the source language.", "Take translated_from out.")
    for path, carried in package.yaml_words(source) if source in package.quiz_words else ():
        if carried is not None:
            line = checked.line(path, "translated_from")
            yield Fault(path, line, "This is the source language.", "Take translated_from out.")
