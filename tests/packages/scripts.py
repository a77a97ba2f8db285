"""The scripted learners: whole ways through the course, the same ones for every way in."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any

from course.content.library import Library, Module
from course.domain.quiz import Kind, Question
from tests.packages.by_the_rules import ByTheRules

#: [name, values…]: the changes of the packages' runtime (read, start, answer, submit, decide, takeBack), and what is
#: no change: "leave" ends the visit, "pause" lets time pass, "before" takes the questions before the course.
Action = list[Any]
#: How a visit ends. Closed and killed are on this device, and a killed one says nothing; elsewhere is another device.
ENDS = ("closed", "killed", "elsewhere")
SCRIPTS = 1000
#: Those that are played on databases and platforms. `EVERY_LOOK=1 ./run test` plays all of them in every way in.
PLAYED = range(SCRIPTS if os.environ.get("EVERY_LOOK") else 100)


def scripts_of(library: Library, numbers: Sequence[int] = range(SCRIPTS)) -> list[list[Action]]:
    """The scripts with these numbers; a number is always the same script."""
    return [_Scribe(library, Random(number)).script() for number in numbers]


def in_turn(library: Library, database: str, *, every: int) -> list[int]:
    """The scripts for one of the two kinds of database: each takes some in turn, unless everything is played."""
    if len(PLAYED) == SCRIPTS:
        return list(PLAYED)
    played = zip(PLAYED, scripts_of(library, PLAYED), strict=True)
    on_the_way = {number: not ByTheRules(library).play(script)["completed"] for number, script in played}
    # Those who come to the end of the course are first, so that some of them are in every sample.
    return sorted(PLAYED, key=on_the_way.__getitem__)[database == "sqlite" :: every]


@dataclass
class _Scribe:
    """Writes down what somebody does, and follows the rules, to know what she is asked."""

    library: Library
    chance: Random
    written: list[Action] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.so_far = ByTheRules(self.library)
        self.knows = self.chance.choice([1.0, 0.95, 0.9, 0.8, 0.5])

    def script(self) -> list[Action]:
        modules = self.library.modules
        goal = self.chance.choice([1, 2, 3, 4, len(modules) - 3, len(modules)])
        if self._at(0.15):
            self._do("before", self._seed())
        for module in modules[: max(goal, 1)]:
            self._module(module)
            if self._at(0.15):
                self._case()
            if self._at(0.25):
                self._do("leave", self.chance.choice(ENDS))
            if not self.so_far.passed(module.id) and self._at(0.6):
                break
        return self.written

    def _module(self, module: Module) -> None:
        for lesson_id in module.lesson_ids:
            if self._at(0.5):
                self._do("read", lesson_id)
        if self._at(0.15):
            self._nonsense(module)
        for _ in range(self.chance.choice([1, 2, 3, 5])):
            self._attempt(module)
            if self.so_far.passed(module.id) and self._at(0.9):
                break

    def _attempt(self, module: Module) -> None:
        self._do("start", module.id, self._seed())
        for question in self.so_far.asked(module.id):
            if self._at(0.06):
                continue
            self._do("answer", module.id, question.id, list(self._given(question)))
            if self._at(0.05):
                self._do("answer", module.id, question.id, list(self._given(question)))
            if self._at(0.1):
                self._do("pause")
            if self._at(0.04):
                self._do("leave", self.chance.choice(ENDS))
        if self._at(0.1):
            return
        self._do("submit", module.id, self._at(0.1))
        if self.so_far.asked(module.id) and self._at(0.8):
            self._do("submit", module.id, True)

    def _given(self, question: Question) -> Sequence[str]:
        return question.correct if self._at(self.knows) else some_answer(question, self.chance)

    def _nonsense(self, module: Module) -> None:
        """What no page offers, or not now: locked modules, questions that are not asked, attempts that are not open."""
        other = self.chance.choice(self.library.modules)
        question = self.chance.choice(self.library.quiz(module.id).questions)
        self._do("read", self.chance.choice([*other.lesson_ids, "no-such-lesson"]))
        self._do("answer", module.id, question.id, list(question.correct))
        self._do("submit", module.id, True)
        self._do("start", other.id, self._seed())

    def _case(self) -> None:
        case = self.chance.choice(list(self.library.practice.cases.values()))
        walk = case.graph.walk()
        while not walk.ended and self._at(0.9):
            choice = self.chance.choice(walk.node.choices)
            self._do("decide", case.id, len(walk.steps), choice.id)
            walk = case.graph.after(walk, choice.id)
        if self._at(0.3):
            self._do("takeBack", case.id, self.chance.randrange(4))

    def _do(self, name: str, *values: Any) -> None:
        self.written.append([name, *values])
        self.so_far.do(name, *values)

    def _at(self, share: float) -> bool:
        return self.chance.random() < share

    def _seed(self) -> int:
        return self.chance.randrange(2**31)


def some_answer(question: Question, chance: Random) -> Sequence[str]:
    """What somebody may give who does not know: some options in some order, with gaps, now and then nonsense."""
    options = list(question.options)
    chance.shuffle(options)
    some = options[: chance.randrange(len(options) + 1)]
    if question.kind is Kind.MATCH:
        targets = [*question.targets, "", *(["no-such-target"] if chance.random() < 0.1 else [])]
        return [f"{one}={chance.choice(targets)}" for one in some]
    if question.kind is Kind.ORDER:
        return [one if chance.random() < 0.8 else "" for one in some]
    return [*some, "no-such-option"] if chance.random() < 0.05 else some
