"""The content package as the rest of the house sees it: immutable, complete, with an edition and a hash.

Built by `course.content.loading` from the files described in docs/content-format.md. Language codes are those of the
package ("fi", "sv", "en"); HTML strings are safe to put into a page as they are.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from course.content.practice import Case, Practice
from course.domain.edition import Edition
from course.domain.errors import NotThere
from course.domain.quiz import Question

#: One text per language code.
Words = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Seen:
    """When an entry was last held against its source, and what was opened."""

    day: date
    #: page, copy (a stored copy of the page), part (of a stored copy), notes (not opened: the entry comes from notes)
    how: str
    #: The year, month or day whose state the opened text shows, as "2024", "2024-02" or "2024-02-16"; "" when unknown.
    as_of: str = ""


@dataclass(frozen=True, slots=True)
class Source:
    id: str
    title: Words
    owner: str
    kind: str
    seen: Seen
    next_check: date
    url: str = ""
    published: str = ""

    def title_in(self, language: str) -> tuple[str, str]:
        """The title and the language it is in: the reader's own when the source has one."""
        if language in self.title:
            return self.title[language], language
        found = next(iter(self.title))
        return self.title[found], found


@dataclass(frozen=True, slots=True)
class Contact:
    id: str
    name: Words
    when: Words
    source: str
    seen: Seen
    next_check: date
    phone: str = ""
    email: str = ""
    web: str = ""
    hours: Words = field(default_factory=dict)
    answers_in: Words = field(default_factory=dict)
    cost: Words = field(default_factory=dict)
    unconfirmed: frozenset[str] = frozenset()

    @property
    def phone_link(self) -> str:
        """`tel:` address. Short numbers (112, 116 006) and free numbers stay as they are dialled in Finland."""
        digits = "".join(character for character in self.phone if character.isdigit() or character == "+")
        return f"tel:{digits}" if digits else ""


@dataclass(frozen=True, slots=True)
class Term:
    id: str
    words: Words
    meaning: Words
    official: bool = False


@dataclass(frozen=True, slots=True)
class Group:
    """Where learners belong: a network, a kind of organisation, a profession."""

    id: str
    name: Words


@dataclass(frozen=True, slots=True)
class Section:
    id: str
    title: str


@dataclass(frozen=True, slots=True)
class Lesson:
    """One page of a module, in one language."""

    id: str
    module_id: str
    language: str
    title: str
    #: The body below the title, for learners (no trainer blocks).
    html: str
    sections: tuple[Section, ...]
    #: Sources cited, in order of first citation: the numbers in the text are places in this tuple, from 1.
    sources: tuple[str, ...]
    terms: tuple[str, ...]
    contacts: tuple[str, ...]
    words: int
    minutes: int
    path: str


@dataclass(frozen=True, slots=True)
class OptionWords:
    #: Inline HTML.
    text: str
    #: Inline HTML: why this option is right or wrong.
    why: str


@dataclass(frozen=True, slots=True)
class QuestionWords:
    #: Inline HTML.
    ask: str
    options: Mapping[str, OptionWords]
    #: Inline HTML, for match questions.
    targets: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Quiz:
    id: str
    draw: int
    questions: tuple[Question, ...]
    #: words[language][question id]
    words: Mapping[str, Mapping[str, QuestionWords]]

    def question(self, question_id: str) -> Question:
        for question in self.questions:
            if question.id == question_id:
                return question
        raise NotThere(question_id)


@dataclass(frozen=True, slots=True)
class Module:
    id: str
    #: Place among the modules that have text, from 1.
    number: int
    minutes: int
    objectives: tuple[str, ...]
    requires: tuple[str, ...]
    #: Lesson ids in order; empty for a planned module.
    lesson_ids: tuple[str, ...]
    quiz: Quiz | None
    title: Words
    summary: Words
    #: objective id -> words
    objective_words: Mapping[str, Words]


@dataclass(frozen=True, slots=True)
class Track:
    id: str
    title: Words
    summary: Words
    module_ids: tuple[str, ...]
    #: How many years its certificate is valid; None: for ever.
    valid_years: int | None = None
    #: Modules that are passed by attending a session about them.
    passed_by_attendance: tuple[str, ...] = ()
    #: The template of its certificate; empty: the one that the site has set.
    certificate: str = ""


@dataclass(frozen=True, slots=True)
class PreTest:
    """What is asked before the course and after it."""

    #: In each of the two forms.
    questions: int
    minutes: int
    #: The modules whose banks the questions come from.
    module_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ReachBefore:
    """How many professionals were reached before this site began to count, as its source says."""

    people: int
    #: The source says "over".
    at_least: bool
    until: date
    source: str


@dataclass(frozen=True, slots=True)
class ChangeText:
    """What is different in a section since an edition, for whoever knew it before."""

    html: str
    words: int


@dataclass(frozen=True, slots=True)
class Library:
    id: str
    edition: str
    published: date
    #: Hash of everything the package says, hex. Two libraries with the same hash show the same pages.
    hash: str
    languages: tuple[str, ...]
    source_language: str
    pass_mark: int
    title: Words
    subtitle: Words
    #: The opening line of the front page; empty when the package has none.
    welcome: Words
    #: What every page says of its language's texts; empty when there is nothing to say.
    notice: Words
    #: By language: (title, text) of what everybody should remember.
    principles: Mapping[str, tuple[tuple[str, str], ...]]
    #: The modules that have text, in order.
    modules: tuple[Module, ...]
    #: The modules of the spine that have none yet.
    planned: tuple[Module, ...]
    tracks: tuple[Track, ...]
    #: lessons[language][lesson id]
    lessons: Mapping[str, Mapping[str, Lesson]]
    sources: Mapping[str, Source]
    contacts: Mapping[str, Contact]
    terms: Mapping[str, Term]
    #: In the order of their files. Trainers belong to networks; learners may tell all three, and need not.
    networks: Mapping[str, Group]
    organisations: Mapping[str, Group]
    professions: Mapping[str, Group]
    practice: Practice = field(default_factory=Practice)
    #: None when the package names no figure.
    reach_before: ReachBefore | None = None
    #: None when the package asks nothing before the course.
    pre_test: PreTest | None = None
    #: By language: words that mean the same to somebody who searches.
    alike: Mapping[str, tuple[tuple[str, ...], ...]] = field(default_factory=dict)
    #: Those that are written down, oldest first.
    editions: tuple[Edition, ...] = ()
    #: By language, then by edition, then by section.
    changes: Mapping[str, Mapping[str, Mapping[str, ChangeText]]] = field(default_factory=dict)

    def module(self, module_id: str) -> Module:
        for module in self.modules:
            if module.id == module_id:
                return module
        raise NotThere(module_id)

    def lesson(self, language: str, lesson_id: str) -> Lesson:
        try:
            return self.lessons[language][lesson_id]
        except KeyError:
            raise NotThere(lesson_id) from None

    def case(self, case_id: str) -> Case:
        try:
            return self.practice.cases[case_id]
        except KeyError:
            raise NotThere(case_id) from None

    def track(self, track_id: str) -> Track:
        for track in self.tracks:
            if track.id == track_id:
                return track
        raise NotThere(track_id)

    def quiz(self, module_id: str) -> Quiz:
        quiz = self.module(module_id).quiz
        if quiz is None:
            raise NotThere(module_id)
        return quiz

    def lesson_of_section(self, section_id: str) -> tuple[str, str]:
        """(module id, lesson id) where a section stands."""
        for lesson in self.lessons[self.source_language].values():
            if any(section.id == section_id for section in lesson.sections):
                return lesson.module_id, lesson.id
        raise NotThere(section_id)
