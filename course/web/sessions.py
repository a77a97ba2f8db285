"""A trainer's sessions: the list, a new one, its page, its calendar entry and its kit."""

from __future__ import annotations

from collections.abc import Iterable

from flask import Response, make_response, redirect, request
from werkzeug.wrappers import Response as WerkzeugResponse

from course.domain.errors import NotThere
from course.domain.permission import Permission
from course.exports.session_calendar import CalendarEntry, calendar_file
from course.services import sessions
from course.services.cohorts import overview, visible_networks
from course.services.session_kits import ask_for_kit, kit_file, kits_of
from course.services.sessions import details_of, session_for, session_lines
from course.storage.cohorts import StoredCohort, cohort_by_id
from course.storage.sessions import StoredSession, attendances_of, people_of_cohort
from course.web.area import Route
from course.web.forms.session import SessionForm, form_of, read_session
from course.web.presenting import Presenter
from course.web.session_pages import SessionPresenter
from course.web.staff import StaffArea

HERE = "sessions"


class SessionsArea(StaffArea):
    def routes(self) -> Iterable[Route]:
        trainer, one = Permission.TRAINER, "/trainer/sessions/<int:session_id>"
        yield Route("/trainer/sessions/", HERE, self.index, trainer)
        yield Route("/trainer/sessions/new", "new_session", self.new, trainer)
        yield Route("/trainer/sessions/new", "create_session", self.create, trainer, ("POST",))
        yield Route(f"{one}/", "session", self.show, trainer)
        yield Route(f"{one}/edit", "edit_session", self.edit, trainer)
        yield Route(f"{one}/edit", "change_session", self.change, trainer, ("POST",))
        yield Route(f"{one}/cancel", "cancel_session", self.cancel, trainer, ("POST",))
        yield Route(f"{one}/session.ics", "session_calendar", self.calendar, trainer)
        yield Route(f"{one}/kit", "ask_for_kit", self.ask_kit, trainer, ("POST",))
        languages = ",".join(self.site.library.languages)
        yield Route(f"{one}/kit-<any({languages}):kit_language>.pdf", "session_kit_file", self.kit, trainer)

    def pages(self, lang: str) -> SessionPresenter:
        return SessionPresenter(Presenter(self.site, lang), self.site.now())

    def found(self, session_id: int) -> StoredSession:
        with self.site.store.reading() as connection:
            return session_for(connection, self.site.staff, session_id)

    def index(self, lang: str) -> Response:
        pages = self.pages(lang)
        with self.site.store.reading() as connection:
            lines = session_lines(connection, self.site.staff)
        now = self.site.now()
        coming = [line for line in reversed(lines) if line.session.ends_at >= now]
        past = [line for line in lines if line.session.ends_at < now]
        networks = visible_networks(self.site.library, self.site.staff)
        return self.staff_page(
            lang,
            "sessions.html",
            HERE,
            coming=[pages.row(line) for line in coming],
            past=[pages.row(line) for line in past],
            several=len(networks) > 1,
            may_make=bool(networks),
            new_url=self.site.url("new_session", lang=lang),
        )

    # Making and changing

    def new(self, lang: str) -> Response:
        """Empty, or for a cohort that the address names."""
        networks = visible_networks(self.site.library, self.site.staff)
        values = {"language": lang, "network": networks[0] if len(networks) == 1 else ""}
        asked = request.args.get("cohort", "")
        cohort = self._cohorts().get(int(asked)) if asked.isdecimal() else None
        if cohort is not None:
            plan = cohort.plan
            values |= {"cohort": str(cohort.id), "network": plan.network_id, "track": plan.track_id}
        return self._form_page(lang, SessionForm(values, ()))

    def create(self, lang: str) -> WerkzeugResponse:
        form = self._read(lang)
        if form.details is None:
            return self._form_page(lang, form, status=422)
        session_id = sessions.create_session(
            self.site.store, self.site.library, self.site.staff, form.details, now=self.site.now()
        )
        return redirect(self.site.url("session", lang=lang, session_id=session_id), 303)

    def edit(self, lang: str, session_id: int) -> Response:
        training = self._changeable(session_id)
        return self._form_page(lang, form_of(details_of(training)), training)

    def change(self, lang: str, session_id: int) -> WerkzeugResponse:
        training = self._changeable(session_id)
        form = self._read(lang, training)
        if form.details is None:
            return self._form_page(lang, form, training, status=422)
        sessions.change_session(
            self.site.store, self.site.library, self.site.staff, session_id, form.details, now=self.site.now()
        )
        return redirect(self.site.url("session", lang=lang, session_id=session_id), 303)

    def _changeable(self, session_id: int) -> StoredSession:
        training = self.found(session_id)
        if training.cancelled_at is not None:
            raise NotThere(str(session_id))
        return training

    def cancel(self, lang: str, session_id: int) -> WerkzeugResponse:
        sessions.cancel_session(self.site.store, self.site.staff, session_id, now=self.site.now())
        return redirect(self.site.url("session", lang=lang, session_id=session_id), 303)

    def _cohorts(self) -> dict[int, StoredCohort]:
        with self.site.store.reading() as connection:
            found = overview(connection, self.site.library, self.site.staff)
        return {one.cohort.id: one.cohort for one in found if one.cohort.closed_at is None}

    def _networks(self, training: StoredSession | None) -> tuple[str, ...]:
        return (training.network_id,) if training else visible_networks(self.site.library, self.site.staff)

    def _read(self, lang: str, training: StoredSession | None = None) -> SessionForm:
        posted = request.form.copy()
        if training:
            posted["network"] = training.network_id
        cohorts = {one.id: one.plan.network_id for one in self._cohorts().values()}
        return read_session(posted, self.site.library, self._networks(training), cohorts, self.pages(lang).say, lang)

    def _form_page(
        self, lang: str, form: SessionForm, training: StoredSession | None = None, *, status: int = 200
    ) -> Response:
        pages, library, networks = self.pages(lang), self.site.library, self._networks(training)
        cohorts = [one for one in self._cohorts().values() if one.plan.network_id in networks]
        here = {"lang": lang, "session_id": training.id} if training else {"lang": lang}
        return self.staff_page(
            lang,
            "session_form.html",
            HERE,
            status=status,
            form=form,
            session_title=training.title if training else "",
            form_url=self.site.url("edit_session" if training else "new_session", **here),
            back_url=self.site.url("session" if training else HERE, **here),
            networks=[(one, pages.network(one)) for one in networks],
            cohorts=[(str(one.id), one.plan.name) for one in cohorts],
            tracks=[(track.id, track.title[lang]) for track in library.tracks],
            topics=[(module.id, pages.topic(module.id)) for module in library.modules],
            languages=[(one.code, one.name) for one in self.frame(lang).languages],
        )

    # One session

    def show(self, lang: str, session_id: int) -> Response:
        return self.session_page(lang, session_id)

    def session_page(
        self, lang: str, session_id: int, *, errors: dict[str, str] | None = None, status: int = 200
    ) -> Response:
        """The page with all that is known of the session; with `errors`, what was typed stays in the fields."""
        pages = self.pages(lang)
        with self.site.store.reading() as connection:
            training = session_for(connection, self.site.staff, session_id)
            there = attendances_of(connection, session_id)
            kits = kits_of(connection, self.site.library, training)
            members, expected = people_of_cohort(connection, training.cohort_id) if training.cohort_id else ([], [])
            cohort = cohort_by_id(connection, training.cohort_id) if training.cohort_id else None
        known, rows = {one.learner_id for one in there}, {one.roster_row_id for one in there}
        here = {"lang": lang, "session_id": session_id}
        return self.staff_page(
            lang,
            "session.html",
            HERE,
            status=status,
            session=pages.view(training, len(there), cohort.plan.name if cohort else ""),
            attendance=[pages.attendance(training, one) for one in there],
            members=[(str(one), name) for one, name in members if one not in known],
            expected=[(str(one), name) for one, name in expected if one not in rows],
            kits=[pages.kit(training, one, kits.get(one)) for one in self.site.library.languages],
            errors=errors or {},
            typed={name: request.form.get(name, "") for name in ("names", "without_names")},
            urls={
                "all": self.site.url(HERE, lang=lang),
                **{name: self.site.url(endpoint, **here) for name, endpoint in URLS.items()},
            },
        )

    def calendar(self, lang: str, session_id: int) -> Response:
        """In the session's own language: its trainer sends it to those who come."""
        training = self.found(session_id)
        pages = self.pages(training.language)
        topics = "\n".join(f"– {pages.topic(one)}" for one in training.module_ids)
        text = "\n\n".join(part for part in (training.agenda, topics) if part)
        entry = CalendarEntry(
            uid=training.uid,
            sequence=training.sequence,
            title=training.title,
            starts_at=training.starts_at,
            ends_at=training.ends_at,
            changed_at=training.changed_at,
            place=training.place,
            link=training.link,
            text=text,
            language=training.language,
            cancelled=training.cancelled_at is not None,
        )
        return _file(calendar_file(entry), "text/calendar; charset=utf-8", f"session-{session_id}.ics")

    def ask_kit(self, lang: str, session_id: int) -> WerkzeugResponse:
        ask_for_kit(
            self.site.store,
            self.site.library,
            self.site.staff,
            session_id,
            request.form.get("kit", ""),
            now=self.site.now(),
        )
        return redirect(f"{self.site.url('session', lang=lang, session_id=session_id)}#kit-title", 303)

    def kit(self, lang: str, session_id: int, kit_language: str) -> Response:
        with self.site.store.reading() as connection:
            pdf = kit_file(connection, self.site.staff, session_id, kit_language)
        return _file(pdf, "application/pdf", f"session-kit-{session_id}-{kit_language}.pdf")


#: Where the forms and links of a session's page lead.
URLS = {
    "edit": "edit_session",
    "cancel": "cancel_session",
    "calendar": "session_calendar",
    "kit": "ask_for_kit",
    "project": "project_attendance",
    "record": "record_attendance",
    "count": "count_without_names",
    "end_code": "end_attendance_code",
}


def _file(body: bytes, kind: str, name: str) -> Response:
    response = make_response(body)
    response.headers["Content-Type"] = kind
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
