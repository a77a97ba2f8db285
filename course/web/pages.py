"""What a template is given: plain values, in the reader's language, with addresses already made.

A template never sees a row, a request or the library. Texts named `…_html` are safe HTML, all others are plain text.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Link:
    title: str
    url: str


@dataclass(frozen=True, slots=True)
class LanguageChoice:
    code: str
    #: The language's name in itself: Suomi, Svenska, English.
    name: str
    url: str
    current: bool


@dataclass(frozen=True, slots=True)
class Frame:
    """What every page has around it."""

    lang: str
    site_title: str
    subtitle: str
    edition: str
    languages: tuple[LanguageChoice, ...]
    #: home, progress, handbook, glossary, contacts, sources, certificate, verify, accessibility, privacy,
    #: quick_exit_info
    urls: dict[str, str]
    #: The neutral page that the quick exit goes to.
    exit_url: str
    #: css, js, icon, font
    assets: dict[str, str]
    #: What every page says of its language's texts; empty when there is nothing to say.
    notice: str
    #: The tab of the top navigation that is current: home, handbook, glossary, contacts, progress, or "".
    here: str = ""
    #: What a host puts around the page; None on a site of our own.
    host: Mapping[str, object] | None = None


@dataclass(frozen=True, slots=True)
class Station:
    """One module on the course map."""

    number: int
    id: str
    title: str
    summary: str
    minutes: int
    url: str
    #: passed, started, open, locked
    state: str
    #: The state in words: colour alone never says it.
    state_word: str
    lessons_done: int
    lessons_total: int
    #: Why it is locked, in one sentence; empty otherwise.
    locked_reason: str = ""


@dataclass(frozen=True, slots=True)
class CourseMap:
    stations: tuple[Station, ...]
    passed: int
    total: int
    minutes_left: int
    #: How many modules the certificate still needs: those of its track, which may be fewer than all.
    to_certificate: int
    #: Titles of modules that are planned but have no text yet: said in one line, not drawn as stations.
    planned: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LessonLink:
    title: str
    url: str
    minutes: int
    done: bool
    current: bool


@dataclass(frozen=True, slots=True)
class QuizState:
    """The quiz of a module as its overview and contents list show it."""

    url: str
    #: none, open, failed, passed
    state: str
    state_word: str
    draw: int
    pass_mark: int
    current: bool = False


@dataclass(frozen=True, slots=True)
class SourceNote:
    """A source at the end of a lesson, or in the list of sources."""

    id: str
    number: int
    title: str
    #: Language of the title when it is not the page's.
    title_lang: str
    owner: str
    published: str
    checked: str
    url: str


@dataclass(frozen=True, slots=True)
class OptionView:
    id: str
    text_html: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class Conflict:
    """Two tabs gave two answers: both are shown, the learner chooses."""

    yours: tuple[str, ...]
    saved: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class QuestionView:
    """A question of an open attempt. It knows nothing of the right answer."""

    id: str
    #: Its place in the attempt, or a slot for it.
    number: str
    #: one, several, true-false, order, match
    kind: str
    ask_html: str
    options: tuple[OptionView, ...]
    #: match: the targets to choose from, for each option.
    targets: tuple[OptionView, ...]
    #: The stored answer. order: option ids in order; match: "option=target".
    chosen: tuple[str, ...]
    #: Version of the stored answer, sent back with the next save, or a slot for it.
    version: str
    conflict: Conflict | None = None
    #: Sentence of the error summary for this question; empty when nothing is wrong.
    error: str = ""


@dataclass(frozen=True, slots=True)
class ReviewedOption:
    text_html: str
    chosen: bool
    right: bool
    why_html: str
    #: order: the place the learner gave (from 1) and the right place; match: target texts. Empty otherwise.
    given: str = ""
    wanted: str = ""
    section: Link | None = None


@dataclass(frozen=True, slots=True)
class ReviewedQuestion:
    id: str
    #: Its place in the attempt, or a slot for it.
    number: str
    kind: str
    ask_html: str
    #: right, partly, wrong, unanswered
    verdict: str
    verdict_word: str
    section: Link
    #: The day on which its key was corrected after it was answered; empty for nearly all.
    corrected_on: str = ""


@dataclass(frozen=True, slots=True)
class AttemptRow:
    #: A number, a percentage, a date and an address, or slots for them.
    number: str
    percent: str
    passed: bool
    date: str
    url: str


@dataclass(frozen=True, slots=True)
class ModuleProgress:
    station: Station
    lessons: tuple[LessonLink, ...]
    quiz: QuizState
    attempts: tuple[AttemptRow, ...]
    #: The session whose attendance passed it, or nothing.
    attended: str = ""
    #: Who passed it without the quiz and why, or nothing.
    waived: str = ""


@dataclass(frozen=True, slots=True)
class ContactCard:
    id: str
    name: str
    when: str
    phone: str
    phone_link: str
    email: str
    web: str
    hours: str
    answers_in: str
    cost: str
    #: Labels of what could not be confirmed, in the page's language.
    unconfirmed: tuple[str, ...]
    checked: str


@dataclass(frozen=True, slots=True)
class TermCard:
    id: str
    word: str
    meaning: str
    #: The same term in the other languages: (language name, word).
    others: tuple[tuple[str, str], ...]
    official: bool
