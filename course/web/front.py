"""The front page with the course map, and the way to it."""

from __future__ import annotations

from collections.abc import Iterable

from flask import Response, redirect
from werkzeug.wrappers import Response as WerkzeugResponse

from course.domain.permission import Permission
from course.domain.progress import Progress
from course.services.gain import offer_of
from course.services.study import step_to_resume
from course.web.area import Area, Route
from course.web.changes import changes_notice
from course.web.pages import Link
from course.web.pages_pre_test import Offer
from course.web.pre_test_pages import PreTestPresenter
from course.web.presenting import Presenter
from course.web.tools import tool_cards


def resume_link(presenter: Presenter, progress: Progress, place: str | None) -> Link | None:
    """Where to go on, to the very section; None before the first click and after the last pass."""
    found = step_to_resume(presenter.library, progress, place)
    if found is None or not (progress.lessons_done or progress.quizzes_open or progress.modules_passed or place):
        return None
    step, section_id = found
    if step.lesson_id is None:
        title = presenter.library.module(step.module_id).title[presenter.language]
        return Link(presenter.say("Quiz: %(title)s", title=title), presenter.quiz_url(step.module_id))
    lesson = presenter.library.lesson(presenter.language, step.lesson_id)
    anchor = f"#{section_id}" if section_id else ""
    return Link(lesson.title, presenter.lesson_url(lesson.id) + anchor)


class FrontArea(Area):
    def routes(self) -> Iterable[Route]:
        yield Route("//", "choose_language", self.choose_language, Permission.ANYONE)
        yield Route("/", "home", self.home, Permission.ANYONE)

    def choose_language(self) -> WerkzeugResponse:
        """By the host's choice, the learner's last language, the browser's wish, and then the source language."""
        response = redirect(self.site.url("home", lang=self.reader_language()))
        response.headers["Vary"] = "Cookie, Accept-Language"
        return response

    def _offer(self, presenter: Presenter, learner_id: int | None, progress: Progress) -> Offer | None:
        """The questions before the course, or those after it, to somebody whose turn it is."""
        with self.site.store.reading_hot() as hot:
            standing = offer_of(hot, self.site.library, learner_id, progress)
        return PreTestPresenter(presenter).offer(standing)

    def home(self, lang: str) -> Response:
        presenter = Presenter(self.site, lang)
        found, progress = self.progress()
        place = found.learner.place if found else None
        return self.record_page(
            lang,
            "front.html",
            "home",
            search_style=self.asset_url("search.css"),
            welcome=self.site.library.welcome[lang],
            principles=self.site.library.principles[lang],
            course_map=presenter.course_map(progress),
            resume=resume_link(presenter, progress, place),
            tools=tool_cards(presenter),
            pre_test=self._offer(presenter, found.learner.id if found else None, progress),
            changes=changes_notice(self.site, lang, found),
        )
