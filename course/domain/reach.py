"""Reach: how many professionals, per network and year, online and in sessions, nobody twice where that can be known.

Somebody who studies and attends is one person. Who she is can be known of a learner, of a person on a roster and,
within a network, of a name on a list; people who were only counted are a number of their own, beside the others and
never added to them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from course.domain.small_counts import SMALL, protect

#: The network of a learner who belongs to none and has told none.
NO_NETWORK = ""


class Way(StrEnum):
    """How somebody was reached."""

    #: She passed a module of the course by its quiz.
    ONLINE = "online"
    #: She attended a session, in a room or on a call.
    SESSION = "session"


class Part(StrEnum):
    """Everybody reached is in exactly one of these."""

    ONLINE_ONLY = "online-only"
    SESSIONS_ONLY = "sessions-only"
    BOTH = "both"


@dataclass(frozen=True, slots=True)
class Contact:
    """One person reached in one way in one year. `person` is the same for the same person, as far as can be known."""

    network: str
    year: int
    way: Way
    person: str


@dataclass(frozen=True, slots=True)
class Reached:
    """Distinct people of a network, a year, or both."""

    online: int = 0
    sessions: int = 0
    people: int = 0

    @property
    def both(self) -> int:
        return self.online + self.sessions - self.people

    @property
    def parts(self) -> dict[Part, int]:
        return {
            Part.ONLINE_ONLY: self.people - self.sessions,
            Part.SESSIONS_ONLY: self.people - self.online,
            Part.BOTH: self.both,
        }


NOBODY = Reached()


@dataclass(frozen=True, slots=True)
class Reach:
    """Who was reached. Sums over networks may be higher than the total: somebody in two networks is one person."""

    #: By network and year.
    cells: Mapping[tuple[str, int], Reached] = field(default_factory=dict)
    years: Mapping[int, Reached] = field(default_factory=dict)
    networks: Mapping[str, Reached] = field(default_factory=dict)
    total: Reached = NOBODY
    #: People counted without names, by network and year.
    without_names: Mapping[tuple[str, int], int] = field(default_factory=dict)

    def without_names_in(self, year: int) -> int:
        return sum(count for (_, one), count in self.without_names.items() if one == year)

    @property
    def all_years(self) -> list[int]:
        return sorted({*self.years, *(year for _, year in self.without_names)})

    @property
    def all_networks(self) -> list[str]:
        return sorted({*self.networks, *(network for network, _ in self.without_names)})


class _Seen:
    """The people of one cell, by way."""

    def __init__(self) -> None:
        self.by_way: dict[Way, set[str]] = {way: set() for way in Way}

    def add(self, contact: Contact) -> None:
        self.by_way[contact.way].add(contact.person)

    def counted(self) -> Reached:
        online, sessions = self.by_way[Way.ONLINE], self.by_way[Way.SESSION]
        return Reached(len(online), len(sessions), len(online | sessions))


def count_reach(contacts: Iterable[Contact], without_names: Mapping[tuple[str, int], int]) -> Reach:
    """Count distinct people by network and year, by year, by network, and in all."""
    cells: defaultdict[tuple[str, int], _Seen] = defaultdict(_Seen)
    years: defaultdict[int, _Seen] = defaultdict(_Seen)
    networks: defaultdict[str, _Seen] = defaultdict(_Seen)
    everybody = _Seen()
    for contact in contacts:
        for seen in (cells[contact.network, contact.year], years[contact.year], networks[contact.network], everybody):
            seen.add(contact)
    return Reach(
        {key: seen.counted() for key, seen in cells.items()},
        {year: seen.counted() for year, seen in years.items()},
        {network: seen.counted() for network, seen in networks.items()},
        everybody.counted(),
        {key: count for key, count in without_names.items() if count},
    )


@dataclass(frozen=True, slots=True)
class PublicReach:
    """Reach as anybody may see it: two tables, each safe by itself, and without totals that would link them.

    Neither gives the number of people of a network over the years, nor of all years: with them, hidden counts of one
    year could be worked out from those of another.
    """

    years: tuple[int, ...]
    networks: tuple[str, ...]
    #: (year, part) -> people, in three parts that add up to the year's total.
    parts: Mapping[tuple[int, Part], int | None]
    #: People of each year, everybody once.
    people: Mapping[int, int | None]
    #: (network, year) -> people; somebody in two networks is in both.
    by_network: Mapping[tuple[str, int], int | None]
    #: (network, year) -> people counted without names.
    without_names: Mapping[tuple[str, int], int | None]
    small: int = SMALL


def public_reach(reach: Reach, networks: Iterable[str]) -> PublicReach:
    """What may be published. Each year is protected by itself: its total stands beside its parts and its networks."""
    years, shown = tuple(reach.all_years), tuple(networks)
    parts: dict[tuple[int, Part], int | None] = {}
    people: dict[int, int | None] = {}
    by_network: dict[tuple[str, int], int | None] = {}
    for year in years:
        by_part = protect({(year, part): count for part, count in reach.years.get(year, NOBODY).parts.items()})
        places = protect({(network, year): reach.cells.get((network, year), NOBODY).people for network in shown})
        by_network.update(places.counts)
        # A total that one table hides must not come back from the other: not as such, nor as a sum of its parts.
        hidden = places.total is None or by_part.total is None
        people[year] = None if hidden else reach.years.get(year, NOBODY).people
        parts.update({key: None if hidden and count else count for key, count in by_part.counts.items()})
    return PublicReach(years, shown, parts, people, by_network, _without_names(reach, years, shown))


def _without_names(reach: Reach, years: Iterable[int], networks: Iterable[str]) -> dict[tuple[str, int], int | None]:
    """No total of these is published, so a small count is hidden by being left out."""
    counts = {(one, year): reach.without_names.get((one, year), 0) for one in networks for year in years}
    return {key: None if 0 < count < SMALL else count for key, count in counts.items()}
