"""The stand-alone site's own sign-in: a cookie that leads to a row of the database, so that it can be ended there."""

from __future__ import annotations

import re
from datetime import datetime
from urllib.parse import unquote, urlsplit

from flask import Request
from werkzeug.wrappers import Response as WerkzeugResponse

from course.domain.account import SIGN_IN_LASTS
from course.services.sign_ins import current_sign_in, launched_staff
from course.storage.engine import Store
from course.web.identity import SignedStaff
from course.web.launch_cookie import STAFF, LaunchCookies

SESSION = "session"
#: A sign-in under way: what is still to be shown belongs to the browser that began.
REQUEST = "sign-in"
#: Where somebody wanted to go who had to sign in first.
BACK = "back"
#: What must come back from an organisation's sign-in service, sealed.
OIDC = "oidc"
#: Seconds in which a sign-in leads back to where somebody wanted to go.
BACK_LASTS = 1800
LONGEST_BACK = 500
#: Two slashes, or a backslash that browsers take for one, would lead to another site.
_LOCAL = re.compile(r"/(?![/\\])[^\\\s\x00-\x1f\x7f]*")
_BROWSERS = (
    ("Edge", "Edg"),
    ("Opera", "OPR/"),
    ("Samsung Internet", "SamsungBrowser"),
    ("Firefox", "Firefox/"),
    ("Firefox", "FxiOS"),
    ("Chrome", "Chrome/"),
    ("Chrome", "CriOS"),
    ("Safari", "Safari/"),
)
_SYSTEMS = (
    ("Windows", "Windows"),
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("macOS", "Mac OS X"),
    ("ChromeOS", "CrOS"),
    ("Linux", "Linux"),
)


class SignInCookie:
    """Finds who is signed in by the cookie `session`, which over HTTPS is bound to this very host."""

    def __init__(self, *, secure: bool) -> None:
        self._secure = secure
        self._launched = LaunchCookies(secure=secure)

    def name(self, kind: str) -> str:
        return f"__Host-{kind}" if self._secure else kind

    def secret(self, request: Request, kind: str = SESSION) -> str:
        return request.cookies.get(self.name(kind), "")

    def find(self, request: Request, store: Store, now: datetime) -> SignedStaff | None:
        secret = self.secret(request)
        found = current_sign_in(store, secret, now=now) if secret else None
        if found is not None:
            return SignedStaff(found.staff, secret, found.id, found.email)
        launched = self._launched.read(request, STAFF)
        staff = launched_staff(store, launched, now=now) if launched else None
        return SignedStaff(staff, launched) if staff else None

    def remember(self, response: WerkzeugResponse, secret: str) -> None:
        self.put(response, SESSION, secret, lasts=int(SIGN_IN_LASTS.total_seconds()))

    def put(self, response: WerkzeugResponse, kind: str, value: str, *, lasts: int) -> None:
        response.set_cookie(
            self.name(kind), value, max_age=lasts, secure=self._secure, httponly=True, samesite="Lax", path="/"
        )

    def drop(self, response: WerkzeugResponse, kind: str) -> None:
        response.delete_cookie(self.name(kind), secure=self._secure, httponly=True, samesite="Lax", path="/")


def local_path(kept: str) -> str:
    """The address within this site that a cookie keeps; an empty text for anything that could lead elsewhere."""
    path = unquote(kept)
    if len(path) > LONGEST_BACK or not _LOCAL.fullmatch(path):
        return ""
    parts = urlsplit(path)
    return path if not parts.scheme and not parts.netloc else ""


def device_of(agent: str) -> str:
    """A browser's long word of itself in two of ours, so that people know their devices again."""
    browser = next((name for name, sign in _BROWSERS if sign in agent), "")
    system = next((name for name, sign in _SYSTEMS if sign in agent), "")
    return ", ".join(word for word in (browser, system) if word)
