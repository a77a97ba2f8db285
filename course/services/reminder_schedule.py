"""Put the reminders before a due date into the outbox, together with the date itself."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy.orm import Session

from course.domain.reminder import due_mornings
from course.storage.outbox import add_task

DUE_REMINDER = "due-reminder"


def schedule_reminders(session: Session, cohort_id: int, due_on: date | None, *, now: datetime) -> None:
    """Called where a due date is set or moved. What was scheduled for another date finds it gone and sends nothing."""
    if due_on is None:
        return
    for occasion, morning in due_mornings(due_on, now=now).items():
        add_task(
            session,
            DUE_REMINDER,
            {"cohort": cohort_id, "due": due_on.isoformat(), "occasion": occasion},
            now=now,
            due_at=morning,
            key=f"{DUE_REMINDER}:{cohort_id}:{due_on.isoformat()}:{occasion}",
        )
