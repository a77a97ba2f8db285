"""Attempts whose marks rest on a question as it was once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, String, cast, func, or_, select, update
from sqlalchemy.orm import Session

from course.storage.tables import Attempt, QuestionVersion

#: In the others nothing was or will be marked.
_MARKED = Attempt.state.in_(("open", "graded"))


@dataclass(frozen=True, slots=True)
class Resting:
    """An attempt that is marked by a version of a question, and the language in which it was begun."""

    attempt_id: int
    learner_id: int
    number: int
    language: str


def bodies_of_question(connection: Connection, question_id: str) -> dict[str, dict[str, Any]]:
    """Every version that was ever shown, by its hash."""
    rows = connection.execute(
        select(QuestionVersion.hash, QuestionVersion.body).where(QuestionVersion.question_id == question_id)
    )
    return {row.hash: row.body for row in rows}


def _rests_on(versions: Sequence[str]) -> ColumnElement[bool]:
    """JSON is text in both databases, written by one hand: a hash is looked for as it stands there."""
    text = cast(Attempt.questions, String)
    return or_(*[text.contains(f'"version": "{name}"') for name in versions])


def count_resting_on(connection: Connection, quiz_id: str, versions: Sequence[str]) -> int:
    """How many attempts at the quiz are marked by one of these versions."""
    if not versions:
        return 0
    rows = select(func.count()).where(Attempt.quiz_id == quiz_id, _MARKED, _rests_on(versions))
    return int(connection.execute(rows).scalar_one())


def attempts_resting_on(
    connection: Connection, quiz_id: str, versions: Sequence[str], *, after: int, limit: int
) -> list[Resting]:
    """Attempts that are marked by one of these versions, in the order of their ids."""
    rows = connection.execute(
        select(Attempt.id, Attempt.learner_id, Attempt.number, Attempt.language)
        .where(Attempt.quiz_id == quiz_id, Attempt.id > after, _MARKED, _rests_on(versions))
        .order_by(Attempt.id)
        .limit(limit)
    )
    return [Resting(*row) for row in rows]


def write_questions(session: Session, attempt_id: int, questions: Sequence[Mapping[str, Any]]) -> None:
    session.execute(update(Attempt).where(Attempt.id == attempt_id).values(questions=[dict(one) for one in questions]))


def write_result(session: Session, attempt_id: int, *, points: str, percent: int, passed: bool) -> None:
    session.execute(
        update(Attempt).where(Attempt.id == attempt_id).values(points=points, percent=percent, passed=passed)
    )
