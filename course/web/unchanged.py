"""Answers "has this page changed?" before Flask wakes up; in a host, where its gatekeepers have seen the request.

A page of ours depends on the content, the code and the learner's record, nothing else. Those have a hash and a version,
so the question is one look at the record, and the answer 304 costs less than an empty Flask page.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import TYPE_CHECKING, Any

from flask import Response, request

from course.services.people import learner_of
from course.storage.engine import Store
from course.web.headers import OWN, SECURITY_HEADERS
from course.web.identity import Identity

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

    from course.web.site import Site

#: What a page and the answer that it has not changed depend on.
_VARY = ("Vary", "Cookie, Accept-Encoding")


def page_tag(build: str, learner: tuple[int, int] | None, *around: str) -> str:
    """The ETag of a page: for anybody, or for a learner (id, version of her record), inside what a host puts around."""
    who = f"{learner[0]}.{learner[1]}" if learner else "all"
    return f'W/"{"-".join((build, who, *around))}"'


class AnswersUnchanged:
    """WSGI wrapper: 304 for a page whose tag still holds; everything else goes on to the application."""

    def __init__(
        self,
        application: WSGIApplication,
        *,
        store: Store,
        identity: Identity,
        build: str,
        now: Callable[[], datetime],
    ) -> None:
        self._application = application
        self._store = store
        self._identity = identity
        self._build = build
        self._now = now
        self._public = page_tag(build, None)
        self._fixed: list[tuple[str, str]] = [
            *SECURITY_HEADERS,
            ("Cache-Control", OWN),
            _VARY,
        ]

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        known = environ.get("HTTP_IF_NONE_MATCH")
        if known and self._build in known and environ["REQUEST_METHOD"] in ("GET", "HEAD"):
            tag = self._tag_now(environ)
            if tag in known:
                start_response("304 Not Modified", [*self._fixed, ("ETag", tag)])
                return []
        return self._application(environ, start_response)

    def _tag_now(self, environ: dict[str, Any]) -> str:
        secret = self._identity.secret_of(environ.get("HTTP_COOKIE", ""))
        if not secret:
            return self._public
        learner = learner_of(self._store, secret, now=self._now())
        return page_tag(self._build, (learner.id, learner.version)) if learner else self._public


def around_of(site: Site) -> tuple[str, ...]:
    """The state of what a host puts around the page of this request; nothing on a site of our own."""
    languages = site.library.languages
    asked = (request.view_args or {}).get("lang", "")
    return site.look_state(asked if asked in languages else site.library.source_language)


def unchanged(site: Site) -> Response | None:
    """The answer 304 to a request whose page the browser has, else None."""
    known = request.headers.get("If-None-Match", "")
    if site.build not in known or request.method not in ("GET", "HEAD"):
        return None
    found = site.visitor()
    tag = page_tag(site.build, (found.learner.id, found.learner.version) if found else None, *around_of(site))
    if tag not in known:
        return None
    return Response(status=304, headers=[*SECURITY_HEADERS, ("Cache-Control", OWN), _VARY, ("ETag", tag)])
