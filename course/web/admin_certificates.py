"""The register of certificates for administrators: search, journal, revocation, a corrected name, and the templates."""

from __future__ import annotations

from collections.abc import Iterable

from flask import Response, make_response, redirect, request
from werkzeug.wrappers import Response as WerkzeugResponse
from wtforms import Form

from course.domain.certificate_state import Actor, Reason
from course.domain.errors import CertificateClosed, NotThere, PdfNotAvailable
from course.domain.permission import Permission
from course.services.certificate_register import Entry, register_entry, revoke_certificate, search_register
from course.services.certificates import By, replace_certificate
from course.web.area import LANGUAGE_NAMES, Route
from course.web.certificate_words import CertificateWords
from course.web.forms.certificate import name_form
from course.web.forms.revocation import revocation_form
from course.web.pages import Link
from course.web.pages_certificates import TemplateRow
from course.web.staff import StaffArea

_LONGEST_SEARCH = 200


class AdminCertificatesArea(StaffArea):
    def routes(self) -> Iterable[Route]:
        admin = Permission.ADMINISTRATOR
        one = "/admin/certificates/<int:certificate_id>"
        yield Route("/admin/certificates/", "admin_certificates", self.search, admin)
        yield Route("/admin/certificates/preview", "certificate_templates", self.templates, admin)
        yield Route("/admin/certificates/preview/<name>.pdf", "certificate_preview", self.preview, admin)
        yield Route(f"{one}/", "admin_certificate", self.entry, admin)
        yield Route(f"{one}/revoke", "revoke_certificate_form", self.revoke_form, admin)
        yield Route(f"{one}/revoke", "revoke_certificate", self.revoke, admin, ("POST",))
        yield Route(f"{one}/reissue", "reissue_certificate_form", self.reissue_form, admin)
        yield Route(f"{one}/reissue", "reissue_certificate", self.reissue, admin, ("POST",))

    # The register

    def search(self, lang: str) -> Response:
        text = request.args.get("q", "").strip()[:_LONGEST_SEARCH]
        track_id = request.args.get("track", "")[:80]
        before = request.args.get("before", type=int)
        words = CertificateWords(self.site, lang)
        with self.site.store.reading() as connection:
            found, further = search_register(
                connection, text=text, track_id=track_id, before=before, now=self.site.now()
            )
        asked = {"lang": lang, "q": text or None, "track": track_id or None}
        return self.staff_page(
            lang,
            "admin_certificates.html",
            "admin_certificates",
            rows=tuple(words.row(entry) for entry in found),
            text=text,
            track=track_id,
            tracks=(
                ("", self.site.say(lang, "All tracks")),
                *((track.id, track.title[lang]) for track in self.site.library.tracks),
            ),
            search_url=self.site.url("admin_certificates", lang=lang),
            templates_url=self.site.url("certificate_templates", lang=lang),
            next_url=self.site.url("admin_certificates", **asked, before=further) if further else "",
        )

    def entry(self, lang: str, certificate_id: int) -> Response:
        words = CertificateWords(self.site, lang)
        return self.staff_page(
            lang,
            "admin_certificate.html",
            "admin_certificates",
            entry=words.entry(self._found(certificate_id)),
            register_url=self.site.url("admin_certificates", lang=lang),
        )

    def _found(self, certificate_id: int) -> Entry:
        with self.site.store.reading() as connection:
            return register_entry(connection, certificate_id, self.site.now())

    def _by(self) -> By:
        return By(Actor.ADMINISTRATOR, self.site.staff.account_id)

    # Revoke

    def revoke_form(self, lang: str, certificate_id: int) -> Response:
        return self._revoke_page(lang, certificate_id, self._revocation(lang)())

    def revoke(self, lang: str, certificate_id: int) -> WerkzeugResponse:
        form = self._revocation(lang)(request.form)
        if not form.validate():
            return self._revoke_page(lang, certificate_id, form, status=422)
        revoke_certificate(
            self.site.store,
            certificate_id=certificate_id,
            reason=Reason(form.data["reason"]),
            note=form.data["note"] or "",
            by=self._by(),
            now=self.site.now(),
        )
        return self._back(lang, certificate_id)

    def _revocation(self, lang: str) -> type[Form]:
        words = CertificateWords(self.site, lang)
        return revocation_form(words.say, words.reasons())

    def _revoke_page(self, lang: str, certificate_id: int, form: object, *, status: int = 200) -> Response:
        entry = CertificateWords(self.site, lang).entry(self._found(certificate_id))
        if not entry.revoke_url:
            raise CertificateClosed
        return self.staff_page(
            lang,
            "admin_certificate_revoke.html",
            "admin_certificates",
            status=status,
            entry=entry,
            form=form,
            form_url=entry.revoke_url,
        )

    # A corrected name

    def reissue_form(self, lang: str, certificate_id: int) -> Response:
        facts = self._found(certificate_id).facts
        return self._reissue_page(lang, certificate_id, self._naming(lang)(data={"name": facts.name if facts else ""}))

    def reissue(self, lang: str, certificate_id: int) -> WerkzeugResponse:
        form = self._naming(lang)(request.form)
        if not form.validate():
            return self._reissue_page(lang, certificate_id, form, status=422)
        new = replace_certificate(
            self.site.store,
            certificate_id=certificate_id,
            name=form.data["name"],
            verify_url=self.site.verify_url,
            now=self.site.now(),
            by=self._by(),
        )
        return self._back(lang, new.id)

    def _naming(self, lang: str) -> type[Form]:
        return name_form(CertificateWords(self.site, lang).say, self.site.unprintable)

    def _reissue_page(self, lang: str, certificate_id: int, form: object, *, status: int = 200) -> Response:
        entry = CertificateWords(self.site, lang).entry(self._found(certificate_id))
        if not entry.reissue_url:
            raise CertificateClosed
        return self.staff_page(
            lang,
            "admin_certificate_name.html",
            "admin_certificates",
            status=status,
            entry=entry,
            form=form,
            form_url=entry.reissue_url,
        )

    def _back(self, lang: str, certificate_id: int) -> WerkzeugResponse:
        return redirect(self.site.url("admin_certificate", lang=lang, certificate_id=certificate_id), 303)

    # Templates

    def templates(self, lang: str, fault: str = "", status: int = 200) -> Response:
        rows = tuple(
            TemplateRow(
                name=name,
                in_use=name in self.site.certificate_templates.names,
                samples=tuple(self._sample(name, lang, code) for code in self.site.library.languages),
            )
            for name in self.site.previews.templates()
        )
        return self.staff_page(
            lang,
            "admin_certificate_templates.html",
            "admin_certificates",
            status=status,
            rows=rows,
            fault=fault,
            register_url=self.site.url("admin_certificates", lang=lang),
        )

    def _sample(self, name: str, lang: str, language: str) -> Link:
        url = self.site.url("certificate_preview", lang=lang, name=name, sample=language)
        return Link(LANGUAGE_NAMES.get(language, language), url)

    def preview(self, lang: str, name: str) -> Response:
        """The template with its sample data. A template with a fault says which."""
        if name not in self.site.previews.templates():
            raise NotThere(name)
        sample = request.args.get("sample", lang)
        if sample not in self.site.library.languages:
            raise NotThere(sample)
        try:
            pdf = self.site.previews.draw(name, sample)
        except PdfNotAvailable as error:
            return self.templates(lang, f"{name}: {error}", status=503)
        response = make_response(pdf)
        response.headers["Content-Type"] = "application/pdf"
        response.headers["Content-Disposition"] = f'inline; filename="{name}-{sample}.pdf"'
        return response
