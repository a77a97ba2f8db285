"""Count tries of what must not be guessed, in the database, so that every process counts the same."""

from __future__ import annotations

import hmac
import threading
from base64 import urlsafe_b64encode
from datetime import datetime
from functools import lru_cache
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
    with store.in_turn():
        tries = throttle.count_tries(store.engine, key, window=window)
    if tries > limit:
        raise TooManyTries(window + per_seconds - seconds)


def require_tries_left(
    store: Store, secret_key: str, *, what: str, who: str, limit: int, per_seconds: int, now: datetime
) -> None:
    """Raise TooManyTries when the limit is reached, without counting: where only the wrong tries count."""
    key, window = tries_of(secret_key, what=what, who=who, per_seconds=per_seconds, now=now)
    if throttle.tries_so_far(store.engine, key, window=window) >= limit:
        raise TooManyTries(window + per_seconds - int(now.timestamp()))


def tries_of(secret_key: str, *, what: str, who: str, per_seconds: int, now: datetime) -> tuple[str, int]:
    """(key, window) under which these tries are counted."""
    seconds = int(now.timestamp())
    return _key(secret_key, what, who), seconds - seconds % per_seconds


class Allowances:
    """What this process may still answer, taken from the database some at a time: an answer then costs no writing."""

    def __init__(self, *, what: str, limit: int, per_seconds: int, at_once: int) -> None:
        self._what, self._limit, self._per_seconds, self._at_once = what, limit, per_seconds, at_once
        self._left: dict[str, tuple[int, int]] = {}
        self._lock = threading.Lock()

    def use_one(self, store: Store, secret_key: str, who: str, *, now: datetime) -> None:
        """Raise TooManyTries past the limit of all processes together."""
        key = _key(secret_key, self._what, who)
        seconds = int(now.timestamp())
        window = seconds - seconds % self._per_seconds
        with self._lock:
            of, left = self._left.get(key, (window, 0))
            if of != window or left == 0:
                left = self._take(store, key, window)
            self._left[key] = window, max(0, left - 1)
        if left == 0:
            raise TooManyTries(window + self._per_seconds - seconds)

    def _take(self, store: Store, key: str, window: int) -> int:
        with store.in_turn():
            taken = throttle.count_tries(store.engine, key, window=window, many=self._at_once)
        return max(0, min(self._at_once, self._limit - (taken - self._at_once)))


@lru_cache(1000)
def net_of(address: str) -> str:
    """The net of a network address: whoever has one address of it often has the others."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return address
    return str(ip_network(f"{parsed}/{24 if parsed.version == 4 else 48}", strict=False))


def _key(secret_key: str, what: str, who: str) -> str:
    digest = hmac.digest(secret_key.encode(), f"{what}:{who}".encode(), "sha256")
    return urlsafe_b64encode(digest).decode().rstrip("=")
