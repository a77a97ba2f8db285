"""The learner's certificate: what is still missing, the name, the file, the badge, and a slip of the pen mended."""

from __future__ import annotations

from collections.abc import Iterable

from flask import Response, make_response, redirect, request
from werkzeug.wrappers import Response as WerkzeugResponse
from wtforms import Form

from course.content.formats import number
from course.domain.certificate import nominal_hours
from course.domain.certificate_state import CORRECTIONS_MAX, Actor, require_replaceable
from course.domain.errors import CertificateClosed, NotThere
from course.domain.permission import Permission
from course.domain.progress import Progress
from course.services.certificate_files import badge_token, certificate_pdf
from course.services.certificates import (
    HOLDER,
    HeldCertificate,
    certificate_held,
    certificates_held,
    issue_certificate,
    nominal_minutes,
    replace_certificate,
)
from course.services.gain import offer_of
from course.storage.profiles import profile_of
from course.web.area import Area, Route
from course.web.certificate_words import CertificateWords
from course.web.forms.certificate import name_form
from course.web.identity import SignedLearner
from course.web.pages import Link
from course.web.pages_certificates import CertificateCard
from course.web.pre_test_pages import PreTestPresenter
from course.web.presenting import Presenter
from course.web.site import Site

#: Seconds after which the waiting page asks again.
ASK_AGAIN = 4


class CertificateArea(Area):
    def routes(self) -> Iterable[Route]:
        own = Permission.OWN_RECORD
        yield Route("/certificate/", "certificate", self.certificate, own)
        yield Route("/certificate/", "issue_certificate", self.issue, own, ("POST",))
        yield Route("/certificates/<int:certificate_id>.pdf", "certificate_pdf", self.pdf, own)
        yield Route("/certificates/<int:certificate_id>.jwt", "certificate_badge", self.badge, own)
        yield Route("/certificates/<int:certificate_id>/name", "correct_certificate", self.correct, own)
        yield Route("/certificates/<int:certificate_id>/name", "replace_certificate", self.replace, own, ("POST",))

    @property
    def track_id(self) -> str:
        return self.site.library.tracks[0].id

    # The first one

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
            verify_url=self.site.verify_url,
            now=self.site.now(),
        )
        return redirect(self.site.url("certificate", lang=lang), 303)

    def _form(self, lang: str) -> type[Form]:
        return name_form(Presenter(self.site, lang).say, self.site.unprintable)

    def _page(self, lang: str, form: object, *, status: int = 200) -> Response:
        presenter = Presenter(self.site, lang)
        found, progress = self.progress()
        with self.site.store.reading() as connection:
            held = certificates_held(connection, found.learner.id, self.site.now()) if found else []
            # Offered once there is a certificate, and not again when it was answered or left open.
            ask = found is not None and bool(held) and profile_of(connection, found.learner.id) is None
            standing = offer_of(connection, self.site.library, found.learner.id, progress) if found and held else None
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
            certificates=tuple(card(self.site, lang, one) for one in held),
            about_url=self.site.url("about_you", lang=lang) if ask else "",
            hours=number(float(nominal_hours(nominal_minutes(self.site.library, track))), lang),
            track=track.title[lang],
            pre_test=PreTestPresenter(presenter).offer(standing),
            refreshers_url=self.site.url("refreshers", lang=lang),
        )

    def _missing(self, presenter: Presenter, progress: Progress) -> tuple[Link, ...]:
        lacking = presenter.certificate_lacks(progress)
        return tuple(
            Link(f"{one.number}. {one.title[presenter.language]}", presenter.module_url(one.id)) for one in lacking
        )

    # Its file and its badge

    def pdf(self, lang: str, certificate_id: int) -> Response:
        pdf = certificate_pdf(
            self.site.store,
            self.site.renderer,
            self.site.turnstile,
            certificate_id=certificate_id,
            learner_id=self._holder(certificate_id).learner.id,
            now=self.site.now(),
        )
        if pdf is None:
            response = self.page(lang, "certificate_waits.html", "certificate", status=202, here_url=request.path)
            response.headers["Refresh"] = str(ASK_AGAIN)
            response.headers["Retry-After"] = str(ASK_AGAIN)
            return response
        response = make_response(pdf)
        response.headers["Content-Type"] = "application/pdf"
        response.headers["Content-Disposition"] = f'inline; filename="certificate-{certificate_id}.pdf"'
        return response

    def badge(self, lang: str, certificate_id: int) -> Response:
        token = badge_token(
            self.site.store,
            self.site.renderer,
            certificate_id=certificate_id,
            learner_id=self._holder(certificate_id).learner.id,
            now=self.site.now(),
        )
        response = make_response(token)
        response.headers["Content-Type"] = "application/vc+jwt"
        response.headers["Content-Disposition"] = f'attachment; filename="certificate-{certificate_id}.jwt"'
        return response

    def _holder(self, certificate_id: int) -> SignedLearner:
        found = self.site.visitor()
        if found is None:
            raise NotThere(str(certificate_id))
        return found

    # A corrected name

    def correct(self, lang: str, certificate_id: int) -> Response:
        one = self._own(certificate_id)
        return self._correct_page(lang, one, self._form(lang)(data={"name": one.facts.name}))

    def replace(self, lang: str, certificate_id: int) -> WerkzeugResponse:
        one = self._own(certificate_id)
        form = self._form(lang)(request.form)
        if not form.validate():
            return self._correct_page(lang, one, form, status=422)
        replace_certificate(
            self.site.store,
            certificate_id=certificate_id,
            learner_id=self._holder(certificate_id).learner.id,
            name=form.data["name"],
            verify_url=self.site.verify_url,
            now=self.site.now(),
            by=HOLDER,
        )
        return redirect(self.site.url("certificate", lang=lang), 303)

    def _own(self, certificate_id: int) -> HeldCertificate:
        """The holder's certificate, if its name can be corrected by her."""
        learner_id = self._holder(certificate_id).learner.id
        with self.site.store.reading() as connection:
            one = certificate_held(connection, certificate_id, learner_id, self.site.now())
        require_replaceable(one.standing, sequence=one.sequence, actor=Actor.HOLDER)
        return one

    def _correct_page(self, lang: str, one: HeldCertificate, form: object, *, status: int = 200) -> Response:
        return self.page(
            lang,
            "certificate_name.html",
            "certificate",
            status=status,
            form=form,
            form_url=self.site.url("replace_certificate", lang=lang, certificate_id=one.id),
            back_url=self.site.url("certificate", lang=lang),
            csrf=self.csrf(),
            code=one.facts.code,
            times_left=CORRECTIONS_MAX - one.sequence + 1,
        )


def card(site: Site, language: str, one: HeldCertificate) -> CertificateCard:
    """A certificate of the learner of the request."""
    try:
        require_replaceable(one.standing, sequence=one.sequence, actor=Actor.HOLDER)
    except CertificateClosed:
        may_correct = False
    else:
        may_correct = True
    return CertificateWords(site, language).card(one, may_correct=may_correct)
