"""A scripted learner on the course's own site: by its rules alone, and by its services on a database."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from random import Random
from typing import Any

from course.content.library import Library, Module
from course.content.question_version import QuestionVersions
from course.domain.errors import CourseError
from course.domain.progress import Progress
from course.domain.quiz import NO_ANSWER, Answer, Kind, Question, draw, mark
from course.services import attempts, cases, study
from course.services.attempts import GRADED, PostedAnswer, open_attempt
from course.storage import learning
from course.storage.engine import Store

#: [name, values…] as the runtime's changes take them.
Action = list[Any]
MOMENT = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)


def script_of(library: Library, seed: int, *, steps: int) -> list[Action]:
    """What somebody does: mostly sensible, sometimes not at all."""
    chance = Random(seed)
    script: list[Action] = []
    modules = list(library.modules)
    far = 0
    for _ in range(steps):
        module = modules[min(far, len(modules) - 1)] if chance.random() < 0.8 else chance.choice(modules)
        script += _episode(library, module, chance)
        far += chance.random() < 0.7
    return script


def _episode(library: Library, module: Module, chance: Random) -> list[Action]:
    what = chance.random()
    if what < 0.3:
        return [["read", chance.choice([*module.lesson_ids, "no-such-lesson"])] for _ in range(3)]
    if what < 0.42 and library.practice.cases:
        return list(_case_steps(library, chance))
    quiz = library.quiz(module.id)
    knows = chance.choice([1.0, 0.9, 0.5])
    script: list[Action] = [["start", module.id, chance.randrange(2**31)]]
    script += [["answer", module.id, one.id, list(_given(one, chance, knows))] for one in quiz.questions]
    if chance.random() < 0.85:
        script.append(["submit", module.id, chance.random() < 0.8])
    return script


def _given(question: Question, chance: Random, knows: float) -> Sequence[str]:
    if chance.random() < knows:
        return question.correct
    options = list(question.options)
    chance.shuffle(options)
    some = options[: chance.randrange(len(options) + 1)]
    if chance.random() < 0.05:
        some.append("no-such-option")
    if question.kind is Kind.MATCH:
        return [f"{one}={chance.choice([*question.targets, ''])}" for one in some]
    if question.kind is Kind.ORDER:
        return [one if chance.random() < 0.8 else "" for one in some]
    return some


def _case_steps(library: Library, chance: Random) -> list[Action]:
    case = chance.choice(list(library.practice.cases.values()))
    walk, script = case.graph.walk(), []
    while not walk.ended:
        choice = chance.choice(walk.node.choices)
        script.append(["decide", case.id, len(walk.steps), choice.id])
        walk = case.graph.after(walk, choice.id)
    return [*script, ["takeBack", case.id, chance.randrange(4)]] if chance.random() < 0.5 else script


def normalised(library: Library, lessons: set[str], graded: dict[str, list[tuple[int, bool]]]) -> dict[str, Any]:
    """The record that must be the same whichever way the course was taken."""
    modules = []
    for module in library.modules:
        of_module = graded.get(module.id, [])
        modules.append(
            {
                "module": module.id,
                "lessons": [one for one in module.lesson_ids if one in lessons],
                "attempts": len(of_module),
                "best": max((percent for percent, _ in of_module), default=None),
                "passed": any(passed for _, passed in of_module),
            }
        )
    return {"modules": modules, "completed": all(one["passed"] for one in modules)}


@dataclass
class ByTheRules:
    """The site's rules with nothing around them."""

    library: Library
    lessons: set[str] = field(default_factory=set)
    graded: dict[str, list[tuple[int, bool]]] = field(default_factory=dict)
    seen: dict[str, Counter[str]] = field(default_factory=dict)
    open: dict[str, tuple[list[Question], dict[str, Answer]]] = field(default_factory=dict)

    def play(self, script: Sequence[Action]) -> dict[str, Any]:
        for name, *values in script:
            if name not in ("decide", "takeBack"):
                try:
                    getattr(self, f"_{name}")(*values)
                except CourseError:
                    continue
        return normalised(self.library, self.lessons, self.graded)

    def _require_open(self, module: Module) -> None:
        passed = {name for name, all_of in self.graded.items() if any(passed for _, passed in all_of)}
        progress = Progress(frozenset(self.lessons), frozenset(passed), frozenset(self.open))
        progress.require_open(module, [one.id for one in self.library.modules])

    def _read(self, lesson_id: str) -> None:
        lesson = self.library.lesson(self.library.source_language, lesson_id)
        self._require_open(self.library.module(lesson.module_id))
        self.lessons.add(lesson_id)

    def _start(self, module_id: str, seed: int) -> None:
        self._require_open(self.library.module(module_id))
        if module_id in self.open:
            return
        quiz, seen = self.library.quiz(module_id), self.seen.setdefault(module_id, Counter())
        drawn = draw(quiz.questions, size=quiz.draw, seed=seed, times_seen=seen)
        seen.update(question.id for question in drawn)
        self.open[module_id] = (drawn, {})

    def _answer(self, module_id: str, question_id: str, chosen: Sequence[str]) -> None:
        if module_id not in self.open:
            return
        drawn, given = self.open[module_id]
        for question in drawn:
            if question.id == question_id:
                given[question_id] = question.normal(chosen)

    def _submit(self, module_id: str, anyway: bool) -> None:
        if module_id not in self.open:
            return
        drawn, given = self.open[module_id]
        if not anyway and not all(one.is_complete(given.get(one.id, NO_ANSWER)) for one in drawn):
            return
        result = mark(drawn, given, pass_mark=self.library.pass_mark)
        self.graded.setdefault(module_id, []).append((result.percent, result.passed))
        del self.open[module_id]


