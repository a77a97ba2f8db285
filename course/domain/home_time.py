"""Times as people in Finland live them, summer time included. The database keeps UTC; this leads there and back."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

HOME = ZoneInfo("Europe/Helsinki")


class NoSuchTime(ValueError):
    """Clocks in Finland never show this time on this day: the hour is left out when summer time begins."""


def at_home(day: date, clock: time) -> datetime:
    """The moment, in UTC, when clocks in Finland show this time on this day.

    Raises NoSuchTime for the hour that is left out in spring; of the hour that comes twice in autumn the first counts.
    """
    local = datetime.combine(day, clock, tzinfo=HOME)
    moment = local.astimezone(UTC)
    if moment.astimezone(HOME).replace(tzinfo=None) != local.replace(tzinfo=None):
        raise NoSuchTime(local.isoformat())
    return moment


def day_at_home(moment: datetime) -> date:
    return moment.astimezone(HOME).date()


def year_at_home(moment: datetime) -> int:
    """The year in Finland: a module passed on New Year's Eve at 23.30 UTC belongs to the new one."""
    return moment.astimezone(HOME).year


def morning_of(day: date, *, days_before: int = 0, hour: int = 9) -> datetime:
    """The moment of a mail that should be there when people begin to work."""
    return at_home(day - timedelta(days=days_before), time(hour))
