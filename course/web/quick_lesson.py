"""Serves a lesson before Flask wakes up, once its page is prepared.

Reading is what most learners do most of the time. A prepared page needs two looks at the database and its pieces put
together; Flask would cost as much again. The first look at a page, an unknown address and everything else go on to
Flask, which prepares the page. See docs/decisions/004 and 005.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from typing import TYPE_CHECKING

from course.content.library import Library, Module
from course.domain.progress import NOTHING_DONE, Progress
from course.services.people import learner_of
from course.storage.learning import progress_of
from course.web.headers import OWN
from course.web.identity import token_of
from course.web.prepared import Piece, gzipped, joined
from course.web.short_way import ShortWay
from course.web.site import Site
from course.web.unchanged import page_tag

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

HTML = "text/html; charset=utf-8"
VARY = "Cookie, Accept-Encoding"
PAGE_HEADERS = [("Content-Type", HTML), ("Vary", VARY)]


def lesson_key(
    script_root: str, language: str, lesson_id: str, library: Library, module: Module, progress: Progress
) -> Hashable:
    """What a lesson's page depends on: two learners with the same key see the same page, but for the form's token."""
    shown = [one.id for one in library.modules]
    return (
        "lesson",
        script_root,
        language,
        lesson_id,
        progress.lessons_done.intersection(module.lesson_ids),
        module.id in progress.modules_passed,
        module.id in progress.quizzes_open,
        progress.missing_before(module, shown),
    )


class ServesLessons(ShortWay):
    """WSGI wrapper: a lesson whose page is prepared; everything else goes on to the application."""

    kept = OWN

    def __init__(self, application: WSGIApplication, site: Site, *, trusted_hosts: Sequence[str] = ()) -> None:
        super().__init__(application, site, trusted_hosts=trusted_hosts)
        self._modules = {module.id: module for module in site.library.modules}
        self._address = self.addresses("([a-z0-9-]+)/")

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        # Whoever has the page already is asking whether it has changed, and that has a shorter answer.
        first_time = "HTTP_IF_NONE_MATCH" not in environ
        if first_time and environ["REQUEST_METHOD"] == "GET" and self.is_for_us(environ):
            found = self._address.fullmatch(environ.get("PATH_INFO", ""))
            page = self._page(environ, found[1], found[2], found[3]) if found else None
            if page is not None:
                pieces, tag = page
                return self._send(environ, start_response, pieces, tag)
        return self.application(environ, start_response)

    def _page(
        self, environ: WSGIEnvironment, language: str, module_id: str, lesson_id: str
    ) -> tuple[list[Piece], str] | None:
        """The pieces of the page and its tag; None when it is not prepared, or no page of ours."""
        module = self._modules.get(module_id)
        if module is None or lesson_id not in module.lesson_ids:
            return None
        site = self.site
        secret = self.secret(environ)
        learner = learner_of(site.store, secret, now=site.now()) if secret else None
        progress = progress_of(site.store.engine, learner.id) if learner else NOTHING_DONE
        key = lesson_key(environ.get("SCRIPT_NAME", ""), language, lesson_id, site.library, module, progress)
        prepared = site.prepared.found(key)
        if prepared is None:
            return None
        token = Piece.once(token_of(site.secret_key, secret))
        who = (learner.id, learner.version) if learner else None
        return prepared.filled({"token": [token]}), page_tag(site.build, who)

    def _send(
        self, environ: WSGIEnvironment, start_response: StartResponse, pieces: Sequence[Piece], tag: str
    ) -> Iterable[bytes]:
        packed = "gzip" in environ.get("HTTP_ACCEPT_ENCODING", "")
        body = gzipped(pieces) if packed else joined(pieces)
        headers = [*PAGE_HEADERS, *self.headers, ("ETag", tag), ("Content-Length", str(len(body)))]
        if packed:
            headers.append(("Content-Encoding", "gzip"))
        start_response("200 OK", headers)
        return [body]
