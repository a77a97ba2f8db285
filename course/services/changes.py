"""What changed since a learner studied, and that she has read it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from course.content.library import Library
from course.content.reading import reading_minutes
from course.domain.edition import Edition, changes_for, unread
from course.storage import editions, people
from course.storage.editions import StudiedIn
from course.storage.engine import Store
from course.storage.hot import Place


@dataclass(frozen=True, slots=True)
class Changes:
    """Newest edition first, each with the sections that concern the learner."""

    editions: Sequence[Edition] = ()
    #: Those whose changes she has not marked as read.
    unread: Sequence[Edition] = ()

    @property
    def sections(self) -> int:
        """How many sections there are to read about."""
        return len({section for edition in self.unread for section in edition.changed})


def changes_of(place: Place, library: Library, learner_id: int) -> Changes:
    """One statement; none for a package of which no edition changed anything."""
    if not any(edition.changed for edition in library.editions):
        return Changes()
    studied = editions.studied_in(place, learner_id)
    found = changes_for(library.editions, sections_studied(library, studied))
    return Changes(found, unread(library.editions, found, studied.read))


def sections_studied(library: Library, studied: StudiedIn) -> dict[str, str]:
    """section id -> the edition under which she studied it: that of its page, else that of its module."""
    found = {}
    for lesson in library.lessons[library.source_language].values():
        edition = studied.lessons.get(lesson.id) or studied.modules.get(lesson.module_id)
        if edition:
            found.update(dict.fromkeys((section.id for section in lesson.sections), edition))
    return found


def minutes_to_read(library: Library, changes: Changes, language: str) -> int:
    """How long it takes to read what is said of the changes."""
    texts = library.changes[language]
    words = sum(texts[edition.id][section].words for edition in changes.unread for section in edition.changed)
    return reading_minutes(words, language)


def mark_changes_read(store: Store, library: Library, learner_id: int, *, now: datetime) -> None:
    """She has read about everything up to this edition. Doing it twice changes nothing."""
    with store.writing() as session:
        if editions.add_changes_read(session, learner_id, library.edition, now=now):
            people.record_changed(session, learner_id)
