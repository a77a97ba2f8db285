"""A scripted learner by the rules of the site alone, and the record that must be the same in every way in."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from course.content.library import Library, Module
from course.domain.errors import CourseError
from course.domain.progress import Progress
from course.domain.quiz import NO_ANSWER, Answer, Question, draw, mark

#: Changes of the record, as the runtime of the packages names them; the others leave no mark in it.
CHANGES = ("read", "start", "answer", "submit")


def normalised(
    library: Library, lessons: Collection[str], graded: Mapping[str, Sequence[tuple[int, bool]]]
) -> dict[str, Any]:
    """Per module what was read, tried, reached and passed; of the course its score and whether it is done.

    `graded`: module id -> (per cent, passed) of each attempt that was handed in.
    """
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
    counted = [one for one in modules if one["module"] in library.tracks[0].module_ids]
    score = (
        sum(one["best"] or 0 for one in counted) // len(counted) if any(one["attempts"] for one in counted) else None
    )
    return {"modules": modules, "completed": all(one["passed"] for one in counted), "score": score}


@dataclass
class ByTheRules:
    """The site's rules with nothing around them."""

    library: Library
    lessons: set[str] = field(default_factory=set)
    graded: dict[str, list[tuple[int, bool]]] = field(default_factory=dict)
    seen: dict[str, Counter[str]] = field(default_factory=dict)
    open: dict[str, tuple[list[Question], dict[str, Answer]]] = field(default_factory=dict)

    def play(self, script: Sequence[Sequence[Any]]) -> dict[str, Any]:
        for name, *values in script:
            self.do(name, *values)
        return self.record()

    def record(self) -> dict[str, Any]:
        return normalised(self.library, self.lessons, self.graded)

    def do(self, name: str, *values: Any) -> None:
        """One action; one that is refused changes nothing."""
        if name in CHANGES:
            try:
                getattr(self, f"_{name}")(*values)
            except CourseError:
                return

    def passed(self, module_id: str) -> bool:
        return any(passed for _, passed in self.graded.get(module_id, ()))

    def asked(self, module_id: str) -> list[Question]:
        """The questions of the open attempt."""
        return self.open[module_id][0] if module_id in self.open else []

    def _require_open(self, module: Module) -> None:
        passed = frozenset(name for name in self.graded if self.passed(name))
        progress = Progress(frozenset(self.lessons), passed, frozenset(self.open))
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
        for question in self.asked(module_id):
            if question.id == question_id:
                self.open[module_id][1][question_id] = question.normal(chosen)

    def _submit(self, module_id: str, anyway: bool) -> None:
        if module_id not in self.open:
            return
        drawn, given = self.open[module_id]
        if not anyway and not all(one.is_complete(given.get(one.id, NO_ANSWER)) for one in drawn):
            return
        result = mark(drawn, given, pass_mark=self.library.pass_mark)
        self.graded.setdefault(module_id, []).append((result.percent, result.passed))
        del self.open[module_id]
