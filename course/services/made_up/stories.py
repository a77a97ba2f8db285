"""Ways through the course, made up before anybody goes them: which lessons on which day, which answers, what is passed.

A few hundred ways serve any number of learners, each from another day on: so a million are made in minutes, and every
attempt is drawn, answered and marked by the course's own rules.
"""

from __future__ import annotations

import json
import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

from course.content.library import Library, Module, Quiz, Track
from course.content.question_version import QuestionVersions
from course.domain.quiz import Answer, Kind, Question, draw, mark, shuffled_options
from course.services.made_up.calendar import CLOSES, OPENS

MOST_TRIES = 4
#: Who begins late in the day goes on tomorrow.
LAST_START = CLOSES - 3 * 3600
#: A place in time: days after the first, and a second of the day.
When = tuple[int, int]


@dataclass(frozen=True, slots=True)
class MadeUpAttempt:
    module_id: str
    number: int
    seed: int
    #: The questions shown, as JSON.
    questions: str
    points: str
    percent: int
    passed: bool
    #: (question, what was chosen as the database keeps it)
    answers: tuple[tuple[str, str], ...]
    began: When
    ended: When


@dataclass(frozen=True, slots=True)
class Story:
    """What one learner does, from her first lesson to where she stops."""

    track_id: str
    lessons: tuple[tuple[str, When], ...]
    attempts: tuple[MadeUpAttempt, ...]
    #: (module, when, place of the attempt that passed it)
    passed: tuple[tuple[str, When, int], ...]
    #: (track, when, its modules as JSON) of every track that is complete by then.
    tracks: tuple[tuple[str, When, str], ...]

    @property
    def finished(self) -> bool:
        """Whether she came to the end of the track that she had chosen."""
        return any(track_id == self.track_id for track_id, _, _ in self.tracks)

    @property
    def days(self) -> int:
        ends = [when[0] for _, when in self.lessons] + [attempt.ended[0] for attempt in self.attempts]
        return max(ends) + 1


class _Clock:
    """Time goes on while somebody studies; she pauses now and then, and never works at night."""

    def __init__(self, chance: Random) -> None:
        self._chance = chance
        self.day = 0
        self._second = chance.randrange(OPENS, LAST_START)

    def after(self, least: int, most: int) -> When:
        self._second += self._chance.randrange(least, most)
        if self._second >= CLOSES:
            self.pause(1)
            self._second += self._chance.randrange(least, most)
        return self.day, self._second

    def pause(self, days: int) -> None:
        self.day += days
        self._second = self._chance.randrange(OPENS, LAST_START)


