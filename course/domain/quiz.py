"""What a question is, what an answer is, and how an attempt is marked. Values in, a value out."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction
from itertools import zip_longest

from course.domain.errors import UnknownOption

#: An answer as it is stored and compared: option ids in the order that matters for the kind.
#: one, true-false: ("a",); several: sorted ids; order: ids in the chosen order; match: "option=target" pairs, sorted.
Answer = tuple[str, ...]

NO_ANSWER: Answer = ()
#: A place of an order question that is still empty, between others that are filled.
GAP = "-"


class Kind(StrEnum):
    ONE = "one"
    SEVERAL = "several"
    TRUE_FALSE = "true-false"
    ORDER = "order"
    MATCH = "match"


@dataclass(frozen=True, slots=True)
class Question:
    """The language-free part of a question: its options and its key."""

    id: str
    kind: Kind
    objective: str
    section: str
    options: tuple[str, ...]
    #: one, true-false, several: the right options; order: all options in the right order; match: "option=target" pairs.
    correct: Answer
    targets: tuple[str, ...] = ()
    situation: bool = False
    #: Options that rest on another section than the question does.
    option_sections: Mapping[str, str] = field(default_factory=dict)
    #: Its keys before it was corrected: an answer that was right by one of them stays right.
    earlier_keys: tuple[Answer, ...] = ()

    def section_of(self, option: str) -> str:
        return self.option_sections.get(option, self.section)

    def normal(self, chosen: Sequence[str]) -> Answer:
        """The chosen options as an `Answer`; raises UnknownOption for one that the question does not have."""
        if self.kind is Kind.MATCH:
            return self._normal_pairs(chosen)
        if not {option for option in chosen if option not in ("", GAP)} <= set(self.options):
            raise UnknownOption(self.id)
        if self.kind is Kind.ORDER:
            return self._normal_places(chosen)
        picked = tuple(sorted({option for option in chosen if option in self.options}))
        if self.kind is not Kind.SEVERAL and len(picked) > 1:
            raise UnknownOption(self.id)
        return picked

    def _normal_places(self, chosen: Sequence[str]) -> Answer:
        places = [option or GAP for option in chosen]
        while places and places[-1] == GAP:
            places.pop()
        if len(places) > len(self.options):
            raise UnknownOption(self.id)
        return tuple(places)

    def _normal_pairs(self, chosen: Sequence[str]) -> Answer:
        pairs = {}
        for pair in chosen:
            option, sign, target = pair.partition("=")
            if (sign and not target) or not pair:
                continue
            if option not in self.options or target not in self.targets:
                raise UnknownOption(self.id)
            pairs[option] = target
        return tuple(sorted(f"{option}={target}" for option, target in pairs.items()))

    def is_complete(self, answer: Answer) -> bool:
        """True when nothing is left to fill in."""
        if self.kind is Kind.ORDER:
            return sorted(answer) == sorted(self.options)
        if self.kind is Kind.MATCH:
            return len(answer) == len(self.options)
        return bool(answer)

    def points(self, answer: Answer) -> Fraction:
        """Between 0 and 1. An unanswered question earns nothing; it is never skipped."""
        if not answer:
            return Fraction(0)
        points = self._points_by(self.correct, answer)
        return (
            max([points, *(self._points_by(key, answer) for key in self.earlier_keys)]) if self.earlier_keys else points
        )

    def _points_by(self, key: Answer, answer: Answer) -> Fraction:
        if self.kind is Kind.SEVERAL:
            right = len(set(answer) & set(key))
            wrong = len(set(answer) - set(key))
            return max(Fraction(0), Fraction(right - wrong, len(key)))
        if self.kind is Kind.ORDER:
            in_place = sum(given == wanted for given, wanted in zip(answer, key, strict=False))
            return Fraction(in_place, len(key))
        if self.kind is Kind.MATCH:
            return Fraction(len(set(answer) & set(key)), len(key))
        return Fraction(int(answer == key))

    def is_right(self, answer: Answer) -> bool:
        return self.points(answer) == 1

    def corrects(self, earlier: Question) -> bool:
        """Whether the earlier question had the same options and another key. Words may have changed with it."""
        same = (
            self.id == earlier.id
            and self.kind is earlier.kind
            and set(self.options) == set(earlier.options)
            and set(self.targets) == set(earlier.targets)
        )
        return same and self.normal(self.correct) != earlier.normal(earlier.correct)


@dataclass(frozen=True, slots=True)
class Result:
    """How an attempt went."""

    points: Fraction
    total: int
    pass_mark: int

    @property
    def percent(self) -> int:
        """Whole percent, rounded down, so that 79.9 never reads as a pass at 80."""
        return int(self.points * 100 / self.total) if self.total else 0

    @property
    def passed(self) -> bool:
        return self.total > 0 and self.points * 100 >= self.pass_mark * self.total


def mark(questions: Sequence[Question], answers: Mapping[str, Answer], *, pass_mark: int) -> Result:
    """Mark one attempt. A question left unanswered is wrong, never skipped."""
    points = sum((question.points(answers.get(question.id, NO_ANSWER)) for question in questions), Fraction(0))
    return Result(points, len(questions), pass_mark)


def draw(bank: Sequence[Question], *, size: int, seed: int, times_seen: Mapping[str, int]) -> list[Question]:
    """The questions of one attempt, in order: those seen least often first, and among them every objective in turn.

    The same arguments always give the same draw, so an attempt can be explained years later.
    """
    chance = random.Random(seed)
    by_times: dict[int, list[Question]] = {}
    for question in sorted(bank, key=lambda question: question.id):
        by_times.setdefault(times_seen.get(question.id, 0), []).append(question)
    drawn: list[Question] = []
    for times in sorted(by_times):
        drawn += _in_turn(by_times[times], chance)
    drawn = drawn[:size]
    chance.shuffle(drawn)
    return drawn


def _in_turn(questions: Sequence[Question], chance: random.Random) -> list[Question]:
    """All the questions by chance, but so that the objectives take turns."""
    queues: dict[str, list[Question]] = {}
    for question in questions:
        queues.setdefault(question.objective, []).append(question)
    for queue in queues.values():
        chance.shuffle(queue)
    turns = list(queues.values())
    chance.shuffle(turns)
    return [question for round_ in zip_longest(*turns) for question in round_ if question is not None]


def shuffled_options(question: Question, *, seed: int) -> tuple[str, ...]:
    """The order in which an attempt shows the options. Yes stands before no; an order question never starts solved."""
    if question.kind is Kind.TRUE_FALSE:
        return question.options
    chance = random.Random(f"{seed}:{question.id}")
    options = sorted(question.options)
    chance.shuffle(options)
    if question.kind is Kind.ORDER and tuple(options) == question.correct:
        options.append(options.pop(0))
    return tuple(options)
