"""Counters, what was published of them, completed tracks, and the keys of the API."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import JSON, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from course.storage.tables.base import Base, Moment


class TrackCompletion(Base):
    """A track whose every module was passed, as the track was then. A later edition takes it from nobody."""

    __tablename__ = "track_completion"

    learner_id: Mapped[int] = mapped_column(ForeignKey("learner.id", ondelete="CASCADE"), primary_key=True)
    track_id: Mapped[str] = mapped_column(String(80), primary_key=True)
    #: When the last of its modules was passed.
    completed_at: Mapped[datetime] = mapped_column(Moment)
    edition: Mapped[str] = mapped_column(String(20))
    language: Mapped[str] = mapped_column(String(8))
    #: The modules that it rests on.
    module_ids: Mapped[list[str]] = mapped_column(JSON)


class CountCell:
    """A number in the finest division that counts have. "" is not known."""

    #: See `course.domain.counts.Kind`.
    kind: Mapped[str] = mapped_column(String(16), primary_key=True)
    #: The module or the track; "" where the whole course is meant.
    subject: Mapped[str] = mapped_column(String(80), primary_key=True)
    #: In Finland, "2026-03".
    month: Mapped[str] = mapped_column(String(7), primary_key=True)
    network: Mapped[str] = mapped_column(String(80), primary_key=True)
    organisation: Mapped[str] = mapped_column(String(80), primary_key=True)
    profession: Mapped[str] = mapped_column(String(80), primary_key=True)
    language: Mapped[str] = mapped_column(String(8), primary_key=True)
    edition: Mapped[str] = mapped_column(String(20), primary_key=True)
    way_in: Mapped[str] = mapped_column(String(10), primary_key=True)
    n: Mapped[int]


class Tally(CountCell, Base):
    """A maintained counter: what its records say, changed in the transaction that changes them."""

    __tablename__ = "tally"


class PublishedCount(CountCell, Base):
    """A protected counter of a month that is closed: what everybody gets, made once and never changed."""

    __tablename__ = "published_count"


class ClosedMonth(Base):
    """A month up to which the counts are published. Of two processes that close it at once, one does."""

    __tablename__ = "closed_month"

    month: Mapped[str] = mapped_column(String(7), primary_key=True)
    closed_at: Mapped[datetime] = mapped_column(Moment)


class ApiKey(Base):
    """What lets another program read the protected counts. The key itself is shown once; its hash is kept."""

    __tablename__ = "api_key"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    #: Who uses it, in an administrator's words.
    name: Mapped[str] = mapped_column(String(120))
    key_hash: Mapped[str] = mapped_column(String(43), unique=True)
    created_at: Mapped[datetime] = mapped_column(Moment)
    created_by: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"), index=True)
    revoked_at: Mapped[datetime | None] = mapped_column(Moment)

    __table_args__ = ({"sqlite_autoincrement": True},)
