"""Behind every published small number there are as many possible ones as the threshold says."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from course.domain.small_counts import SMALL, publish, steady

KEYS = st.binary(min_size=16, max_size=16)
PLACES = list(product(("a", "b", "c"), ("x", "y", "z")))
TABLES = st.fixed_dictionaries({place: st.integers(0, 12) for place in PLACES})


@given(TABLES, KEYS)
def test_no_small_number_is_published(counts, key):
    assert all(count >= SMALL for count in publish(counts, key=key).values())


@given(TABLES, KEYS)
def test_what_is_not_small_stays_as_it_is_and_nothing_comes_of_nothing(counts, key):
    shown = publish(counts, key=key)
    for place, count in counts.items():
        assert shown.get(place, 0) == count or 0 < count < SMALL


@given(TABLES, KEYS)
def test_the_same_counts_are_always_published_alike(counts, key):
    turned = dict(reversed(counts.items()))
    assert publish(counts, key=key) == publish(turned, key=key)


@pytest.mark.parametrize("lean", [-1000.0, -0.5, 0.0, 0.5, 1000.0])
@pytest.mark.parametrize("count", range(1, SMALL))
def test_whatever_was_published_before_either_number_stays_possible_for_every_small_count(count, lean):
    place = ("a", "x")
    shown = {
        publish({place: count}, key=number.to_bytes(4, "big"), margins=lambda _: ["sum"], errors={"sum": lean}).get(
            place, 0
        )
        for number in range(400)
    }
    assert shown == {0, SMALL}


def test_sums_are_right_but_for_a_little():
    counts = {(str(number), "x"): number % 4 + 1 for number in range(2000)}
    true = sum(counts.values())
    alone = sum(publish(counts, key=b"k").values())
    leaning = sum(publish(counts, key=b"k", margins=lambda _: ["all"]).values())
    assert abs(alone - true) < 0.1 * true
    assert abs(leaning - true) < 0.01 * true


def test_another_threshold_is_kept_too():
    counts = {(str(number),): number % 9 + 1 for number in range(300)}
    assert {one for one in publish(counts, key=b"k", small=3).values() if one < 3} == set()
    assert set(publish(counts, key=b"k", small=10).values()) == {10}


@given(st.integers(0, 500), KEYS)
def test_a_growing_count_moves_in_fives_and_never_far_from_the_truth(count, key):
    shown = steady(count, "here", key=key)
    assert shown % SMALL == 0 and abs(shown - count) < SMALL
    assert steady(0, "here", key=key) == 0
    assert steady(count + 1, "here", key=key) in (shown, shown + SMALL)


def test_where_the_steps_of_a_growing_count_lie_depends_on_the_key_and_the_place():
    firsts = {next(n for n in range(1, 6) if steady(n, place, key=key)) for place in "abcdef" for key in (b"1", b"2")}
    assert firsts == {1, 2, 3, 4, 5}
