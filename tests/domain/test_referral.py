"""The rules of the referral navigator."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from course.domain.referral import Advice, Asked, Part, answer_to, missing_parts, situations

ASKED = (Asked("person", ("adult", "child")), Asked("danger", ("now", "no", "unknown")))
CALL = Advice("call", Part.CALL, "a", ("s",), {"danger": ("now",)}, "emergency")
NOTIFY = Advice("notify", Part.STEP, "a", ("s",), {"person": ("child",), "danger": ("no", "unknown")})
WRITE = Advice("write", Part.WRITE, "a", ("s",))


def test_every_combination_is_there_once() -> None:
    found = [tuple(situation.values()) for situation in situations(ASKED)]
    assert len(found) == len(set(found)) == 6


def test_advice_suits_when_every_named_question_has_one_of_its_answers() -> None:
    assert not NOTIFY.suits({"person": "adult", "danger": "no"})
    assert not NOTIFY.suits({"person": "child", "danger": "now"})
    assert NOTIFY.suits({"person": "child", "danger": "unknown"})


@given(st.permutations([CALL, NOTIFY, WRITE]), st.sampled_from(list(situations(ASKED))))
def test_an_answer_holds_all_that_suits_in_the_order_of_the_file(advice, situation) -> None:
    answer = answer_to(advice, situation)
    assert list(answer) == list(Part)
    given_out = [one for part in answer.values() for one in part]
    assert {one.id for one in given_out} == {one.id for one in advice if one.suits(situation)}


def test_a_part_without_advice_is_named() -> None:
    situation = {"person": "adult", "danger": "now"}
    assert missing_parts([CALL, NOTIFY, WRITE], situation) == (Part.STEP, Part.SAY, Part.AVOID)
