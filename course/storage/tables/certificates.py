"""Certificates and their files."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from course.storage.tables.base import Base, Moment


class Certificate(Base):
    """One for a learner, a track and an edition. The facts are frozen when it is issued."""

    __tablename__ = "certificate"

    id: Mapped[int] = mapped_column(primary_key=True)
    learner_id: Mapped[int | None] = mapped_column(ForeignKey("learner.id", ondelete="SET NULL"), index=True)
    track_id: Mapped[str] = mapped_column(String(80))
    edition: Mapped[str] = mapped_column(String(20))
    code: Mapped[str] = mapped_column(String(40), unique=True)
    issued_at: Mapped[datetime] = mapped_column(Moment)
    #: Canonical JSON, exactly the bytes that the hash was taken of.
    facts: Mapped[str] = mapped_column(String)
    facts_hash: Mapped[str] = mapped_column(String(64))

    __table_args__ = (UniqueConstraint("learner_id", "track_id", "edition"),)


class CertificateFile(Base):
    """The PDF, made once and served byte for byte."""

    __tablename__ = "certificate_file"

    certificate_id: Mapped[int] = mapped_column(ForeignKey("certificate.id", ondelete="CASCADE"), primary_key=True)
    pdf: Mapped[bytes] = mapped_column(LargeBinary)
    sha256: Mapped[str] = mapped_column(String(64))
    made_at: Mapped[datetime] = mapped_column(Moment)
