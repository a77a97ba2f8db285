"""The rules of launches: who somebody of a platform is here, what a link leads to, and what the platform is told."""

from __future__ import annotations

import pytest

from course.domain.launch import COURSE, HostRole, Part, Score, Target, role_of, score_of, target_of

VOCABULARY = "http://purl.imsglobal.org/vocab/lis/v2"
INSIDE = f"{VOCABULARY}/membership#"


@pytest.mark.parametrize(
    ("roles", "role"),
    [
        ([f"{INSIDE}Learner"], HostRole.LEARNER),
        ([f"{INSIDE}Instructor"], HostRole.INSTRUCTOR),
        ([f"{VOCABULARY}/membership/Instructor#TeachingAssistant"], HostRole.INSTRUCTOR),
        ([f"{INSIDE}Administrator"], HostRole.INSTRUCTOR),
        ([f"{INSIDE}Mentor"], HostRole.LEARNER),
        (["Instructor"], HostRole.INSTRUCTOR),
        (["Learner"], HostRole.LEARNER),
        ([], HostRole.LEARNER),
        (["nonsense", ""], HostRole.LEARNER),
        # The course counts before the house: a member of staff who learns is a learner.
        ([f"{VOCABULARY}/institution/person#Administrator", f"{INSIDE}Learner"], HostRole.LEARNER),
        ([f"{VOCABULARY}/institution/person#Administrator"], HostRole.INSTRUCTOR),
        ([f"{VOCABULARY}/system/person#SysAdmin"], HostRole.INSTRUCTOR),
        # To teach somewhere in the house is not to teach this course.
        ([f"{VOCABULARY}/institution/person#Instructor"], HostRole.LEARNER),
        ([f"{INSIDE}Learner", f"{INSIDE}Instructor"], HostRole.INSTRUCTOR),
        (["http://purl.imsglobal.org/vocab/lis/v2.evil/membership#Instructor"], HostRole.LEARNER),
    ],
)
def test_a_role_there_is_a_role_here(roles, role):
    assert role_of(roles) is role


def test_nothing_that_a_platform_says_makes_an_administrator():
    assert set(HostRole) == {HostRole.LEARNER, HostRole.INSTRUCTOR}


def test_a_link_leads_to_what_is_there():
    modules, quizzes = ["tea", "water"], ["tea"]
    assert target_of({}, modules, quizzes) == COURSE
    assert target_of({"module": "water"}, modules, quizzes) == Target(Part.MODULE, "water")
    assert target_of({"quiz": "tea"}, modules, quizzes) == Target(Part.QUIZ, "tea")
    assert target_of({"quiz": "water"}, modules, quizzes) is None
    assert target_of({"module": "none"}, modules, quizzes) is None


@pytest.mark.parametrize(
    ("target", "passed", "best", "score"),
    [
        (COURSE, set(), {}, None),
        (COURSE, set(), {"another": 90}, None),
        # Rounded down, as every percentage is.
        (COURSE, {"tea"}, {"tea": 95}, Score(47, 100, done=False)),
        (COURSE, set(), {"tea": 40}, Score(20, 100, done=False)),
        (COURSE, {"tea", "water", "another"}, {"tea": 80}, Score(90, 100, done=True)),
        (Target(Part.MODULE, "tea"), set(), {}, None),
        (Target(Part.MODULE, "tea"), set(), {"water": 100}, None),
        (Target(Part.QUIZ, "tea"), set(), {"tea": 40}, Score(40, 100, done=False)),
        (Target(Part.QUIZ, "tea"), {"tea"}, {"tea": 85}, Score(85, 100, done=True)),
        # Passed by attending a session.
        (Target(Part.MODULE, "tea"), {"tea"}, {}, Score(100, 100, done=True)),
        # Failed, and then passed by attending: the module is done, and the quiz was what it was.
        (Target(Part.MODULE, "tea"), {"tea"}, {"tea": 40}, Score(40, 100, done=True)),
    ],
)
def test_a_platform_is_told_what_was_reached(target, passed, best, score):
    assert score_of(target, passed=passed, best=best, modules=["tea", "water"]) == score
