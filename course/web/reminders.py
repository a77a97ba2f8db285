"""Reminders: what would be sent and to how many, the button that sends it, and the link that stops it."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from flask import Response, redirect
from werkzeug.wrappers import Response as WerkzeugResponse

from course.content.formats import moment
from course.domain.permission import Permission
from course.domain.reminder import BY_HAND, BY_HAND_EVERY, DAYS_BEFORE_DUE
from course.services.reminders import (
    Preview,
    ReminderSite,
    is_stopped,
    preview_reminder,
    remind_by_hand,
    require_stop_link,
    stop_reminders,
)
from course.web.area import LANGUAGE_NAMES, Area, Route
from course.web.pages_sessions import LetterView
from course.web.presenting import Presenter
from course.web.site import Site
from course.web.staff import StaffArea


def reminder_site(site: Site) -> ReminderSite:
    """What letters need of a site."""
    return ReminderSite(
        library=site.library,
        secret_key=site.secret_key,
        say=site.say,
        home=lambda language: site.outside("home", lang=language),
        stop=lambda token: site.outside("stop", token=token),
    )


class RemindersArea(StaffArea):
    def routes(self) -> Iterable[Route]:
        trainer, one = Permission.TRAINER, "/trainer/cohorts/<int:cohort_id>/reminder/"
        yield Route(one, "reminder", self.preview, trainer)
        yield Route(one, "send_reminder", self.send_reminder, trainer, ("POST",))

    def preview(self, lang: str, cohort_id: int) -> Response:
        """What would go out now, and to how many. Nothing is sent."""
        say = Presenter(self.site, lang).say
        with self.site.store.reading() as connection:
            found = preview_reminder(
                connection, reminder_site(self.site), self.site.staff, cohort_id, now=self.site.now()
            )
        return self.staff_page(
            lang,
            "reminder.html",
            "trainer",
            cohort=found.cohort.name,
            number=len(found.receivers.chosen),
            others=_others(found, say),
            letters=[
                LetterView(code, LANGUAGE_NAMES.get(code, code), letter.subject, tuple(letter.text.split("\n\n")))
                for code, letter in found.letters.items()
            ],
            coming=[(_occasion(one, say), moment(at, lang)) for one, at in found.coming.items()],
            sent=[(_occasion(one, say), moment(at, lang), number) for one, at, number in found.sent],
            days=BY_HAND_EVERY.days,
            form_url=self.site.url("send_reminder", lang=lang, cohort_id=cohort_id),
            back_url=self.site.url("cohort", lang=lang, cohort_id=cohort_id),
        )

    def send_reminder(self, lang: str, cohort_id: int) -> WerkzeugResponse:
        remind_by_hand(self.site.store, reminder_site(self.site), self.site.staff, cohort_id, now=self.site.now())
        return redirect(f"{self.site.url('reminder', lang=lang, cohort_id=cohort_id)}#sent-title", 303)


def _others(found: Preview, say: Callable[..., str]) -> list[tuple[int, str]]:
    """How many get none, and why; what is nobody's is left out."""
    rows = [
        (found.receivers.done, say("Done")),
        (found.receivers.without_address, say("No mail address")),
        (found.receivers.stopped, say("Reminders stopped")),
        (found.receivers.just_reminded, say("Reminded in the last %(days)s days", days=BY_HAND_EVERY.days)),
        (found.expected, say("On the roster, not joined yet")),
    ]
    return [(number, words) for number, words in rows if number]


def _occasion(occasion: str, say: Callable[..., str]) -> str:
    if occasion.startswith(BY_HAND):
        return say("By hand")
    return say("%(days)s days before the due date", days=DAYS_BEFORE_DUE[occasion])


class StopArea(Area):
    """The link at the foot of a reminder. It works without signing in, and also from the button of a mail program."""

    def routes(self) -> Iterable[Route]:
        yield Route("//stop/<token>", "stop", self.ask, Permission.SIGNED_LINK)
        yield Route("//stop/<token>", "stop_now", self.stop, Permission.SIGNED_LINK, ("POST",))

    def ask(self, token: str) -> Response:
        """Only a button: programs that look into links must not stop anything."""
        with self.site.store.reading() as connection:
            stopped = is_stopped(connection, self.site.secret_key, token)
        return self._page(token, stopped=stopped)

    def stop(self, token: str) -> Response:
        require_stop_link(self.site.secret_key, token)
        stop_reminders(self.site.store, self.site.secret_key, token, now=self.site.now())
        return self._page(token, stopped=True)

    def _page(self, token: str, *, stopped: bool) -> Response:
        response = self.page(
            self.reader_language(),
            "stop.html",
            stopped=stopped,
            form_url=self.site.url("stop_now", token=token),
            csrf=self.csrf(),
        )
        response.headers["X-Robots-Tag"] = "noindex"
        return response