class Writer:
    """Makes up ways through a library."""

    def __init__(self, library: Library, versions: QuestionVersions, *, seed: int) -> None:
        self._library = library
        self._versions = versions
        self._chance = Random(f"stories:{seed}")
        questions = [one for module in library.modules if module.quiz for one in module.quiz.questions]
        #: How hard each question is for everybody.
        self._hard = {question.id: self._chance.gauss(0, 0.9) for question in questions}

    def story(self, track: Track, *, finished: bool) -> Story:
        """A way to the end of the track, or to some point before it."""
        modules = [module for module in self._library.modules if module.id in track.module_ids]
        whole = len(modules) if finished else self._modules_before_stopping(len(modules))
        clock, ability = _Clock(self._chance), self._chance.gauss(2.1, 0.7)
        lessons: list[tuple[str, When]] = []
        attempts: list[MadeUpAttempt] = []
        passed: list[tuple[str, When, int]] = []
        for module in modules[:whole]:
            lessons += [(lesson, clock.after(120, 600)) for lesson in module.lesson_ids]
            if module.quiz is not None:
                attempts += self._attempts(module.id, module.quiz, ability, clock)
                passed.append((module.id, attempts[-1].ended, len(attempts) - 1))
            clock.pause(self._chance.choice((0, 0, 1, 1, 2, 3, 7)))
        if whole < len(modules):
            lessons += self._part_of(modules[whole], clock, begun=bool(lessons))
        tracks = self._completed({module_id: when for module_id, when, _ in passed})
        return Story(track.id, tuple(lessons), tuple(attempts), tuple(passed), tracks)

    def _modules_before_stopping(self, of: int) -> int:
        """Most stop early: in the first module more than in any other."""
        return self._chance.choices(range(of), [(of - place) ** 3 for place in range(of)])[0]

    def _part_of(self, module: Module, clock: _Clock, *, begun: bool) -> list[tuple[str, When]]:
        """Some lessons of the module at which she stops; at least one where it is her first."""
        read = self._chance.randrange(0 if begun else 1, max(2, len(module.lesson_ids)))
        return [(lesson, clock.after(120, 600)) for lesson in module.lesson_ids[:read]]

    def _attempts(self, module_id: str, quiz: Quiz, ability: float, clock: _Clock) -> list[MadeUpAttempt]:
        """Tries until one passes: whoever has read the reasons knows more the next time."""
        found: list[MadeUpAttempt] = []
        seen: Counter[str] = Counter()
        while not found or not found[-1].passed:
            attempt = self._attempt(module_id, quiz, len(found) + 1, seen, ability + 1.2 * len(found), clock)
            seen.update(question_id for question_id, _ in attempt.answers)
            found.append(attempt)
        return found

    def _attempt(
        self, module_id: str, quiz: Quiz, number: int, seen: Counter[str], ability: float, clock: _Clock
    ) -> MadeUpAttempt:
        seed = self._chance.randrange(2**31)
        questions = draw(quiz.questions, size=quiz.draw, seed=seed, times_seen=seen)
        # After some tries everybody has found out, so that every way ends.
        knows = number >= MOST_TRIES
        answers = {one.id: _right(one) if knows else self._answer(one, ability) for one in questions}
        result = mark(questions, answers, pass_mark=self._library.pass_mark)
        shown = [
            {
                "id": one.id,
                "version": self._versions.current[module_id, one.id],
                "options": list(shuffled_options(one, seed=seed)),
            }
            for one in questions
        ]
        return MadeUpAttempt(
            module_id,
            number,
            seed,
            json.dumps(shown),
            str(result.points),
            result.percent,
            result.passed,
            tuple((question_id, " ".join(chosen)) for question_id, chosen in answers.items()),
            clock.after(30, 240),
            clock.after(20 * len(questions), 70 * len(questions)),
        )

    def _answer(self, question: Question, ability: float) -> Answer:
        knows = self._chance.random() < 1 / (1 + math.exp(self._hard[question.id] - ability))
        return _right(question) if knows else _wrong(question, self._chance)

    def _completed(self, passed: dict[str, When]) -> tuple[tuple[str, When, str], ...]:
        shown = {module.id for module in self._library.modules}
        found = []
        for track in self._library.tracks:
            counted = [one for one in track.module_ids if one in shown]
            if counted and passed.keys() >= set(counted):
                found.append((track.id, max(passed[one] for one in counted), json.dumps(counted)))
        return tuple(found)


def _right(question: Question) -> Answer:
    return question.normal(question.correct)


def _wrong(question: Question, chance: Random) -> Answer:
    """A slip as people make it: another option, one too many or too few, two in the wrong place."""
    right = list(_right(question))
    if question.kind is Kind.ORDER:
        return _swapped(right, chance)
    if question.kind is Kind.MATCH:
        options, targets = zip(*(pair.split("=", 1) for pair in right), strict=True)
        return question.normal(
            [f"{one}={target}" for one, target in zip(options, _swapped(targets, chance), strict=True)]
        )
    other = chance.choice([one for one in question.options if one not in right] or list(question.options))
    if question.kind is not Kind.SEVERAL:
        return question.normal([other])
    return question.normal([*right[1:], *([other] if chance.random() < 0.5 else [])])


def _swapped(things: Sequence[str], chance: Random) -> tuple[str, ...]:
    if len(things) < 2:
        return tuple(things)
    changed = list(things)
    place = chance.randrange(len(changed) - 1)
    changed[place], changed[place + 1] = changed[place + 1], changed[place]
    return tuple(changed)
