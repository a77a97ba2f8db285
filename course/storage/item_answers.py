"""Answers as the analysis of questions needs them: of first attempts that were handed in."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import Connection, select

from course.storage.tables import AnswerRow, Attempt


def answers_of_first_attempts(
    connection: Connection, quiz_id: str, *, most: int
) -> Iterator[tuple[int, str, str, tuple[str, ...]]]:
    """(attempt, language, question, chosen) of the newest first attempts, attempt by attempt.

    Only the first: whoever tries again has read the reasons.
    """
    newest = (
        select(Attempt.id, Attempt.language)
        .where(Attempt.quiz_id == quiz_id, Attempt.number == 1, Attempt.state == "graded")
        .order_by(Attempt.id.desc())
        .limit(most)
        .subquery()
    )
    rows = connection.execute(
        select(newest.c.id, newest.c.language, AnswerRow.question_id, AnswerRow.chosen)
        .join(AnswerRow, AnswerRow.attempt_id == newest.c.id)
        .order_by(newest.c.id, AnswerRow.question_id)
        .execution_options(yield_per=2_000)
    )
    for attempt_id, language, question_id, chosen in rows:
        yield attempt_id, language, question_id, tuple(chosen.split())
