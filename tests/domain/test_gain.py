"""Two parallel forms of questions, and what a group gained, told so that nobody in it can be told apart."""

from __future__ import annotations

import random
from collections import Counter
from statistics import fmean

import pytest
from hypothesis import given
from hypothesis import strategies as st

from course.domain.gain import (
    FINE_FROM,
    QUICK,
    Item,
    Pair,
    first_form,
    group_gain,
    has_finished,
    pairs_in,
    second_form,
    t95,
)
from course.domain.progress import Progress
from course.domain.quiz import Kind, Question

SEEDS = st.integers(0, 2**31 - 1)


@st.composite
def banks(draw):
    """Banks of up to four modules, with questions of all kinds."""
    made = {}
    for module in range(draw(st.integers(1, 4))):
        sorts = draw(
            st.lists(st.tuples(st.sampled_from(["x", "y"]), st.sampled_from(Kind), st.booleans()), max_size=16)
        )
        made[f"m{module}"] = [
            Question(f"m{module}-q{place}", kind, topic, "section", ("a", "b"), ("a",), situation=situation)
            for place, (topic, kind, situation) in enumerate(sorts)
        ]
    return made


def sorts_of(form):
    return Counter(item.cell for item in form)


def ids_of(form):
    return [item.question.id for item in form]


@given(banks(), st.integers(1, 12), SEEDS)
def test_the_forms_are_alike_in_module_topic_and_kind_and_share_no_question(bank, size, seed):
    first = first_form(bank, size=size, seed=seed)
    second = second_form(bank, first, seed=seed)
    assert sorts_of(first) == sorts_of(second)
    assert len({*ids_of(first), *ids_of(second)}) == len(first) * 2
    assert {item.question.kind for item in first} <= QUICK


@given(banks(), st.integers(1, 12), SEEDS)
def test_a_form_has_as_many_questions_as_wanted_where_the_banks_have_pairs(bank, size, seed):
    pairs = sum(pairs_in((one.objective, one.kind, one.situation) for one in questions) for questions in bank.values())
    assert len(first_form(bank, size=size, seed=seed)) == min(size, pairs)


@given(banks(), SEEDS)
def test_the_same_seed_gives_the_same_forms_whatever_the_order_of_the_banks(bank, seed):
    turned = {name: bank[name][::-1] for name in reversed(bank)}
    first = first_form(bank, size=10, seed=seed)
    assert first_form(turned, size=10, seed=seed) == first
    assert second_form(turned, first, seed=seed) == second_form(bank, first, seed=seed)


@given(banks(), SEEDS)
def test_modules_take_turns(bank, seed):
    rich = {name: pairs_in((one.objective, one.kind, one.situation) for one in bank[name]) for name in bank}
    form = first_form(bank, size=4, seed=seed)
    taken = Counter(item.module_id for item in form)
    for name, pairs in rich.items():
        assert taken[name] >= min(pairs, max(taken.values(), default=0) - 1)


@given(banks(), banks(), SEEDS)
def test_after_another_edition_the_second_form_is_as_long_and_repeats_nothing(bank, edited, seed):
    first = first_form(bank, size=10, seed=seed)
    second = second_form(edited, first, seed=seed)
    left = {one.id for questions in edited.values() for one in questions if one.kind in QUICK} - set(ids_of(first))
    assert len(second) == min(len(first), len(left)) == len(set(ids_of(second)))
    assert not set(ids_of(first)) & set(ids_of(second))


def question(name: str, topic: str = "x", kind: Kind = Kind.ONE) -> Question:
    return Question(name, kind, topic, "section", ("a", "b"), ("a",))


def test_a_makeshift_does_not_take_the_partner_of_another_question():
    first = [Item("m", question("gone", "old")), Item("m", question("kept", "x"))]
    edited = {"m": [question("kept", "x"), question("partner", "x"), question("other", "y")]}
    for seed in range(20):
        assert set(ids_of(second_form(edited, first, seed=seed))) == {"partner", "other"}


