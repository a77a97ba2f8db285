"""How far learners have come in the branching cases."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from course.storage.tables.base import Base, Moment


class CasePath(Base):
    """One learner's way through one case: the latest only, and no result is kept beside it."""

    __tablename__ = "case_path"

    learner_id: Mapped[int] = mapped_column(ForeignKey("learner.id", ondelete="CASCADE"), primary_key=True)
    case_id: Mapped[str] = mapped_column(String(80), primary_key=True)
    #: The decisions in their order, "place=choice" joined by spaces; empty at the beginning.
    path: Mapped[str] = mapped_column(String(4000))
    changed_at: Mapped[datetime] = mapped_column(Moment)
