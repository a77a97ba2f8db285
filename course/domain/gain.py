"""What the course gives: ten questions before it, ten like them after it, and the difference, told of groups only.

The two forms are parallel: for each question of the first the second has one of the same module, topic and kind, and no
question is in both. Which of two such questions comes first is left to chance, so that over many people neither form is
the harder one.
"""

from __future__ import annotations

import math
import random
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import zip_longest
from statistics import NormalDist, fmean, stdev

from course.domain.progress import Progress
from course.domain.quiz import Kind, Question
from course.domain.small_counts import SMALL


class Form(StrEnum):
    """Stands where the attempt at a quiz names its module. No id of a module has a colon."""

    BEFORE = "gain:before"
    AFTER = "gain:after"


#: Kinds that are answered in about half a minute.
QUICK = frozenset({Kind.ONE, Kind.SEVERAL, Kind.TRUE_FALSE})
#: Below so many people figures are given in steps of five per cent.
FINE_FROM = 30
ROUGH_STEP = 5
_Z95 = NormalDist().inv_cdf(0.975)

#: Module id -> its bank.
Banks = Mapping[str, Sequence[Question]]


@dataclass(frozen=True, slots=True)
class Item:
    """A question and the module that it belongs to."""

    module_id: str
    question: Question

    @property
    def cell(self) -> tuple[str, str, Kind, bool]:
        """What a parallel question has in common with it, the weightiest first."""
        question = self.question
        return self.module_id, question.objective, question.kind, question.situation


