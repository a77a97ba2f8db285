"""What can be found, as plain words: modules, the beginnings of lessons, their sections, tools and cases."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from course.content.library import Lesson, Library, Module
from course.content.practice import Case, Indicators, Referral
from course.content.sections import CITE, sections_of
from course.content.typography import SOFT_HYPHEN


class Kind(StrEnum):
    SECTION = "section"
    #: A lesson as a whole, with what stands above its first section.
    LESSON = "lesson"
    MODULE = "module"
    TOOL = "tool"
    CASE = "case"


@dataclass(frozen=True, slots=True)
class Document:
    kind: Kind
    id: str
    title: str
    #: Where it stands: the lesson's title, or nothing.
    above: str
    #: The module, for sections and lessons.
    module_id: str
    lesson_id: str
    #: What a reader reads, in one line.
    text: str
    #: Titles of blocks in it, and the laws and other sources that it rests on.
    titles: str = ""
    sources: str = ""


_CITED = re.compile(r'href="#source-([a-z0-9-]+)" aria-label="([^"]*)"')
_BLOCK_TITLE = re.compile(r'<p class="block-title">(.*?)</p>', re.DOTALL)
_SUMMARY = re.compile(r"<summary>.*?</summary>", re.DOTALL)
#: A tag inside a line leaves nothing behind, one that ends a line leaves a space.
_INLINE = re.compile(r"</?(?:a|abbr|b|em|i|q|small|span|strong|sub|sup)\b[^>]*>")
_TAG = re.compile(r"<[^>]+>")
_SPACES = re.compile(r"[ \t\r\n]+")


def documents(library: Library, language: str) -> Iterator[Document]:
    """Everything of a language that a search may find, in the order of the course."""
    for module in library.modules:
        yield _module(module, language)
        for lesson_id in module.lesson_ids:
            yield from _of_lesson(library, library.lesson(language, lesson_id))
    practice = library.practice
    if practice.referral is not None:
        yield _referral(practice.referral, language)
    if practice.indicators is not None:
        yield _indicators(practice.indicators, language)
    for case in practice.cases.values():
        yield _case(case, language)


def plain_words(markup: str) -> str:
    """What a reader reads of safe HTML, in one line and without soft hyphens."""
    text = html.unescape(_TAG.sub(" ", _INLINE.sub("", markup)))
    return _SPACES.sub(" ", text.replace(SOFT_HYPHEN, "")).strip()


def _module(module: Module, language: str) -> Document:
    aims = " ".join(module.objective_words[one][language] for one in module.objectives)
    text = f"{module.summary[language]} {aims}"
    return Document(Kind.MODULE, module.id, module.title[language], "", module.id, "", plain_words(text))


def _of_lesson(library: Library, lesson: Lesson) -> Iterator[Document]:
    titles = {section.id: section.title for section in lesson.sections}
    for part in sections_of(lesson):
        if part.id:
            yield _part(library, lesson, Kind.SECTION, part.id, titles.get(part.id, ""), part.html)
        else:
            yield _part(library, lesson, Kind.LESSON, lesson.id, lesson.title, part.html)


def _part(library: Library, lesson: Lesson, kind: Kind, own_id: str, title: str, markup: str) -> Document:
    return Document(
        kind=kind,
        id=own_id,
        title=title,
        above=lesson.title if kind is Kind.SECTION else "",
        module_id=lesson.module_id,
        lesson_id=lesson.id,
        text=plain_words(_SUMMARY.sub(" ", CITE.sub("", markup))),
        titles=" ".join(plain_words(title) for title in _BLOCK_TITLE.findall(markup)),
        sources=" ".join(_rested_on(library, lesson.language, markup)),
    )


def _rested_on(library: Library, language: str, markup: str) -> Iterator[str]:
    """Each citation, with the sections of the law that it names: "Ulkomaalaislaki 301/2004 52 b–52 c §"."""
    for cite in CITE.findall(markup):
        for source_id, label in _CITED.findall(cite):
            where = html.unescape(label).partition(",")[2].strip()
            yield f"{library.sources[source_id].title_in(language)[0]} {where}"


def _referral(referral: Referral, language: str) -> Document:
    words = referral.words[language]
    asked = " ".join(plain_words(one.ask) for one in words.questions.values())
    return Document(Kind.TOOL, "referral", words.title, "", "", "", plain_words(words.summary), titles=asked)


def _indicators(indicators: Indicators, language: str) -> Document:
    words = indicators.words[language]
    settings = " ".join(words.settings.values())
    return Document(Kind.TOOL, "indicators", words.title, "", "", "", plain_words(words.summary), titles=settings)


def _case(case: Case, language: str) -> Document:
    """Of a case the beginning alone: what follows from a choice is for those who choose."""
    words = case.words[language]
    begins = plain_words(words.nodes[case.graph.nodes[0].id].text)
    return Document(Kind.CASE, case.id, words.title, "", "", "", f"{plain_words(words.summary)} {begins}")
