"""Attendance: the code on the screen and whoever types it, the trainer's list, and the number without names."""

from __future__ import annotations

from collections.abc import Iterable

from flask import Response, redirect, request
from markupsafe import Markup
from werkzeug.wrappers import Response as WerkzeugResponse

from course.content.formats import moment
from course.domain.cohort import normal_join_code, spaced_code
from course.domain.permission import Permission
from course.services import attendance, sessions
from course.services.sessions import code_times
from course.storage.sessions import StoredSession
from course.web.area import Area, Route
from course.web.forms.session import read_headcount, read_numbers
from course.web.presenting import Presenter
from course.web.progress import qr_svg
from course.web.session_pages import SessionPresenter
from course.web.sessions import HERE, SessionsArea


class AttendanceArea(SessionsArea):
    """What a trainer does in the room."""

    def routes(self) -> Iterable[Route]:
        trainer, one = Permission.TRAINER, "/trainer/sessions/<int:session_id>/attendance"
        yield Route(f"{one}/", "project_attendance", self.project, trainer)
        yield Route(f"{one}/", "record_attendance", self.record, trainer, ("POST",))
        yield Route(f"{one}/count", "count_without_names", self.count, trainer, ("POST",))
        yield Route(f"{one}/code", "renew_attendance_code", self.renew, trainer, ("POST",))
        yield Route(f"{one}/code/end", "end_attendance_code", self.end, trainer, ("POST",))
        yield Route(f"{one}/<int:attendance_id>/strike", "strike_attendance", self.strike, trainer, ("POST",))

    def project(self, lang: str, session_id: int) -> Response:
        """Nothing but what the room must read: address, code, picture."""
        training = self.found(session_id)
        link = self.site.outside("attend", code=training.code)
        times = code_times(training)
        return self.staff_page(
            lang,
            "attendance_code.html",
            HERE,
            title=training.title,
            code=spaced_code(training.code),
            link=link,
            address=self.site.outside("attend_form").partition("://")[2].rstrip("/"),
            # Drawn by the QR library out of an address of ours.
            qr=Markup(qr_svg(link, self.site.say(lang, "The link as a QR code"))),  # noqa: S704
            open=times.open_at(self.site.now()),
            ended=training.code_ended_at is not None or training.cancelled_at is not None,
            opens=moment(times.opens, lang),
            closes=moment(times.closes, lang),
            renew_url=self.site.url("renew_attendance_code", lang=lang, session_id=session_id),
            back_url=self._page_url(lang, session_id),
        )

    def record(self, lang: str, session_id: int) -> WerkzeugResponse:
        attendance.record_list(
            self.site.store,
            self.site.library,
            self.site.staff,
            session_id,
            members=read_numbers(request.form, "members"),
            roster_rows=read_numbers(request.form, "expected"),
            names=request.form.get("names", ""),
            now=self.site.now(),
        )
        return self._back(lang, session_id)

    def count(self, lang: str, session_id: int) -> WerkzeugResponse:
        number, error = read_headcount(request.form.get("without_names", ""), self.pages(lang).say)
        if error:
            return self.session_page(lang, session_id, errors={"without_names": error}, status=422)
        attendance.set_without_names(self.site.store, self.site.staff, session_id, number, now=self.site.now())
        return self._back(lang, session_id)

    def renew(self, lang: str, session_id: int) -> WerkzeugResponse:
        sessions.renew_code(self.site.store, self.site.staff, session_id)
        return redirect(self.site.url("project_attendance", lang=lang, session_id=session_id), 303)

    def end(self, lang: str, session_id: int) -> WerkzeugResponse:
        sessions.end_code(self.site.store, self.site.staff, session_id, now=self.site.now())
        return self._back(lang, session_id)

    def strike(self, lang: str, session_id: int, attendance_id: int) -> WerkzeugResponse:
        attendance.strike_out(self.site.store, self.site.staff, session_id, attendance_id, now=self.site.now())
        return self._back(lang, session_id)

    def _page_url(self, lang: str, session_id: int) -> str:
        return f"{self.site.url('session', lang=lang, session_id=session_id)}#attendance-title"

    def _back(self, lang: str, session_id: int) -> WerkzeugResponse:
        return redirect(self._page_url(lang, session_id), 303)


class AttendArea(Area):
    """What somebody in the room does: scan or type the code, and press a button."""

    def routes(self) -> Iterable[Route]:
        own = Permission.OWN_RECORD
        yield Route("//attend/", "attend_form", self.form, Permission.ANYONE)
        yield Route("//attend/<code>", "attend", self.ask, own)
        yield Route("//attend/<code>", "attend_now", self.attend, own, ("POST",))

    def form(self) -> WerkzeugResponse:
        typed = request.args.get("code", "").strip()
        if typed:
            return redirect(self.site.url("attend", code=normal_join_code(typed) or typed[:40]))
        return self._form_page("")

    def ask(self, code: str) -> Response:
        training = self._session(code)
        return self._page(training, done=False) if training else self._form_page(code)

    def attend(self, code: str) -> WerkzeugResponse:
        training = self._session(code)
        if training is None:
            return self._form_page(code)
        language = self.reader_language(training.language)
        learner_id, new = self.learner_or_new(language)
        attendance.attend(
            self.site.store,
            self.site.library,
            training.id,
            learner_id=learner_id,
            name=request.form.get("name", ""),
            now=self.site.now(),
        )
        return self.remembering(self._page(training, done=True), new)

    def _session(self, code: str) -> StoredSession | None:
        return attendance.session_of_code(
            self.site.store, self.site.secret_key, code, address=request.remote_addr or "", now=self.site.now()
        )

    def _page(self, training: StoredSession, *, done: bool) -> Response:
        lang = self.reader_language(training.language)
        pages = SessionPresenter(Presenter(self.site, lang), self.site.now())
        return self.page(
            lang,
            "attend.html",
            session=pages.view(training, 0, ""),
            done=done,
            form_url=self.site.url("attend_now", code=training.code),
            csrf=self.csrf(),
            course_url=self.site.url("home", lang=lang),
        )

    def _form_page(self, typed: str) -> Response:
        return self.page(
            self.reader_language(),
            "attend_form.html",
            status=404 if typed else 200,
            typed=typed,
            form_url=self.site.url("attend_form"),
        )
