"""The whole handbook of a language as it goes into one file, in the learner's or the trainer's edition.

The library has no trainers' notes, as no page shows them; for the trainer's edition the lessons are rendered anew.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from course.content.library import Contact, Lesson, Library, Source, Term
from course.content.markdown import Renderer
from course.content.package import read


class Edition(StrEnum):
    LEARNER = "learner"
    TRAINER = "trainer"


@dataclass(frozen=True, slots=True)
class BookLesson:
    id: str
    title: str
    #: As pages have it: links with the schemes term:, lesson:, section:, and numbers of sources.
    html: str
    section_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class BookModule:
    id: str
    number: int
    title: str
    summary: str
    objectives: tuple[str, ...]
    lessons: tuple[BookLesson, ...]


@dataclass(frozen=True, slots=True)
class Handbook:
    language: str
    edition: Edition
    title: str
    subtitle: str
    #: The number of the content's edition, and what every page says of its language's texts.
    version: str
    notice: str
    modules: tuple[BookModule, ...]
    contacts: tuple[Contact, ...]
    terms: tuple[Term, ...]
    #: Cited sources, in order of first citation.
    sources: tuple[Source, ...]
    #: Identifies this very content.
    hash: str


def handbook(root: Path, library: Library, language: str, edition: Edition) -> Handbook:
    """Everything of a language, in the order of the course."""
    texts, cited = _texts(root, library, language, edition)
    modules = tuple(
        BookModule(
            module.id,
            module.number,
            module.title[language],
            module.summary[language],
            tuple(module.objective_words[one][language] for one in module.objectives),
            tuple(_lesson(library.lesson(language, lesson_id), texts[lesson_id]) for lesson_id in module.lesson_ids),
        )
        for module in library.modules
    )
    return Handbook(
        language=language,
        edition=edition,
        title=library.title[language],
        subtitle=library.subtitle[language],
        version=library.edition,
        notice=library.notice[language],
        modules=modules,
        contacts=tuple(library.contacts.values()),
        terms=tuple(sorted(library.terms.values(), key=lambda term: term.words[language].casefold())),
        sources=tuple(library.sources[one] for one in cited),
        hash=library.hash,
    )


def _lesson(lesson: Lesson, text: str) -> BookLesson:
    return BookLesson(lesson.id, lesson.title, text, tuple(section.id for section in lesson.sections))


def _texts(root: Path, library: Library, language: str, edition: Edition) -> tuple[Mapping[str, str], tuple[str, ...]]:
    """Lesson id -> HTML, and the sources that are cited."""
    order = [lesson_id for module in library.modules for lesson_id in module.lesson_ids]
    if edition is Edition.LEARNER:
        lessons = library.lessons[language]
        cited = dict.fromkeys(source for one in order for source in lessons[one].sources)
        return {one: lessons[one].html for one in order}, tuple(cited)
    renderer = Renderer(language, library.terms, library.sources, library.contacts, for_trainers=True)
    package = read(root)
    pages = {one: renderer.lesson(package.lessons[language][one].body) for one in order}
    cited = dict.fromkeys(source for page in pages.values() for source in page.sources)
    return {one: page.html for one, page in pages.items()}, tuple(cited)
