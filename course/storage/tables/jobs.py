"""Long work that somebody waits for: how far it is, and the file it leads to."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from course.storage.tables.base import Base, Moment


class Job(Base):
    """A ZIP of certificates, asked for by an account. Its file is there for some days."""

    __tablename__ = "job"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), index=True)
    #: open, done, dropped
    state: Mapped[str] = mapped_column(String(10), default="open")
    total: Mapped[int]
    done: Mapped[int] = mapped_column(default=0)
    #: What went wrong at the last try; the worker tries again.
    error: Mapped[str] = mapped_column(Text, default="")
    created_at: Mapped[datetime] = mapped_column(Moment)
    expires_at: Mapped[datetime] = mapped_column(Moment, index=True)

    __table_args__ = ({"sqlite_autoincrement": True},)


class JobCertificate(Base):
    """Which certificates are in a job's file: whoever's data is erased is taken out of it too."""

    __tablename__ = "job_certificate"

    job_id: Mapped[int] = mapped_column(ForeignKey("job.id", ondelete="CASCADE"), primary_key=True)
    certificate_id: Mapped[int] = mapped_column(ForeignKey("certificate.id"), primary_key=True, index=True)


class JobPart(Base):
    """A piece of a job's file, so that it is written and sent without being held in memory as a whole."""

    __tablename__ = "job_part"

    job_id: Mapped[int] = mapped_column(ForeignKey("job.id", ondelete="CASCADE"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    content: Mapped[bytes] = mapped_column(LargeBinary)
