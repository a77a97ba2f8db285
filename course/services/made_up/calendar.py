"""Days on which made-up people study, and moments on them as the database keeps them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from course.domain.counts import month_of
from course.domain.home_time import day_at_home

#: Nobody studies earlier or later than this (UTC), so that a day is the same day in Finland, summer and winter.
OPENS, CLOSES = 5 * 3600, 19 * 3600
_CLOCK = tuple(f"{second // 3600:02}:{second // 60 % 60:02}:{second % 60:02}" for second in range(24 * 3600))
_WEEKEND = 5


@dataclass(frozen=True, slots=True)
class Calendar:
    """Working days in a row; a moment is a place in it and a second of that day."""

    days: tuple[date, ...]
    #: The month in Finland of each day.
    months: tuple[str, ...]
    #: What stands before and behind the time of day in the database.
    heads: tuple[str, ...]
    tail: str

    def __len__(self) -> int:
        return len(self.days)

    def text(self, day: int, second: int) -> str:
        return f"{self.heads[day]}{_CLOCK[second]}{self.tail}"

    def moment(self, day: int, second: int) -> datetime:
        return datetime.combine(self.days[day], datetime.min.time(), UTC) + timedelta(seconds=second)


def calendar(now: datetime, *, days: int, tail: str) -> Calendar:
    """The working days of so many days before today."""
    today = day_at_home(now)
    found = [today - timedelta(days=ago) for ago in range(days, 0, -1)]
    working: Sequence[date] = [day for day in found if day.weekday() < _WEEKEND]
    months = tuple(month_of(day_at_home(datetime.combine(day, datetime.min.time(), UTC))) for day in working)
    return Calendar(tuple(working), months, tuple(f"{day.isoformat()} " for day in working), tail)
