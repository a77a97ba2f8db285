"""Count tries of what must not be guessed, in the database, so that every process counts the same."""

from __future__ import annotations

import hashlib
import hmac
from base64 import urlsafe_b64encode
from datetime import datetime

from course.domain.errors import TooManyTries
from course.storage import throttle
from course.storage.engine import Store


def count_try(
    store: Store, secret_key: str, *, what: str, who: str, limit: int, per_seconds: int, now: datetime
) -> None:
    """Raise TooManyTries past `limit` tries of `what` by `who` in a window. `who` is kept only as a keyed hash."""
    digest = hmac.new(secret_key.encode(), f"{what}:{who}".encode(), hashlib.sha256).digest()
    key = urlsafe_b64encode(digest).decode().rstrip("=")
    seconds = int(now.timestamp())
    window = seconds // per_seconds
    with store.writing() as session:
        tries = throttle.count_try(session, key, window=window)
    if tries > limit:
        raise TooManyTries((window + 1) * per_seconds - seconds)
