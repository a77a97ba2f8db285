"""Who made-up learners are: a name that gives itself away, a language, and what they told of their work."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate
from random import Random

from course.content.library import Library
from course.domain.counts import Through

FIRST_NAMES = (
    "Aino", "Eino", "Elsa", "Emil", "Greta", "Helmi", "Iida", "Ilmari", "Johan", "Kaisa", "Leo", "Liisa", "Maja",
    "Matti", "Niilo", "Olga", "Otto", "Pihla", "Rasmus", "Saga", "Sanni", "Toivo", "Venla", "Viljo",
)  # fmt: skip
#: Names that nobody has: "example", "made up" and "pattern" in three languages, with a number.
LAST_NAMES = ("Esimerkki", "Keksitty", "Malli", "Exempel", "Påhittad", "Mönster", "Example", "Madeup")
#: Shares of people who did not say where they work, and of those who came by another way than a browser.
TOLD_NOTHING = 0.25
WAYS = ((Through.WEB, 0.83), (Through.LTI, 0.12), (Through.PACKAGE, 0.05))


@dataclass(frozen=True, slots=True)
class Profile:
    """What she told; None where she told nothing."""

    network: str | None = None
    organisation: str | None = None
    profession: str | None = None

    @property
    def told(self) -> bool:
        return bool(self.network or self.organisation or self.profession)


def name_of(number: int) -> str:
    """The name of the learner with this number, wherever she gives one."""
    last, first = divmod(number, len(FIRST_NAMES))
    return f"{FIRST_NAMES[first]} {LAST_NAMES[last % len(LAST_NAMES)]} {number}"


class People:
    """Draws people of one population: some professions, networks and languages are frequent, others rare."""

    def __init__(self, library: Library, *, seed: int) -> None:
        self._chance = Random(f"people:{seed}")
        self._networks = _Uneven(self._chance, tuple(library.networks), 0.5)
        self._professions = _Uneven(self._chance, tuple(library.professions), 1.0)
        #: Each profession works in a few kinds of organisation.
        self._organisations = {
            one: _Uneven(
                self._chance,
                tuple(self._chance.sample(tuple(library.organisations), min(3, len(library.organisations)))),
                1.2,
            )
            for one in library.professions
        }
        others = [language for language in library.languages if language != library.source_language]
        #: Most study in the language that the course was written in.
        self._languages = (library.source_language, *others)
        self._language_weights = tuple(accumulate((8, *(2 for _ in others))))

    def languages(self, many: int) -> list[str]:
        return self._chance.choices(self._languages, cum_weights=self._language_weights, k=many)

    def ways(self, many: int) -> list[str]:
        return self._chance.choices([way.value for way, _ in WAYS], [share for _, share in WAYS], k=many)

    def profile(self, network: str | None = None) -> Profile:
        """Somebody's; of a network where it is known."""
        if self._chance.random() < TOLD_NOTHING:
            return Profile()
        profession = self._professions.one() if self._professions else None
        organisations = self._organisations.get(profession or "")
        told = network or (self._networks.one() if self._networks and self._chance.random() < 0.8 else None)
        return Profile(told, organisations.one() if organisations else None, profession)


class _Uneven:
    """Some of the values are drawn far more often than others."""

    def __init__(self, chance: Random, values: Sequence[str], slope: float) -> None:
        self._chance = chance
        self._values = list(values)
        chance.shuffle(self._values)
        self._weights = list(accumulate(1 / (place + 1) ** slope for place in range(len(values))))

    def __bool__(self) -> bool:
        return bool(self._values)

    def one(self) -> str:
        return self._chance.choices(self._values, cum_weights=self._weights)[0]
