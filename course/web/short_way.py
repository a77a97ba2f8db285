"""What the short ways have in common: WSGI wrappers that serve ordinary requests before Flask wakes up.

Each serves what nothing stands in the way of and leaves everything else to the application, which judges it by the same
functions and says what is wrong. See docs/decisions/004.
"""

from __future__ import annotations

import hmac
import re
from collections.abc import Sequence
from io import BytesIO
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl

from werkzeug.datastructures import MultiDict
from werkzeug.sansio.utils import host_is_trusted

from course.web.guard import TOKEN_FIELD, is_from_our_pages
from course.web.headers import NEVER, SECURITY_HEADERS, STRICT_TRANSPORT
from course.web.identity import token_of
from course.web.site import Site

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication, WSGIEnvironment

_FORM = "application/x-www-form-urlencoded"


class ShortWay:
    #: How long an answer may be kept.
    kept = NEVER

    def __init__(self, application: WSGIApplication, site: Site, *, trusted_hosts: Sequence[str] = ()) -> None:
        self.application = application
        self.site = site
        self._trusted_hosts = list(trusted_hosts)
        self.headers = [("Cache-Control", self.kept), *SECURITY_HEADERS]
        if site.https:
            self.headers.append(("Strict-Transport-Security", STRICT_TRANSPORT))

    def addresses(self, below: str) -> re.Pattern[str]:
        """Addresses of modules: `below` is a pattern for what follows the module's id."""
        languages = "|".join(map(re.escape, self.site.library.languages))
        return re.compile(rf"/({languages})/modules/([a-z0-9-]+)/{below}")

    def is_for_us(self, environ: WSGIEnvironment) -> bool:
        return not self._trusted_hosts or host_is_trusted(environ.get("HTTP_HOST", ""), self._trusted_hosts)

    def secret(self, environ: WSGIEnvironment) -> str:
        return self.site.identity.secret_of(environ.get("HTTP_COOKIE", ""))

    def form(self, environ: WSGIEnvironment, longest: int) -> tuple[str, MultiDict[str, str]] | None:
        """The cookie's secret and the fields of a form of our own page with the right token; None for any other."""
        length = environ.get("CONTENT_LENGTH") or ""
        if not (
            is_from_our_pages(
                environ.get("HTTP_SEC_FETCH_SITE"), environ.get("HTTP_ORIGIN"), environ.get("HTTP_HOST", "")
            )
            and environ.get("CONTENT_TYPE", "").startswith(_FORM)
            and length.isascii()
            and length.isdigit()
            and int(length) <= longest
            and self.is_for_us(environ)
        ):
            return None
        body = environ["wsgi.input"].read(int(length))
        # The application may still have to read it.
        environ["wsgi.input"] = BytesIO(body)
        fields = MultiDict(parse_qsl(body.decode("ascii", "replace"), keep_blank_values=True))
        secret = self.secret(environ)
        token = token_of(self.site.secret_key, secret)
        if not secret or not hmac.compare_digest(fields.get(TOKEN_FIELD, "").encode(), token.encode()):
            return None
        return secret, fields
