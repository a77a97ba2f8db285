"""A session: a training in a room or on a call. When it is right, who was there, and what that counts for."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from urllib.parse import urlsplit

from course.domain.certificate import comparable_name
from course.domain.cohort import NAME_MAX, normal_text

#: A code on a screen works from a while before the session to a while after it, unless the trainer ends it.
CODE_BEFORE = timedelta(hours=1)
CODE_AFTER = timedelta(hours=1)
LONGEST_SESSION = timedelta(hours=14)
TITLE_MAX = 160
PLACE_MAX = 300
LINK_MAX = 500
AGENDA_MAX = 4000
MOST_WITHOUT_NAMES = 5000


class How(StrEnum):
    """How somebody's attendance was recorded."""

    #: With the code on the screen.
    CODE = "code"
    #: By the trainer, from a list.
    LIST = "list"


class Fault(StrEnum):
    """What can be wrong with a session's details; the form has a sentence for each."""

    TITLE = "title"
    END = "end"
    LENGTH = "length"
    WHERE = "where"
    LINK = "link"
    TOPICS = "topics"


@dataclass(frozen=True, slots=True)
class SessionDetails:
    """What a trainer says of a session."""

    title: str
    network_id: str
    track_id: str
    module_ids: tuple[str, ...]
    language: str
    starts_at: datetime
    ends_at: datetime
    place: str = ""
    link: str = ""
    agenda: str = ""
    cohort_id: int | None = None

    def faults(self) -> list[Fault]:
        """Everything that keeps these details from being a session; empty when they are right."""
        found = []
        if not self.title.strip():
            found.append(Fault.TITLE)
        if self.ends_at <= self.starts_at:
            found.append(Fault.END)
        elif self.ends_at - self.starts_at > LONGEST_SESSION:
            found.append(Fault.LENGTH)
        if not self.place.strip() and not self.link.strip():
            found.append(Fault.WHERE)
        if self.link.strip() and not is_web_address(self.link):
            found.append(Fault.LINK)
        if not self.module_ids:
            found.append(Fault.TOPICS)
        return found


def is_web_address(text: str) -> bool:
    """Whether the link of a call can be put on a page: https or http, with a host, and nothing else."""
    try:
        parts = urlsplit(text.strip())
        return parts.scheme in ("http", "https") and bool(parts.hostname) and not re.search(r"\s", text.strip())
    except ValueError:
        return False


@dataclass(frozen=True, slots=True)
class CodeTimes:
    """When the code on the screen works: around the session, unless the trainer has ended it or it is cancelled."""

    starts_at: datetime
    ends_at: datetime
    ended_at: datetime | None = None
    cancelled: bool = False

    @property
    def opens(self) -> datetime:
        return self.starts_at - CODE_BEFORE

    @property
    def closes(self) -> datetime:
        return self.ends_at + CODE_AFTER

    def open_at(self, now: datetime) -> bool:
        return not self.cancelled and self.ended_at is None and self.opens <= now < self.closes


def names_in(typed: str) -> list[str]:
    """The names of a list, one a line, each once, in the order typed."""
    found: dict[str, str] = {}
    for line in typed.splitlines():
        name = listed_name(line)
        if name:
            found.setdefault(list_key(name), name)
    return list(found.values())


def list_key(name: str) -> str:
    """What two spellings of one name have in common."""
    return comparable_name(name)[:NAME_MAX]


def listed_name(typed: str) -> str:
    """A name as a list of attendance keeps it; empty for none."""
    return normal_text(typed)[:NAME_MAX].strip()


def modules_credited(topics: Sequence[str], passed_by_attendance: Collection[str]) -> tuple[str, ...]:
    """The topics of a session that count towards completion: those of which its track says so, and no other."""
    return tuple(module_id for module_id in topics if module_id in passed_by_attendance)
