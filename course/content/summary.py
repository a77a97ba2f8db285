"""How much there is: what `check --summary` shows of a library."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from course.content.library import Library


@dataclass(frozen=True, slots=True)
class Row:
    """One module in one language."""

    module: str
    language: str
    lessons: int
    words: int
    minutes: int
    questions: int
    sources: int
    #: How many of the sources rest on notes: nobody has opened them since.
    from_notes: int
    #: The oldest day on which one of the opened sources was checked; empty without one.
    checked: str


def summary(library: Library) -> Iterator[Row]:
    """A row for each module that has text and each language."""
    for module in library.modules:
        for language in library.languages:
            lessons = [library.lesson(language, lesson_id) for lesson_id in module.lesson_ids]
            sources = {source for lesson in lessons for source in lesson.sources}
            yield Row(
                module=module.id,
                language=language,
                lessons=len(lessons),
                words=sum(lesson.words for lesson in lessons),
                minutes=sum(lesson.minutes for lesson in lessons),
                questions=len(module.quiz.questions) if module.quiz else 0,
                sources=len(sources),
                from_notes=sum(library.sources[source].seen.how == "notes" for source in sources),
                checked=min(
                    (
                        library.sources[source].seen.day.isoformat()
                        for source in sources
                        if library.sources[source].seen.how != "notes"
                    ),
                    default="",
                ),
            )
