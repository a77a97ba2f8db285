"""Tries that are counted."""

from __future__ import annotations

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from course.storage.tables.base import Base


class Throttle(Base):
    """Tries of something that must not be guessed, counted by window; shared by all processes."""

    __tablename__ = "throttle"

    #: What is throttled and for whom, hashed: no network address is kept in the clear.
    key: Mapped[str] = mapped_column(String(43), primary_key=True)
    #: Start of the window, seconds since the epoch.
    window: Mapped[int] = mapped_column(primary_key=True)
    tries: Mapped[int]