@dataclass
class OnTheSite:
    """The same learner on the site, by the functions that its pages call."""

    store: Store
    library: Library
    versions: QuestionVersions
    learner_id: int

    def play(self, script: Sequence[Action]) -> dict[str, Any]:
        for name, *values in script:
            try:
                getattr(self, f"_{name}")(*values)
            except CourseError:
                continue
        graded: dict[str, list[tuple[int, bool]]] = {}
        with self.store.reading() as connection:
            lessons = set(learning.progress_of(connection, self.learner_id).lessons_done)
            for module in self.library.modules:
                for one in learning.attempts_of(connection, self.learner_id, module.id):
                    if one.state == GRADED:
                        graded.setdefault(module.id, []).append((one.percent or 0, bool(one.passed)))
        return normalised(self.library, lessons, graded)

    def _read(self, lesson_id: str) -> None:
        study.mark_lesson_done(
            self.store, self.library, learner_id=self.learner_id, lesson_id=lesson_id, language="en", now=MOMENT
        )

    def _start(self, module_id: str, seed: int) -> None:
        attempts.start_attempt(
            self.store,
            self.library,
            self.versions,
            learner_id=self.learner_id,
            module_id=module_id,
            language="en",
            now=MOMENT,
            seed=seed,
        )

    def _answer(self, module_id: str, question_id: str, chosen: Sequence[str]) -> None:
        number, version = self._open(module_id, question_id)
        attempts.save_answers(
            self.store,
            self.versions,
            learner_id=self.learner_id,
            module_id=module_id,
            number=number,
            posted=lambda question: PostedAnswer(chosen, version) if question.id == question_id else None,
            now=MOMENT,
        )

    def _submit(self, module_id: str, anyway: bool) -> None:
        attempts.submit_attempt(
            self.store,
            self.library,
            self.versions,
            learner_id=self.learner_id,
            module_id=module_id,
            number=self._open(module_id, "")[0],
            posted=lambda _: None,
            anyway=anyway,
            language="en",
            now=MOMENT,
        )

    def _open(self, module_id: str, question_id: str) -> tuple[int, int]:
        """The number of the open attempt, and the version of the answer that is stored."""
        with self.store.reading_hot() as hot:
            found = open_attempt(hot, learner_id=self.learner_id, module_id=module_id)
            if found is None:
                raise CourseError(module_id)
            view = attempts.view_attempt(hot, self.versions, found)
        versions = {asked.question.id: asked.answer.version for asked in view.questions}
        return found.number, versions.get(question_id, 0)

    def _decide(self, case_id: str, made: int, choice_id: str) -> None:
        cases.decide(
            self.store,
            self.library,
            learner_id=self.learner_id,
            case_id=case_id,
            made=made,
            choice_id=choice_id,
            language="en",
            now=MOMENT,
        )

    def _takeBack(self, case_id: str, keep: int) -> None:  # noqa: N802 - named as the runtime's change is
        cases.go_back(self.store, self.library, learner_id=self.learner_id, case_id=case_id, keep=keep, now=MOMENT)
