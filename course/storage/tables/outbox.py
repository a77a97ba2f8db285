"""What must happen later, committed together with its cause."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from course.storage.tables.base import Base, Moment


class Task(Base):
    """A mail to send, a file to make, a score to hand on. Done at least once; doing it twice does no harm."""

    __tablename__ = "task"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    kind: Mapped[str] = mapped_column(String(40))
    #: Two causes of the same thing make one task: the second insert meets this rule.
    key: Mapped[str | None] = mapped_column(String(120), unique=True)
    payload: Mapped[dict[str, Any]] = mapped_column(JSON)
    #: open, done, failed
    state: Mapped[str] = mapped_column(String(10), default="open")
    created_at: Mapped[datetime] = mapped_column(Moment)
    #: Not before: the time asked for, later the time of the next try, and while it is being done the end of the claim.
    due_at: Mapped[datetime] = mapped_column(Moment)
    tries: Mapped[int] = mapped_column(default=0)
    #: What went wrong at the last try, in words for an administrator.
    error: Mapped[str] = mapped_column(Text, default="")
    finished_at: Mapped[datetime | None] = mapped_column(Moment)

    __table_args__ = (Index("ix_task_state_due_at", "state", "due_at"), {"sqlite_autoincrement": True})


class VoidedStatement(Base):
    """A learning record store was told that something of a record does not count any more.

    Kept as long as the record: what comes back to it afterwards has to be told as something new.
    """

    __tablename__ = "voided_statement"

    learner_id: Mapped[int] = mapped_column(ForeignKey("learner.id", ondelete="CASCADE"), primary_key=True)
    #: The event's; see `course.domain.learning_event`.
    key: Mapped[str] = mapped_column(String(160), primary_key=True)
    gone_at: Mapped[datetime] = mapped_column(Moment, primary_key=True)
