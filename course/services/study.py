"""Read: mark a lesson as done, and remember the place."""

from __future__ import annotations

from contextlib import nullcontext
from datetime import datetime

from course.content.library import Library
from course.domain.progress import Progress, Step, next_step
from course.services.tally import counted
from course.storage import learning, people
from course.storage.engine import Store
from course.storage.statements import schedule_statements


def mark_lesson_done(
    store: Store, library: Library, *, learner_id: int, lesson_id: str, language: str, now: datetime
) -> None:
    """The lesson is read. Doing it twice changes nothing; in a module that is locked it is refused."""
    lesson = library.lesson(language, lesson_id)
    module = library.module(lesson.module_id)
    with store.writing() as session:
        progress = learning.progress_of(session, learner_id)
        progress.require_open(module, [shown.id for shown in library.modules])
        # Only somebody's first step is counted, so every later one is spared the counting.
        begun = progress.lessons_done or progress.quizzes_open
        with nullcontext() if begun else counted(session, [learner_id]):
            new = learning.add_lesson_done(
                session, learner_id, lesson_id, edition=library.edition, language=language, now=now
            )
        if new:
            people.record_changed(session, learner_id)
            schedule_statements(session, learner_id, now=now)
        people.set_language(session, learner_id, language)


def remember_place(store: Store, library: Library, *, learner_id: int, section_id: str) -> None:
    """Which section the learner is reading. An unknown section is refused, never stored."""
    _, lesson_id = library.lesson_of_section(section_id)
    with store.writing() as session:
        people.set_place(session, learner_id, f"{lesson_id}#{section_id}")


def step_to_resume(library: Library, progress: Progress, place: str | None) -> tuple[Step, str] | None:
    """Where to go on, and the section: the place last read if it is not done yet, else the first thing undone."""
    lesson_id, _, section_id = (place or "").partition("#")
    lesson = library.lessons[library.source_language].get(lesson_id)
    if lesson is not None and lesson_id not in progress.lessons_done:
        module = library.module(lesson.module_id)
        if not progress.missing_before(module, [shown.id for shown in library.modules]):
            return Step(module.id, lesson_id), section_id
    step = next_step(library.modules, progress)
    return (step, "") if step else None
