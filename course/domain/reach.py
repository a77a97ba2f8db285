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

from course.domain.small_counts import SMALL, steady

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
    """Reach as anybody may see it: every number moves in steps of `small`, so that none tells of a few people."""

    years: tuple[int, ...]
    networks: tuple[str, ...]
    #: (year, part) -> people, in three parts that add up to the year's total.
    parts: Mapping[tuple[int, Part], int]
    #: People of each year, everybody once.
    people: Mapping[int, int]
    #: (network, year) -> people; somebody in two networks is in both.
    by_network: Mapping[tuple[str, int], int]
    #: (network, year) -> people counted without names.
    without_names: Mapping[tuple[str, int], int]
    small: int = SMALL


def public_reach(reach: Reach, networks: Iterable[str], *, key: bytes, small: int = SMALL) -> PublicReach:
    """What may be published. A total is the sum of the parts as they are shown, and of nothing else."""
    years, shown = tuple(reach.all_years), tuple(networks)

    def safe(count: int, *place: str) -> int:
        return steady(count, "reach", *place, key=key, small=small)

    parts = {
        (year, part): safe(count, str(year), "part", part)
        for year in years
        for part, count in reach.years.get(year, NOBODY).parts.items()
    }
    places = [(network, year) for network in shown for year in years]
    return PublicReach(
        years,
        shown,
        parts,
        {year: sum(parts[year, part] for part in Part) for year in years},
        {one: safe(reach.cells.get(one, NOBODY).people, str(one[1]), "network", one[0]) for one in places},
        {one: safe(reach.without_names.get(one, 0), str(one[1]), "without names", one[0]) for one in places},
        small,
    )
