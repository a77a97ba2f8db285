"""The page from which an attempt is started, and the page of the open attempt. They know nothing of right answers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from course.content.library import Module
from course.domain.progress import NOTHING_DONE, Progress
from course.services import attempts
from course.services.attempts import AttemptView
from course.storage.hot import Hot
from course.storage.learning import StoredAttempt, attempts_of, progress_of
from course.web.pages import AttemptRow, Link
from course.web.prepared import Piece, Prepared, short, slot
from course.web.question_fields import NOTHING_TOLD, QuestionFields, Told
from course.web.quiz_parts import QuizParts, day_of


@dataclass(frozen=True, slots=True)
class OpenPages:
    """The pages of one module's quiz before it is handed in."""

    _parts: QuizParts
    _module: Module

    def quiz(self, hot: Hot, learner_id: int | None, token: str) -> list[Piece]:
        """The open attempt, or the page from which one is started."""
        if learner_id is None:
            return self.start(NOTHING_DONE, [], token)
        taken = attempts_of(hot, learner_id, self._module.id)
        for attempt in taken:
            if attempt.state == attempts.OPEN:
                view = attempts.view_attempt(hot, self._parts.site.versions, attempt)
                return self.attempt(view, token)
        return self.start(progress_of(hot, learner_id), taken, token)

    def start(self, progress: Progress, taken: Sequence[StoredAttempt], token: str) -> list[Piece]:
        graded = [attempt for attempt in taken if attempt.state == attempts.GRADED]
        missing = progress.missing_before(self._module, self._parts.quiz.presenter.shown_ids())
        passed = self._module.id in progress.modules_passed
        frame = self._parts.frame(
            lambda: self._start_frame(progress, graded), "start", self._module.id, missing, passed, bool(graded)
        )
        rows = [piece for attempt in graded for piece in self._row(attempt)]
        return frame.filled({"token": [Piece.once(token)], "attempts": rows})

    def _start_frame(self, progress: Progress, graded: Sequence[StoredAttempt]) -> str:
        presenter = self._parts.quiz.presenter
        return self._parts.rendered(
            "quiz_start.html",
            station=presenter.station(self._module, progress),
            quiz=presenter.quiz_state(self._module, progress, failed=bool(graded)),
            attempts_slot=slot("attempts") if graded else "",
            start_url=self._parts.site.url("start_quiz", lang=self._parts.language, module_id=self._module.id),
            csrf=slot("token"),
            bank_size=len(self._parts.site.library.quiz(self._module.id).questions),
            locked_reason=presenter.locked_reason(self._module, progress),
        )

    def _row(self, attempt: StoredAttempt) -> list[Piece]:
        passed = bool(attempt.passed)
        url = self._parts.quiz.attempt_url
        frame = self._parts.frame(
            lambda: self._parts.macro("review", "attempt_row")(
                AttemptRow(slot("number"), slot("percent"), passed, slot("date"), url(self._module.id, slot("number")))
            ),
            "row",
            self._module.id,
            passed,
        )
        return frame.filled(
            {
                "number": [short(str(attempt.number))],
                "percent": [short(str(attempt.percent or 0))],
                "date": [short(day_of(attempt, self._parts.language))],
            }
        )

    # The open attempt

    def attempt(self, view: AttemptView, token: str, told: Told | None = None) -> list[Piece]:
        """The questions with the answers that are stored, and after a form was posted what is to be said of it."""
        total = len(view.questions)
        if told is None:
            frame = self._parts.frame(
                lambda: self._attempt_frame(total, NOTHING_TOLD), "attempt", self._module.id, total
            )
        else:
            frame = Prepared(self._attempt_frame(total, told))
        questions = QuestionFields(self._parts).all(view, told or NOTHING_TOLD)
        number = [short(str(view.attempt.number))]
        return frame.filled({"token": [Piece.once(token)], "attempt": number, "questions": questions})

    def _attempt_frame(self, total: int, told: Told) -> str:
        site, language = self._parts.site, self._parts.language
        presenter = self._parts.quiz.presenter
        return self._parts.rendered(
            "quiz.html",
            module=Link(self._module.title[language], presenter.module_url(self._module.id)),
            module_id=self._module.id,
            attempt_number=slot("attempt"),
            questions_slot=slot("questions"),
            total=total,
            save_url=site.url("save_answer", lang=language, module_id=self._module.id),
            form_url=site.url("quiz", lang=language, module_id=self._module.id),
            csrf=slot("token"),
            errors=list(told.errors.items()),
            unanswered=told.unanswered,
            saved_note=presenter.say("Your answers are saved.") if told.saved else "",
            conflicts=bool(told.conflicts),
        )
