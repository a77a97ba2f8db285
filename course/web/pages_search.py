"""What the template of the search is given: plain values, in the reader's language, with addresses already made."""

from __future__ import annotations

from dataclasses import dataclass

from course.web.pages import ContactCard, Link, TermCard


@dataclass(frozen=True, slots=True)
class Hit:
    """A place that was found."""

    title: str
    url: str
    #: Where it stands: the module, and the lesson of a section.
    where: str
    #: A piece of its text: (words, whether they were asked for).
    snippet: tuple[tuple[str, bool], ...]


@dataclass(frozen=True, slots=True)
class TermHit:
    term: TermCard
    url: str


@dataclass(frozen=True, slots=True)
class Results:
    """What was found, by kind. Contacts stand first: who looks for a number may need it now."""

    contacts: tuple[ContactCard, ...]
    terms: tuple[TermHit, ...]
    places: tuple[Hit, ...]
    tools: tuple[Hit, ...]
    #: (typed word, the word that was searched for in its place)
    instead: tuple[tuple[str, str], ...]

    @property
    def found(self) -> bool:
        return bool(self.contacts or self.terms or self.places or self.tools)


@dataclass(frozen=True, slots=True)
class Suggestions:
    """Ways on where there are no results: words that people look for, and the modules."""

    words: tuple[Link, ...]
    modules: tuple[Link, ...]
