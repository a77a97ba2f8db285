"""Sessions, who attended them, and the reminders that cohorts were sent."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from course.storage.tables.base import Base, Moment


class TrainingSession(Base):
    """A training in a room or on a call. It belongs to one network; it is cancelled, never deleted."""

    __tablename__ = "training_session"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    network_id: Mapped[str] = mapped_column(String(80), index=True)
    cohort_id: Mapped[int | None] = mapped_column(ForeignKey("cohort.id", ondelete="SET NULL"), index=True)
    title: Mapped[str] = mapped_column(String(160))
    track_id: Mapped[str] = mapped_column(String(80))
    #: The topics: ids of modules, in the order of the course.
    module_ids: Mapped[list[str]] = mapped_column(JSON)
    language: Mapped[str] = mapped_column(String(8))
    starts_at: Mapped[datetime] = mapped_column(Moment, index=True)
    ends_at: Mapped[datetime] = mapped_column(Moment)
    place: Mapped[str] = mapped_column(String(300))
    link: Mapped[str] = mapped_column(String(500))
    agenda: Mapped[str] = mapped_column(Text)
    #: The calendar entry's own id, the same for ever, and how often the entry has changed.
    uid: Mapped[str] = mapped_column(String(80), unique=True)
    sequence: Mapped[int] = mapped_column(default=0)
    #: The code on the screen; a new one ends the one before.
    code: Mapped[str] = mapped_column(String(8), unique=True)
    #: When the trainer ended the code; None while it works by the session's own times.
    code_ended_at: Mapped[datetime | None] = mapped_column(Moment)
    #: People who were there and are on no list: a number without names.
    without_names: Mapped[int] = mapped_column(default=0)
    created_by: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"), index=True)
    created_at: Mapped[datetime] = mapped_column(Moment)
    changed_at: Mapped[datetime] = mapped_column(Moment)
    cancelled_at: Mapped[datetime | None] = mapped_column(Moment)

    __table_args__ = (CheckConstraint("without_names >= 0", name="without_names"), {"sqlite_autoincrement": True})


class Attendance(Base):
    """Somebody who was there: a learner, somebody on a cohort's roster, or a name on the list."""

    __tablename__ = "attendance"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    session_id: Mapped[int] = mapped_column(ForeignKey("training_session.id", ondelete="CASCADE"))
    #: None for a name on a list, and after a learner was erased.
    learner_id: Mapped[int | None] = mapped_column(ForeignKey("learner.id", ondelete="SET NULL"), index=True)
    roster_row_id: Mapped[int | None] = mapped_column(ForeignKey("roster_row.id", ondelete="SET NULL"), index=True)
    #: As typed; empty for a learner who gave none.
    name: Mapped[str] = mapped_column(String(120))
    #: The name without case, by which the same name is found again; None without a name.
    name_key: Mapped[str | None] = mapped_column(String(120))
    #: code, list
    how: Mapped[str] = mapped_column(String(10))
    #: Modules that this attendance passes by the rule of its day, also for somebody who becomes a learner later.
    credited: Mapped[list[str]] = mapped_column(JSON)
    edition: Mapped[str] = mapped_column(String(20))
    recorded_at: Mapped[datetime] = mapped_column(Moment)
    #: The trainer who wrote her down; None when she did it herself.
    recorded_by: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"), index=True)

    # Two clicks, two trainers with the same list: one row.
    __table_args__ = (
        UniqueConstraint("session_id", "learner_id"),
        UniqueConstraint("session_id", "roster_row_id"),
        UniqueConstraint("session_id", "name_key"),
        {"sqlite_autoincrement": True},
    )


class SessionKit(Base):
    """The kit of a session as PDF: asked for, made by the worker, and there until it is asked for anew."""

    __tablename__ = "session_kit"

    session_id: Mapped[int] = mapped_column(ForeignKey("training_session.id", ondelete="CASCADE"), primary_key=True)
    language: Mapped[str] = mapped_column(String(8), primary_key=True)
    #: What it is made of: session, content and code. Another value means that the file is out of date.
    source: Mapped[str] = mapped_column(String(64))
    asked_at: Mapped[datetime] = mapped_column(Moment)
    made_at: Mapped[datetime | None] = mapped_column(Moment)
    pdf: Mapped[bytes | None] = mapped_column(LargeBinary)


class Reminder(Base):
    """A reminder that a member was sent, so that there are few. The rule makes two clicks one reminder."""

    __tablename__ = "reminder"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    cohort_id: Mapped[int] = mapped_column(ForeignKey("cohort.id", ondelete="CASCADE"))
    learner_id: Mapped[int] = mapped_column(ForeignKey("learner.id", ondelete="CASCADE"), index=True)
    #: due-first, due-last, or by-hand with its day
    occasion: Mapped[str] = mapped_column(String(20))
    sent_at: Mapped[datetime] = mapped_column(Moment)
    #: The trainer who sent it; None when it went by itself.
    sent_by: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"), index=True)

    __table_args__ = (
        UniqueConstraint("cohort_id", "learner_id", "occasion"),
        Index("ix_reminder_cohort_id_sent_at", "cohort_id", "sent_at"),
        {"sqlite_autoincrement": True},
    )


class MailStop(Base):
    """An address that wants no reminders. Only a keyed hash of it is kept."""

    __tablename__ = "mail_stop"

    address_key: Mapped[str] = mapped_column(String(43), primary_key=True)
    stopped_at: Mapped[datetime] = mapped_column(Moment)
