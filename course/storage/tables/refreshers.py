"""Refreshers: who wants them, what each asked, and what was answered."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from course.storage.tables.base import Base, Moment


class Refresher(Base):
    """A learner wants refreshers. The row goes when she stops them, and her address with it."""

    __tablename__ = "refresher"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    learner_id: Mapped[int] = mapped_column(ForeignKey("learner.id", ondelete="CASCADE"), unique=True)
    email: Mapped[str] = mapped_column(String(254))
    #: The keyed name of the address, by which a stop link finds it.
    address_key: Mapped[str] = mapped_column(String(43), index=True)
    #: Hash of the secret in the mail that asked whether the address is hers; None for an account's own address.
    link_hash: Mapped[str | None] = mapped_column(String(43), unique=True)
    asked_at: Mapped[datetime] = mapped_column(Moment)
    confirmed_at: Mapped[datetime | None] = mapped_column(Moment)
    #: The day in Finland from which the weeks are counted.
    counted_from: Mapped[date]

    __table_args__ = ({"sqlite_autoincrement": True},)


class RefresherRound(Base):
    """A refresher that was sent. The mail itself is in the outbox."""

    __tablename__ = "refresher_round"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    learner_id: Mapped[int] = mapped_column(ForeignKey("learner.id", ondelete="CASCADE"))
    counted_from: Mapped[date]
    occasion: Mapped[str] = mapped_column(String(20))
    sent_at: Mapped[datetime] = mapped_column(Moment)
    #: As in an attempt: [{"id", "version", "options", "module"}], that of the mail first.
    questions: Mapped[list[dict[str, Any]]] = mapped_column(JSON)

    __table_args__ = (
        # Two workers, or one that was killed and began again: one refresher.
        UniqueConstraint("learner_id", "counted_from", "occasion"),
        {"sqlite_autoincrement": True},
    )


class RefresherAnswer(Base):
    """What she answered, once. A second answer to the same question changes nothing."""

    __tablename__ = "refresher_answer"

    round_id: Mapped[int] = mapped_column(ForeignKey("refresher_round.id", ondelete="CASCADE"), primary_key=True)
    question_id: Mapped[str] = mapped_column(String(80), primary_key=True)
    #: As in an attempt.
    chosen: Mapped[str] = mapped_column(String(2000))
    answered_at: Mapped[datetime] = mapped_column(Moment)
