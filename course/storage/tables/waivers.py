"""Modules that trainers passed learners in."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from course.storage.tables.base import Base, Moment


class Waiver(Base):
    """A trainer's decision that a member of her cohort need not take a module, and why. Taking it back deletes it."""

    __tablename__ = "waiver"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    learner_id: Mapped[int] = mapped_column(ForeignKey("learner.id", ondelete="CASCADE"))
    module_id: Mapped[str] = mapped_column(String(80))
    #: The cohort in which it was decided: its trainers may take it back.
    cohort_id: Mapped[int | None] = mapped_column(ForeignKey("cohort.id", ondelete="SET NULL"), index=True)
    #: As typed; empty once the learner's texts are removed.
    reason: Mapped[str] = mapped_column(String(500))
    #: Who decided; her name is read from her account, so that nothing of it stays when the account goes.
    author_id: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"), index=True)
    waived_at: Mapped[datetime] = mapped_column(Moment)
    edition: Mapped[str] = mapped_column(String(20))
    language: Mapped[str] = mapped_column(String(8))

    __table_args__ = (UniqueConstraint("learner_id", "module_id"), {"sqlite_autoincrement": True})
