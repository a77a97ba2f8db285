"""When a session is right, whose names are one, and what attendance passes."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest

from course.domain.home_time import NoSuchTime, at_home, morning_of, year_at_home
from course.domain.session import (
    CodeTimes,
    Fault,
    SessionDetails,
    is_web_address,
    list_key,
    modules_credited,
    names_in,
)

BEGIN = datetime(2026, 12, 1, 7, tzinfo=UTC)
RIGHT = SessionDetails(
    title="Half a day",
    network_id="north",
    track_id="core",
    module_ids=("tea",),
    language="fi",
    starts_at=BEGIN,
    ends_at=BEGIN + timedelta(hours=4),
    place="Room 1",
)


def test_right_details_have_no_faults():
    assert RIGHT.faults() == []
    assert replace(RIGHT, place="", link="https://calls.example/1").faults() == []


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"title": " "}, Fault.TITLE),
        ({"ends_at": BEGIN}, Fault.END),
        ({"ends_at": BEGIN + timedelta(hours=14, minutes=1)}, Fault.LENGTH),
        ({"place": " "}, Fault.WHERE),
        ({"link": "calls.example"}, Fault.LINK),
        ({"module_ids": ()}, Fault.TOPICS),
    ],
)
def test_a_fault_is_named(change, fault):
    assert replace(RIGHT, **change).faults() == [fault]


@pytest.mark.parametrize(
    "text", ["javascript:alert(1)", "data:text/html,x", "https://", "https://a b.example", "//x.fi"]
)
def test_what_is_no_web_address_is_never_a_link(text):
    assert not is_web_address(text)


def test_a_list_has_each_name_once_however_it_is_written():
    assert names_in("Aino  Aalto\n\n AINO AALTO\nA\u0308ly\nÄly\nBo‐Göran\nBo-Göran") == [
        "Aino Aalto",
        "Äly",
        "Bo‐Göran",
    ]
    assert len(list_key("ﷺ" * 120)) <= 120


def test_only_topics_of_which_the_track_says_so_are_passed():
    assert modules_credited(("tea", "bread"), ("soup", "tea")) == ("tea",)
    assert modules_credited(("tea", "bread"), ()) == ()


def test_a_code_works_from_an_hour_before_to_an_hour_after():
    times = CodeTimes(BEGIN, BEGIN + timedelta(hours=4))
    minute = timedelta(minutes=1)
    assert [times.open_at(one) for one in (times.opens - minute, times.opens, times.closes - minute, times.closes)] == [
        False,
        True,
        True,
        False,
    ]
    assert not replace(times, ended_at=BEGIN).open_at(BEGIN)
    assert not replace(times, cancelled=True).open_at(BEGIN)


# Summer time


def test_nine_in_the_morning_is_nine_before_and_after_the_clocks_change():
    assert at_home(date(2027, 3, 27), time(9)) == datetime(2027, 3, 27, 7, tzinfo=UTC)
    assert at_home(date(2027, 3, 28), time(9)) == datetime(2027, 3, 28, 6, tzinfo=UTC)
    assert morning_of(date(2027, 3, 31), days_before=3) == datetime(2027, 3, 28, 6, tzinfo=UTC)


def test_an_hour_that_is_left_out_is_refused_and_one_that_comes_twice_means_the_first():
    with pytest.raises(NoSuchTime):
        at_home(date(2027, 3, 28), time(3, 30))
    assert at_home(date(2027, 10, 31), time(3, 30)) == datetime(2027, 10, 31, 0, 30, tzinfo=UTC)


def test_the_year_begins_at_midnight_in_finland():
    assert year_at_home(datetime(2026, 12, 31, 21, 59, tzinfo=UTC)) == 2026
    assert year_at_home(datetime(2026, 12, 31, 22, 0, tzinfo=UTC)) == 2027
