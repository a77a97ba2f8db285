"""Codes that cannot be misread, what a group found hard without anybody's name, and a line that never falls."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from course.domain.cohort import (
    CODE_ALPHABET,
    CODES,
    POINTS_SHOWN,
    CountedAnswer,
    MemberProgress,
    Show,
    join_code,
    listed,
    normal_join_code,
    normal_text,
    over_time,
    spaced_code,
    weakest_topics,
)
from course.domain.quiz import Kind, Question

DAY = date(2026, 11, 22)
MODULES = ("tea", "bread")


@given(st.integers(0, CODES - 1))
def test_a_code_is_read_back_however_it_is_typed(number):
    code = join_code(number)
    assert normal_join_code(code) == code
    assert normal_join_code(f" {spaced_code(code).lower()} ") == code
    assert normal_join_code(f"{code[:4]}-{code[4:]}") == code


def test_thirty_one_letters_and_digits_of_which_none_looks_like_another():
    assert len(set(CODE_ALPHABET)) == 31 and not set(CODE_ALPHABET) & set("01ILO")
    assert len({join_code(number) for number in range(2000)}) == 2000


@pytest.mark.parametrize("typed", ["", "ABCD", "ABCDEFGHJ", "ABCDEFG0", "ABCDEFGI", "ÄBCDEFGH"])
def test_what_cannot_be_a_code_is_none(typed):
    assert normal_join_code(typed) is None


def test_a_name_is_one_line_without_what_nobody_sees():
    assert normal_text("  Aino\t\u202eVirtanen\r\n ") == "Aino Virtanen"
    assert normal_text("A\u0308iti") == "Äiti"


def question(name: str, objective: str = "boil", section: str = "kettle") -> Question:
    return Question(name, Kind.ONE, objective, section, ("a", "b", "c"), ("a",))


def counted(one: Question, right: int, wrong: int, module: str = "tea") -> list[CountedAnswer]:
    return [CountedAnswer(module, one, ("a",), right), CountedAnswer(module, one, ("b",), wrong)]


def test_the_three_topics_with_the_fewest_points_come_hardest_first():
    shares = {"w": 8, "x": 2, "y": 6, "z": 4}
    answers = [one for name, right in shares.items() for one in counted(question(name, name), right, 10 - right)]
    found = weakest_topics(answers, {("tea", name): 10 for name in shares})
    assert [(one.objective, one.percent) for one in found] == [("x", 20), ("z", 40), ("y", 60)]


def test_what_fewer_than_five_members_answered_is_not_told():
    answers = counted(question("q"), 0, 4)
    assert weakest_topics(answers, {("tea", "boil"): 4}) == ()
    assert weakest_topics(answers, {}) == ()
    assert weakest_topics(answers, {("tea", "boil"): 5}) != ()


def test_what_everybody_knew_is_no_weak_topic():
    assert weakest_topics(counted(question("q"), 99, 1), {("tea", "boil"): 100}) == ()


def test_the_section_is_the_one_where_most_points_were_lost():
    answers = counted(question("q", section="kettle"), 3, 2) + counted(question("r", section="leaves"), 1, 4)
    [topic] = weakest_topics(answers, {("tea", "boil"): 5})
    assert topic.section == "leaves"


@given(st.integers(5, 40), st.integers(5, 40))
def test_the_share_is_told_in_tens_so_that_one_answer_is_rarely_seen(right, wrong):
    for topic in weakest_topics(counted(question("q"), right, wrong), {("tea", "boil"): right + wrong}):
        assert topic.percent % 10 == 0
        assert abs(topic.percent - Fraction(100 * right, right + wrong)) <= 5


def member(number: int, passed: dict[str, date] | None = None, joined: date = DAY, name: str = "") -> MemberProgress:
    return MemberProgress(number, name or f"M{number}", joined, passed or {}, {})


def test_the_list_shows_what_was_asked_for_by_name():
    done, half, none = member(1, dict.fromkeys(MODULES, DAY), name="cid"), member(2, {"tea": DAY}, name="Bo"), member(3)
    everybody = [done, half, none]

    def shown(show: Show, **asked: str) -> list[int]:
        return [one.learner_id for one in listed(everybody, MODULES, show=show, **asked)]

    assert shown(Show.ALL) == [2, 1, 3]
    assert shown(Show.DONE) == [1]
    assert shown(Show.MISSING) == [2, 3]
    assert shown(Show.NOT_BEGUN) == [3]
    assert shown(Show.ALL, lacks="bread") == [2, 3]
    assert shown(Show.ALL, name=" CI") == [1]


def test_a_track_without_modules_is_done_by_nobody():
    assert not member(1).is_done(())


days = st.integers(0, 900).map(lambda number: DAY + timedelta(days=number))
members = st.lists(
    st.builds(lambda joined, passed: member(1, passed, joined), days, st.dictionaries(st.sampled_from(MODULES), days)),
    max_size=6,
)


@given(members)
def test_the_line_of_a_group_never_falls_and_ends_today_with_everything(found):
    today = DAY + timedelta(days=901)
    points = over_time(found, MODULES, today=today)
    assert len(points) <= POINTS_SHOWN
    for before, after in pairwise(points):
        assert before.day < after.day and before.members <= after.members
        assert before.passed <= after.passed and before.done <= after.done
    if found:
        last = points[-1]
        assert (last.day, last.members) == (today, len(found))
        assert last.passed == sum(len(one.passed) for one in found)
        assert last.done == sum(one.is_done(MODULES) for one in found)
