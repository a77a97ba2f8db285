"""The referral navigator: from what somebody says of a situation to what is done. Rules in, an answer out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import product


class Part(StrEnum):
    """The parts of an answer, in the order in which a page shows them."""

    CALL = "call"
    STEP = "step"
    SAY = "say"
    AVOID = "avoid"
    WRITE = "write"


@dataclass(frozen=True, slots=True)
class Asked:
    """A question about the situation, and what may be answered."""

    id: str
    options: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Advice:
    """One thing to do, and when it is advised."""

    id: str
    part: Part
    #: The section of the handbook that it rests on.
    section: str
    sources: tuple[str, ...]
    #: Question -> answers for which this is advised. A question that is not named does not matter.
    when: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    #: Whom to call; for the part `call` only.
    contact: str = ""

    def suits(self, situation: Mapping[str, str]) -> bool:
        return all(situation[question] in answers for question, answers in self.when.items())


def answer_to(advice: Sequence[Advice], situation: Mapping[str, str]) -> dict[Part, tuple[Advice, ...]]:
    """All that is advised in a situation, part by part, in the order of the file."""
    suited = [one for one in advice if one.suits(situation)]
    return {part: tuple(one for one in suited if one.part is part) for part in Part}


def situations(questions: Sequence[Asked]) -> Iterator[dict[str, str]]:
    """Every combination of answers."""
    names = [question.id for question in questions]
    for answers in product(*(question.options for question in questions)):
        yield dict(zip(names, answers, strict=True))


def missing_parts(advice: Sequence[Advice], situation: Mapping[str, str]) -> tuple[Part, ...]:
    """The parts in which nothing is advised: an answer has all of them."""
    return tuple(part for part, found in answer_to(advice, situation).items() if not found)
