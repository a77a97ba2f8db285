"""Questions before the course and others like them after it: to be tried, to be skipped, and locking nothing."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from flask import Response, jsonify, redirect, request
from werkzeug.wrappers import Response as WerkzeugResponse

from course.domain.errors import CourseError, NoOpenAttempt, NotThere, UnknownOption
from course.domain.gain import Form, Stage
from course.domain.permission import Permission
from course.services import attempts, gain
from course.services.attempts import AttemptView, Outcome, Posted
from course.services.gain import Standing
from course.storage.hot import Hot
from course.storage.learning import progress_of
from course.web.area import Area, Route
from course.web.forms.quiz import QuizForm
from course.web.pre_test_pages import FORMS, FormPages, PreTestPresenter
from course.web.prepared import slot
from course.web.presenting import Presenter
from course.web.question_fields import Told
from course.web.quiz_pages import QuizPresenter
from course.web.quiz_parts import QuizParts


class PreTestArea(Area):
    def routes(self) -> Iterable[Route]:
        own, one = Permission.OWN_RECORD, "/pre-test/<any(before,after):form>"
        yield Route("/pre-test/", "pre_test", self.show, Permission.ANYONE)
        yield Route("/pre-test/start", "start_pre_test", self.start, own, ("POST",))
        yield Route(f"{one}/", "answer_pre_test", self.answer, own, ("POST",))
        yield Route(f"{one}/save", "save_pre_test", self.save, own, ("POST",))

    def show(self, lang: str) -> Response:
        """Whatever has its turn: the offer, the form under way, the score, or before and now."""
        gain.pre_test_of(self.site.library)
        found = self.site.visitor()
        if found is None:
            return self._page(lang, Standing(Stage.OFFERED))
        with self.site.store.reading_hot() as hot:
            progress = progress_of(hot, found.learner.id)
            standing = gain.standing_of(hot, self.site.library, found.learner.id, progress)
            if standing.form is not None and standing.attempt is not None:
                view = attempts.view_attempt(hot, self.site.versions, standing.attempt)
                return self.send_pieces(self._pages(lang).open(standing.form, view, self.csrf()))
            if standing.pair is not None:
                view = self._shown(hot, standing, progress.modules_passed)
                return self.send_pieces(self._pages(lang).done(self._rendered(lang, standing), view))
        return self._page(lang, standing)

    def _shown(self, hot: Hot, standing: Standing, passed: frozenset[str]) -> AttemptView:
        """The second form with the questions of the modules that she has passed: the others may still come to her."""
        assert standing.attempt is not None
        view = attempts.view_attempt(hot, self.site.versions, standing.attempt)
        pairs = zip(view.attempt.questions, view.questions, strict=True)
        return replace(view, questions=tuple(asked for stored, asked in pairs if stored["module"] in passed))

    def _pages(self, lang: str) -> FormPages:
        parts = QuizParts(self.site, lang, request.script_root, lambda name, values: self.render(lang, name, **values))
        return FormPages(parts)

    def _page(self, lang: str, standing: Standing) -> Response:
        return self.send(self._rendered(lang, standing))

    def _rendered(self, lang: str, standing: Standing) -> str:
        presenter = Presenter(self.site, lang)
        return self.render(
            lang,
            "pre_test.html",
            view=PreTestPresenter(presenter).view(standing),
            first_url=presenter.module_url(self.site.library.modules[0].id),
            csrf=self.csrf(),
            refreshers_url=self.site.url("refreshers", lang=lang),
            reread_slot=slot("reread"),
            questions_slot=slot("questions"),
            style=self.asset_url("staff.css"),
        )

    def start(self, lang: str) -> WerkzeugResponse:
        gain.pre_test_of(self.site.library)
        site = self.site
        learner_id, new = self.learner_or_new(lang)
        gain.start_form(site.store, site.library, site.versions, learner_id=learner_id, language=lang, now=site.now())
        return self.remembering(redirect(site.url("pre_test", lang=lang), 303), new)

    def answer(self, lang: str, form: str) -> WerkzeugResponse:
        """The whole form, posted by a button: save, hand in, or save and go on in another language."""
        posted = QuizForm.read(request.form)
        try:
            view, outcome = self._take(FORMS[form], posted, posted.posted)
        except NoOpenAttempt:
            # Handed in before, in another tab or by a second click: its result is the answer.
            return redirect(self.site.url("pre_test", lang=lang), 303)
        if outcome.submitted:
            return redirect(self.site.url("pre_test", lang=lang), 303)
        if posted.switch in self.site.library.languages and not outcome.conflicts:
            return redirect(self.site.url("pre_test", lang=posted.switch), 303)
        return self._told(lang, FORMS[form], view, outcome, submitting=posted.action == "submit")

    def _take(self, form: Form, posted: QuizForm, answers: Posted) -> tuple[AttemptView, Outcome]:
        """Save or hand in the answers."""
        found, site = self.site.visitor(), self.site
        if found is None:
            raise NoOpenAttempt(form)
        return gain.take_form(
            site.store,
            site.library,
            site.versions,
            learner_id=found.learner.id,
            form=form,
            number=posted.attempt,
            posted=answers,
            submit=posted.action == "submit",
            anyway=posted.anyway,
            now=site.now(),
        )

    def _told(self, lang: str, form: Form, view: AttemptView, outcome: Outcome, *, submitting: bool) -> Response:
        """The form, and what is wrong with it or that it is saved."""
        conflicts = outcome.conflicts
        errors = QuizPresenter(Presenter(self.site, lang)).errors(view, conflicts, submitting=submitting)
        unanswered = submitting and not conflicts and bool(view.unanswered)
        pieces = self._pages(lang).open(form, view, self.csrf(), Told(errors, conflicts, unanswered, saved=not errors))
        return self.send_pieces(pieces, 409 if conflicts else 422 if errors else 200)

    def save(self, lang: str, form: str) -> WerkzeugResponse:
        """One answer, sent by the script at every change."""
        posted = QuizForm.read(request.form)
        question_id = posted.only_question()
        say = Presenter(self.site, lang).say
        try:
            view, outcome = self._take(
                FORMS[form], posted, lambda question: posted.posted(question) if question.id == question_id else None
            )
        except UnknownOption:
            return self._json(400, error=say("An answer could not be read"))
        except CourseError:
            return self._json(410, error=say("This attempt is closed. Open the quiz page to see where you are."))
        asked = next((one for one in view.questions if one.question.id == question_id), None)
        if asked is None:
            raise NotThere(question_id)
        if not outcome.conflicts:
            return self._json(200, version=asked.answer.version)
        texts = QuizPresenter(Presenter(self.site, lang)).answer_texts(asked, asked.answer.chosen)
        stored = {"saved": list(asked.answer.chosen), "saved_text": "; ".join(texts)}
        return self._json(409, version=asked.answer.version, **stored)

    def _json(self, status: int, **values: object) -> Response:
        response = jsonify(**values)
        response.status_code = status
        return response
