"""What the templates of the texts side by side are given."""

from __future__ import annotations

from dataclasses import dataclass

from course.web.pages import Link


@dataclass(frozen=True, slots=True)
class Column:
    """One of the two languages, and how its file stands."""

    lang: str
    #: The language's name in itself.
    language: str
    title: str
    words: int
    path: str
    #: For components/staff.html: done, late, none.
    mark: str
    state: str
    url: str


@dataclass(frozen=True, slots=True)
class Half:
    """A piece of text in one of the two languages."""

    lang: str
    language: str
    #: Safe HTML, both; empty for what this language does not have.
    heading_html: str
    html: str
    words: int
    #: The learner's page.
    url: str


@dataclass(frozen=True, slots=True)
class SectionPair:
    #: Empty for what stands above the first section.
    id: str
    #: The heading on the left, or where that is missing on the right, and its language.
    title: str
    lang: str
    halves: tuple[Half, ...]


@dataclass(frozen=True, slots=True)
class OptionHalf:
    lang: str
    language: str
    text_html: str
    why_html: str
    #: match: what it goes with.
    wanted_html: str


@dataclass(frozen=True, slots=True)
class OptionPair:
    right: bool
    #: The verdict in words; of an order question its place.
    verdict: str
    halves: tuple[OptionHalf, ...]


@dataclass(frozen=True, slots=True)
class AskHalf:
    lang: str
    language: str
    ask_html: str
    words: int
    section: Link


@dataclass(frozen=True, slots=True)
class QuestionPair:
    id: str
    number: int
    kind: str
    #: When it was last read, in words.
    reviewed: str
    #: Titles of the sections that have changed since.
    changed: tuple[str, ...]
    asks: tuple[AskHalf, ...]
    options: tuple[OptionPair, ...]


@dataclass(frozen=True, slots=True)
class TextRow:
    """A lesson or a quiz in the list of texts."""

    title: str
    url: str
    #: (name of the language, words) in the order of the package.
    words: tuple[tuple[str, int], ...]
    #: What is wrong with which translation, in words.
    behind: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ModuleTexts:
    id: str
    number: int
    title: str
    rows: tuple[TextRow, ...]


@dataclass(frozen=True, slots=True)
class PairForm:
    """The form that chooses the two languages."""

    url: str
    choices: tuple[tuple[str, str], ...]
    left: str
    right: str
    #: One language was chosen twice.
    same: bool
    #: What cannot be known of the translations now; empty when all of it can.
    unknown: str