def pairs_in(sorts: Iterable[tuple[str, Kind, bool]]) -> int:
    """How many questions of a module can have a parallel one each, by (topic, kind, whether it is a situation)."""
    return sum(count // 2 for (_, kind, _), count in Counter(sorts).items() if kind in QUICK)


def _cells(module_id: str, bank: Sequence[Question]) -> dict[tuple[str, str, Kind, bool], list[Item]]:
    cells: dict[tuple[str, str, Kind, bool], list[Item]] = {}
    for question in sorted(bank, key=lambda question: question.id):
        if question.kind in QUICK:
            item = Item(module_id, question)
            cells.setdefault(item.cell, []).append(item)
    return cells


def first_form(banks: Banks, *, size: int, seed: int, taught: Collection[str] = ()) -> list[Item]:
    """The questions before the course, in order: modules take turns, and in a module its topics.

    `taught` are the modules that she is going to take, when that is known: a question about another one would find no
    gain in the second form, whatever she learns. All are asked of where those alone cannot fill the form, as a shorter
    one would measure more coarsely. Of each sort at most half is taken, so that every question has a parallel one left.
    """
    hers = {module_id: bank for module_id, bank in banks.items() if module_id in taught}
    drawn = _drawn(hers, size, seed)
    return drawn if len(drawn) == size else _drawn(banks, size, seed)


def _drawn(banks: Banks, size: int, seed: int) -> list[Item]:
    chance = random.Random(f"{seed}:first")
    modules = [_in_turn(_by_topic(module_id, banks[module_id], chance)) for module_id in sorted(banks)]
    chance.shuffle(modules)
    drawn = _in_turn(modules)[:size]
    chance.shuffle(drawn)
    return drawn


def _by_topic(module_id: str, bank: Sequence[Question], chance: random.Random) -> list[list[Item]]:
    topics: dict[str, list[Item]] = {}
    for cell, items in _cells(module_id, bank).items():
        chance.shuffle(items)
        topics.setdefault(cell[1], []).extend(items[: len(items) // 2])
    for items in topics.values():
        chance.shuffle(items)
    turns = list(topics.values())
    chance.shuffle(turns)
    return turns


def _in_turn(queues: Iterable[Iterable[Item]]) -> list[Item]:
    return [item for turn in zip_longest(*queues) for item in turn if item is not None]


def second_form(
    banks: Banks, first: Sequence[Item], *, seed: int, times_seen: Mapping[str, int] | None = None
) -> list[Item]:
    """A parallel question for each of the first form, in an order of its own; none of the first form's again.

    Among equals come those that she met least often in the quizzes of the course. A later edition may have nothing of
    the same sort any more: then it is the nearest that there is.
    """
    chance = random.Random(f"{seed}:second")
    seen = times_seen or {}
    used = {item.question.id for item in first}
    free = [
        item
        for module_id in sorted(banks)
        for items in _cells(module_id, banks[module_id]).values()
        for item in items
        if item.question.id not in used
    ]
    chance.shuffle(free)
    free.sort(key=lambda item: seen.get(item.question.id, 0))
    chosen: list[Item] = []
    waiting: list[Item] = []
    for wanted in first:
        partner = next((item for item in free if item.cell == wanted.cell), None)
        if partner is None:
            waiting.append(wanted)
        else:
            free.remove(partner)
            chosen.append(partner)
    # A makeshift comes last: it must not take another question's own partner.
    for wanted in waiting[: len(free)]:
        nearest = min(free, key=lambda item: _apart(wanted, item))
        free.remove(nearest)
        chosen.append(nearest)
    chance.shuffle(chosen)
    return chosen


def _apart(one: Item, other: Item) -> tuple[bool, ...]:
    return tuple(mine != theirs for mine, theirs in zip(one.cell, other.cell, strict=True))


class Stage(StrEnum):
    """Where somebody is between the two forms."""

    #: She may try what she knows.
    OFFERED = "offered"
    #: She has handed in a quiz and read reasons: a first form now would not be one before the course.
    TOO_LATE = "too-late"
    #: A form is under way.
    UNDER_WAY = "under-way"
    #: The first one is handed in, and the course is still to be done.
    WAITING = "waiting"
    #: The second one may be begun.
    READY = "ready"
    DONE = "done"


def has_finished(tracks: Iterable[Collection[str]], progress: Progress) -> bool:
    """Whether she has passed every module of some track."""
    return any(progress.modules_passed.issuperset(modules) for modules in tracks if modules)


@dataclass(frozen=True, slots=True)
class Pair:
    """One person's results in per cent."""

    before: int
    after: int


@dataclass(frozen=True, slots=True)
class GroupGain:
    """What a group knew before and after, in per cent, and the gain in percentage points with its 95 % interval."""

    people: int
    before: int
    after: int
    low: int
    high: int

    @property
    def gain(self) -> int:
        return self.after - self.before


def group_gain(pairs: Sequence[Pair], *, questions: int, small: int = SMALL) -> GroupGain | None:
    """The figures of a group, or None while too few have taken both forms. `pairs` come in the order of finishing.

    They move in whole steps of `small` people: two looks at a growing group never differ by one person's result. Few
    people are told of in rough steps, as few people do not tell more.
    """
    step = max(small, SMALL)
    counted = pairs[: len(pairs) - len(pairs) % step]
    people = len(counted)
    if not people:
        return None
    gains = [pair.after - pair.before for pair in counted]
    # Ten questions cannot tell people apart by less than one question, even if all gained alike.
    spread = max(stdev(gains), 100 / questions)
    half = t95(people - 1) * spread / math.sqrt(people)
    grain = 1 if people >= FINE_FROM else ROUGH_STEP
    before = _near(fmean(pair.before for pair in counted), grain)
    after = _near(fmean(pair.after for pair in counted), grain)
    low = math.floor((fmean(gains) - half) / grain) * grain
    high = math.ceil((fmean(gains) + half) / grain) * grain
    told = after - before
    return GroupGain(people, before, after, max(min(low, told), -100), min(max(high, told), 100))


def _near(value: float, grain: int) -> int:
    return math.floor(value / grain + 0.5) * grain


def t95(freedom: int) -> float:
    """Student's t for a 95 % interval, by the expansion of Cornish and Fisher; right to 0.001 from four degrees on."""
    z, v = _Z95, freedom
    return (
        z
        + (z**3 + z) / (4 * v)
        + (5 * z**5 + 16 * z**3 + 3 * z) / (96 * v**2)
        + (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / (384 * v**3)
        + (79 * z**9 + 776 * z**7 + 1482 * z**5 - 1920 * z**3 - 945 * z) / (92160 * v**4)
    )
