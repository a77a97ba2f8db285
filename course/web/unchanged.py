"""Answers "has this page changed?" before Flask wakes up.

A page of ours depends on the content, the code and the learner's record, nothing else. Those have a hash and a version,
so the question is one look at the record, and the answer 304 costs less than an empty Flask page.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import TYPE_CHECKING, Any

from course.services.people import learner_of
from course.storage.engine import Store
from course.web.headers import OWN, SECURITY_HEADERS
from course.web.identity import Identity

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment


def page_tag(build: str, learner: tuple[int, int] | None) -> str:
    """The ETag of a page: for anybody, or for a learner (id, version of her record)."""
    who = f"{learner[0]}.{learner[1]}" if learner else "all"
    return f'W/"{build}-{who}"'


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
            ("Vary", "Cookie, Accept-Encoding"),
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
