"""The plan of a session: which exercises fit into the time, when each begins, and when people rest."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

HALF_DAY = 240
OPENING = 10
CLOSING = 10
BREAK = 15
#: Nobody sits longer than this without a break, unless one exercise takes that long.
BREAK_AFTER = 90
#: What an exercise is given when its note says no time.
USUAL = 15


class Step(StrEnum):
    OPENING = "opening"
    EXERCISE = "exercise"
    BREAK = "break"
    #: Time that is left, for questions.
    QUESTIONS = "questions"
    CLOSING = "closing"


@dataclass(frozen=True, slots=True)
class Exercise:
    """A trainer's note: which module it belongs to, and the minutes that it says."""

    module_id: str
    minutes: int

    @property
    def takes(self) -> int:
        return self.minutes or USUAL


@dataclass(frozen=True, slots=True)
class Planned:
    step: Step
    #: Minutes from the beginning.
    starts: int
    minutes: int
    #: The place of the exercise among those given.
    exercise: int | None = None

    def starts_at(self, begin: datetime) -> datetime:
        return begin + timedelta(minutes=self.starts)


@dataclass(frozen=True, slots=True)
class Plan:
    steps: tuple[Planned, ...]
    #: Places of the exercises for which there is no time.
    left_over: tuple[int, ...]

    @property
    def minutes(self) -> int:
        last = self.steps[-1]
        return last.starts + last.minutes


def plan_session(exercises: Sequence[Exercise], minutes: int = HALF_DAY) -> Plan:
    """Fill the time: first one exercise of each module, then a second of each, as long as they fit.

    They are held in the order of the course. What does not fit is named, so that the trainer can exchange.
    """
    chosen: list[int] = []
    for place in _in_turns(exercises):
        tried = sorted([*chosen, place])
        if _length(exercises, tried) <= minutes:
            chosen = tried
    steps = _steps(exercises, chosen, minutes)
    return Plan(tuple(steps), tuple(place for place in range(len(exercises)) if place not in chosen))


def _in_turns(exercises: Sequence[Exercise]) -> list[int]:
    """The places of the exercises: the first of every module, then the second of every module, and so on."""
    seen: defaultdict[str, int] = defaultdict(int)
    turns = []
    for place, exercise in enumerate(exercises):
        turns.append((seen[exercise.module_id], place))
        seen[exercise.module_id] += 1
    return [place for _, place in sorted(turns)]


def _length(exercises: Sequence[Exercise], places: Sequence[int]) -> int:
    last = _walk(exercises, places)[-1]
    return last.starts + last.minutes


def _steps(exercises: Sequence[Exercise], places: Sequence[int], minutes: int) -> list[Planned]:
    steps = _walk(exercises, places)
    closing = steps.pop()
    spare = minutes - (closing.starts + closing.minutes)
    if spare > 0:
        steps.append(Planned(Step.QUESTIONS, closing.starts, spare))
        closing = Planned(Step.CLOSING, closing.starts + spare, CLOSING)
    return [*steps, closing]


def _walk(exercises: Sequence[Exercise], places: Sequence[int]) -> list[Planned]:
    steps = [Planned(Step.OPENING, 0, OPENING)]
    clock, rested = OPENING, 0
    for place in places:
        takes = exercises[place].takes
        if clock + takes - rested > BREAK_AFTER and clock > rested:
            steps.append(Planned(Step.BREAK, clock, BREAK))
            clock += BREAK
            rested = clock
        steps.append(Planned(Step.EXERCISE, clock, takes, place))
        clock += takes
    steps.append(Planned(Step.CLOSING, clock, CLOSING))
    return steps
