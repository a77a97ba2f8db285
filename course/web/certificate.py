"""The certificate: what is still missing, the name, the file, and the page where anybody checks it."""

from __future__ import annotations

from collections.abc import Iterable

from flask import Response, make_response, redirect, request
from werkzeug.wrappers import Response as WerkzeugResponse
from wtforms import Form

from course.content.formats import number, short_date
from course.domain.certificate import nominal_hours, normal_code
from course.domain.errors import NotThere
from course.domain.permission import Permission
from course.domain.progress import Progress
from course.services.certificates import (
    HeldCertificate,
    certificate_pdf,
    certificates_held,
    is_holder,
    issue_certificate,
    nominal_minutes,
    verify_code,
)
from course.services.throttle import count_try
from course.web.area import Area, Route
from course.web.forms.certificate import name_form
from course.web.pages import CertificateCard, Link
from course.web.presenting import Presenter

#: A person checks a pile of certificates; a program that guesses numbers gets nowhere.
CHECKS_PER_HOUR = 30


class CertificateArea(Area):
    def routes(self) -> Iterable[Route]:
        own = Permission.OWN_RECORD
        yield Route("/certificate/", "certificate", self.certificate, own)
        yield Route("/certificate/", "issue_certificate", self.issue, own, ("POST",))
        yield Route("/certificates/<int:certificate_id>.pdf", "certificate_pdf", self.pdf, own)
        yield Route("//verify/", "verify_form", self.verify_form, Permission.ANYONE)
        yield Route("//verify/<code>", "verify", self.verify, Permission.ANYONE)
        yield Route("//verify/<code>", "verify_name", self.verify_name, Permission.ANYONE, ("POST",))

    @property
    def track_id(self) -> str:
        return self.site.library.tracks[0].id

    # The holder

    def certificate(self, lang: str) -> Response:
        return self._page(lang, self._form(lang)())

    def issue(self, lang: str) -> WerkzeugResponse:
        """Issue, make the file, and show it; with a wrong name the page says what to do and keeps what was typed."""
        found = self.site.visitor()
        form = self._form(lang)(request.form)
        if found is None or not form.validate():
            return self._page(lang, form, status=422)
        issue_certificate(
            self.site.store,
            self.site.library,
            learner_id=found.learner.id,
            track_id=self.track_id,
            name=form.data["name"],
            language=lang,
            verify_url=self._verify_url,
            now=self.site.now(),
        )
        return redirect(self.site.url("certificate", lang=lang), 303)

    def _form(self, lang: str) -> type[Form]:
        return name_form(Presenter(self.site, lang).say, self.site.unprintable)

    def _verify_url(self, code: str) -> str:
        return self.site.base_url.rstrip("/") + self.site.url("verify", code=code)

    def _page(self, lang: str, form: object, *, status: int = 200) -> Response:
        presenter = Presenter(self.site, lang)
        found, progress = self.progress()
        with self.site.store.reading() as connection:
            held = certificates_held(connection, found.learner.id) if found else []
        track = self.site.library.track(self.track_id)
        missing = self._missing(presenter, progress)
        if not missing and not held:
            # While she types her name, the first file's second of preparation passes.
            self.site.renderer.wake()
        return self.page(
            lang,
            "certificate.html",
            "certificate",
            status=status,
            course_map=presenter.course_map(progress),
            missing=missing,
            form=form,
            form_url=self.site.url("certificate", lang=lang),
            csrf=self.csrf(),
            certificates=tuple(card(presenter, one) for one in held),
            hours=number(float(nominal_hours(nominal_minutes(self.site.library, track))), lang),
            track=track.title[lang],
        )

    def _missing(self, presenter: Presenter, progress: Progress) -> tuple[Link, ...]:
        lacking = presenter.certificate_lacks(progress)
        return tuple(
            Link(f"{one.number}. {one.title[presenter.language]}", presenter.module_url(one.id)) for one in lacking
        )

    def pdf(self, lang: str, certificate_id: int) -> Response:
        found = self.site.visitor()
        if found is None:
            raise NotThere(str(certificate_id))
        pdf = certificate_pdf(
            self.site.store,
            self.site.renderer,
            certificate_id=certificate_id,
            learner_id=found.learner.id,
            now=self.site.now(),
        )
        response = make_response(pdf)
        response.headers["Content-Type"] = "application/pdf"
        response.headers["Content-Disposition"] = f'inline; filename="certificate-{certificate_id}.pdf"'
        return response

    # Anybody

    def verify_form(self) -> WerkzeugResponse:
        code = request.args.get("code", "").strip()
        if code:
            return redirect(self.site.url("verify", code=normal_code(code) or code[:80]))
        return self._verify_page("", "", None)

    def verify(self, code: str) -> Response:
        return self._verify_page(code, "", self._count_and_find(code))

    def verify_name(self, code: str) -> Response:
        certificate = self._count_and_find(code)
        result = ""
        if certificate is not None:
            result = "match" if is_holder(certificate, request.form.get("name", "")[:500]) else "no-match"
        return self._verify_page(code, result, certificate)

    def _count_and_find(self, code: str) -> HeldCertificate | None:
        count_try(
            self.site.store,
            self.site.secret_key,
            what="verify",
            who=request.remote_addr or "",
            limit=CHECKS_PER_HOUR,
            per_seconds=3600,
            now=self.site.now(),
        )
        normal = normal_code(code)
        if normal is None:
            return None
        with self.site.store.reading() as connection:
            return verify_code(connection, normal)

    def _verify_page(self, code: str, name_result: str, certificate: HeldCertificate | None) -> Response:
        """The page has no language in its address: an employer's browser chooses."""
        lang = self._reader_language()
        presenter = Presenter(self.site, lang)
        state = ""
        if code:
            state = "valid" if certificate else "unknown" if normal_code(code) else "malformed"
        response = self.page(
            lang,
            "verify.html",
            status=404 if state in ("unknown", "malformed") else 200,
            code=code,
            state=state,
            facts=verified_facts(presenter, certificate) if certificate else [],
            name_result=name_result,
            csrf=self.csrf(),
        )
        response.headers["X-Robots-Tag"] = "noindex"
        return response

    def _reader_language(self) -> str:
        languages = self.site.library.languages
        asked = request.args.get("lang", "")
        if asked in languages:
            return asked
        found = self.site.visitor()
        if found is not None and found.learner.language in languages:
            return found.learner.language
        return request.accept_languages.best_match(languages) or self.site.library.source_language


def card(presenter: Presenter, held: HeldCertificate) -> CertificateCard:
    facts = held.facts
    return CertificateCard(
        name=facts.name,
        track=facts.track_title,
        edition=facts.edition,
        issued=short_date(facts.issued_on, presenter.language),
        code=facts.code,
        pdf_url=presenter.site.url("certificate_pdf", lang=presenter.language, certificate_id=held.id),
        verify_url=facts.verify_url,
    )


def verified_facts(presenter: Presenter, held: HeldCertificate) -> list[tuple[str, str]]:
    """What the check page shows: everything but the name, which an employer types."""
    facts, say = held.facts, presenter.say
    hours = number(float(nominal_hours(facts.minutes)), presenter.language)
    return [
        (say("Course"), facts.course_title),
        (say("Track"), facts.track_title),
        (say("Edition"), facts.edition),
        (say("Extent"), say("%(hours)s h", hours=hours)),
        (say("Issued"), short_date(facts.issued_on, presenter.language)),
        (say("Code"), facts.code),
    ]
