"""The quiz: start, answer, hand in, and see what was wrong and why. An open attempt is kept in no cache."""

from __future__ import annotations

from collections.abc import Iterable

from flask import Response, jsonify, redirect, request
from werkzeug.wrappers import Response as WerkzeugResponse

from course.content.library import Module
from course.domain.errors import CourseError, NoOpenAttempt, NotThere, UnknownOption
from course.domain.permission import Permission
from course.services import attempts
from course.services.attempts import AskedQuestion, AttemptView, Outcome
from course.storage.learning import attempts_of
from course.web.area import Area, Route
from course.web.forms.quiz import QuizForm, posted_answer
from course.web.presenting import Presenter
from course.web.question_fields import Told
from course.web.quick_quiz import begin, take_form
from course.web.quick_save import save_posted
from course.web.quiz_open import OpenPages
from course.web.quiz_pages import QuizPresenter
from course.web.quiz_parts import QuizParts
from course.web.quiz_review import ReviewPages


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
        module = self._module(module_id)
        found = self.site.visitor()
        with self.site.store.reading_hot() as hot:
            pieces = OpenPages(self._parts(lang), module).quiz(hot, found.learner.id if found else None, self.csrf())
        return self.send_pieces(pieces)

    def _module(self, module_id: str) -> Module:
        """A module that has a quiz."""
        self.site.library.quiz(module_id)
        return self.site.library.module(module_id)

    def _parts(self, lang: str) -> QuizParts:
        return QuizParts(self.site, lang, request.script_root, lambda name, values: self.render(lang, name, **values))

    def start(self, lang: str, module_id: str) -> WerkzeugResponse:
        self.site.library.quiz(module_id)
        learner_id, new = self.learner_or_new(lang)
        begin(self.site, learner_id, module_id, lang)
        return self.remembering(redirect(self.site.url("quiz", lang=lang, module_id=module_id), 303), new)

    def answer(self, lang: str, module_id: str) -> WerkzeugResponse:
        """The whole form, posted by a button: save, hand in, or save and go on in another language."""
        form = QuizForm.read(request.form)
        learner_id = self._learner_id(module_id)
        try:
            outcome = take_form(self.site, learner_id, module_id, lang, form)
        except NoOpenAttempt:
            return self._after_the_end(lang, module_id, learner_id, form.attempt)
        return self._next_page(lang, module_id, learner_id, form, outcome)

    def _learner_id(self, module_id: str) -> int:
        found = self.site.visitor()
        if found is None:
            raise NoOpenAttempt(module_id)
        return found.learner.id

    def _after_the_end(self, lang: str, module_id: str, learner_id: int, number: int) -> WerkzeugResponse:
        """The attempt was handed in before, in another tab or by a second click: its result is the answer."""
        with self.site.store.reading_hot() as hot:
            taken = attempts_of(hot, learner_id, module_id)
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
        with self.site.store.reading_hot() as hot:
            open_now = attempts.open_attempt(hot, learner_id=learner_id, module_id=module_id)
            view = attempts.view_attempt(hot, self.site.versions, open_now) if open_now else None
        if view is None:
            return self._after_the_end(lang, module_id, learner_id, form.attempt)
        return self._told_page(lang, module_id, view, outcome, submitting=form.action == "submit")

    def _told_page(
        self, lang: str, module_id: str, view: AttemptView, outcome: Outcome, *, submitting: bool
    ) -> Response:
        """The attempt, and what is wrong with the form or that it is saved."""
        conflicts = outcome.conflicts
        errors = QuizPresenter(Presenter(self.site, lang)).errors(view, conflicts, submitting=submitting)
        unanswered = submitting and not conflicts and bool(view.unanswered)
        told = Told(errors, conflicts, unanswered, saved=not errors)
        pieces = OpenPages(self._parts(lang), self._module(module_id)).attempt(view, self.csrf(), told)
        return self.send_pieces(pieces, 409 if conflicts else 422 if errors else 200)

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
        module = self._module(module_id)
        found = self.site.visitor()
        if found is None:
            raise NotThere(f"{module_id} {number}")
        with self.site.store.reading_hot() as hot:
            pages = ReviewPages(self._parts(lang), module)
            pieces = pages.review(hot, found.learner.id, number, self.csrf())
        return self.send_pieces(pieces)


def visitor_secret(area: Area) -> str:
    """The secret of the request's cookie, taken as it is: the statement that saves an answer proves it."""
    return area.site.identity.secret_of(request.headers.get("Cookie", ""))
