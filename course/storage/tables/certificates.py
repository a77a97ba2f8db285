"""Certificates, their journals and their files. No row is ever deleted."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import Date, ForeignKey, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from course.storage.tables.base import Base, Moment


class Certificate(Base):
    """One for a learner, a track and an edition, and one more for each correction of the name. The facts are frozen."""

    __tablename__ = "certificate"

    id: Mapped[int] = mapped_column(primary_key=True)
    learner_id: Mapped[int | None] = mapped_column(ForeignKey("learner.id", ondelete="SET NULL"), index=True)
    track_id: Mapped[str] = mapped_column(String(80))
    edition: Mapped[str] = mapped_column(String(20))
    #: Of its words; kept when the holder's data is erased, as the counts need it.
    language: Mapped[str] = mapped_column(String(8), default="", server_default="")
    #: 1, and more when the one before was replaced: of many requests at once one makes the next.
    sequence: Mapped[int] = mapped_column(default=1, server_default="1")
    code: Mapped[str] = mapped_column(String(40), unique=True)
    issued_at: Mapped[datetime] = mapped_column(Moment)
    valid_until: Mapped[date | None] = mapped_column(Date)
    #: The name as names are compared, to search for; None once the holder's data is erased.
    holder: Mapped[str | None] = mapped_column(String(400))
    #: Canonical JSON, exactly the bytes that the hash was taken of; None once the holder's data is erased.
    facts: Mapped[str | None] = mapped_column(String)
    facts_hash: Mapped[str] = mapped_column(String(64))

    __table_args__ = (UniqueConstraint("learner_id", "track_id", "edition", "sequence"),)


class CertificateEvent(Base):
    """A line of a certificate's journal: what happened, when, by whom and why."""

    __tablename__ = "certificate_event"

    id: Mapped[int] = mapped_column(primary_key=True)
    certificate_id: Mapped[int] = mapped_column(ForeignKey("certificate.id"))
    #: issued, replaced, revoked, erased; each at most once.
    deed: Mapped[str] = mapped_column(String(16))
    at: Mapped[datetime] = mapped_column(Moment)
    #: holder, administrator, operator
    actor: Mapped[str] = mapped_column(String(16))
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"), index=True)
    #: Of a revocation: a class of a closed list, and words for administrators only.
    reason: Mapped[str | None] = mapped_column(String(16))
    note: Mapped[str] = mapped_column(Text, default="", server_default="")
    #: Of a replacement: the certificate that stands in its place.
    successor_id: Mapped[int | None] = mapped_column(ForeignKey("certificate.id"))

    __table_args__ = (UniqueConstraint("certificate_id", "deed"),)


class CertificateFile(Base):
    """The PDF, made once and served byte for byte."""

    __tablename__ = "certificate_file"

    certificate_id: Mapped[int] = mapped_column(ForeignKey("certificate.id", ondelete="CASCADE"), primary_key=True)
    pdf: Mapped[bytes] = mapped_column(LargeBinary)
    sha256: Mapped[str] = mapped_column(String(64))
    made_at: Mapped[datetime] = mapped_column(Moment)
