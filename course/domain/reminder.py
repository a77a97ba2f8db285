"""Reminders: few, never to somebody who is done or has stopped them, and at most two by themselves."""

from __future__ import annotations

import hashlib
import hmac
from base64 import urlsafe_b64encode
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from course.domain.home_time import day_at_home, morning_of

#: Days before the due date on which a reminder goes by itself: these two, and no third.
DAYS_BEFORE_DUE: Mapping[str, int] = {"due-first": 14, "due-last": 3}
#: By hand, a member gets one at most this often.
BY_HAND_EVERY = timedelta(days=7)
#: One that goes by itself leaves out whoever was reminded in these last days.
QUIET_FOR = timedelta(days=3)
#: A reminder before a due date that could not go for so long does not go any more.
LATE_AFTER = timedelta(days=2)
BY_HAND = "by-hand"


@dataclass(frozen=True, slots=True)
class Member:
    """A member as far as reminders need to know her."""

    learner_id: int
    language: str
    #: Empty when no address is known.
    email: str
    passed: frozenset[str]
    #: Reminders of this cohort sent to her before: occasion and moment.
    reminded: tuple[tuple[str, datetime], ...] = ()
    stopped: bool = False

    def missing(self, module_ids: Iterable[str]) -> tuple[str, ...]:
        return tuple(module_id for module_id in module_ids if module_id not in self.passed)


@dataclass(frozen=True, slots=True)
class Receivers:
    """Who gets a reminder, and how many do not and why. Every member is in exactly one of these."""

    chosen: tuple[Member, ...]
    done: int
    without_address: int
    stopped: int
    #: Reminded a short while ago, or by this very occasion.
    just_reminded: int


def receivers(members: Iterable[Member], module_ids: Collection[str], *, occasion: str, now: datetime) -> Receivers:
    """Sort the members of a cohort for one reminder."""
    chosen: list[Member] = []
    done = without_address = stopped = just_reminded = 0
    for member in members:
        if not member.missing(module_ids):
            done += 1
        elif not member.email:
            without_address += 1
        elif member.stopped:
            stopped += 1
        elif not _may_have_another(member, occasion, now):
            just_reminded += 1
        else:
            chosen.append(member)
    return Receivers(tuple(chosen), done, without_address, stopped, just_reminded)


def _may_have_another(member: Member, occasion: str, now: datetime) -> bool:
    if occasion in DAYS_BEFORE_DUE:
        return all(before != occasion and now - at >= QUIET_FOR for before, at in member.reminded)
    return all(now - at >= BY_HAND_EVERY for _, at in member.reminded)


def occasion_by_hand(now: datetime) -> str:
    """The name under which a reminder by hand is kept: two clicks on one day are one reminder."""
    return f"{BY_HAND}-{day_at_home(now).isoformat()}"


def due_mornings(due_on: date, *, now: datetime) -> dict[str, datetime]:
    """When the reminders before a due date go: nine in the morning in Finland. Mornings that are past are left out."""
    mornings = {name: morning_of(due_on, days_before=days) for name, days in DAYS_BEFORE_DUE.items()}
    return {name: at for name, at in mornings.items() if at > now}


def is_timely(due_on: date, occasion: str, *, now: datetime) -> bool:
    """Whether a reminder of this occasion should still go."""
    morning = morning_of(due_on, days_before=DAYS_BEFORE_DUE[occasion])
    return morning <= now < morning + LATE_AFTER


def address_key(secret_key: str, email: str) -> str:
    """The name under which a stopped address is remembered. The address itself is not kept."""
    return keyed(secret_key, "stop-address", email.strip().lower())


def stop_token(secret_key: str, key: str) -> str:
    """What a stop link carries: the kept name of the address, and our signature of it."""
    return f"{key}.{keyed(secret_key, 'stop-link', key)}"


def key_of_stop_token(secret_key: str, token: str) -> str:
    """The name in a stop link that we signed; empty for any other."""
    key, _, signature = token.partition(".")
    right = hmac.compare_digest(signature.encode(), keyed(secret_key, "stop-link", key).encode())
    return key if key and right else ""


def keyed(secret_key: str, purpose: str, text: str) -> str:
    """A text that only the key of the site makes of this one, for this purpose."""
    digest = hmac.new(secret_key.encode(), f"{purpose}:{text}".encode(), hashlib.sha256).digest()
    return urlsafe_b64encode(digest).decode().rstrip("=")
