"""Feedback on accessibility, as cases with numbers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select, update
from sqlalchemy.orm import Session

from course.storage.tables import Account, Feedback


@dataclass(frozen=True, slots=True)
class StoredFeedback:
    id: int
    number: str
    language: str
    page: str
    message: str
    email: str
    created_at: datetime
    answered_at: datetime | None
    answer: str


_COLUMNS = (
    Feedback.id,
    Feedback.number,
    Feedback.language,
    Feedback.page,
    Feedback.message,
    Feedback.email,
    Feedback.created_at,
    Feedback.answered_at,
    Feedback.answer,
)


def add_feedback(
    session: Session, *, year: int, language: str, page: str, message: str, email: str, now: datetime
) -> str:
    """The number of the new case: the year, and a number that no other case has."""
    # The row's own id makes the number, so until it is known the rule of the column is met by a name of its own.
    row = Feedback(number="", language=language, page=page, message=message, email=email, created_at=now)
    session.add(row)
    session.flush()
    row.number = f"{year}-{row.id:04d}"
    session.flush()
    return row.number


def all_feedback(connection: Connection, *, limit: int) -> list[StoredFeedback]:
    """Unanswered ones first, the oldest of them at the top; then the answered ones, newest first."""
    query = select(*_COLUMNS).order_by(
        Feedback.answered_at.is_not(None), Feedback.answered_at.desc(), Feedback.created_at, Feedback.id
    )
    return [StoredFeedback(*row) for row in connection.execute(query.limit(limit))]


def feedback_by_id(connection: Connection, feedback_id: int) -> StoredFeedback | None:
    row = connection.execute(select(*_COLUMNS).where(Feedback.id == feedback_id)).first()
    return StoredFeedback(*row) if row else None


def close(session: Session, feedback_id: int, *, answer: str, by: int, now: datetime) -> bool:
    """False when somebody has answered it already."""
    found = session.execute(
        update(Feedback)
        .where(Feedback.id == feedback_id, Feedback.answered_at.is_(None))
        .values(answered_at=now, answer=answer, answered_by=by)
    )
    return bool(found.rowcount)  # type: ignore[attr-defined]


def administrators(connection: Connection) -> list[tuple[str, str]]:
    """(address, language) of the administrators who can be written to."""
    rows = connection.execute(
        select(Account.email, Account.language)
        .where(Account.administrator, Account.disabled_at.is_(None), Account.email.is_not(None))
        .order_by(Account.id)
    )
    return [(str(row[0]), row[1]) for row in rows]
