"""Saves an answer before Flask wakes up.

A quiz saves at every change, so a site full of learners does little else. When nothing stands in the way of an answer
(our own page, the right token, the version that is stored), it is one statement. Everything else goes on to Flask,
which says what is wrong. See docs/decisions/004.
"""

from __future__ import annotations

import hmac
import json
import re
from collections.abc import Iterable, Sequence
from io import BytesIO
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl

from sqlalchemy.exc import OperationalError
from werkzeug.datastructures import MultiDict
from werkzeug.sansio.utils import host_is_trusted

from course.services.attempts import save_one_answer
from course.web.forms.quiz import QuizForm, posted_answer
from course.web.guard import TOKEN_FIELD, is_from_our_pages
from course.web.headers import NEVER, SECURITY_HEADERS, STRICT_TRANSPORT
from course.web.identity import token_of
from course.web.site import Site

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

_FORM = "application/x-www-form-urlencoded"
#: One answer is a few hundred bytes.
_LONGEST = 8192


def save_posted(site: Site, secret: str, module_id: str, form: QuizForm) -> int | None:
    """The new version of the form's one answer, or None when it was not this tab's turn."""
    question_id = form.only_question()
    return save_one_answer(
        site.store,
        site.library,
        secret=secret,
        module_id=module_id,
        number=form.attempt,
        question_id=question_id,
        chosen=posted_answer(site.library, module_id, question_id, form.fields),
        version=form.versions.get(question_id, -1),
        now=site.now(),
    )


class SavesAnswers:
    """WSGI wrapper: saves an answer that nothing stands in the way of; everything else goes on to the application."""

    def __init__(self, application: WSGIApplication, site: Site, *, trusted_hosts: Sequence[str] = ()) -> None:
        self._application = application
        self._site = site
        self._trusted_hosts = trusted_hosts
        languages = "|".join(map(re.escape, site.library.languages))
        self._address = re.compile(rf"/(?:{languages})/modules/([a-z0-9-]+)/quiz/save")
        self._headers = [("Content-Type", "application/json"), ("Cache-Control", NEVER), *SECURITY_HEADERS]
        if site.https:
            self._headers.append(("Strict-Transport-Security", STRICT_TRANSPORT))

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        if environ["REQUEST_METHOD"] == "POST":
            found = self._address.fullmatch(environ.get("PATH_INFO", ""))
            if found and self._is_ordinary(environ):
                version = self._save(environ, found[1])
                if version is not None:
                    body = json.dumps({"version": version}, separators=(",", ":")).encode() + b"\n"
                    start_response("200 OK", [*self._headers, ("Content-Length", str(len(body)))])
                    return [body]
        return self._application(environ, start_response)

    def _is_ordinary(self, environ: WSGIEnvironment) -> bool:
        """What the script of our own pages sends, and no browser says that it comes from elsewhere."""
        length = environ.get("CONTENT_LENGTH") or ""
        return (
            is_from_our_pages(
                environ.get("HTTP_SEC_FETCH_SITE"), environ.get("HTTP_ORIGIN"), environ.get("HTTP_HOST", "")
            )
            and environ.get("CONTENT_TYPE", "").startswith(_FORM)
            and length.isascii()
            and length.isdigit()
            and int(length) <= _LONGEST
            and (not self._trusted_hosts or host_is_trusted(environ.get("HTTP_HOST", ""), list(self._trusted_hosts)))
        )

    def _save(self, environ: WSGIEnvironment, module_id: str) -> int | None:
        body = environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"]))
        # The application may still have to read it.
        environ["wsgi.input"] = BytesIO(body)
        fields = MultiDict(parse_qsl(body.decode("ascii", "replace"), keep_blank_values=True))
        secret = self._site.identity.secret_of(environ.get("HTTP_COOKIE", ""))
        token = token_of(self._site.secret_key, secret)
        if not secret or not hmac.compare_digest(fields.get(TOKEN_FIELD, "").encode(), token.encode()):
            return None
        form = QuizForm.read(fields)
        if len(form.versions) != 1:
            return None
        try:
            return save_posted(self._site, secret, module_id, form)
        except OperationalError:
            return None
