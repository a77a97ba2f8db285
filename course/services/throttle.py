"""Count tries of what must not be guessed, in the database, so that every process counts the same."""

from __future__ import annotations

import hashlib
import hmac
from base64 import urlsafe_b64encode
from datetime import datetime
from ipaddress import ip_address, ip_network

from course.domain.errors import TooManyTries
from course.storage import throttle
from course.storage.engine import Store


def count_try(
    store: Store, secret_key: str, *, what: str, who: str, limit: int, per_seconds: int, now: datetime
) -> None:
    """Raise TooManyTries past `limit` tries of `what` by `who` in a window. `who` is kept only as a keyed hash."""
    key = _key(secret_key, what, who)
    seconds = int(now.timestamp())
    window = seconds - seconds % per_seconds
    with store.writing() as session:
        tries = throttle.count_try(session, key, window=window)
    if tries > limit:
        raise TooManyTries(window + per_seconds - seconds)


def require_tries_left(
    store: Store, secret_key: str, *, what: str, who: str, limit: int, per_seconds: int, now: datetime
) -> None:
    """Raise TooManyTries when the limit is reached, without counting: where only the wrong tries count."""
    seconds = int(now.timestamp())
    window = seconds - seconds % per_seconds
    with store.reading() as connection:
        tries = throttle.tries_so_far(connection, _key(secret_key, what, who), window=window)
    if tries >= limit:
        raise TooManyTries(window + per_seconds - seconds)


def net_of(address: str) -> str:
    """The net of a network address: whoever has one address of it often has the others."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return address
    return str(ip_network(f"{parsed}/{24 if parsed.version == 4 else 48}", strict=False))


def _key(secret_key: str, what: str, who: str) -> str:
    digest = hmac.new(secret_key.encode(), f"{what}:{who}".encode(), hashlib.sha256).digest()
    return urlsafe_b64encode(digest).decode().rstrip("=")
