"""Counts: how many started, passed, completed, got a certificate and attended, by everything that is known of it.

A fact is one thing that happened, with what is known of the one to whom it happened. Counters are sums of facts in
cells; what cannot be known is "". A question about counts is a `CountQuery`, whoever asks it and in whatever format.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import NamedTuple, TypeVar

from course.domain.home_time import day_at_home

#: So long after its end a month stays open for lists that are written down late; then it is published for ever.
OPEN_AFTER_END = timedelta(days=7)


class Kind(StrEnum):
    """What is counted."""

    #: Somebody read a first lesson or began a first quiz.
    STARTED = "started"
    #: A module passed, by its quiz or by attendance.
    COMPLETED = "completed"
    #: All modules of a track passed.
    TRACK_COMPLETED = "track_completed"
    #: A right to a certificate that was used; a corrected name is no second one.
    CERTIFICATE = "certificate"
    #: Somebody recorded at a session; twice for two sessions.
    ATTENDED = "attended"


class Through(StrEnum):
    """How somebody came to what she did."""

    WEB = "web"
    LTI = "lti"
    PACKAGE = "package"
    SESSION = "session"


class Dimension(StrEnum):
    """What counts can be divided by."""

    MONTH = "month"
    NETWORK = "network"
    ORGANISATION = "organisation"
    PROFESSION = "profession"
    LANGUAGE = "language"
    TRACK = "track"
    MODULE = "module"
    EDITION = "edition"
    WAY_IN = "way_in"


class Cell(NamedTuple):
    """The finest division: all that is known of a fact at once."""

    kind: str
    #: The module or the track; "" where the whole course is meant.
    subject: str
    #: In Finland, "2026-03".
    month: str
    network: str
    organisation: str
    profession: str
    language: str
    edition: str
    way_in: str


@dataclass(frozen=True, slots=True)
class Fact:
    """Something that happened once."""

    kind: str
    subject: str
    at: datetime
    edition: str
    language: str
    network: str
    organisation: str
    profession: str
    way_in: str


def cells_of(facts: Iterable[Fact]) -> Counter[Cell]:
    """How many of the facts lie in each cell: the one rule that the counters follow."""
    return Counter(
        Cell(
            one.kind,
            one.subject,
            month_of(day_at_home(one.at)),
            one.network,
            one.organisation,
            one.profession,
            one.language,
            one.edition,
            one.way_in,
        )
        for one in facts
    )


def month_of(day: date) -> str:
    return f"{day.year:04}-{day.month:02}"


def closable_month(now: datetime) -> str:
    """The last month that may be published: it ended a week ago, or earlier."""
    begun = (day_at_home(now) - OPEN_AFTER_END).replace(day=1)
    return month_of(begun - timedelta(days=1))


_MODULES = frozenset({Kind.COMPLETED})
_TRACKS = frozenset({Kind.TRACK_COMPLETED, Kind.CERTIFICATE, Kind.ATTENDED})


def kinds_with(dimension: Dimension) -> frozenset[Kind]:
    """The kinds of which the dimension tells anything: only modules passed belong to a module."""
    return {Dimension.MODULE: _MODULES, Dimension.TRACK: _TRACKS}.get(dimension, frozenset(Kind))


class QueryRefused(ValueError):
    """A question that cannot be answered: which part of it, and why."""

    def __init__(self, part: str, value: str) -> None:
        super().__init__(f"{part}: {value}")
        self.part = part
        self.value = value


@dataclass(frozen=True, slots=True)
class CountQuery:
    """A question about counts."""

    by: tuple[Dimension, ...] = ()
    kinds: tuple[Kind, ...] = tuple(Kind)
    #: Only cells with one of these values, for each dimension named; "" asks for what is not known.
    where: tuple[tuple[Dimension, tuple[str, ...]], ...] = ()
    #: Both included; "" is no limit.
    first_month: str = ""
    last_month: str = ""
    #: The true counts up to now. Only for administrators, and written down.
    exact: bool = False


#: Names of the parts of a question, as addresses, the API and the command line spell them.
BY, COUNT, FROM, TO, EXACT = "by", "count", "from", "to", "exact"
#: What stands for "not known" in an address, where an empty text would be no choice at all.
UNKNOWN = "-"
Choice = TypeVar("Choice", bound=StrEnum)
_PARTS = {BY, COUNT, FROM, TO, EXACT, *Dimension}
_MONTH = re.compile(r"\d{4}-(0[1-9]|1[0-2])")


def query_of(given: Mapping[str, Sequence[str]]) -> CountQuery:
    """The question that was asked in words. Raises QueryRefused for what is none.

    A part may be given several times, or once with commas between its values.
    """
    parts = {name: _several(values) for name, values in given.items()}
    if unknown := sorted(parts.keys() - _PARTS):
        raise QueryRefused(unknown[0], "")
    by = tuple(dict.fromkeys(_one_of(Dimension, BY, one) for one in parts.get(BY, ())))
    kinds = {_one_of(Kind, COUNT, one) for one in parts.get(COUNT, ())}
    where = tuple(
        (one, tuple(sorted({"" if value == UNKNOWN else value for value in parts[one]})))
        for one in Dimension
        if parts.get(one)
    )
    return CountQuery(
        by=by,
        kinds=tuple(one for one in Kind if one in kinds or not kinds),
        where=where,
        first_month=_month(FROM, parts),
        last_month=_month(TO, parts),
        exact=(parts.get(EXACT) or ["0"])[-1] in ("1", "true", "yes"),
    )


def words_of(query: CountQuery) -> list[tuple[str, str]]:
    """The question in words, as `query_of` reads it: for the address of the same table elsewhere."""
    words = [(BY, one.value) for one in query.by]
    if len(query.kinds) < len(Kind):
        words += [(COUNT, one.value) for one in query.kinds]
    words += [(dimension.value, value or UNKNOWN) for dimension, values in query.where for value in values]
    words += [(FROM, query.first_month)] if query.first_month else []
    words += [(TO, query.last_month)] if query.last_month else []
    return [*words, (EXACT, "1")] if query.exact else words


def _several(values: Sequence[str]) -> list[str]:
    return [part.strip() for value in values for part in value.split(",") if part.strip()]


def _one_of(choices: type[Choice], part: str, value: str) -> Choice:
    try:
        return choices(value)
    except ValueError:
        raise QueryRefused(part, value) from None


def _month(part: str, parts: Mapping[str, Sequence[str]]) -> str:
    """A month, or the month of a day."""
    value = (parts.get(part) or [""])[-1]
    if not value:
        return ""
    if not _MONTH.fullmatch(value[:7]) or (len(value) > len("2026-03") and not _is_day(value)):
        raise QueryRefused(part, value)
    return value[:7]


def _is_day(value: str) -> bool:
    try:
        date.fromisoformat(value)
    except ValueError:
        return False
    return True


@dataclass(frozen=True, slots=True)
class CountRow:
    #: A value for each dimension of the question, in its order.
    key: tuple[str, ...]
    #: A number for each kind of the question, in its order.
    counts: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class CountTable:
    """The answer. All formats show this and nothing else."""

    query: CountQuery
    rows: tuple[CountRow, ...]
    totals: tuple[int, ...]
    #: The last month that is in it; "" when nothing is published yet.
    until: str
    #: Counts below this are small.
    small: int


def table_of(
    query: CountQuery, sums: Iterable[tuple[tuple[str, ...], str, int]], *, until: str, small: int
) -> CountTable:
    """The table of (key, kind, sum) triples. Rows of zeros are left out, and the others are in order."""
    places = {kind.value: place for place, kind in enumerate(query.kinds)}
    found: dict[tuple[str, ...], list[int]] = {}
    for key, kind, count in sums:
        if count:
            found.setdefault(key, [0] * len(places))[places[kind]] += count
    rows = tuple(CountRow(key, tuple(found[key])) for key in sorted(found))
    totals = tuple(sum(row.counts[place] for row in rows) for place in range(len(places)))
    return CountTable(query, rows, totals, until, small)
