"""What a learner has done, what is open to her, and where she goes on. Keyed by permanent ids, whatever the edition."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from course.domain.errors import ModuleLocked, NotEarnedYet


class ModuleLike(Protocol):
    """What these rules need to know of a module."""

    @property
    def id(self) -> str: ...
    @property
    def requires(self) -> tuple[str, ...]: ...
    @property
    def lesson_ids(self) -> tuple[str, ...]: ...


class ModuleState(StrEnum):
    LOCKED = "locked"
    OPEN = "open"
    STARTED = "started"
    PASSED = "passed"


@dataclass(frozen=True, slots=True)
class Progress:
    """What one learner has done, as far as the rules need it."""

    lessons_done: frozenset[str] = frozenset()
    modules_passed: frozenset[str] = frozenset()
    #: Quizzes with an attempt under way.
    quizzes_open: frozenset[str] = frozenset()

    def missing_before(self, module: ModuleLike, shown: Iterable[str]) -> tuple[str, ...]:
        """The required modules not passed yet. A required module without text cannot lock anybody out."""
        known = set(shown)
        return tuple(needed for needed in module.requires if needed in known and needed not in self.modules_passed)

    def state_of(self, module: ModuleLike, shown: Iterable[str]) -> ModuleState:
        if module.id in self.modules_passed:
            return ModuleState.PASSED
        if self.missing_before(module, shown):
            return ModuleState.LOCKED
        if module.id in self.quizzes_open or self.lessons_done.intersection(module.lesson_ids):
            return ModuleState.STARTED
        return ModuleState.OPEN

    def require_open(self, module: ModuleLike, shown: Iterable[str]) -> None:
        """A module once passed stays open, also when a later edition puts another before it."""
        missing = self.missing_before(module, shown)
        if missing and module.id not in self.modules_passed:
            raise ModuleLocked(module.id, missing)


NOTHING_DONE = Progress()


@dataclass(frozen=True, slots=True)
class Step:
    """Where to go on: a lesson, or the quiz of a module when all its lessons are read."""

    module_id: str
    #: None means the module's quiz.
    lesson_id: str | None


def next_step(modules: Sequence[ModuleLike], progress: Progress) -> Step | None:
    """The first thing not done yet in the order of the course; None when all is passed."""
    shown = [module.id for module in modules]
    for module in modules:
        if progress.state_of(module, shown) in (ModuleState.PASSED, ModuleState.LOCKED):
            continue
        for lesson_id in module.lesson_ids:
            if lesson_id not in progress.lessons_done:
                return Step(module.id, lesson_id)
        return Step(module.id, None)
    return None


def require_earned(track_id: str, module_ids: Sequence[str], shown: Iterable[str], progress: Progress) -> None:
    """A certificate needs every module of its track that has text, and at least one."""
    known = set(shown)
    counted = [module_id for module_id in module_ids if module_id in known]
    missing = tuple(module_id for module_id in counted if module_id not in progress.modules_passed)
    if missing or not counted:
        raise NotEarnedYet(track_id, missing)


@dataclass(frozen=True, slots=True)
class Record:
    """The dated record of a learner, for joining two of them."""

    #: lesson id -> when it was first done
    lessons: Mapping[str, datetime] = field(default_factory=dict)
    #: module id -> when it was first passed
    modules: Mapping[str, datetime] = field(default_factory=dict)

    def joined_with(self, other: Record) -> Record:
        """The union of two records; of two dates for one thing the earlier one stands."""
        return Record(_earliest(self.lessons, other.lessons), _earliest(self.modules, other.modules))


def _earliest(one: Mapping[str, datetime], other: Mapping[str, datetime]) -> dict[str, datetime]:
    joined = dict(one)
    for key, moment in other.items():
        joined[key] = min(joined.get(key, moment), moment)
    return joined
