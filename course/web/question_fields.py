"""The questions of an open attempt as fields of a form. They know nothing of right answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from course.domain.quiz import Answer, Kind
from course.services.attempts import AskedQuestion, AttemptView
from course.web.prepared import Piece, Prepared, short, slot
from course.web.quiz_parts import QuizParts


@dataclass(frozen=True, slots=True)
class Told:
    """What the page of an open attempt says of the form that was just posted."""

    #: question id -> sentence of the error summary
    errors: Mapping[str, str] = field(default_factory=dict)
    #: question id -> the answer that met a newer one; each has an error, too.
    conflicts: Mapping[str, Answer] = field(default_factory=dict)
    #: It was handed in with questions unanswered.
    unanswered: bool = False
    saved: bool = False


NOTHING_TOLD = Told()


@dataclass(frozen=True, slots=True)
class QuestionFields:
    _parts: QuizParts

    def all(self, view: AttemptView, told: Told) -> list[Piece]:
        """Every question with the answer that is stored."""
        total = len(view.questions)
        questions = []
        for place, asked in enumerate(view.questions, 1):
            fieldset = self._fieldset(asked, total, told)
            slots = {
                "number": [short(str(place))],
                "version": [short(str(asked.answer.version))],
                "answers": self._answers(asked),
            }
            questions += fieldset.filled(slots)
        return questions

    def _fieldset(self, asked: AskedQuestion, total: int, told: Told) -> Prepared:
        name = asked.question.id
        if name in told.errors:
            return Prepared(self._question(asked, total, told.conflicts.get(name), told.errors[name]))
        return self._parts.frame(lambda: self._question(asked, total), "question", asked.version_name, total)

    def _question(self, asked: AskedQuestion, total: int, conflict: Answer | None = None, error: str = "") -> str:
        view = self._parts.quiz.question(asked, slot("number"), slot("version"), conflict=conflict, error=error)
        return self._parts.macro("question", "question_fields")(view, total, slot("answers"))

    def _answers(self, asked: AskedQuestion) -> list[Piece]:
        """The fields of a question with what is stored."""
        name, chosen = asked.version_name, asked.answer.chosen
        if asked.question.kind in (Kind.ORDER, Kind.MATCH):
            return [self._parts.piece(lambda: self._selects(asked), "selects", name, asked.option_order, chosen)]
        return [
            self._parts.piece(
                lambda place=place: self._choice(asked, place),  # type: ignore[misc]
                "choice",
                name,
                option,
                place == 0,
                option in chosen,
            )
            for place, option in enumerate(asked.option_order)
        ]

    def _selects(self, asked: AskedQuestion) -> str:
        return self._parts.macro("question", "selects")(self._parts.quiz.question(asked, "", ""))

    def _choice(self, asked: AskedQuestion, place: int) -> str:
        view = self._parts.quiz.question(asked, "", "")
        return self._parts.macro("question", "choice")(view, view.options[place], place == 0)
