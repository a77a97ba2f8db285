"""The cookies of a launch, which work in a frame of another site, and the pages that such a site may show.

A browser keeps them apart for each site in whose frame they are set (Partitioned), so that a launch on one platform is
none on another, and none in a window of our own. See docs/decisions/016.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import TYPE_CHECKING

from flask import Request, Response
from flask import request as current_request
from werkzeug.http import parse_cookie
from werkzeug.wrappers import Response as WerkzeugResponse

from course.domain.errors import LaunchOver
from course.services.people import NewSecret, learner_of
from course.storage.engine import Store
from course.storage.platforms import frames_of
from course.web.headers import CONTENT_SECURITY_POLICY, framed_policy
from course.web.identity import COOKIE, LearnerCookie, SignedLearner

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

#: The browser that a launch began in.
BROWSER = "lti-browser"
#: The learner who came by a launch.
LEARNER = "lti-learner"
#: Somebody who teaches on the platform.
STAFF = "lti-staff"
#: The platform's row, whose sites may show our pages.
PLATFORM = "lti-platform"
_POLICY = "Content-Security-Policy"


def names_of(kind: str, *, secure: bool) -> tuple[str, ...]:
    """What a cookie is called, the one that counts first.

    Only a secure cookie reaches a frame of another site, and this very machine is the only place without HTTPS where
    browsers take one. Programs that are no browsers do not take it there; for them there is a second, plain one.
    """
    return (f"__Host-{kind}",) if secure else (f"__Host-{kind}", kind)


class LaunchCookies:
    """Sets and reads them."""

    def __init__(self, *, secure: bool) -> None:
        self._secure = secure

    def read(self, request: Request, kind: str) -> str:
        return next((found for name in names_of(kind, secure=self._secure) if (found := request.cookies.get(name))), "")

    def put(self, response: WerkzeugResponse, kind: str, value: str) -> None:
        """Until the browser is closed; the database knows how long it counts."""
        for name in names_of(kind, secure=self._secure):
            framed = name.startswith("__Host-")
            response.set_cookie(
                name,
                value,
                secure=framed,
                httponly=True,
                samesite="None" if framed else "Lax",
                partitioned=framed,
                path="/",
            )

    def drop(self, response: WerkzeugResponse, kind: str) -> None:
        for name in names_of(kind, secure=self._secure):
            framed = name.startswith("__Host-")
            response.delete_cookie(
                name,
                path="/",
                secure=framed,
                httponly=True,
                samesite="None" if framed else "Lax",
                partitioned=framed,
            )


class LearnerOfLaunch(LearnerCookie):
    """The stand-alone site's identity: whoever came by a launch is that learner, and everybody else has a cookie.

    A launch that has run out is nobody's record; what is done after it must not go to another one unnoticed.
    """

    def __init__(self, *, secure: bool, name: str = COOKIE) -> None:
        super().__init__(secure=secure, name=name)
        self._launched = LaunchCookies(secure=secure)
        self._names = names_of(LEARNER, secure=secure)

    def find(self, request: Request, store: Store, now: datetime) -> SignedLearner | None:
        secret = self._launched.read(request, LEARNER)
        if not secret:
            return super().find(request, store, now)
        learner = learner_of(store, secret, now=now)
        return SignedLearner(learner, secret) if learner else None

    def secret_of(self, cookies: str) -> str:
        if LEARNER in cookies:
            found = parse_cookie(cookies)
            for name in self._names:
                if secret := found.get(name):
                    return secret
        return super().secret_of(cookies)

    def start(self, store: Store, *, language: str, now: datetime) -> NewSecret:
        if self._launched.read(current_request, LEARNER):
            raise LaunchOver
        return super().start(store, language=language, now=now)

    def forget(self, response: Response) -> None:
        super().forget(response)
        self.forget_launch(response)

    def forget_launch(self, response: WerkzeugResponse) -> None:
        """From now on this browser is as it was before the launch."""
        self._launched.drop(response, LEARNER)


class LetsPlatformsFrame:
    """WSGI wrapper: our pages name the sites of the platform whose launch led to them as those that may frame them.

    Everything else says, as ever, that nobody may. The platform is looked up each time, so one that is disabled
    shows nothing from that moment on.
    """

    def __init__(self, application: WSGIApplication, store: Store, *, secure: bool) -> None:
        self._application = application
        self._store = store
        self._names = names_of(PLATFORM, secure=secure)

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        if PLATFORM not in environ.get("HTTP_COOKIE", ""):
            return self._application(environ, start_response)
        return self._application(environ, self._framing(environ, start_response))

    def _framing(self, environ: WSGIEnvironment, start_response: StartResponse) -> StartResponse:
        def start(status: str, headers: list[tuple[str, str]], exc_info: object = None) -> Callable[[bytes], object]:
            ours = (_POLICY, CONTENT_SECURITY_POLICY)
            frames = self._frames(environ) if ours in headers else ""
            if frames:
                framed = (_POLICY, framed_policy(frames))
                headers = [framed if header == ours else header for header in headers]
            return start_response(status, headers, exc_info)  # type: ignore[arg-type]

        return start

    def _frames(self, environ: WSGIEnvironment) -> str:
        cookies = parse_cookie(environ.get("HTTP_COOKIE", ""))
        said = next((found for name in self._names if (found := cookies.get(name))), "")
        known = said.isascii() and said.isdigit() and len(said) < 10
        return frames_of(self._store.engine, int(said)) if known else ""
