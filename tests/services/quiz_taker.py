"""A learner who takes the tea quiz of the small course, for the tests of the services."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from course.content.library import Library
from course.content.question_version import QuestionVersions
from course.domain.quiz import Kind, Question
from course.services import attempts
from course.services.people import NewSecret
from course.storage import learning
from course.storage.engine import Store
from tests.services.forms import form_of

NOW = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)


@dataclass
class Taker:
    """A learner at the tea quiz, and the library that her site serves today."""

    store: Store
    library: Library
    me: NewSecret

    @property
    def versions(self) -> QuestionVersions:
        return QuestionVersions(self.library)

    def start(self, *, seed: int | None = None, module_id: str = "tea") -> int:
        return attempts.start_attempt(
            self.store,
            self.library,
            self.versions,
            learner_id=self.me.learner_id,
            module_id=module_id,
            language="fi",
            now=NOW,
            seed=seed,
        )

    def view(self, number: int = 1) -> attempts.AttemptView:
        with self.store.reading() as connection:
            taken = learning.attempts_of(connection, self.me.learner_id, "tea")
            [attempt] = [one for one in taken if one.number == number]
            return attempts.view_attempt(connection, self.versions, attempt)

    def questions(self, number: int = 1) -> list[Question]:
        return [asked.question for asked in self.view(number).questions]

    def save_one(self, question: Question, chosen: tuple[str, ...], version: int = 0, number: int = 1) -> int | None:
        return attempts.save_one_answer(
            self.store,
            self.library,
            secret=self.me.secret,
            module_id="tea",
            number=number,
            question_id=question.id,
            chosen=chosen,
            version=version,
            now=NOW,
        )

    def save(self, posted: dict[str, tuple[str, ...]], shown: dict[str, int], number: int = 1) -> attempts.Outcome:
        return attempts.save_answers(self.store, self.versions, **self._form(posted, shown, number))

    def submit(
        self, posted: dict[str, tuple[str, ...]], shown: dict[str, int], *, number: int = 1, anyway: bool = False
    ) -> attempts.Outcome:
        return attempts.submit_attempt(
            self.store, self.library, self.versions, anyway=anyway, language="fi", **self._form(posted, shown, number)
        )

    def _form(self, posted, shown, number):
        return {
            "learner_id": self.me.learner_id,
            "module_id": "tea",
            "number": number,
            "posted": form_of(posted, shown),
            "now": NOW,
        }

    def stored(self, number: int = 1) -> dict[str, tuple[str, ...]]:
        return {asked.question.id: asked.answer.chosen for asked in self.view(number).questions}


def wrong(question: Question) -> tuple[str, ...]:
    """Another complete answer than the right one, in its normal form."""
    if question.kind is Kind.MATCH:
        pairs = [pair.split("=") for pair in question.correct]
        turned = [target for _, target in reversed(pairs)]
        return question.normal([f"{option}={target}" for (option, _), target in zip(pairs, turned, strict=True)])
    if question.kind is Kind.ORDER:
        return tuple(reversed(question.correct))
    return next((option,) for option in question.options if option not in question.correct)


def versions_of(questions: list[Question], version: int = 0) -> dict[str, int]:
    return {question.id: version for question in questions}


def right(questions: list[Question]) -> dict[str, tuple[str, ...]]:
    return {question.id: question.correct for question in questions}


def taker_asked(taker: Taker, question_id: str) -> Taker:
    """The same learner, with an attempt open that asks this question."""
    for seed in range(1000):
        if question_id in {one.id for one in _drawn(taker, seed)}:
            taker.start(seed=seed)
            return taker
    raise AssertionError("no seed draws the question")


def _drawn(taker: Taker, seed: int) -> list[Question]:
    quiz = taker.library.quiz("tea")
    return attempts.draw(quiz.questions, size=quiz.draw, seed=seed, times_seen={})
