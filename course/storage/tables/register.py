"""What answers for personal data: the audit log, feedback on accessibility, and notices before something is removed."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from course.storage.tables.base import Base, Moment


class AuditRow(Base):
    """A line of the audit log: added, never changed. Each carries a hash over itself and the hash of the one before."""

    __tablename__ = "audit"

    #: Its place in the chain, from 1 and without gaps.
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[datetime] = mapped_column(Moment, index=True)
    #: "account:7", "learner", "operator", "worker": numbers, never names, so that an erasure leaves nothing here.
    who: Mapped[str] = mapped_column(String(40))
    what: Mapped[str] = mapped_column(String(40), index=True)
    #: What it was done to, as "learner:12".
    about: Mapped[str] = mapped_column(String(120))
    #: Canonical JSON, exactly the characters that the hash was taken of.
    details: Mapped[str] = mapped_column(Text)
    hash: Mapped[str] = mapped_column(String(64))


class AuditHead(Base):
    """Where the chain ends, and where it begins once old lines were removed. Whoever adds a line holds this row."""

    __tablename__ = "audit_head"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    count: Mapped[int]
    hash: Mapped[str] = mapped_column(String(64))
    #: The last line that was removed because its time was over.
    removed: Mapped[int] = mapped_column(default=0)
    removed_hash: Mapped[str] = mapped_column(String(64))

    __table_args__ = (CheckConstraint("id = 1", name="one"),)


class Feedback(Base):
    """Feedback on accessibility: a case with a number, to be answered within fourteen days."""

    __tablename__ = "feedback"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    #: What whoever wrote it is told, "2026-0007".
    number: Mapped[str] = mapped_column(String(12), unique=True)
    language: Mapped[str] = mapped_column(String(8))
    page: Mapped[str] = mapped_column(String(300))
    message: Mapped[str] = mapped_column(Text)
    #: Empty when no answer is wanted.
    email: Mapped[str] = mapped_column(String(254))
    created_at: Mapped[datetime] = mapped_column(Moment)
    answered_at: Mapped[datetime | None] = mapped_column(Moment)
    #: What was done, in an administrator's words.
    answer: Mapped[str] = mapped_column(Text, default="")
    answered_by: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"), index=True)

    __table_args__ = ({"sqlite_autoincrement": True},)


class RemovalNotice(Base):
    """Somebody was told that her unused account will be removed, and when. Signing in takes it back."""

    __tablename__ = "removal_notice"

    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), primary_key=True)
    sent_at: Mapped[datetime] = mapped_column(Moment)
    removes_at: Mapped[datetime] = mapped_column(Moment)
