"""What happens in a record that others may be told of, in the words of cmi5."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class What(StrEnum):
    """A lesson read, a quiz handed in, a module done or waived, and all modules of a track done."""

    PROGRESSED = "progressed"
    PASSED = "passed"
    FAILED = "failed"
    COMPLETED = "completed"
    WAIVED = "waived"
    SATISFIED = "satisfied"


@dataclass(frozen=True, slots=True)
class LearningEvent:
    what: What
    #: The lesson, module or track.
    subject: str
    at: datetime
    edition: str
    language: str
    #: Of an attempt: which it was, what it scored, and when it began.
    number: int = 0
    percent: int | None = None
    began_at: datetime | None = None
    #: Of a lesson: all that were read up to it.
    lessons_read: tuple[str, ...] = ()
    #: How often it was taken back before it came to the record again.
    again: int = 0

    @property
    def key(self) -> str:
        """One for each thing that happened to a learner, however often it is looked at."""
        return key_again(f"{self.what}:{self.subject}:{self.number}:{self.at.isoformat()}", self.again)


def key_again(key: str, times: int) -> str:
    """The key of a thing that was taken back so often and came again: what is void once is void for ever."""
    return f"{key}:{times}" if times else key
