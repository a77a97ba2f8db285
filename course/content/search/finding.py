"""A query finds its places: contacts, terms, and the documents that say most about it (BM25)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from math import log
from typing import TypeVar

from course.content.library import Contact, Library, Term
from course.content.search.alike import Alike
from course.content.search.documents import Document, Kind
from course.content.search.index import STEP, Index
from course.content.search.near import SAME_WORD, Vocabulary
from course.content.search.words import asked_words, asking_words, dialled, without_call_words, words_at

#: A query is cut here: nobody looks for more, and the time that a search takes has a limit.
LONGEST_QUERY = 200
MOST_WORDS = 12

MOST_PLACES = 12
MOST_CONTACTS = 2
MOST_TERMS = 2
MOST_TOOLS = 3
#: BM25: how fast more of the same word stops to count, and how much a long text is held back.
SATURATION = 1.2
LENGTH = 0.5
#: A word that means the same as the typed one.
OTHER_WORD = 0.8
#: How much it counts that everything asked for is there.
WHOLE = 0.7
#: What a heading that asks the same question is worth.
ASKING = 0.8
#: What says so much less than the first is left out.
LEAST = 0.12
#: So much of a name must be asked for.
NAME_SHARE = 0.33
WHOLE_NAME = 0.99
#: Letters around the words of a snippet.
SNIPPET = 220


@dataclass(frozen=True, slots=True)
class Place:
    document: Document
    score: float
    #: The piece of the text with the most of what was asked for: (words, whether they are marked).
    snippet: tuple[tuple[str, bool], ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """What was found for a query, best first."""

    contacts: tuple[Contact, ...] = ()
    terms: tuple[Term, ...] = ()
    #: Sections, lessons and modules.
    places: tuple[Place, ...] = ()
    #: Tools and cases.
    tools: tuple[Place, ...] = ()
    #: What was searched for in place of a word that the course does not have.
    instead: Mapping[str, str] = field(default_factory=dict)

    @property
    def found(self) -> bool:
        return bool(self.contacts or self.terms or self.places or self.tools)


@dataclass(frozen=True, slots=True)
class _Asked:
    """A word of the query, and the words of the course that it may mean."""

    typed: str
    meant: Mapping[str, float]
    #: The course does not have the word: it was mended or taken apart.
    guessed: bool = False


class Finder:
    """Searches one language of a library."""

    def __init__(self, library: Library, language: str, index: Index) -> None:
        self._library, self._language, self._index = library, language, index
        often = {form: len(places) // STEP for form, places in index.postings.items()}
        self._vocabulary = Vocabulary(language, index.stems, often)
        self._alike = Alike(library.alike.get(language, ()), language)
        self._average = sum(index.lengths) / max(len(index.lengths), 1)
        self._often = often
        self._contacts = [(one, self._names(one.name[language])) for one in library.contacts.values()]
        self._terms = [(one, self._names(one.words[language])) for one in library.terms.values()]

    def _names(self, text: str) -> tuple[str, ...]:
        return tuple(asked_words([found.form for found in words_at(text)], self._language))

    def find(self, query: str) -> Answer:
        """Everything that a query finds. The query is kept nowhere."""
        query = query[:LONGEST_QUERY]
        if digits := dialled(query):
            called = tuple(one for one in self._library.contacts.values() if _has_number(one, digits))
            if called:
                return Answer(contacts=called[:MOST_CONTACTS])
        forms = [found.form for found in words_at(query)]
        asked = self._asked(forms)
        places = self._places(asked, asking_words(forms, self._language))
        return Answer(
            contacts=self._called(asked),
            terms=_best(self._terms, asked, MOST_TERMS, WHOLE_NAME),
            places=tuple(places[Kind.SECTION][:MOST_PLACES]),
            tools=tuple(places[Kind.TOOL][:MOST_TOOLS]),
            instead=self._instead(asked),
        )

    def _asked(self, forms: Sequence[str]) -> list[_Asked]:
        """The words of a query, each with what it may mean; words that mean the same are searched for together."""
        said = asked_words(forms, self._language)
        asked: list[_Asked] = []
        for typed, others in self._alike.grouped(forms):
            if typed in said or not typed:
                asked += self._one(typed or others[0], others)
        return asked[:MOST_WORDS]

    def _one(self, typed: str, others: Sequence[str]) -> list[_Asked]:
        meant = self._with_others(self._vocabulary.meant(typed), others)
        if meant:
            return [_Asked(typed, meant)]
        parts = self._vocabulary.guessed(typed)
        return [
            _Asked(typed, self._with_others(part, self._alike.others(self._best(part))), guessed=True) for part in parts
        ] or [_Asked(typed, {})]

    def _with_others(self, meant: dict[str, float], others: Sequence[str]) -> dict[str, float]:
        """Together with the words that mean the same."""
        for other in others:
            for form, sure in self._vocabulary.meant(other).items():
                meant[form] = max(meant.get(form, 0.0), sure * OTHER_WORD)
        return meant

    def _best(self, meant: Mapping[str, float]) -> str:
        return max(meant, key=lambda form: (meant[form], self._often[form]))

    def _instead(self, asked: Iterable[_Asked]) -> dict[str, str]:
        """Typed words that no word of the course is a form or a part of, and what was searched for."""
        return {one.typed: self._best(one.meant) for one in asked if one.guessed}

    def _called(self, asked: Sequence[_Asked]) -> tuple[Contact, ...]:
        named = without_call_words([one.typed for one in asked], self._language)
        return _best(self._contacts, [one for one in asked if one.typed in named], MOST_CONTACTS, NAME_SHARE)

    def _places(self, asked: Sequence[_Asked], asking: Sequence[str]) -> dict[Kind, list[Place]]:
        scores = self._scores(asked, asking)
        highest = max(scores.values(), default=0.0)
        ranked = sorted(scores, key=lambda number: (-scores[number], number))
        marked = {form for one in asked for form in one.meant}
        found: dict[Kind, list[Place]] = {Kind.SECTION: [], Kind.TOOL: []}
        for number in ranked:
            document = self._index.documents[number]
            group = found[Kind.TOOL if document.kind in (Kind.TOOL, Kind.CASE) else Kind.SECTION]
            if scores[number] < LEAST * highest or len(group) >= MOST_PLACES:
                continue
            group.append(Place(document, scores[number], snippet(document.text, marked)))
        return found

    def _scores(self, asked: Sequence[_Asked], asking: Sequence[str]) -> dict[int, float]:
        total: dict[int, float] = defaultdict(float)
        met: dict[int, float] = defaultdict(float)
        possible = 0.0
        for one in asked:
            said = self._said(one)
            rare = self._rarity(one, len(said))
            possible += rare
            for number, (times, headed) in said.items():
                length = 1 - LENGTH + LENGTH * self._index.lengths[number] / self._average
                total[number] += rare * (times * (SATURATION + 1) / (times + SATURATION * length) + headed)
                met[number] += rare * min(1.0, times + headed)
        for form in asking:
            for number, (_, headed) in self._said(_Asked(form, {form: 1.0})).items() if form in self._often else ():
                if number in total:
                    total[number] += ASKING * headed
        # A place with all that was asked for is worth more than one with much of a part of it.
        return (
            {number: value * (met[number] / possible) ** WHOLE for number, value in total.items()} if possible else {}
        )

    def _said(self, one: _Asked) -> dict[int, tuple[float, float]]:
        """Document -> how often its text says the word in any form, and what its headings say."""
        times: dict[int, float] = defaultdict(float)
        headed: dict[int, float] = defaultdict(float)
        for form, sure in one.meant.items():
            places = self._index.postings[form]
            for place in range(0, len(places), STEP):
                number = places[place]
                times[number] += sure * places[place + 1]
                headed[number] = max(headed[number], sure * places[place + 2] / 100)
        return {number: (often, headed[number]) for number, often in times.items()}

    def _rarity(self, one: _Asked, often: int) -> float:
        """A word that few documents have says more. One that none has counts as asked for and not met."""
        known = [form for form, sure in one.meant.items() if sure >= SAME_WORD]
        at_least = max((self._often[form] for form in known), default=often)
        number = max(at_least, often // 2)
        return log(1 + (len(self._index.documents) - number + 0.5) / (number + 0.5))


Named = TypeVar("Named", Contact, Term)


def _best(
    named: Sequence[tuple[Named, tuple[str, ...]]], asked: Sequence[_Asked], most: int, share: float
) -> tuple[Named, ...]:
    """Those whose names have every word that was asked for, the most fully named first."""
    if not asked:
        return ()
    found = []
    for one, names in named:
        sure = [max((each.meant.get(name, 0.0) for name in names), default=0.0) for each in asked]
        met = {name for each in asked for name in names if each.meant.get(name, 0.0) >= 0.5}
        if min(sure) >= 0.5 and len(met) >= share * len(names):
            found.append((len(met) / len(names), sum(sure), one))
    found.sort(key=lambda each: each[:2], reverse=True)
    return tuple(one for _, _, one in found[:most])


def _has_number(contact: Contact, digits: str) -> bool:
    return contact.phone_link.removeprefix("tel:").replace("+358", "0").startswith(digits)


def snippet(text: str, marked: set[str]) -> tuple[tuple[str, bool], ...]:
    """The piece of a text with the most marked words; its beginning when there are none."""
    hits = [found for found in words_at(text) if found.form in marked]
    start = _densest([hit.start for hit in hits])
    begin = 0 if start < SNIPPET // 3 else text.rfind(" ", 0, start - 20) + 1
    end = len(text) if begin + SNIPPET >= len(text) else text.rfind(" ", 0, begin + SNIPPET)
    pieces: list[tuple[str, bool]] = [("… ", False)] if begin else []
    place = begin
    for hit in hits:
        if begin <= hit.start and hit.end <= end:
            pieces += [(text[place : hit.start], False), (text[hit.start : hit.end], True)]
            place = hit.end
    pieces.append((text[place:end] + (" …" if end < len(text) else ""), False))
    return tuple(piece for piece in pieces if piece[0])


def _densest(starts: Sequence[int]) -> int:
    """The first of the marked words that have the most others within a snippet's length."""
    if not starts:
        return 0
    return max(starts, key=lambda start: sum(start <= other < start + SNIPPET - 40 for other in starts))
