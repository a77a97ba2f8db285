"""What a cohort is to its trainers: join codes, who is done, what the group found hard, and how it went over time."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from fractions import Fraction

from course.domain.quiz import Answer, Question
from course.domain.small_counts import SMALL

#: Digits and capitals without 0, 1, I, L and O: what is read off a screen or heard cannot be mistaken.
CODE_ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
CODE_LENGTH = 8
CODES = len(CODE_ALPHABET) ** CODE_LENGTH

NAME_MAX = 120

TOPICS_SHOWN = 3
#: A chart shows at most this many points; a longer time takes wider steps.
POINTS_SHOWN = 26

#: They turn the reading order, or nobody sees them: in a list of names they only hide what a name is.
_DROPPED = frozenset("\u00ad\u061c\u200b\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\u2066\u2067\u2068\u2069\ufeff")


def join_code(number: int) -> str:
    """The code of a random number below CODES."""
    letters = []
    for _ in range(CODE_LENGTH):
        number, place = divmod(number, len(CODE_ALPHABET))
        letters.append(CODE_ALPHABET[place])
    return "".join(letters)


def normal_join_code(text: str) -> str | None:
    """The code as it is stored, whatever its case, spaces and hyphens; None for what cannot be one."""
    letters = "".join(one for one in text.upper() if not one.isspace() and unicodedata.category(one) != "Pd")
    return letters if len(letters) == CODE_LENGTH and set(letters) <= set(CODE_ALPHABET) else None


def spaced_code(code: str) -> str:
    """In two groups of four, as it is read aloud."""
    return f"{code[:4]} {code[4:]}"


def normal_text(text: str) -> str:
    """One line in composed letters, without what nobody sees: a name of a person or a group."""
    composed = unicodedata.normalize("NFC", text)
    kept = ("" if one in _DROPPED else " " if unicodedata.category(one) in _NOT_IN_A_LINE else one for one in composed)
    return " ".join("".join(kept).split())


_NOT_IN_A_LINE = frozenset({"Cc", "Cn", "Co", "Cs", "Zl", "Zp"})


@dataclass(frozen=True, slots=True)
class CohortPlan:
    """What a trainer decides of a cohort."""

    network_id: str
    name: str
    track_id: str
    language: str
    starts_on: date | None = None
    ends_on: date | None = None
    due_on: date | None = None
    shows_scores: bool = False


class Show(StrEnum):
    """Which members of a cohort are listed."""

    ALL = "all"
    DONE = "done"
    MISSING = "missing"
    NOT_BEGUN = "not-begun"


@dataclass(frozen=True, slots=True)
class MemberProgress:
    """What the trainers of a cohort see of one member: done or not by module, and nothing else."""

    learner_id: int
    name: str
    joined_on: date
    #: Modules of the track that are passed: the day in Finland.
    passed: Mapping[str, date]
    #: Percent of the quiz that was passed; empty unless the cohort shows scores.
    scores: Mapping[str, int]
    #: Those of them that a trainer's decision passed.
    waived: frozenset[str] = frozenset()

    def is_done(self, modules: Sequence[str]) -> bool:
        return bool(modules) and all(module in self.passed for module in modules)

    def done_on(self, modules: Sequence[str]) -> date | None:
        """The day on which the last module of the track was passed."""
        return max(self.passed[module] for module in modules) if self.is_done(modules) else None


def listed(
    members: Iterable[MemberProgress], modules: Sequence[str], *, show: Show, lacks: str = "", name: str = ""
) -> list[MemberProgress]:
    """The members that a trainer asked for, by name. `lacks` is a module that they have not passed."""
    wanted = normal_text(name).casefold()
    found = [
        one
        for one in members
        if _is_shown(one, modules, show) and not (lacks and lacks in one.passed) and wanted in one.name.casefold()
    ]
    return sorted(found, key=lambda one: (one.name.casefold(), one.learner_id))


def _is_shown(member: MemberProgress, modules: Sequence[str], show: Show) -> bool:
    if show is Show.DONE:
        return member.is_done(modules)
    if show is Show.MISSING:
        return not member.is_done(modules)
    if show is Show.NOT_BEGUN:
        return not member.passed
    return True


@dataclass(frozen=True, slots=True)
class CountedAnswer:
    """An answer to a question, and how many members gave it in their first attempt."""

    module_id: str
    question: Question
    answer: Answer
    members: int


@dataclass(frozen=True, slots=True)
class Topic:
    """An objective that the group found hard."""

    module_id: str
    objective: str
    #: The section that most of the lost points rest on.
    section: str
    #: Share of the points reached, to the nearest ten percent: one answer more or less is not to be seen in it.
    percent: int


def weakest_topics(counted: Iterable[CountedAnswer], members: Mapping[tuple[str, str], int]) -> tuple[Topic, ...]:
    """The objectives in which the group lost most, hardest first.

    `members` tells how many different ones answered to an objective (module id, objective); below SMALL it is not told.
    """
    by_topic: dict[tuple[str, str], list[CountedAnswer]] = {}
    for one in counted:
        by_topic.setdefault((one.module_id, one.question.objective), []).append(one)
    shares = {topic: _share(answers) for topic, answers in by_topic.items() if members.get(topic, 0) >= SMALL}
    hardest = sorted((share, topic) for topic, share in shares.items() if _tens(share) < 100)
    return tuple(Topic(*topic, _lost_most(by_topic[topic]), _tens(share)) for share, topic in hardest[:TOPICS_SHOWN])


def _share(answers: Sequence[CountedAnswer]) -> Fraction:
    points = sum((one.question.points(one.answer) * one.members for one in answers), Fraction(0))
    return points / sum(one.members for one in answers)


def _tens(share: Fraction) -> int:
    return int(share * 10 + Fraction(1, 2)) * 10


def _lost_most(answers: Iterable[CountedAnswer]) -> str:
    lost: dict[str, Fraction] = {}
    for one in answers:
        section = one.question.section
        lost[section] = lost.get(section, Fraction(0)) + (1 - one.question.points(one.answer)) * one.members
    return min(lost, key=lambda section: (-lost[section], section))


@dataclass(frozen=True, slots=True)
class Moment:
    """How far a cohort was at the end of a day."""

    day: date
    members: int
    #: Modules passed by all members together.
    passed: int
    #: Members who had passed every module of the track.
    done: int


def over_time(members: Sequence[MemberProgress], modules: Sequence[str], *, today: date) -> list[Moment]:
    """From the first day of the cohort to today in even steps, a week or some weeks; the last point is today.

    Who studied before she joined counts from the day she joined: the group's line never falls.
    """
    if not members:
        return []
    first = min(one.joined_on for one in members)
    weeks = max((today - first).days // 7, 0)
    step = timedelta(weeks=max(1, -(-weeks // (POINTS_SHOWN - 1))))
    days = [today]
    while days[-1] - step >= first:
        days.append(days[-1] - step)
    passed = [max(day, one.joined_on) for one in members for day in one.passed.values()]
    done = [max(day, one.joined_on) for one in members if (day := one.done_on(modules)) is not None]
    return [
        Moment(
            day,
            sum(one.joined_on <= day for one in members),
            sum(one <= day for one in passed),
            sum(one <= day for one in done),
        )
        for day in reversed(days)
    ]
