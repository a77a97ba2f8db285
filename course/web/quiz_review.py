"""The page of an attempt handed in: what was right, what was not, and why."""

from __future__ import annotations

from dataclasses import dataclass

from course.content.library import Module
from course.services import attempts
from course.storage.hot import Hot
from course.storage.learning import StoredAttempt, progress_of
from course.web.pages import Link
from course.web.prepared import Piece, short, slot
from course.web.quiz_parts import QuizParts, day_of
from course.web.reviewed_questions import ReviewedQuestions, verdict_of


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
        reviewed = ReviewedQuestions(self._parts)
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
                "reread": reviewed.reread(view, verdicts),
                "questions": reviewed.all(view, verdicts),
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
