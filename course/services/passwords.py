"""Passwords are kept as Argon2id, with the parameters that OWASP names as the least, so that a hash costs 19 MiB."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from threading import BoundedSemaphore

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from course.domain.errors import TooManyTries

HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
#: Sign-ins stand in line, so that a thousand of them at once take no more memory than two.
AT_ONCE = 2
PATIENCE = 10.0
_TURNS = BoundedSemaphore(AT_ONCE)


@contextmanager
def _turn() -> Iterator[None]:
    if not _TURNS.acquire(timeout=PATIENCE):
        raise TooManyTries(int(PATIENCE))
    try:
        yield
    finally:
        _TURNS.release()


def hash_password(password: str) -> str:
    with _turn():
        return HASHER.hash(password)


def is_password(kept: str | None, given: str) -> bool:
    """Whether the given password is the kept one. Without a kept one it takes the same time and is not."""
    with _turn():
        try:
            fits = HASHER.verify(kept or _nobodys(), given)
        except (VerificationError, InvalidHashError):
            return False
    return fits and kept is not None


def needs_new_hash(kept: str) -> bool:
    """Whether it was made with other parameters than those of today."""
    return HASHER.check_needs_rehash(kept)


@cache
def _nobodys() -> str:
    """The hash that is compared for an address without an account."""
    return HASHER.hash("nobody has this password")
