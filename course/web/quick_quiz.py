"""Takes a learner through a quiz before Flask wakes up: its first page, the start, the open attempt, handing in, the
review.

The parts of these pages are prepared (`course.web.quiz_parts`), and starting and handing in are one transaction each,
so Flask would cost more than all the rest. Somebody without a record, a part that is asked for the first time, a form
that cannot be taken as it is, and everything else go on to Flask. See docs/decisions/004 and 005.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from sqlalchemy.exc import OperationalError
from werkzeug.utils import redirect

from course.domain.errors import CourseError
from course.domain.progress import NOTHING_DONE
from course.services import attempts
from course.services.attempts import Outcome
from course.services.people import learner_of
from course.web.forms.quiz import QuizForm
from course.web.identity import token_of
from course.web.prepared import Piece, gzipped, joined
from course.web.quick_lesson import HTML, VARY
from course.web.quiz_open import OpenPages
from course.web.quiz_parts import NotPrepared, QuizParts
from course.web.quiz_review import ReviewPages
from course.web.short_way import ShortWay
from course.web.site import Site

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

#: The whole form of a long quiz is a few kilobytes.
_LONGEST = 32768
_PLACE = "\x02"
#: What a redirect says to a browser that does not follow it.
_REDIRECT = redirect(_PLACE, 303).get_data(as_text=True)


def begin(site: Site, learner_id: int, module_id: str, language: str) -> int:
    """The number of the attempt that is open now."""
    return attempts.start_attempt(
        site.store,
        site.library,
        site.versions,
        learner_id=learner_id,
        module_id=module_id,
        language=language,
        now=site.now(),
    )


def take_form(site: Site, learner_id: int, module_id: str, language: str, form: QuizForm) -> Outcome:
    """Save or hand in what was posted."""
    if form.action != "submit":
        return attempts.save_answers(
            site.store,
            site.versions,
            learner_id=learner_id,
            module_id=module_id,
            number=form.attempt,
            posted=form.posted,
            now=site.now(),
        )
    return attempts.submit_attempt(
        site.store,
        site.library,
        site.versions,
        learner_id=learner_id,
        module_id=module_id,
        number=form.attempt,
        posted=form.posted,
        anyway=form.anyway,
        language=language,
        now=site.now(),
    )


class TakesQuizzes(ShortWay):
    """WSGI wrapper: the ordinary steps of an attempt; everything else goes on to the application."""

    def __init__(self, application: WSGIApplication, site: Site, *, trusted_hosts: Sequence[str] = ()) -> None:
        super().__init__(application, site, trusted_hosts=trusted_hosts)
        self._address = self.addresses("quiz/(?:(start)|attempts/([1-9][0-9]{0,8})/)?")
        self._modules = {module.id: module for module in site.library.modules if module.quiz}
        self._page_headers = [("Content-Type", HTML), ("Vary", VARY), *self.headers]
        self._redirect_headers = [("Content-Type", HTML), *self.headers]

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        found = self._address.fullmatch(environ.get("PATH_INFO", ""))
        if found and found[2] in self._modules:
            language, module_id, start, number = found.groups()
            method = environ["REQUEST_METHOD"]
            try:
                if method == "GET" and not start and self.is_for_us(environ):
                    pieces = self._page(environ, language, module_id, int(number) if number else None)
                    if pieces is not None:
                        return self._send(environ, start_response, pieces)
                elif method == "POST" and not number:
                    next_page = self._step(environ, language, module_id, starts=bool(start))
                    if next_page is not None:
                        return self._send_on(environ, start_response, next_page)
            except (CourseError, NotPrepared, OperationalError):
                # Flask tries the same again, and makes a page of what stands in the way.
                pass
        return self.application(environ, start_response)

    def _page(self, environ: WSGIEnvironment, language: str, module_id: str, number: int | None) -> list[Piece] | None:
        site = self.site
        secret = self.secret(environ)
        token = token_of(site.secret_key, secret)
        parts = QuizParts(site, language, environ.get("SCRIPT_NAME", "").rstrip("/"))
        module = self._modules[module_id]
        if not secret:
            return None if number else OpenPages(parts, module).start(NOTHING_DONE, [], token)
        with site.store.reading_hot() as hot:
            learner = learner_of(hot, secret, now=site.now())
            if number is None:
                return OpenPages(parts, module).quiz(hot, learner.id if learner else None, token)
            return ReviewPages(parts, module).review(hot, learner.id, number, token) if learner else None

    def _step(self, environ: WSGIEnvironment, language: str, module_id: str, *, starts: bool) -> str | None:
        """Start or hand in; what follows the quiz's address in that of the next page, or None when Flask must do it."""
        found = self.form(environ, _LONGEST)
        if found is None:
            return None
        secret, fields = found
        form = QuizForm.read(fields)
        if not starts and form.action != "submit":
            return None
        learner = learner_of(self.site.store.engine, secret, now=self.site.now())
        if learner is None:
            return None
        if starts:
            begin(self.site, learner.id, module_id, language)
            return ""
        outcome = take_form(self.site, learner.id, module_id, language, form)
        return f"attempts/{outcome.attempt_number}/" if outcome.submitted else None

    def _send(
        self, environ: WSGIEnvironment, start_response: StartResponse, pieces: Sequence[Piece]
    ) -> Iterable[bytes]:
        packed = "gzip" in environ.get("HTTP_ACCEPT_ENCODING", "")
        body = gzipped(pieces) if packed else joined(pieces)
        headers = [*self._page_headers, ("Content-Length", str(len(body)))]
        if packed:
            headers.append(("Content-Encoding", "gzip"))
        start_response("200 OK", headers)
        return [body]

    def _send_on(self, environ: WSGIEnvironment, start_response: StartResponse, next_page: str) -> Iterable[bytes]:
        root = environ.get("SCRIPT_NAME", "").rstrip("/")
        address = f"{root}{environ['PATH_INFO'].removesuffix('start')}{next_page}"
        body = _REDIRECT.replace(_PLACE, address).encode()
        headers = [*self._redirect_headers, ("Content-Length", str(len(body))), ("Location", address)]
        start_response("303 SEE OTHER", headers)
        return [body]
