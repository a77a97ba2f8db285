"""When refreshers are due, what they ask, and whose link opens them."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from course.domain.home_time import HOME
from course.domain.quiz import Kind, Question
from course.domain.refresher import (
    LATE_AFTER,
    OCCASIONS,
    Pool,
    choose,
    counting_from,
    day_of,
    is_timely,
    mornings,
    round_of_token,
    round_token,
)

KEY = "key of the tests"


def question(name: str, objective: str = "a", *, situation: bool = False) -> Question:
    return Question(name, Kind.ONE, objective, "section", ("x", "y"), ("x",), situation=situation)


QUESTIONS = [question(f"q{number}", f"o{number % 3}", situation=number % 4 == 0) for number in range(24)]


def test_they_come_after_two_six_and_fourteen_weeks_and_half_a_year():
    days = [day_of(occasion, date(2026, 11, 22)) for occasion in OCCASIONS]
    assert days == [date(2026, 12, 6), date(2027, 1, 3), date(2027, 2, 28), date(2027, 5, 22)]


@pytest.mark.parametrize(
    ("completed", "half_a_year_later"),
    [
        (date(2026, 8, 31), date(2027, 2, 28)),
        (date(2027, 8, 31), date(2028, 2, 29)),
        (date(2026, 7, 1), date(2027, 1, 1)),
    ],
)
def test_half_a_year_ends_within_its_month(completed, half_a_year_later):
    assert day_of("half-year", completed) == half_a_year_later


@given(st.dates(date(2020, 1, 1), date(2050, 1, 1)))
def test_they_are_due_at_nine_in_finland_in_winter_and_in_summer(day):
    due = mornings(day, now=datetime(2000, 1, 1, tzinfo=UTC))
    assert list(due) == list(OCCASIONS)
    assert {(at.astimezone(HOME).hour, at.astimezone(HOME).minute) for at in due.values()} == {(9, 0)}
    assert list(due.values()) == sorted(due.values())


def test_what_is_past_does_not_come_any_more():
    now = datetime(2027, 1, 10, tzinfo=UTC)
    assert list(mornings(date(2026, 11, 22), now=now)) == ["fourteen-weeks", "half-year"]


def test_the_weeks_are_counted_from_the_wish_once_half_a_year_has_passed():
    completed, now = date(2026, 1, 1), datetime(2026, 11, 22, 9, tzinfo=UTC)
    assert counting_from(completed, date(2026, 11, 22), now=now) == date(2026, 11, 22)
    assert counting_from(date(2026, 10, 1), date(2026, 11, 22), now=now) == date(2026, 10, 1)


def test_one_that_is_a_week_late_does_not_go():
    due = mornings(date(2026, 11, 22), now=datetime(2026, 11, 22, tzinfo=UTC))["two-weeks"]
    moments = [due - timedelta(seconds=1), due, due + LATE_AFTER - timedelta(seconds=1), due + LATE_AFTER]
    assert [is_timely("two-weeks", date(2026, 11, 22), now=at) for at in moments] == [False, True, True, False]


@given(st.integers(0, 2**31), st.sets(st.sampled_from([one.id for one in QUESTIONS])))
def test_the_mail_asks_for_a_decision_and_three_to_five_more_follow(seed, weak):
    chosen = choose(Pool(QUESTIONS, weak, {}), seed=seed)
    assert chosen[0].situation
    assert 3 <= len(chosen) - 1 <= 5
    assert len({one.id for one in chosen}) == len(chosen)


@given(st.integers(0, 2**31), st.sets(st.sampled_from([one.id for one in QUESTIONS]), min_size=1, max_size=4))
def test_what_was_wrong_or_has_changed_is_asked_first(seed, weak):
    chosen = {one.id for one in choose(Pool(QUESTIONS, weak, {}), seed=seed)}
    missed = weak - chosen
    # All the weak ones are there, but for situations of which the mail has another one: it asks one.
    assert not missed


@given(st.integers(0, 2**31))
def test_what_a_refresher_asked_before_comes_after_the_rest(seed):
    asked = {one.id: 1 for one in QUESTIONS[:12]}
    chosen = choose(Pool(QUESTIONS, set(), asked), seed=seed)
    assert not {one.id for one in chosen} & asked.keys()


def test_a_bank_without_situations_is_asked_all_the_same():
    plain = [question(f"q{number}") for number in range(3)]
    assert len(choose(Pool(plain, set(), {}), seed=1)) == 3
    assert choose(Pool([], set(), {}), seed=1) == []


def test_only_our_own_link_leads_to_a_round():
    token = round_token(KEY, 17)
    assert round_of_token(KEY, token) == 17
    other = f"18.{token.partition('.')[2]}"
    for forged in ("", "17", "17.", other, f"{token}x", f"²{token}", round_token("another key", 17), "9" * 30 + ".x"):
        assert round_of_token(KEY, forged) is None
