"""What a pass is, question by question."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from course.domain.errors import UnknownOption
from course.domain.quiz import Kind, Question, draw, mark, shuffled_options


def question(name: str, kind: Kind = Kind.ONE, **changes: object) -> Question:
    given = {"options": ("a", "b", "c"), "correct": ("a",), "objective": "one", "section": "s", **changes}
    return Question(id=name, kind=kind, **given)  # type: ignore[arg-type]


SEVERAL = question("several", Kind.SEVERAL, correct=("a", "b"))
ORDER = question("order", Kind.ORDER, correct=("c", "a", "b"))
MATCH = question("match", Kind.MATCH, options=("a", "b"), targets=("x", "y"), correct=("a=x", "b=y"))
YES_OR_NO = question("yes", Kind.TRUE_FALSE, options=("yes", "no"), correct=("no",))


def test_an_unanswered_question_counts_as_wrong():
    assert mark([question("first"), question("second")], {"first": ("a",)}, pass_mark=80).percent == 50


def test_the_pass_mark_itself_passes():
    questions = [question(str(number)) for number in range(5)]
    answers = {str(number): ("a",) for number in range(4)}
    assert mark(questions, answers, pass_mark=80).passed


def test_a_hair_below_the_pass_mark_does_not_pass_and_is_not_rounded_up():
    questions = [*(question(str(number)) for number in range(9)), MATCH]
    answers = {str(number): ("a",) for number in range(7)} | {"match": ("a=x", "b=x")}
    result = mark(questions, answers, pass_mark=76)
    assert (result.percent, result.passed) == (75, False)


def test_an_empty_quiz_is_not_passed():
    assert not mark([], {}, pass_mark=0).passed


@pytest.mark.parametrize(
    ("answer", "points"),
    [
        (("a", "b"), 1),
        (("a",), Fraction(1, 2)),
        (("a", "c"), 0),
        (("a", "b", "c"), Fraction(1, 2)),
        (("c",), 0),
        ((), 0),
    ],
)
def test_several_right_options_give_partial_credit_and_wrong_ones_take_it_back(answer, points):
    assert SEVERAL.points(answer) == points


def test_an_order_gives_credit_for_each_thing_in_its_place():
    assert ORDER.points(("c", "b", "a")) == Fraction(1, 3)


def test_a_match_gives_credit_for_each_pair():
    assert MATCH.points(("a=x", "b=x")) == Fraction(1, 2)


def test_a_chosen_option_that_the_question_does_not_have_is_refused():
    for asked, chosen in [
        (question("q"), ["z"]),
        (MATCH, ["a=z"]),
        (MATCH, ["z=x"]),
        (MATCH, ["z"]),
        (question("q"), ["a", "b"]),
    ]:
        with pytest.raises(UnknownOption):
            asked.normal(chosen)


def test_the_order_of_ticking_does_not_change_an_answer_but_the_order_of_places_does():
    assert SEVERAL.normal(["b", "a"]) == SEVERAL.normal(["a", "b"])
    assert ORDER.normal(["b", "a"]) != ORDER.normal(["a", "b"])


@pytest.mark.parametrize(
    ("asked", "answer"),
    [(question("q"), ("b",)), (YES_OR_NO, ("yes",)), (ORDER, ("c", "a", "b")), (MATCH, ("a=x", "b=x"))],
)
def test_a_question_with_everything_filled_in_is_complete(asked, answer):
    assert asked.is_complete(answer)


def test_an_empty_place_between_filled_ones_keeps_the_others_where_they_are():
    answer = ORDER.normal(["c", "", "b"])
    assert answer == ("c", "-", "b")
    assert ORDER.points(answer) == Fraction(2, 3)
    assert ORDER.normal(["", "", ""]) == ()


@pytest.mark.parametrize(
    ("asked", "answer"),
    [(question("q"), ()), (ORDER, ("c", "a")), (ORDER, ("c", "c", "a")), (ORDER, ("c", "-", "a")), (MATCH, ("a=x",))],
)
def test_a_question_with_something_left_open_is_not_complete(asked, answer):
    assert not asked.is_complete(answer)


BANK = [question(f"q{number}", objective=f"objective-{number % 3}") for number in range(18)]
banks = st.integers(0, 2**31 - 1)


@given(seed=banks, size=st.integers(1, 18))
def test_a_draw_has_the_size_asked_and_no_question_twice(seed, size):
    drawn = draw(BANK, size=size, seed=seed, times_seen={})
    assert len(drawn) == size == len({question.id for question in drawn})


@given(seed=banks)
def test_the_same_seed_draws_the_same_questions_in_the_same_order(seed):
    assert draw(BANK, size=6, seed=seed, times_seen={}) == draw(BANK, size=6, seed=seed, times_seen={})


@given(seed=banks)
def test_every_objective_is_asked_about(seed):
    drawn = draw(BANK, size=6, seed=seed, times_seen={})
    assert {question.objective for question in drawn} == {"objective-0", "objective-1", "objective-2"}


@given(first=banks, second=banks)
def test_the_second_attempt_asks_other_questions_while_there_are_any(first, second):
    seen = {question.id: 1 for question in draw(BANK, size=6, seed=first, times_seen={})}
    again = {question.id for question in draw(BANK, size=6, seed=second, times_seen=seen)}
    assert not again & set(seen)


def test_a_bank_smaller_than_the_draw_gives_all_it_has():
    assert len(draw(BANK[:2], size=6, seed=1, times_seen={})) == 2


@given(seed=banks)
def test_options_are_shuffled_without_losing_one_and_yes_stands_before_no(seed):
    assert sorted(shuffled_options(SEVERAL, seed=seed)) == ["a", "b", "c"]
    assert shuffled_options(YES_OR_NO, seed=seed) == ("yes", "no")


@given(seed=banks)
def test_an_order_question_never_starts_solved(seed):
    assert shuffled_options(ORDER, seed=seed) != ORDER.correct


@given(answer=st.lists(st.sampled_from("abc"), unique=True))
def test_points_stay_between_nothing_and_one(answer):
    for asked in (question("q"), SEVERAL, ORDER):
        assert 0 <= asked.points(tuple(answer)) <= 1


# A key that was corrected

FIRST = question("first")


@pytest.mark.parametrize(
    ("today", "is_correction"),
    [
        (question("first", correct=("b",)), True),
        (question("first", correct=("b",), options=("c", "b", "a")), True),
        (question("first"), False),
        (question("first", options=("c", "b", "a")), False),
        (question("first", correct=("b",), options=("a", "b", "d")), False),
        (question("first", Kind.SEVERAL, correct=("a", "b")), False),
        (question("second", correct=("b",)), False),
    ],
)
def test_a_correction_is_another_key_for_the_same_options(today, is_correction):
    assert today.corrects(FIRST) is is_correction


def test_the_right_options_in_another_order_are_the_same_key_but_not_where_the_order_is_asked():
    assert not question("several", Kind.SEVERAL, correct=("b", "a")).corrects(SEVERAL)
    assert question("order", Kind.ORDER, correct=("a", "c", "b")).corrects(ORDER)


PLACES = st.permutations(("a", "b", "c")).map(tuple)
SETS = st.sets(st.sampled_from(("a", "b", "c")), min_size=1).map(lambda found: tuple(sorted(found)))


@given(kind_keys=st.one_of(*(st.tuples(st.just(k), s, s, s) for k, s in ((Kind.SEVERAL, SETS), (Kind.ORDER, PLACES)))))
def test_no_answer_is_worth_less_after_a_correction_and_none_more_than_by_the_better_key(kind_keys):
    kind, earlier, today, answer = kind_keys
    by_earlier, by_today = (question("one", kind, correct=key).points(answer) for key in (earlier, today))
    corrected = question("one", kind, correct=today, earlier_keys=(earlier,)).points(answer)
    assert corrected == max(by_earlier, by_today)
