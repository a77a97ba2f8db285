"""Who is reminded, when, and how it is stopped."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from course.domain.reminder import (
    DAYS_BEFORE_DUE,
    Member,
    address_key,
    due_mornings,
    is_timely,
    key_of_stop_token,
    occasion_by_hand,
    receivers,
    stop_token,
)

NOW = datetime(2027, 1, 6, 7, tzinfo=UTC)
AINO = Member(1, "fi", "aino@work.example", frozenset())
HAND = occasion_by_hand(NOW)

MEMBERS = st.lists(
    st.builds(
        Member,
        learner_id=st.integers(1, 99),
        language=st.sampled_from(["fi", "sv"]),
        email=st.sampled_from(["", "a@b.example"]),
        passed=st.frozensets(st.sampled_from(["tea", "bread"])),
        reminded=st.lists(
            st.tuples(
                st.sampled_from([*DAYS_BEFORE_DUE, "by-hand-2027-01-01"]),
                st.integers(0, 20).map(lambda days: NOW - timedelta(days=days)),
            )
        ).map(tuple),
        stopped=st.booleans(),
    )
)


@given(MEMBERS, st.sampled_from([HAND, *DAYS_BEFORE_DUE]))
def test_every_member_is_counted_once_and_nobody_who_should_not_is_chosen(members, occasion):
    found = receivers(members, ["tea", "bread"], occasion=occasion, now=NOW)
    counted = len(found.chosen) + found.done + found.without_address + found.stopped + found.just_reminded
    assert counted == len(members)
    for one in found.chosen:
        assert one.email and not one.stopped and one.missing(["tea", "bread"])
        assert occasion not in [before for before, _ in one.reminded]


def test_by_hand_a_member_waits_a_week_whatever_the_last_one_was():
    for days, chosen in ((6, 0), (7, 1)):
        member = replace(AINO, reminded=(("due-first", NOW - timedelta(days=days)),))
        assert len(receivers([member], ["tea"], occasion=HAND, now=NOW).chosen) == chosen


def test_before_the_due_date_there_are_two_and_never_a_third():
    reminded = tuple((name, NOW - timedelta(days=30)) for name in DAYS_BEFORE_DUE)
    for name in DAYS_BEFORE_DUE:
        assert not receivers([replace(AINO, reminded=reminded)], ["tea"], occasion=name, now=NOW).chosen
    assert len(DAYS_BEFORE_DUE) == 2


def test_a_track_without_modules_reminds_nobody():
    assert not receivers([AINO], [], occasion=HAND, now=NOW).chosen


def test_only_mornings_that_are_still_to_come_are_planned():
    assert list(due_mornings(date(2027, 1, 20), now=NOW - timedelta(days=1))) == ["due-first", "due-last"]
    assert list(due_mornings(date(2027, 1, 20), now=NOW)) == ["due-last"]
    assert due_mornings(date(2027, 1, 8), now=NOW) == {}


def test_a_reminder_goes_within_two_days_of_its_morning_or_not_at_all():
    due = date(2027, 1, 20)
    moments = (NOW - timedelta(minutes=1), NOW, NOW + timedelta(days=1, hours=23), NOW + timedelta(days=2))
    assert [is_timely(due, "due-first", now=at) for at in moments] == [False, True, True, False]


def test_a_stop_link_names_its_address_without_telling_it():
    key = address_key("secret", " Aino@Work.example ")
    assert key == address_key("secret", "aino@work.example") != address_key("other secret", "aino@work.example")
    token = stop_token("secret", key)
    assert key_of_stop_token("secret", token) == key and "aino" not in token.lower()


@pytest.mark.parametrize("token", ["", ".", "a.b", "nothing"])
def test_a_made_up_token_names_nothing(token):
    assert key_of_stop_token("secret", token) == ""


@given(st.text(max_size=60))
def test_no_text_opens_by_chance(text):
    assert key_of_stop_token("secret", text) == ""
