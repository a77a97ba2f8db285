"""What the templates of accounts and people are given."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Device:
    """A sign-in on a device, as its owner sees it."""

    id: int
    name: str
    since: str
    used: str
    here: bool


@dataclass(frozen=True, slots=True)
class KeptPasskey:
    id: int
    since: str
    #: Day of its last use; empty when it was never used.
    used: str


@dataclass(frozen=True, slots=True)
class PersonLine:
    """Somebody in the administrator's list."""

    name: str
    email: str
    url: str
    role: str
    networks: str
    #: done, none, late, off: the mark; and the same in words.
    state: str
    state_word: str
    seen: str
