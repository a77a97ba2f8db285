"""A session as an iCalendar file, for the calendars of those who come."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from course.domain.home_time import HOME
from course.later import Later

if TYPE_CHECKING:
    import icalendar
else:
    icalendar = Later("icalendar")

PRODUCT = "-//Recognise and refer//Sessions//EN"


@dataclass(frozen=True, slots=True)
class CalendarEntry:
    """What a calendar needs to know. The same `uid` with a higher `sequence` replaces an entry imported before."""

    uid: str
    sequence: int
    title: str
    starts_at: datetime
    ends_at: datetime
    changed_at: datetime
    place: str
    link: str
    text: str
    language: str
    cancelled: bool = False


def calendar_file(entry: CalendarEntry) -> bytes:
    """The file. Times are those of Finland with its zone, so that a calendar elsewhere moves them by itself."""
    calendar = icalendar.Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("method", "CANCEL" if entry.cancelled else "PUBLISH")
    calendar.add_component(_event(entry))
    day = entry.starts_at.astimezone(HOME).date()
    # The rules of summer time around the day are enough, and the file stays small.
    calendar.add_missing_timezones(first_date=date(day.year, 1, 1), last_date=day + timedelta(days=366))
    written: bytes = calendar.to_ical()
    return written


def _event(entry: CalendarEntry) -> icalendar.Event:
    event = icalendar.Event()
    event.add("uid", entry.uid)
    event.add("sequence", entry.sequence)
    event.add("dtstamp", entry.changed_at)
    event.add("last-modified", entry.changed_at)
    event.add("dtstart", entry.starts_at.astimezone(HOME))
    event.add("dtend", entry.ends_at.astimezone(HOME))
    event.add("summary", icalendar.vText(entry.title, params={"LANGUAGE": entry.language}))
    event.add("status", "CANCELLED" if entry.cancelled else "CONFIRMED")
    where = ", ".join(part for part in (entry.place, entry.link) if part)
    if where:
        event.add("location", where)
    if entry.link:
        event.add("url", entry.link)
    if entry.text:
        event.add("description", entry.text)
    return event
