"""Modules and lessons: read, mark as read, go on. Reading is always open; marking needs an open module."""

from __future__ import annotations

from collections.abc import Iterable

from flask import Response, redirect, request
from werkzeug.wrappers import Response as WerkzeugResponse

from course.content.library import Lesson, Module
from course.domain.errors import NotThere
from course.domain.permission import Permission
from course.domain.progress import Progress
from course.services.study import mark_lesson_done, remember_place
from course.storage.learning import attempts_of
from course.web.area import Area, Route
from course.web.notes import notes_script
from course.web.pages import Link
from course.web.prepared import Piece, Prepared, slot
from course.web.presenting import Presenter
from course.web.quick_lesson import lesson_key


class StudyArea(Area):
    def routes(self) -> Iterable[Route]:
        own = Permission.OWN_RECORD
        yield Route("/modules/<module_id>/", "module", self.module, Permission.ANYONE)
        yield Route("/modules/<module_id>/<lesson_id>/", "lesson", self.lesson, Permission.ANYONE)
        yield Route("/modules/<module_id>/<lesson_id>/done", "mark_done", self.mark_done, own, ("POST",))
        yield Route("/progress/place", "place", self.place, own, ("POST",))

    def module(self, lang: str, module_id: str) -> Response:
        presenter = Presenter(self.site, lang)
        module = self.site.library.module(module_id)
        found, progress = self.progress()
        with self.site.store.reading() as connection:
            attempts = attempts_of(connection, found.learner.id, module_id) if found else []
        failed = any(attempt.passed is False for attempt in attempts)
        place = self.site.library.modules.index(module)
        return self.record_page(
            lang,
            "module.html",
            station=presenter.station(module, progress),
            objectives=[module.objective_words[one][lang] for one in module.objectives],
            lessons=presenter.lesson_links(module, progress),
            quiz=presenter.quiz_state(module, progress, failed=failed),
            previous=self._neighbour(presenter, place - 1),
            next=self._neighbour(presenter, place + 1),
        )

    def _neighbour(self, presenter: Presenter, place: int) -> Link | None:
        modules = self.site.library.modules
        if not 0 <= place < len(modules):
            return None
        return Link(modules[place].title[presenter.language], presenter.module_url(modules[place].id))

    def lesson(self, lang: str, module_id: str, lesson_id: str) -> Response:
        """The hot path: two looks at the database, and a page made ahead."""
        lesson, module = self._lesson_of(lang, module_id, lesson_id)
        _, progress = self.progress()
        page = self._prepared(Presenter(self.site, lang), module, lesson, progress)
        return self.send_prepared(page.filled({"token": [Piece.once(self.csrf())]}))

    def _lesson_of(self, lang: str, module_id: str, lesson_id: str) -> tuple[Lesson, Module]:
        lesson = self.site.library.lesson(lang, lesson_id)
        if lesson.module_id != module_id:
            raise NotThere(lesson_id)
        return lesson, self.site.library.module(module_id)

    def _prepared(self, presenter: Presenter, module: Module, lesson: Lesson, progress: Progress) -> Prepared:
        """The page as it is for everybody who has done the same of this module."""
        library = self.site.library
        key = lesson_key(request.script_root, presenter.language, lesson.id, library, module, progress)
        if around := self.site.look_state(presenter.language):
            key = (key, around)
        return self.site.prepared.get(key, lambda: Prepared(self._page(presenter, module, lesson, progress)))

    def _page(self, presenter: Presenter, module: Module, lesson: Lesson, progress: Progress) -> str:
        place = module.lesson_ids.index(lesson.id)
        return self.render(
            presenter.language,
            "lesson.html",
            title=lesson.title,
            body_html=presenter.linked(lesson.html),
            minutes=lesson.minutes,
            sections=presenter.lesson_sections(lesson),
            sources=presenter.source_notes(lesson.sources),
            module=Link(module.title[presenter.language], presenter.module_url(module.id)),
            module_number=module.number,
            lesson_number=place + 1,
            lesson_total=len(module.lesson_ids),
            previous=self._page_at(presenter, module, place - 1),
            next=self._page_at(presenter, module, place + 1),
            lesson_id=lesson.id,
            place_url=self.site.url("place", lang=presenter.language),
            notes=notes_script(self.site, presenter.language),
            contents_slot=self._contents(presenter, module, lesson, progress),
            actions_slot=self._actions(presenter, module, lesson, progress),
        )

    def _page_at(self, presenter: Presenter, module: Module, place: int) -> Link | None:
        """The page of the module at this place: a lesson, after the last one the quiz, before the first none."""
        if place < 0:
            return None
        if place < len(module.lesson_ids):
            lesson = self.site.library.lesson(presenter.language, module.lesson_ids[place])
            return Link(lesson.title, presenter.lesson_url(lesson.id))
        return Link(presenter.say("Quiz"), presenter.quiz_url(module.id))

    def _contents(self, presenter: Presenter, module: Module, lesson: Lesson, progress: Progress) -> str:
        macro = self.site.macro(presenter.language, "components/contents.html", "contents")
        return macro(
            Link(module.title[presenter.language], presenter.module_url(module.id)),
            module.number,
            presenter.lesson_links(module, progress, lesson.id),
            presenter.quiz_state(module, progress),
        )

    def _actions(self, presenter: Presenter, module: Module, lesson: Lesson, progress: Progress) -> str:
        macro = self.site.macro(presenter.language, "components/actions.html", "actions")
        following = self._page_at(presenter, module, module.lesson_ids.index(lesson.id) + 1)
        missing = progress.missing_before(module, presenter.shown_ids())
        if missing:
            # A locked module leads to the one that opens it.
            first = self.site.library.module(missing[0])
            following = Link(first.title[presenter.language], presenter.module_url(first.id))
        action = self.site.url("mark_done", lang=presenter.language, module_id=module.id, lesson_id=lesson.id)
        return macro(
            slot("token"),
            action,
            lesson.id in progress.lessons_done,
            following,
            presenter.locked_reason(module, progress),
        )

    def mark_done(self, lang: str, module_id: str, lesson_id: str) -> WerkzeugResponse:
        lesson, module = self._lesson_of(lang, module_id, lesson_id)
        learner_id, new = self.learner_or_new(lang)
        mark_lesson_done(
            self.site.store,
            self.site.library,
            learner_id=learner_id,
            lesson_id=lesson.id,
            language=lang,
            now=self.site.now(),
        )
        presenter = Presenter(self.site, lang)
        following = self._page_at(presenter, module, module.lesson_ids.index(lesson.id) + 1)
        assert following is not None
        return self.remembering(redirect(following.url, 303), new)

    def place(self, lang: str) -> WerkzeugResponse:
        """The script tells where the learner was reading when she left. Someone who has done nothing has no place."""
        found = self.site.visitor()
        if found is not None:
            remember_place(
                self.site.store,
                self.site.library,
                learner_id=found.learner.id,
                section_id=request.form.get("place", ""),
            )
        return Response(status=204)
