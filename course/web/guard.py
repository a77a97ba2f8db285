"""What every request that changes something must show, and who may use which address.

Two walls against requests forged by other sites: the browser's own word where the request came from (Sec-Fetch-Site,
Origin), and a token in each form that only a page of ours for this cookie can carry.
"""

from __future__ import annotations

import hmac
from urllib.parse import urlsplit

from flask import request
from werkzeug.exceptions import Forbidden

from course.web.identity import Identity, token_of

SAFE_METHODS = {"GET", "HEAD", "OPTIONS"}
TOKEN_FIELD = "csrf_token"


class StaleForm(Exception):
    """A form made before this device had its cookie, or a forged one. The page asks to send it once more."""


def form_token(secret_key: str, identity: Identity) -> str:
    """The token of this device's cookie, known or not: making it takes no look at the database."""
    return token_of(secret_key, identity.secret_of(request.headers.get("Cookie", "")))


def guard_request(secret_key: str, identity: Identity) -> None:
    """Refuse what another site sent, or what carries no token of this cookie."""
    if request.method in SAFE_METHODS:
        return
    headers = request.headers
    if not is_from_our_pages(headers.get("Sec-Fetch-Site"), headers.get("Origin"), request.host):
        raise Forbidden
    given = request.form.get(TOKEN_FIELD, "")
    if not hmac.compare_digest(given.encode(), form_token(secret_key, identity).encode()):
        raise StaleForm


def is_from_our_pages(site: str | None, origin: str | None, host: str) -> bool:
    """By the browser's own word: the headers Sec-Fetch-Site and Origin, and the host that was asked."""
    if site is not None:
        return site in ("same-origin", "none")
    # Browsers without either header are older than 2020; the token is the wall that is left.
    return origin is None or urlsplit(origin).netloc == host
