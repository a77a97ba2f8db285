"""The quiz: start, answer, hand in, and see what was wrong and why. An open attempt is kept in no cache."""

from __future__ import annotations

from collections.abc import Iterable

from flask import Response, jsonify, redirect, request
from sqlalchemy import Connection
from werkzeug.wrappers import Response as WerkzeugResponse

from course.domain.errors import CourseError, NoOpenAttempt, UnknownOption
from course.domain.permission import Permission
from course.domain.progress import Progress
from course.services import attempts
from course.services.attempts import AskedQuestion, AttemptView, Outcome
from course.storage.learning import StoredAttempt, attempts_of
from course.web.area import Area, Route
from course.web.forms.quiz import QuizForm, posted_answer
from course.web.pages import Link
from course.web.presenting import Presenter
from course.web.quick_save import save_posted
from course.web.quiz_pages import QuizPresenter


class QuizArea(Area):
    def routes(self) -> Iterable[Route]:
        own = Permission.OWN_RECORD
        yield Route("/modules/<module_id>/quiz/", "quiz", self.quiz, Permission.ANYONE)
        yield Route("/modules/<module_id>/quiz/start", "start_quiz", self.start, own, ("POST",))
        yield Route("/modules/<module_id>/quiz/", "answer_quiz", self.answer, own, ("POST",))
        yield Route("/modules/<module_id>/quiz/save", "save_answer", self.save, own, ("POST",))
        yield Route("/modules/<module_id>/quiz/attempts/<int:number>/", "attempt", self.attempt, own)

    def quiz(self, lang: str, module_id: str) -> WerkzeugResponse:
        """The open attempt, or the page from which one is started."""
        found, progress = self.progress()
        with self.site.store.reading() as connection:
            taken = attempts_of(connection, found.learner.id, module_id) if found else []
            view = self._open_view(connection, taken)
        if view is not None:
            return self._attempt_page(lang, module_id, view)
        pages = QuizPresenter(Presenter(self.site, lang))
        module = self.site.library.module(module_id)
        graded = [attempt for attempt in taken if attempt.state == attempts.GRADED]
        presenter = pages.presenter
        return self.page(
            lang,
            "quiz_start.html",
            station=presenter.station(module, progress),
            quiz=presenter.quiz_state(module, progress, failed=bool(graded)),
            attempts=tuple(pages.attempt_row(module_id, attempt) for attempt in graded),
            start_url=self.site.url("start_quiz", lang=lang, module_id=module_id),
            csrf=self.csrf(),
            bank_size=len(self.site.library.quiz(module_id).questions),
            new_questions=bool(graded),
            locked_reason=presenter.locked_reason(module, progress),
        )

    def _open_view(self, connection: Connection, taken: list[StoredAttempt]) -> AttemptView | None:
        for attempt in taken:
            if attempt.state == attempts.OPEN:
                return attempts.view_attempt(connection, self.site.versions, attempt)
        return None

    def start(self, lang: str, module_id: str) -> WerkzeugResponse:
        self.site.library.quiz(module_id)
        learner_id, new = self.learner_or_new(lang)
        attempts.start_attempt(
            self.site.store,
            self.site.library,
            self.site.versions,
            learner_id=learner_id,
            module_id=module_id,
            language=lang,
            now=self.site.now(),
        )
        return self.remembering(redirect(self.site.url("quiz", lang=lang, module_id=module_id), 303), new)

    def answer(self, lang: str, module_id: str) -> WerkzeugResponse:
        """The whole form, posted by a button: save, hand in, or save and go on in another language."""
        form = QuizForm.read(request.form)
        learner_id = self._learner_id(module_id)
        view = self._view_now(learner_id, module_id)
        if view is None or view.attempt.number != form.attempt:
            return self._after_the_end(lang, module_id, learner_id, form.attempt)
        posted, shown = form.answers([asked.question for asked in view.questions])
        common = {
            "learner_id": learner_id,
            "module_id": module_id,
            "number": form.attempt,
            "posted": posted,
            "shown_versions": shown,
            "now": self.site.now(),
        }
        if form.action == "submit":
            outcome = attempts.submit_attempt(
                self.site.store,
                self.site.library,
                self.site.versions,
                anyway=form.anyway,
                language=lang,
                **common,  # type: ignore[arg-type]
            )
        else:
            outcome = attempts.save_answers(self.site.store, self.site.versions, **common)  # type: ignore[arg-type]
        return self._next_page(lang, module_id, learner_id, form, outcome)

    def _learner_id(self, module_id: str) -> int:
        found = self.site.visitor()
        if found is None:
            raise NoOpenAttempt(module_id)
        return found.learner.id

    def _view_now(self, learner_id: int, module_id: str) -> AttemptView | None:
        with self.site.store.reading() as connection:
            return self._open_view(connection, attempts_of(connection, learner_id, module_id))

    def _after_the_end(self, lang: str, module_id: str, learner_id: int, number: int) -> WerkzeugResponse:
        """The attempt was handed in before, in another tab or by a second click: its result is the answer."""
        with self.site.store.reading() as connection:
            taken = attempts_of(connection, learner_id, module_id)
        if any(attempt.number == number for attempt in taken):
            return redirect(self.site.url("attempt", lang=lang, module_id=module_id, number=number), 303)
        raise NoOpenAttempt(f"{module_id} {number}")

    def _next_page(
        self, lang: str, module_id: str, learner_id: int, form: QuizForm, outcome: Outcome
    ) -> WerkzeugResponse:
        if outcome.submitted:
            return redirect(
                self.site.url("attempt", lang=lang, module_id=module_id, number=outcome.attempt_number), 303
            )
        if form.switch in self.site.library.languages and not outcome.conflicts:
            return redirect(self.site.url("quiz", lang=form.switch, module_id=module_id), 303)
        view = self._view_now(learner_id, module_id)
        if view is None:
            return self._after_the_end(lang, module_id, learner_id, form.attempt)
        return self._attempt_page(lang, module_id, view, outcome, submitting=form.action == "submit")

    def _attempt_page(
        self,
        lang: str,
        module_id: str,
        view: AttemptView,
        outcome: Outcome | None = None,
        *,
        submitting: bool = False,
    ) -> Response:
        pages = QuizPresenter(Presenter(self.site, lang))
        questions, errors = pages.questions(view, outcome, submitting=submitting)
        conflicts = bool(outcome and outcome.conflicts)
        return self.page(
            lang,
            "quiz.html",
            status=409 if conflicts else 422 if errors else 200,
            station=pages.presenter.station(self.site.library.module(module_id), self._progress_now()),
            attempt_number=view.attempt.number,
            questions=questions,
            save_url=self.site.url("save_answer", lang=lang, module_id=module_id),
            form_url=self.site.url("quiz", lang=lang, module_id=module_id),
            csrf=self.csrf(),
            errors=errors,
            unanswered=submitting and not conflicts and bool(view.unanswered),
            saved_note=pages.presenter.say("Your answers are saved.") if outcome and not errors else "",
            conflicts=conflicts,
        )

    def _progress_now(self) -> Progress:
        return self.progress()[1]

    def save(self, lang: str, module_id: str) -> WerkzeugResponse:
        """One answer, sent by the script at every change; most are saved by `SavesAnswers` before they come here."""
        form = QuizForm.read(request.form)
        saved = save_posted(self.site, visitor_secret(self), module_id, form)
        if saved is not None:
            return jsonify(version=saved)
        question_id = form.only_question()
        chosen = posted_answer(self.site.library, module_id, question_id, request.form)
        return self._refused(lang, module_id, form, question_id, chosen)

    def _refused(
        self, lang: str, module_id: str, form: QuizForm, question_id: str, chosen: list[str]
    ) -> WerkzeugResponse:
        """Saved the slow way, or refused with what is stored, so that the page can show both."""
        version = form.versions.get(question_id, -1)
        try:
            asked = attempts.explain_refusal(
                self.site.store,
                self.site.versions,
                learner_id=self._learner_id(module_id),
                module_id=module_id,
                number=form.attempt,
                question_id=question_id,
                chosen=chosen,
                version=version,
                now=self.site.now(),
            )
        except UnknownOption:
            return self._json(400, error=Presenter(self.site, lang).say("An answer could not be read"))
        except CourseError:
            say = Presenter(self.site, lang).say
            closed = say("This attempt is closed. Open the quiz page to see where you are.")
            return self._json(410, error=closed)
        if asked.answer.chosen == asked.question.normal(chosen):
            return self._json(200, version=asked.answer.version)
        return self._json(409, **self._stored(lang, asked))

    def _stored(self, lang: str, asked: AskedQuestion) -> dict[str, object]:
        texts = QuizPresenter(Presenter(self.site, lang)).answer_texts(asked, asked.answer.chosen)
        return {"version": asked.answer.version, "saved": list(asked.answer.chosen), "saved_text": "; ".join(texts)}

    def _json(self, status: int, **values: object) -> Response:
        response = jsonify(**values)
        response.status_code = status
        return response

    def attempt(self, lang: str, module_id: str, number: int) -> Response:
        pages = QuizPresenter(Presenter(self.site, lang))
        module = self.site.library.module(module_id)
        found, progress = self.progress()
        with self.site.store.reading() as connection:
            learner_id = found.learner.id if found else -1
            view = attempts.past_attempt(
                connection, self.site.versions, learner_id=learner_id, module_id=module_id, number=number
            )
        presenter = pages.presenter
        place = self.site.library.modules.index(module) + 1
        following = self.site.library.modules[place] if place < len(self.site.library.modules) else None
        return self.page(
            lang,
            "attempt.html",
            station=presenter.station(module, progress),
            **pages.review(view),
            next=Link(following.title[lang], presenter.module_url(following.id)) if following else None,
            retry_url=self.site.url("start_quiz", lang=lang, module_id=module_id),
            csrf=self.csrf(),
            certificate=Link(presenter.say("Get your certificate"), self.site.url("certificate", lang=lang))
            if not presenter.certificate_lacks(progress)
            else None,
        )


def visitor_secret(area: Area) -> str:
    """The secret of the request's cookie, taken as it is: the statement that saves an answer proves it."""
    return area.site.identity.secret_of(request.headers.get("Cookie", ""))
