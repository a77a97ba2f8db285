"""Feedback on accessibility: the form for everybody, and the cases for administrators."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from flask import Response, redirect, request
from werkzeug.wrappers import Response as WerkzeugResponse

from course.content.formats import short_date
from course.domain.account import normal_email
from course.domain.permission import Permission
from course.domain.retention import ANSWER_WITHIN
from course.services.feedback import (
    FEEDBACK_OF_NETWORK,
    HURRY,
    LISTED_MOST,
    MESSAGE_MAX,
    Typed,
    answer_feedback,
    due_at,
    feedback_named,
    give_feedback,
)
from course.services.mail import Letter
from course.services.throttle import count_try, net_of
from course.storage.feedback import StoredFeedback, all_feedback
from course.web.area import Area, Route
from course.web.staff import StaffArea

_NUMBER = re.compile(r"\d{4}-\d{4,7}")


class FeedbackArea(Area):
    """Anybody may write, signed in or not."""

    def routes(self) -> Iterable[Route]:
        anyone = Permission.ANYONE
        yield Route("/accessibility/feedback", "feedback_form", self.form, anyone)
        yield Route("/accessibility/feedback", "give_feedback", self.give, anyone, ("POST",))
        yield Route("/accessibility/feedback/sent", "feedback_sent", self.sent, anyone)

    def form(self, lang: str) -> Response:
        return self._form(lang, {"where": request.args.get("page", "")[:300], "message": "", "email": ""}, {})

    def give(self, lang: str) -> WerkzeugResponse:
        typed = {name: request.form.get(name, "").strip() for name in ("where", "message", "email")}
        errors = self._errors(lang, typed)
        if errors:
            return self._form(lang, typed, errors, status=422)
        now = self.site.now()
        what, tries, seconds = FEEDBACK_OF_NETWORK
        count_try(
            self.site.store,
            self.site.secret_key,
            what=what,
            who=net_of(request.remote_addr or ""),
            limit=tries,
            per_seconds=seconds,
            now=now,
        )
        case = Typed(typed["where"], typed["message"], normal_email(typed["email"]), lang)
        number = give_feedback(self.site.store, case, self._news, now=now)
        return redirect(self.site.url("feedback_sent", lang=lang, number=number), 303)

    def _errors(self, lang: str, typed: dict[str, str]) -> dict[str, str]:
        errors = {}
        if not typed["message"]:
            errors["message"] = self.site.say(lang, "Write what stood in your way.")
        elif len(typed["message"]) > MESSAGE_MAX:
            errors["message"] = self.site.say(lang, "Write at most %(most)s characters.", most=MESSAGE_MAX)
        if typed["email"] and not normal_email(typed["email"]):
            errors["email"] = self.site.say(lang, "This is no mail address. Write it like name@example.fi.")
        return errors

    def _form(self, lang: str, typed: dict[str, str], errors: dict[str, str], status: int = 200) -> Response:
        return self.page(
            lang,
            "feedback.html",
            status=status,
            typed=typed,
            errors=errors,
            days=ANSWER_WITHIN.days,
            form_url=self.site.url("give_feedback", lang=lang),
            csrf=self.csrf(),
            style=self.asset_url("staff.css"),
        )

    def _news(self, number: str, language: str) -> Letter:
        lang = language if language in self.site.library.languages else "en"
        link = self.site.outside("admin_feedback", lang=lang)
        title = self.site.say(lang, "Feedback on accessibility, case %(number)s", number=number)
        told = self.site.say(
            lang, "Somebody wrote of an obstacle on the site. Answer within %(days)s days:", days=ANSWER_WITHIN.days
        )
        return Letter(title, f"{told}\n\n    {link}\n")

    def sent(self, lang: str) -> WerkzeugResponse:
        number = request.args.get("number", "")
        if not _NUMBER.fullmatch(number):
            return redirect(self.site.url("feedback_form", lang=lang))
        return self.page(lang, "feedback_sent.html", number=number, days=ANSWER_WITHIN.days)


@dataclass(frozen=True, slots=True)
class CaseCard:
    number: str
    url: str
    page: str
    since: str
    due: str
    #: done, none, partly (hurry), late
    state: str
    state_word: str


class AdminFeedbackArea(StaffArea):
    """The cases, and how much time is left."""

    def routes(self) -> Iterable[Route]:
        admin = Permission.ADMINISTRATOR
        one = "/admin/feedback/<int:feedback_id>/"
        yield Route("/admin/feedback/", "admin_feedback", self.listed, admin)
        yield Route(one, "admin_feedback_case", self.case, admin)
        yield Route(one, "answer_feedback", self.answer, admin, ("POST",))

    def listed(self, lang: str) -> Response:
        with self.site.store.reading() as connection:
            found = all_feedback(connection, limit=LISTED_MOST)
        return self.staff_page(
            lang,
            "admin_feedback.html",
            "admin",
            cases=[self._card(lang, one) for one in found],
            days=ANSWER_WITHIN.days,
            overview_url=self.site.url("admin", lang=lang),
        )

    def _card(self, lang: str, case: StoredFeedback) -> CaseCard:
        left = due_at(case) - self.site.now()
        say = self.site.say
        if case.answered_at:
            state, word = "done", say(lang, "Answered")
        elif left.total_seconds() < 0:
            state, word = "late", say(lang, "Late")
        elif left < HURRY:
            state, word = "partly", say(lang, "%(days)s days left", days=left.days)
        else:
            state, word = "none", say(lang, "%(days)s days left", days=left.days)
        return CaseCard(
            case.number,
            self.site.url("admin_feedback_case", lang=lang, feedback_id=case.id),
            case.page,
            short_date(case.created_at, lang),
            short_date(due_at(case), lang),
            state,
            word,
        )

    def case(self, lang: str, feedback_id: int, error: str = "", status: int = 200) -> Response:
        found = feedback_named(self.site.store, feedback_id)
        return self.staff_page(
            lang,
            "admin_feedback_case.html",
            "admin",
            status=status,
            case=found,
            card=self._card(lang, found),
            error=error,
            form_url=self.site.url("answer_feedback", lang=lang, feedback_id=feedback_id),
            list_url=self.site.url("admin_feedback", lang=lang),
        )

    def answer(self, lang: str, feedback_id: int) -> WerkzeugResponse:
        answer = request.form.get("answer", "").strip()
        if not answer:
            return self.case(lang, feedback_id, self.site.say(lang, "Write what was done."), 422)
        by = self.site.staff.account_id
        answer_feedback(self.site.store, feedback_id, answer, by=by, write=self._letter, now=self.site.now())
        return redirect(self.site.url("admin_feedback", lang=lang), 303)

    def _letter(self, case: StoredFeedback, answer: str) -> Letter:
        lang = case.language if case.language in self.site.library.languages else "en"
        return Letter(
            self.site.say(lang, "Answer to your feedback, case %(number)s", number=case.number), f"{answer}\n"
        )
