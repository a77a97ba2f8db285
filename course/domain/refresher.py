"""Refreshers: one case question by mail at four times after the course, and a few more behind a link.

Knowledge from a training fades within half a year; a question that asks for a decision brings it back. So a refresher
asks first about what somebody got wrong and what was changed since, and never tells anybody how she answered.
"""

from __future__ import annotations

import hmac
from calendar import monthrange
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from course.domain.home_time import morning_of
from course.domain.quiz import Question, draw
from course.domain.reminder import keyed

#: Occasion -> how long after the completion, in days or in months of the calendar.
AFTER_DAYS: Mapping[str, int] = {"two-weeks": 14, "six-weeks": 42, "fourteen-weeks": 98}
AFTER_MONTHS: Mapping[str, int] = {"half-year": 6}
OCCASIONS = (*AFTER_DAYS, *AFTER_MONTHS)
#: One that could not go for so long does not go any more: the next one comes.
LATE_AFTER = timedelta(days=7)
#: How long the link of a mail opens its questions.
LINK_LASTS = timedelta(days=90)
#: How long a mailed link waits for the address to be confirmed.
CONFIRM_WITHIN = timedelta(days=3)
#: Questions behind the link, beside the one in the mail.
FEWEST_MORE, MOST_MORE = 3, 5
#: Further back than any number of times that a question was asked before.
_NOT_WEAK = 1000


def day_of(occasion: str, counted_from: date) -> date:
    """The day on which a refresher is due."""
    if occasion in AFTER_DAYS:
        return counted_from + timedelta(days=AFTER_DAYS[occasion])
    months = counted_from.month - 1 + AFTER_MONTHS[occasion]
    year, month = counted_from.year + months // 12, months % 12 + 1
    return date(year, month, min(counted_from.day, monthrange(year, month)[1]))


def mornings(counted_from: date, *, now: datetime) -> dict[str, datetime]:
    """When the refreshers go: nine in the morning in Finland. Mornings that are past are left out."""
    due = {occasion: morning_of(day_of(occasion, counted_from)) for occasion in OCCASIONS}
    return {occasion: at for occasion, at in due.items() if at > now}


def counting_from(completed_on: date, asked_on: date, *, now: datetime) -> date:
    """The day to count from: that of the completion, or of the wish when all that follows the completion is past."""
    return completed_on if mornings(completed_on, now=now) else asked_on


def is_timely(occasion: str, counted_from: date, *, now: datetime) -> bool:
    """Whether a refresher of this occasion should still go."""
    morning = morning_of(day_of(occasion, counted_from))
    return morning <= now < morning + LATE_AFTER


@dataclass(frozen=True, slots=True)
class Pool:
    """What a refresher may ask, and what is known of the learner and it."""

    questions: Sequence[Question]
    #: Answered wrong when she was last asked, or changed since.
    weak: Collection[str]
    #: How often refreshers asked her before.
    asked: Mapping[str, int]


def choose(pool: Pool, *, seed: int) -> list[Question]:
    """The question of the mail, a situation to decide in, and then three to five more.

    Weak ones come first, then those asked least often; among equals every objective has its turn.
    """
    rank = {
        question.id: pool.asked.get(question.id, 0) + (0 if question.id in pool.weak else _NOT_WEAK)
        for question in pool.questions
    }
    situations = [question for question in pool.questions if question.situation]
    first = draw(situations or pool.questions, size=1, seed=seed, times_seen=rank)
    others = [question for question in pool.questions if question not in first]
    weak = sum(question.id in pool.weak for question in others)
    more = max(FEWEST_MORE, min(MOST_MORE, weak))
    return first + draw(others, size=more, seed=seed, times_seen=rank)


def round_token(secret_key: str, round_id: int) -> str:
    """What the link of a mail carries: the number of the round, and our signature of it."""
    return f"{round_id}.{keyed(secret_key, 'refresher-link', str(round_id))}"


def round_of_token(secret_key: str, token: str) -> int | None:
    """The round of a link that we signed; None for any other."""
    number, _, signature = token.partition(".")
    if not number.isascii() or not number.isdecimal() or len(number) > 18:
        return None
    right = hmac.compare_digest(signature.encode(), keyed(secret_key, "refresher-link", number).encode())
    return int(number) if right else None
