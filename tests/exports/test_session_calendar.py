"""The calendar file is read back by the library that calendars use."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from icalendar import Calendar

from course.exports.session_calendar import CalendarEntry, calendar_file

HELSINKI = ZoneInfo("Europe/Helsinki")


def entry(**changes) -> CalendarEntry:
    begin = changes.pop("starts_at", datetime(2026, 12, 1, 7, tzinfo=UTC))
    values = {
        "uid": "1@course",
        "sequence": 0,
        "title": "Koulutus; sali 1, Ääni",
        "starts_at": begin,
        "ends_at": begin + timedelta(hours=4),
        "changed_at": datetime(2026, 11, 22, tzinfo=UTC),
        "place": "Sali 1, Turku",
        "link": "https://calls.example/a?b=c;d",
        "text": "Rivi 1\nRivi 2, ja " + "pitkä " * 40,
        "language": "fi",
    }
    return CalendarEntry(**{**values, **changes})


def read_back(one: CalendarEntry):
    written = calendar_file(one)
    assert max(len(line) for line in written.split(b"\r\n")) <= 75
    calendar = Calendar.from_ical(written)
    [event] = calendar.walk("VEVENT")
    return calendar, event


def test_everything_comes_back_as_it_was_written():
    one = entry()
    calendar, event = read_back(one)
    assert (str(calendar["version"]), str(calendar["method"])) == ("2.0", "PUBLISH")
    assert (str(event["uid"]), event["sequence"], str(event["summary"])) == (one.uid, 0, one.title)
    assert str(event["location"]) == f"{one.place}, {one.link}" and str(event["description"]) == one.text
    assert (str(event["url"]), str(event["status"])) == (one.link, "CONFIRMED")
    assert event["dtstamp"].dt == one.changed_at


@pytest.mark.parametrize(
    "begin",
    [
        datetime(2027, 3, 27, 7, tzinfo=UTC),
        datetime(2027, 3, 28, 6, tzinfo=UTC),
        datetime(2027, 10, 31, 0, 30, tzinfo=UTC),
        datetime(2027, 10, 31, 7, tzinfo=UTC),
        datetime(2035, 7, 1, 6, tzinfo=UTC),
    ],
)
def test_the_time_is_that_of_finland_with_its_zone_also_when_the_clocks_change(begin):
    calendar, event = read_back(entry(starts_at=begin))
    assert event["dtstart"].params["tzid"] == "Europe/Helsinki"
    assert event["dtstart"].dt.astimezone(UTC) == begin or begin.astimezone(HELSINKI).fold
    [zone] = calendar.walk("VTIMEZONE")
    offset = begin.astimezone(HELSINKI).utcoffset()
    # A calendar that knows no names of zones goes by the rules in the file.
    local = begin.astimezone(HELSINKI).replace(tzinfo=None)
    assert zone.to_tz(lookup_tzid=False).utcoffset(local) == offset or begin.astimezone(HELSINKI).fold == 0


def test_a_cancelled_entry_says_so_under_the_same_id():
    calendar, event = read_back(entry(cancelled=True, sequence=3))
    assert str(calendar["method"]) == "CANCEL" and str(event["status"]) == "CANCELLED"
    assert (str(event["uid"]), event["sequence"]) == ("1@course", 3)


def test_a_session_without_a_link_has_no_empty_lines():
    _, event = read_back(entry(link="", place="Sali 1", text=""))
    assert "url" not in event and "description" not in event and str(event["location"]) == "Sali 1"
