"""Join codes: made, shown large on a screen, and withdrawn."""

from __future__ import annotations

from collections.abc import Iterable

from flask import Response, redirect, request
from markupsafe import Markup
from werkzeug.wrappers import Response as WerkzeugResponse

from course.domain.cohort import spaced_code
from course.domain.errors import NotThere
from course.domain.permission import Permission
from course.services.cohorts import cohort_for, make_code, revoke_code
from course.storage.cohorts import StoredCode, codes_of
from course.web.area import Route
from course.web.cohort_pages import CohortPresenter
from course.web.forms.cohort import read_code_limits
from course.web.presenting import Presenter
from course.web.progress import qr_svg
from course.web.staff import StaffArea
from course.web.trainer import HERE


class JoinCodeArea(StaffArea):
    def routes(self) -> Iterable[Route]:
        trainer, one = Permission.TRAINER, "/trainer/cohorts/<int:cohort_id>/codes"
        yield Route(f"{one}/", "join_codes", self.form, trainer)
        yield Route(f"{one}/", "make_code", self.make, trainer, ("POST",))
        yield Route(f"{one}/<int:code_id>/", "project_code", self.project, trainer)
        yield Route(f"{one}/<int:code_id>/revoke", "revoke_code", self.revoke, trainer, ("POST",))

    def form(self, lang: str, cohort_id: int) -> Response:
        return self._form_page(lang, cohort_id, {})

    def make(self, lang: str, cohort_id: int) -> WerkzeugResponse:
        say = Presenter(self.site, lang).say
        cap, last_day, errors = read_code_limits(request.form, say, lang)
        if errors:
            return self._form_page(lang, cohort_id, errors, status=422)
        code = make_code(self.site.store, self.site.staff, cohort_id, cap=cap, last_day=last_day, now=self.site.now())
        return redirect(self._url(lang, cohort_id, self._code(cohort_id, code=code)), 303)

    def _form_page(self, lang: str, cohort_id: int, errors: dict[str, str], *, status: int = 200) -> Response:
        with self.site.store.reading() as connection:
            cohort = cohort_for(connection, self.site.staff, cohort_id)
        return self.staff_page(
            lang,
            "join_code_form.html",
            HERE,
            status=status,
            cohort=cohort.plan,
            errors=errors,
            values={name: request.form.get(name, "") for name in ("cap", "last_day")},
            form_url=self.site.url("make_code", lang=lang, cohort_id=cohort_id),
            back_url=self.site.url("cohort", lang=lang, cohort_id=cohort_id),
        )

    def project(self, lang: str, cohort_id: int, code_id: int) -> Response:
        """Nothing but what the room must read: address, code, picture."""
        with self.site.store.reading() as connection:
            cohort = cohort_for(connection, self.site.staff, cohort_id)
        code = self._code(cohort_id, code_id=code_id)
        link = self.site.outside("join", code=code.code)
        form = self.site.outside("join_form")
        return self.staff_page(
            lang,
            "join_code.html",
            HERE,
            cohort=cohort.plan,
            code=spaced_code(code.code),
            link=link,
            address=form.partition("://")[2].rstrip("/"),
            # Drawn by the QR library out of an address of ours.
            qr=Markup(qr_svg(link, self.site.say(lang, "The link as a QR code"))),  # noqa: S704
            open=code.is_open(self.site.now()) and not code.is_full and not cohort.closed_at,
            until=CohortPresenter(Presenter(self.site, lang), self.site.now()).last_day(code),
            back_url=self.site.url("cohort", lang=lang, cohort_id=cohort_id),
        )

    def revoke(self, lang: str, cohort_id: int, code_id: int) -> WerkzeugResponse:
        revoke_code(self.site.store, self.site.staff, cohort_id, code_id, now=self.site.now())
        return redirect(self.site.url("cohort", lang=lang, cohort_id=cohort_id), 303)

    def _code(self, cohort_id: int, *, code_id: int = 0, code: str = "") -> StoredCode:
        """A code of this very cohort; those of others are not there."""
        with self.site.store.reading() as connection:
            for found in codes_of(connection, cohort_id):
                if found.id == code_id or found.code == code:
                    return found
        raise NotThere(str(code_id))

    def _url(self, lang: str, cohort_id: int, code: StoredCode) -> str:
        return self.site.url("project_code", lang=lang, cohort_id=cohort_id, code_id=code.id)
