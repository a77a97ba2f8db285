"""The page of an attempt handed in: what was right, what was not, and why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from course.content.library import Module
from course.domain.quiz import Kind
from course.services import attempts
from course.services.attempts import AskedQuestion, AttemptView
from course.storage.hot import Hot
from course.storage.learning import StoredAttempt, progress_of
from course.web.pages import Link
from course.web.prepared import Piece, short, slot
from course.web.quiz_parts import QuizParts, day_of


@dataclass(frozen=True, slots=True)
class ReviewPages:
    """The reviews of one module's attempts."""

    _parts: QuizParts
    _module: Module

    def review(self, hot: Hot, learner_id: int, number: int, token: str) -> list[Piece]:
        """A graded attempt of this learner; raises NotThere for any other."""
        view = attempts.past_attempt(
            hot, self._parts.site.versions, learner_id=learner_id, module_id=self._module.id, number=number
        )
        lacks = self._parts.quiz.presenter.certificate_lacks(progress_of(hot, learner_id))
        attempt, total = view.attempt, len(view.questions)
        verdicts = [verdict_of(asked) for asked in view.questions]
        frame = self._parts.frame(
            lambda: self._review_frame(attempt, total, certificate=not lacks),
            "review",
            self._module.id,
            number,
            total,
            attempt.pass_mark,
            attempt.passed,
            not lacks,
        )
        return frame.filled(
            {
                "token": [Piece.once(token)],
                "percent": [short(str(attempt.percent or 0))],
                "right": [short(str(verdicts.count("right")))],
                "date": [short(day_of(attempt, self._parts.language))],
                "reread": self._reread(view, verdicts),
                "questions": self._reviewed(view, verdicts),
            }
        )

    def _review_frame(self, attempt: StoredAttempt, total: int, *, certificate: bool) -> str:
        site, language = self._parts.site, self._parts.language
        presenter = self._parts.quiz.presenter
        modules = site.library.modules
        place = modules.index(self._module) + 1
        following = modules[place] if place < len(modules) else None
        seal = Link(presenter.say("Get your certificate"), site.url("certificate", lang=language))
        return self._parts.rendered(
            "attempt.html",
            module=Link(self._module.title[language], presenter.module_url(self._module.id)),
            module_id=self._module.id,
            passed=bool(attempt.passed),
            percent=slot("percent"),
            pass_mark=attempt.pass_mark,
            right=slot("right"),
            total=total,
            date=slot("date"),
            reread_slot=slot("reread"),
            questions_slot=slot("questions"),
            next=Link(following.title[language], presenter.module_url(following.id)) if following else None,
            retry_url=site.url("start_quiz", lang=language, module_id=self._module.id),
            csrf=slot("token"),
            certificate=seal if certificate else None,
        )

    def _reread(self, view: AttemptView, verdicts: Sequence[str]) -> list[Piece]:
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

    def _reviewed(self, view: AttemptView, verdicts: Sequence[str]) -> list[Piece]:
        pieces: list[Piece] = []
        for place, (asked, verdict) in enumerate(zip(view.questions, verdicts, strict=True), 1):
            frame = self._parts.frame(
                lambda asked=asked, verdict=verdict: self._parts.macro("review", "reviewed_question")(  # type: ignore[misc]
                    self._parts.quiz.reviewed(asked, slot("number"), verdict), slot("options")
                ),
                "reviewed",
                asked.version_name,
                verdict,
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
