"""Certificates: frozen facts, and the file that was made of them once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select
from sqlalchemy.orm import Session

from course.storage.insert import insert_if_new
from course.storage.tables import Certificate, CertificateFile


@dataclass(frozen=True, slots=True)
class StoredCertificate:
    id: int
    learner_id: int | None
    track_id: str
    edition: str
    code: str
    issued_at: datetime
    facts: str
    facts_hash: str


_COLUMNS = (
    Certificate.id,
    Certificate.learner_id,
    Certificate.track_id,
    Certificate.edition,
    Certificate.code,
    Certificate.issued_at,
    Certificate.facts,
    Certificate.facts_hash,
)


def certificates_of(connection: Connection, learner_id: int) -> list[StoredCertificate]:
    rows = connection.execute(
        select(*_COLUMNS).where(Certificate.learner_id == learner_id).order_by(Certificate.issued_at.desc())
    )
    return [StoredCertificate(*row) for row in rows]


def certificate_for(
    connection: Connection, learner_id: int, *, track_id: str, edition: str
) -> StoredCertificate | None:
    row = connection.execute(
        select(*_COLUMNS).where(
            Certificate.learner_id == learner_id, Certificate.track_id == track_id, Certificate.edition == edition
        )
    ).first()
    return StoredCertificate(*row) if row else None


def certificate_by_code(connection: Connection, code: str) -> StoredCertificate | None:
    row = connection.execute(select(*_COLUMNS).where(Certificate.code == code)).first()
    return StoredCertificate(*row) if row else None


def certificate_by_id(connection: Connection, certificate_id: int) -> StoredCertificate | None:
    row = connection.execute(select(*_COLUMNS).where(Certificate.id == certificate_id)).first()
    return StoredCertificate(*row) if row else None


def add_certificate(session: Session, values: Mapping[str, Any]) -> bool:
    """False when this learner holds one for the track and edition already."""
    return insert_if_new(session, Certificate, [dict(values)]) == 1


def add_file(session: Session, certificate_id: int, pdf: bytes, *, sha256: str, now: datetime) -> bool:
    """False when the file was made by another request meanwhile: the first one stands for ever."""
    row = {"certificate_id": certificate_id, "pdf": pdf, "sha256": sha256, "made_at": now}
    return insert_if_new(session, CertificateFile, [row]) == 1


def file_of(connection: Connection, certificate_id: int) -> bytes | None:
    row = connection.execute(
        select(CertificateFile.pdf).where(CertificateFile.certificate_id == certificate_id)
    ).first()
    return bytes(row[0]) if row else None
