"""Certificates: frozen facts, and the file that was made of them once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, delete, func, select, update
from sqlalchemy.orm import Session

from course.storage.insert import insert_if_new
from course.storage.tables import Certificate, CertificateFile


@dataclass(frozen=True, slots=True)
class StoredCertificate:
    id: int
    learner_id: int | None
    track_id: str
    edition: str
    #: 1, and more when the one before was replaced.
    sequence: int
    code: str
    issued_at: datetime
    valid_until: date | None
    #: None once the holder's data is erased.
    facts: str | None
    facts_hash: str


_COLUMNS: tuple[Any, ...] = (
    Certificate.id,
    Certificate.learner_id,
    Certificate.track_id,
    Certificate.edition,
    Certificate.sequence,
    Certificate.code,
    Certificate.issued_at,
    Certificate.valid_until,
    Certificate.facts,
    Certificate.facts_hash,
)


def certificates_of(connection: Connection, learner_id: int) -> list[StoredCertificate]:
    """Newest first; without those whose name was dropped, as their time is over."""
    rows = connection.execute(
        select(*_COLUMNS)
        .where(Certificate.learner_id == learner_id, Certificate.facts.is_not(None))
        .order_by(Certificate.issued_at.desc(), Certificate.id.desc())
    )
    return [StoredCertificate(*row) for row in rows]


def certificate_for(
    connection: Connection, learner_id: int, *, track_id: str, edition: str
) -> StoredCertificate | None:
    """The newest one for this right."""
    row = connection.execute(
        select(*_COLUMNS)
        .where(Certificate.learner_id == learner_id, Certificate.track_id == track_id, Certificate.edition == edition)
        .order_by(Certificate.sequence.desc())
        .limit(1)
    ).first()
    return StoredCertificate(*row) if row else None


def certificate_by_code(connection: Connection, code: str) -> StoredCertificate | None:
    row = connection.execute(select(*_COLUMNS).where(Certificate.code == code)).first()
    return StoredCertificate(*row) if row else None


def certificate_by_id(connection: Connection, certificate_id: int) -> StoredCertificate | None:
    row = connection.execute(select(*_COLUMNS).where(Certificate.id == certificate_id)).first()
    return StoredCertificate(*row) if row else None


def certificates_by_id(connection: Connection, certificate_ids: Sequence[int]) -> list[StoredCertificate]:
    rows = connection.execute(select(*_COLUMNS).where(Certificate.id.in_(certificate_ids)).order_by(Certificate.id))
    return [StoredCertificate(*row) for row in rows]


def lock_certificate(session: Session, certificate_id: int) -> StoredCertificate | None:
    """The same, held until the end of the transaction: of two who change it at once, the second sees the first."""
    row = session.execute(select(*_COLUMNS).where(Certificate.id == certificate_id).with_for_update()).first()
    return StoredCertificate(*row) if row else None


def last_sequence(connection: Connection, stored: StoredCertificate) -> int:
    """How far the certificates for one right are counted."""
    if stored.learner_id is None:
        # Nobody's record holds it, so the rule of one for each place does not reach it.
        return stored.sequence
    newest = certificate_for(connection, stored.learner_id, track_id=stored.track_id, edition=stored.edition)
    return newest.sequence if newest else stored.sequence


def add_certificate(session: Session, values: Mapping[str, Any]) -> bool:
    """False when this learner has one with this number in the sequence for the track and edition already."""
    return insert_if_new(session, Certificate, [dict(values)]) == 1


def forget_holder(session: Session, learner_id: int) -> list[int]:
    """Drop name, facts and files of all that this learner holds. Number, edition, date and hash stay."""
    ids = list(session.execute(select(Certificate.id).where(Certificate.learner_id == learner_id)).scalars())
    session.execute(delete(CertificateFile).where(CertificateFile.certificate_id.in_(ids)))
    session.execute(update(Certificate).where(Certificate.id.in_(ids)).values(holder=None, facts=None, learner_id=None))
    return ids


# Files


def add_file(session: Session, certificate_id: int, pdf: bytes, *, sha256: str, now: datetime) -> bool:
    """False when the file was made by another request meanwhile: the first one stands for ever."""
    row = {"certificate_id": certificate_id, "pdf": pdf, "sha256": sha256, "made_at": now}
    return insert_if_new(session, CertificateFile, [row]) == 1


def file_of(connection: Connection, certificate_id: int) -> bytes | None:
    row = connection.execute(
        select(CertificateFile.pdf).where(CertificateFile.certificate_id == certificate_id)
    ).first()
    return bytes(row[0]) if row else None


def _without_file() -> tuple[ColumnElement[bool], ...]:
    made = select(CertificateFile.certificate_id).where(CertificateFile.certificate_id == Certificate.id).exists()
    return Certificate.facts.is_not(None), ~made


def without_file(connection: Connection, *, after: int, limit: int) -> list[StoredCertificate]:
    """The next certificates whose file was never made, in the order of their ids."""
    rows = connection.execute(
        select(*_COLUMNS).where(Certificate.id > after, *_without_file()).order_by(Certificate.id).limit(limit)
    )
    return [StoredCertificate(*row) for row in rows]


def count_without_file(connection: Connection) -> int:
    return int(connection.execute(select(func.count()).select_from(Certificate).where(*_without_file())).scalar_one())


# The register


def search(
    connection: Connection, *, words: Sequence[str], track_id: str, before: int | None, limit: int
) -> list[StoredCertificate]:
    """Certificates whose holder's name has all the words, newest first; those older than the id `before`."""
    conditions: list[ColumnElement[bool]] = [Certificate.holder.contains(word, autoescape=True) for word in words]
    if track_id:
        conditions.append(Certificate.track_id == track_id)
    if before is not None:
        conditions.append(Certificate.id < before)
    rows = connection.execute(select(*_COLUMNS).where(*conditions).order_by(Certificate.id.desc()).limit(limit))
    return [StoredCertificate(*row) for row in rows]
