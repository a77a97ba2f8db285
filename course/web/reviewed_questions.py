"""Questions after an attempt: what was right, what was not, and why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from course.domain.quiz import Kind
from course.services.attempts import AskedQuestion, AttemptView
from course.web.prepared import Piece, short, slot
from course.web.quiz_parts import QuizParts


@dataclass(frozen=True, slots=True)
class ReviewedQuestions:
    _parts: QuizParts

    def reread(self, view: AttemptView, verdicts: Sequence[str]) -> list[Piece]:
        """The sections that questions rest on which were not fully right."""
        links: list[Piece] = []
        for asked, verdict in zip(view.questions, verdicts, strict=True):
            if verdict == "right":
                continue
            section = asked.question.section
            link = self._parts.piece(
                lambda section=section: self._parts.macro("review", "reread_link")(self._parts.quiz.section(section)),  # type: ignore[misc]
                "reread",
                section,
            )
            # Two questions may rest on one section, and all retired sections lead to one page.
            if link not in links:
                links.append(link)
        if not links:
            return []
        frame = self._parts.frame(lambda: self._parts.macro("review", "reread")(slot("links")), "rereading")
        return frame.filled({"links": links})

    def all(self, view: AttemptView, verdicts: Sequence[str]) -> list[Piece]:
        """Every question with its verdict, and every option with its reason."""
        pieces: list[Piece] = []
        for place, (asked, verdict) in enumerate(zip(view.questions, verdicts, strict=True), 1):
            frame = self._parts.frame(
                lambda asked=asked, verdict=verdict: self._parts.macro("review", "reviewed_question")(  # type: ignore[misc]
                    self._parts.quiz.reviewed(asked, slot("number"), verdict), slot("options")
                ),
                "reviewed",
                asked.version_name,
                verdict,
                asked.corrected_on,
            )
            pieces += frame.filled({"number": [short(str(place))], "options": self._options(asked)})
        return pieces

    def _options(self, asked: AskedQuestion) -> list[Piece]:
        question = asked.question
        given = given_of(asked)
        return [
            self._parts.piece(
                lambda option=option: self._parts.macro("review", "reviewed_option")(  # type: ignore[misc]
                    self._parts.quiz.reviewed_option(asked, option), question.kind.value
                ),
                "option",
                asked.version_name,
                option,
                given.get(option, ""),
            )
            for option in (question.correct if question.kind is Kind.ORDER else asked.option_order)
        ]


def verdict_of(asked: AskedQuestion) -> str:
    if not asked.answer.chosen:
        return "unanswered"
    points = asked.question.points(asked.answer.chosen)
    return "right" if points == 1 else "partly" if points > 0 else "wrong"


def given_of(asked: AskedQuestion) -> Mapping[str, str]:
    """What the learner did with each option: its place, its pair, or that she chose it."""
    chosen = asked.answer.chosen
    if asked.question.kind is Kind.MATCH:
        return dict(pair.split("=", 1) for pair in chosen)
    if asked.question.kind is Kind.ORDER:
        return {option: str(place) for place, option in enumerate(chosen, 1)}
    return dict.fromkeys(chosen, "chosen")