def test_the_second_form_prefers_what_she_did_not_meet_in_the_quizzes():
    bank = {"m": [question(f"q{number}") for number in range(8)]}
    first = first_form(bank, size=2, seed=1)
    rest = sorted({one.id for one in bank["m"]} - set(ids_of(first)))
    seen = dict.fromkeys(rest[:4], 1)
    assert sorted(ids_of(second_form(bank, first, seed=1, times_seen=seen))) == rest[4:]


def test_which_of_two_parallel_questions_comes_first_is_left_to_chance():
    bank = {"m": [question("easy"), question("hard")]}
    first = Counter(ids_of(first_form(bank, size=1, seed=seed))[0] for seed in range(400))
    assert 160 < first["easy"] < 240


def test_a_track_is_finished_when_every_module_of_it_is_passed():
    passed = Progress(modules_passed=frozenset({"a", "b"}))
    assert has_finished([("a", "c"), ("b",)], passed)
    assert not has_finished([("a", "c"), ()], passed)


# The gain of a group


PAIRS = st.lists(st.builds(Pair, st.integers(0, 100), st.integers(0, 100)), max_size=70)


@given(PAIRS)
def test_nothing_is_told_of_fewer_than_five_people_and_all_of_it_is_in_range(pairs):
    found = group_gain(pairs, questions=10)
    assert (found is None) == (len(pairs) < 5)
    if found is not None:
        assert found.people % 5 == 0
        assert 0 <= found.before <= 100 and 0 <= found.after <= 100
        assert -100 <= found.low <= found.gain <= found.high <= 100


@given(PAIRS, st.builds(Pair, st.integers(0, 100), st.integers(0, 100)))
def test_one_person_more_changes_nothing_or_comes_with_four_others(pairs, one):
    before, after = group_gain(pairs, questions=10), group_gain([*pairs, one], questions=10)
    if (len(pairs) + 1) % 5:
        assert after == before
    else:
        assert after is not None and after.people == (before.people if before else 0) + 5


@given(st.lists(st.builds(Pair, st.integers(0, 100), st.integers(0, 100)), min_size=5, max_size=FINE_FROM - 1))
def test_small_groups_are_told_of_in_steps_of_five_percent(pairs):
    found = group_gain(pairs, questions=10)
    assert {one % 5 for one in (found.before, found.after, found.low, found.high)} == {0}


def test_a_group_whose_members_all_gained_alike_still_has_an_interval():
    found = group_gain([Pair(50, 70)] * 5, questions=10)
    assert (found.before, found.after, found.gain) == (50, 70, 20)
    assert found.low < 20 < found.high


def test_the_setting_can_raise_the_threshold_but_not_lower_it():
    pairs = [Pair(40, 80)] * 9
    assert group_gain(pairs, questions=10, small=10) is None
    assert group_gain(pairs, questions=10, small=2).people == 5


@pytest.mark.parametrize(
    ("freedom", "table"), [(4, 2.776), (5, 2.571), (9, 2.262), (14, 2.145), (29, 2.045), (99, 1.984), (1999, 1.961)]
)
def test_the_interval_uses_students_t(freedom, table):
    assert t95(freedom) == pytest.approx(table, abs=0.001)


@pytest.mark.parametrize("people", [5, 15, 60])
def test_the_interval_holds_the_true_gain_in_about_95_of_100_groups(people):
    chance = random.Random(people)

    def score(known: float) -> int:
        return sum(chance.random() < known for _ in range(10)) * 10

    held, truth, groups = 0, 22.0, 1500
    for _ in range(groups):
        know = [chance.uniform(0.3, 0.7) for _ in range(people)]
        found = group_gain([Pair(score(one), score(one + truth / 100)) for one in know], questions=10)
        held += found.low <= truth <= found.high
    assert 0.94 <= held / groups <= 1.0


@given(st.lists(st.builds(Pair, st.integers(0, 100), st.integers(0, 100)), min_size=30, max_size=60))
def test_the_figures_of_a_larger_group_are_the_means(pairs):
    counted = pairs[: len(pairs) // 5 * 5]
    found = group_gain(pairs, questions=10)
    assert abs(found.before - fmean(pair.before for pair in counted)) <= 0.5
    assert abs(found.after - fmean(pair.after for pair in counted)) <= 0.5
