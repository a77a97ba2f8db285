"""Where anybody checks a certificate: by its code, by its file, or by the statement in its code; and our public keys.

The pages have no language in their address: an employer's browser chooses. They need no JavaScript, are kept by no
search engine, and show no name.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from urllib.parse import urlsplit

from flask import Response, make_response, redirect, request
from werkzeug.wrappers import Response as WerkzeugResponse

from course.domain.certificate import normal_code
from course.domain.certificate_file import LARGEST_FILE
from course.domain.errors import NotThere
from course.domain.permission import Permission
from course.exports.published_keys import did_address, did_document, keys_json
from course.exports.signing_keys import published_keys
from course.services.certificate_checks import check_code, check_statement, code_of_file
from course.services.certificate_files import revoked_indexes
from course.services.throttle import count_try
from course.web.area import Area, Route
from course.web.certificate_words import CertificateWords
from course.web.pages_certificates import CheckView, FileView

#: A person checks a pile of certificates; a program that guesses numbers gets nowhere.
CHECKS_PER_HOUR = 30
#: The file, and the little that a form has around it.
LARGEST_UPLOAD = LARGEST_FILE + 16 * 1024
#: Statements have some 330 letters; ten times that is no statement.
_LONGEST_STATEMENT = 4_000
_LONGEST_NAME = 500
_JSON_LASTS = "public, max-age=300"


class VerifyArea(Area):
    def routes(self) -> Iterable[Route]:
        anyone = Permission.ANYONE
        yield Route("//verify/", "verify_form", self.verify_form, anyone)
        yield Route("//verify/file", "verify_file_form", self.verify_form, anyone)
        yield Route("//verify/file", "verify_file", self.verify_file, anyone, ("POST",), largest=LARGEST_UPLOAD)
        yield Route("//verify/statement", "verify_statement", self.verify_statement, anyone)
        yield Route("//verify/statement", "verify_statement_name", self.verify_statement_name, anyone, ("POST",))
        yield Route("//verify/keys.json", "keys_json", self.keys_json, anyone)
        yield Route("//verify/status/<int:number>", "status_list", self.status_list, anyone)
        yield Route("//.well-known/did.json", "did_json", self.did_json, anyone)
        yield Route("//did.json", "did_json_below", self.did_json, anyone)
        yield Route("//verify/<code>", "verify", self.verify, anyone)
        yield Route("//verify/<code>", "verify_name", self.verify_name, anyone, ("POST",))

    # By code

    def verify_form(self) -> WerkzeugResponse:
        code = request.args.get("code", "").strip()
        if code:
            return redirect(self.site.url("verify", code=normal_code(code) or code[:80], lang=self._wish() or None))
        return self._page()

    def verify(self, code: str) -> Response:
        return self._code_page(code)

    def verify_name(self, code: str) -> Response:
        return self._code_page(code, request.form.get("name", "").strip()[:_LONGEST_NAME])

    def _code_page(self, code: str, typed_name: str | None = None) -> Response:
        self._count()
        with self.site.store.reading() as connection:
            answer, found = check_code(connection, code, self.site.now())
        check = self._words().check(code, answer, found, typed_name)
        return self._page(code=code, check=check, status=404 if found is None else 200)

    # By file

    def verify_file(self) -> Response:
        """The file is looked at in a process of its own; then its number is looked up as if it had been typed."""
        self._count()
        words = self._words()
        uploaded = request.files.get("file")
        pdf = uploaded.read(LARGEST_FILE + 1) if uploaded else b""
        if not pdf:
            return self._page(file_error=words.say("Choose the PDF file of the certificate first."), status=422)
        finding, code = code_of_file(self.site.checker, pdf)
        file = words.file(finding)
        if code is None:
            return self._page(file=file)
        with self.site.store.reading() as connection:
            answer, found = check_code(connection, code, self.site.now())
        return self._page(code=code, file=file, check=words.check(code, answer, found))

    # By the statement in the code

    def verify_statement(self) -> Response:
        return self._statement_page(request.args.get("s", ""))

    def verify_statement_name(self) -> Response:
        return self._statement_page(request.form.get("s", ""), request.form.get("name", "").strip()[:_LONGEST_NAME])

    def _statement_page(self, text: str, typed_name: str | None = None) -> Response:
        lang, text = self._reader_language(), text.strip()[:_LONGEST_STATEMENT]
        view = None
        if text:
            view = self._words().statement(*check_statement(text, self.site.signing), typed_name)
        response = self.page(
            lang,
            "verify_statement.html",
            text=text,
            statement=view,
            form_url=self.site.url("verify_statement"),
            keys_url=self.site.url("keys_json"),
            csrf=self.csrf(),
            wish=self._wish(),
        )
        return self._kept_by_nobody(response)

    # For programs

    def keys_json(self) -> Response:
        return self._json(keys_json(published_keys(self.site.signing)), "application/jwk-set+json")

    def did_json(self) -> Response:
        """The document of the badges' issuer, at the one place where its name says that it is."""
        if urlsplit(did_address(self.site.signing.base_url)).path != request.script_root + request.path:
            raise NotThere(request.path)
        keys = published_keys(self.site.signing)
        return self._json(did_document(self.site.signing.base_url, keys), "application/did+json")

    def status_list(self, number: int) -> Response:
        with self.site.store.reading() as connection:
            revoked = revoked_indexes(connection, number)
        response = make_response(self.site.renderer.status_list(number, revoked))
        response.headers["Content-Type"] = "application/vc"
        response.headers["Cache-Control"] = _JSON_LASTS
        return response

    def _json(self, said: object, kind: str) -> Response:
        response = make_response(json.dumps(said, ensure_ascii=False, indent=1))
        response.headers["Content-Type"] = kind
        response.headers["Cache-Control"] = _JSON_LASTS
        # Whoever checks a badge does so from a page of their own.
        response.headers["Access-Control-Allow-Origin"] = "*"
        return response

    # What all have

    def _count(self) -> None:
        count_try(
            self.site.store,
            self.site.secret_key,
            what="verify",
            who=request.remote_addr or "",
            limit=CHECKS_PER_HOUR,
            per_seconds=3600,
            now=self.site.now(),
        )

    def _words(self) -> CertificateWords:
        return CertificateWords(self.site, self._reader_language())

    def _page(
        self,
        *,
        code: str = "",
        check: CheckView | None = None,
        file: FileView | None = None,
        file_error: str = "",
        status: int = 200,
    ) -> Response:
        response = self.page(
            self._reader_language(),
            "verify.html",
            status=status,
            # It has the looks of a field for a file.
            style=self.asset_url("staff.css"),
            code=code,
            check=check,
            file=file,
            file_error=file_error,
            file_url=self.site.url("verify_file"),
            statement_url=self.site.url("verify_statement"),
            keys_url=self.site.url("keys_json"),
            csrf=self.csrf(),
            wish=self._wish(),
        )
        return self._kept_by_nobody(response)

    def _kept_by_nobody(self, response: Response) -> Response:
        response.headers["X-Robots-Tag"] = "noindex"
        return response

    def _wish(self) -> str:
        """The language that the reader chose on the page before; the forms hand it on."""
        asked = request.args.get("lang") or request.form.get("lang", "")
        return asked if asked in self.site.library.languages else ""

    def _reader_language(self) -> str:
        languages = self.site.library.languages
        if wish := self._wish():
            return wish
        found = self.site.visitor()
        if found is not None and found.learner.language in languages:
            return found.learner.language
        return request.accept_languages.best_match(languages) or self.site.library.source_language
