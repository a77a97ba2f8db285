"""The front page with the course map, and the way to it."""

from __future__ import annotations

from collections.abc import Iterable

from flask import Response, redirect, request
from werkzeug.wrappers import Response as WerkzeugResponse

from course.domain.permission import Permission
from course.domain.progress import Progress
from course.services.study import step_to_resume
from course.web.area import Area, Route
from course.web.pages import Link
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
        """By the learner's last language, then by the browser's wish, then the source language."""
        languages = self.site.library.languages
        found = self.site.visitor()
        chosen = found.learner.language if found else ""
        if chosen not in languages:
            chosen = request.accept_languages.best_match(languages) or self.site.library.source_language
        response = redirect(self.site.url("home", lang=chosen))
        response.headers["Vary"] = "Cookie, Accept-Language"
        return response

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
        )
