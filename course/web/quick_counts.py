"""Answers the API's question about counts before Flask wakes up: programs ask for many figures one after the other.

What is answered is made by the function that Flask's view calls. See docs/decisions/004.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from sqlalchemy.exc import OperationalError
from werkzeug.http import HTTP_STATUS_CODES

from course.web.api import COUNTS_ADDRESS, ApiAnswer, answer_counts
from course.web.short_way import ShortWay
from course.web.site import Site

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment


class AnswersCounts(ShortWay):
    """WSGI wrapper: counts for a program with a key; everything else goes on to the application."""

    def __init__(self, application: WSGIApplication, site: Site, *, trusted_hosts: Sequence[str] = ()) -> None:
        super().__init__(application, site, trusted_hosts=trusted_hosts)
        # Each answer says itself how long it may be kept.
        self._headers = [one for one in self.headers if one[0] != "Cache-Control"]

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        ours = environ.get("PATH_INFO") == COUNTS_ADDRESS and environ["REQUEST_METHOD"] == "GET"
        if not ours or not self.is_for_us(environ):
            return self.application(environ, start_response)
        try:
            answer = answer_counts(self.site, environ)
        except OperationalError:
            # Flask tries the same again, and says what stands in the way.
            return self.application(environ, start_response)
        return self._send(start_response, answer)

    def _send(self, start_response: StartResponse, answer: ApiAnswer) -> Iterable[bytes]:
        status = f"{answer.status} {HTTP_STATUS_CODES[answer.status].upper()}"
        start_response(status, [*answer.headers, *self._headers, ("Content-Length", str(len(answer.body)))])
        return [answer.body]
