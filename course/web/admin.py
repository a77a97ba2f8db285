"""The administrators' first page: what is still to be set up, what waits, the state of the content, and the ways on."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urlsplit

from flask import Response, current_app, redirect, request
from werkzeug.wrappers import Response as WerkzeugResponse

from course.content.findings import ContentError
from course.content.folders import content_root
from course.content.formats import moment, short_date
from course.content.translation_state import fell_behind
from course.domain.certificate_state import day_at_home
from course.domain.errors import NotThere
from course.domain.permission import Permission
from course.domain.retention import ANSWER_WITHIN
from course.exports.certificate_pdf import available
from course.services.audit import What, by_account, record_audit
from course.services.backup import last_backup
from course.storage import outbox, overview
from course.storage.overview import FailedTask, Waiting
from course.web.area import LANGUAGE_NAMES, Route
from course.web.pages import Link
from course.web.staff import StaffArea

#: A backup older than this is none.
FRESH = timedelta(days=7)
#: A task that was due so long ago means that no worker runs.
PATIENCE = timedelta(minutes=15)
LISTED_MOST = 200
BACKUP_COMMAND = "flask --app wsgi course backup FILE"
WORK_COMMAND = "flask --app wsgi course work"
CHECK_COMMAND = "flask --app wsgi course check"


@dataclass(frozen=True, slots=True)
class Check:
    """A line of the checklist."""

    good: bool
    title: str
    #: What to do; empty when it is good.
    todo: str = ""


class AdminArea(StaffArea):
    def routes(self) -> Iterable[Route]:
        admin = Permission.ADMINISTRATOR
        yield Route("/admin/", "admin", self.overview, admin)
        yield Route("/admin/content/", "admin_content", self.content, admin)
        yield Route("/admin/outbox/", "admin_outbox", self.outbox, admin)
        yield Route("/admin/outbox/<int:task_id>/retry", "retry_task", self.retry, admin, ("POST",))

    def overview(self, lang: str) -> Response:
        now = self.site.now()
        with self.site.store.reading() as connection:
            waits = overview.waiting(connection, now)
            administrators = overview.administrators(connection)
            trained = overview.networks_with_trainers(connection)
            cases, oldest = overview.open_feedback(connection)
        checks = (*self._settings(lang), *self._people(lang, administrators, trained), *self._running(lang, waits))
        return self.staff_page(
            lang,
            "admin.html",
            "admin",
            checks=checks,
            to_do=sum(not check.good for check in checks),
            figures=(
                (str(waits.open), self.site.say(lang, "Tasks waiting")),
                (str(waits.failed), self.site.say(lang, "Deliveries given up")),
                (str(cases), self.site.say(lang, "Feedback without an answer")),
            ),
            feedback_due=short_date(oldest + ANSWER_WITHIN, lang) if oldest else "",
            links=self._links(lang),
        )

    def _settings(self, lang: str) -> Iterable[Check]:
        say, config = self.site.say, current_app.extensions[f"{self.site.name}_settings"]
        address = urlsplit(self.site.base_url)
        public = address.scheme == "https" and address.hostname not in ("127.0.0.1", "localhost")
        # Below a path of a server the setting holds that path too: only the server knows it, and only in a request.
        outside = public and address.path == request.script_root
        yield Check(
            outside,
            say(lang, "Public address"),
            say(lang, "Set FLASK_COURSE_BASE_URL to the https address where people see the site: %(url)s is in use.",
                url=self.site.base_url),
        )  # fmt: skip
        yield Check(
            bool(config["COURSE_MAIL_URL"]),
            say(lang, "Mail server"),
            say(lang, "Set FLASK_COURSE_MAIL_URL. Until then mails become files in instance/outbox/ and reach nobody."),
        )
        yield Check(
            bool(config["COURSE_SIGNING_KEY"]),
            say(lang, "Signing key from a certificate authority"),
            say(lang, "Certificates are signed with a key that the site made itself. To have others vouch for it, set "
                "FLASK_COURSE_SIGNING_KEY."),
        )  # fmt: skip
        yield Check(available() is None, say(lang, "PDF files can be made"), available() or "")

    def _people(self, lang: str, administrators: int, trained: Collection[str]) -> Iterable[Check]:
        without = [one.name[lang] for one in self.site.library.networks.values() if one.id not in trained]
        yield Check(
            administrators > 1,
            self.site.say(lang, "A second administrator"),
            self.site.say(lang, "Invite another administrator, who can help when you are locked out."),
        )
        yield Check(
            not without,
            self.site.say(lang, "A trainer in every network"),
            self.site.say(lang, "Invite trainers. These networks have none: %(names)s.", names=", ".join(without)),
        )

    def _running(self, lang: str, waits: Waiting) -> Iterable[Check]:
        say, now = self.site.say, self.site.now()
        backup = last_backup(self.site.instance)
        yield Check(
            backup is not None and now - backup < FRESH,
            say(lang, "Backup within the last week"),
            say(lang, "Let cron run this every night: %(command)s", command=BACKUP_COMMAND),
        )
        yield Check(
            waits.overdue_since is None or now - waits.overdue_since < PATIENCE,
            say(lang, "A worker does what waits"),
            say(lang, "Tasks are due that nobody does. Start: %(command)s", command=WORK_COMMAND),
        )
        due = self._sources_due()
        yield Check(
            not due,
            say(lang, "Sources checked in time"),
            say(lang, "%(number)s sources are due for a new look.", number=len(due)),
        )

    def _sources_due(self) -> list[tuple[str, str]]:
        """(id, day) of the sources whose next check has come."""
        today = day_at_home(self.site.now())
        sources = self.site.library.sources.values()
        return [(one.id, one.next_check.isoformat()) for one in sources if one.next_check <= today]

    def _links(self, lang: str) -> tuple[Link, ...]:
        say = self.site.say
        named = (
            ("people", say(lang, "People")),
            ("admin_certificates", say(lang, "Certificates")),
            ("platforms", say(lang, "Learning platforms")),
            ("counts", say(lang, "Counts")),
            ("admin_content", say(lang, "State of the content")),
            ("texts", say(lang, "Texts side by side")),
            ("admin_outbox", say(lang, "Outbox")),
            ("admin_feedback", say(lang, "Feedback on accessibility")),
            ("admin_register", say(lang, "One learner’s data")),
            ("admin_audit", say(lang, "Audit log")),
        )
        return tuple(Link(title, self.site.url(name, lang=lang)) for name, title in named if self.site.has(name))

    def content(self, lang: str) -> Response:
        library = self.site.library
        due = dict(self._sources_due())
        return self.staff_page(
            lang,
            "admin_content.html",
            "admin",
            edition=library.edition,
            check_command=CHECK_COMMAND,
            published=short_date(library.published, lang),
            modules=len(library.modules),
            lessons=sum(len(module.lesson_ids) for module in library.modules),
            languages=", ".join(LANGUAGE_NAMES.get(code, code) for code in library.languages),
            due=[
                (library.sources[one].title_in(lang)[0], library.sources[one].owner,
                 short_date(library.sources[one].next_check, lang))
                for one in due
            ],
            behind=self._behind(),
            overview_url=self.site.url("admin", lang=lang),
        )  # fmt: skip

    @staticmethod
    def _behind() -> list[str] | None:
        """Translations that fell behind, by their files now; None where these cannot be read."""
        try:
            return fell_behind(content_root(current_app.config["COURSE_CONTENT_DIR"] or None))
        except ContentError:
            return None

    # The outbox

    def outbox(self, lang: str) -> Response:
        now = self.site.now()
        with self.site.store.reading() as connection:
            waits = overview.waiting(connection, now)
            failed = overview.failed_tasks(connection, limit=LISTED_MOST)
        return self.staff_page(
            lang,
            "admin_outbox.html",
            "admin",
            open=waits.open,
            work_command=WORK_COMMAND,
            overdue=moment(waits.overdue_since, lang) if waits.overdue_since else "",
            failed=[(one, moment(one.created_at, lang), self._retry_url(lang, one)) for one in failed],
            overview_url=self.site.url("admin", lang=lang),
        )

    def _retry_url(self, lang: str, task: FailedTask) -> str:
        return self.site.url("retry_task", lang=lang, task_id=task.id)

    def retry(self, lang: str, task_id: int) -> WerkzeugResponse:
        now = self.site.now()
        with self.site.store.writing() as session:
            if not outbox.retry(session, task_id, now=now):
                raise NotThere(str(task_id))
            record_audit(session, by_account(self.site.staff.account_id), What.RETRIED, f"task:{task_id}", now=now)
        return redirect(self.site.url("admin_outbox", lang=lang), 303)
