"""What every request that changes something must show, and who may use which address.

Two walls against requests forged by other sites: the browser's own word where the request came from (Sec-Fetch-Site,
Origin), and a token in each form that only a page of ours for this cookie can carry.
"""

from __future__ import annotations

import hmac
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from flask import g, request
from werkzeug.exceptions import Forbidden

from course.domain.errors import RoleMissing
from course.domain.permission import SIGNED_IN, Permission
from course.web.identity import Identity, token_of

if TYPE_CHECKING:
    from course.web.site import Site

SAFE_METHODS = {"GET", "HEAD", "OPTIONS"}
TOKEN_FIELD = "csrf_token"


class SignInNeeded(Exception):
    """Nobody is signed in, and the address is for someone who is. The page leads to the sign-in and back."""


class StaleForm(Exception):
    """A form made before this device had its cookie, or a forged one. The page asks to send it once more."""


def form_token(secret_key: str, identity: Identity) -> str:
    """The token of this device's cookie, known or not: making it takes no look at the database.

    On an address for someone signed in it is the token of that sign-in.
    """
    signed_in: str | None = g.get("course_form_secret")
    return token_of(secret_key, signed_in or identity.secret_of(request.headers.get("Cookie", "")))


def guard_request(site: Site, permission: Permission | None) -> None:
    """Refuse whoever may not use the address, what another site sent, and what carries no token of this cookie.

    `permission` is that of the route; None for an address that is no route of ours and is answered with "not there".
    """
    if permission in SIGNED_IN:
        found = site.signed_in()
        if found is None:
            raise SignInNeeded
        if not found.staff.may(permission):
            raise RoleMissing
        g.course_form_secret = found.secret
    if not is_sent() or permission in (Permission.SIGNED_LINK, Permission.HOST_LAUNCH):
        return
    headers = request.headers
    if not is_from_our_pages(headers.get("Sec-Fetch-Site"), headers.get("Origin"), request.host):
        raise Forbidden
    given = request.form.get(TOKEN_FIELD, "")
    wanted = form_token(site.secret_key, site.identity)
    if not hmac.compare_digest(given.encode(), wanted.encode()):
        raise StaleForm


def is_sent() -> bool:
    """Whether the request may change something."""
    return request.method not in SAFE_METHODS


def is_from_our_pages(site: str | None, origin: str | None, host: str) -> bool:
    """By the browser's own word: the headers Sec-Fetch-Site and Origin, and the host that was asked."""
    if site is not None:
        return site in ("same-origin", "none")
    # Browsers without either header are older than 2020; the token is the wall that is left.
    return origin is None or urlsplit(origin).netloc == host
