"""A plan fits into its time, rests in time, and leaves no module out while another has two exercises."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from course.domain.session_plan import BREAK_AFTER, USUAL, Exercise, Step, plan_session

EXERCISES = st.lists(st.builds(Exercise, st.sampled_from("abcd"), st.integers(0, 60)), max_size=12).map(
    lambda found: sorted(found, key=lambda one: one.module_id)
)


@given(EXERCISES, st.integers(60, 480))
def test_the_plan_fills_its_time_exactly_and_without_gaps(exercises, minutes):
    plan = plan_session(exercises, minutes)
    assert plan.minutes == minutes
    clock = 0
    for step in plan.steps:
        assert step.starts == clock and step.minutes > 0
        clock += step.minutes


@given(EXERCISES, st.integers(60, 480))
def test_every_exercise_is_planned_once_or_left_over(exercises, minutes):
    plan = plan_session(exercises, minutes)
    planned = [step.exercise for step in plan.steps if step.exercise is not None]
    assert planned == sorted(planned), "in the order of the course"
    assert sorted([*planned, *plan.left_over]) == list(range(len(exercises)))


@given(EXERCISES, st.integers(60, 480))
def test_nobody_sits_longer_than_an_hour_and_a_half_without_a_break(exercises, minutes):
    sat = 0
    for step in plan_session(exercises, minutes).steps:
        if step.step is Step.BREAK:
            sat = 0
        elif step.step is Step.EXERCISE:
            assert sat == 0 or sat + step.minutes <= BREAK_AFTER
            sat += step.minutes
        elif step.step is Step.OPENING:
            sat += step.minutes


def test_every_module_has_an_exercise_before_one_has_two():
    exercises = [Exercise(module, 30) for module in ("a", "a", "b", "b", "c")]
    plan = plan_session(exercises, 150)
    assert [step.exercise for step in plan.steps if step.exercise is not None] == [0, 2, 4]
    assert plan.left_over == (1, 3)


def test_an_exercise_without_a_time_is_given_the_usual_one():
    [step] = [step for step in plan_session([Exercise("a", 0)], 120).steps if step.step is Step.EXERCISE]
    assert step.minutes == USUAL


def test_time_that_is_left_is_for_questions():
    assert [step.step for step in plan_session([], 60).steps] == [Step.OPENING, Step.QUESTIONS, Step.CLOSING]
