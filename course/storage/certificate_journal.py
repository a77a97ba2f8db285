"""The journals of certificates: lines are added and read, never changed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select
from sqlalchemy.orm import Session

from course.storage.insert import insert_if_new
from course.storage.tables import Account, Certificate, CertificateEvent


@dataclass(frozen=True, slots=True)
class StoredEvent:
    certificate_id: int
    deed: str
    at: datetime
    actor: str
    #: Who did it, when it was someone signed in whose account is still there.
    account_name: str | None
    reason: str | None
    note: str
    successor_code: str | None


def add_event(
    session: Session,
    certificate_id: int,
    deed: str,
    *,
    at: datetime,
    actor: str,
    account_id: int | None = None,
    reason: str | None = None,
    note: str = "",
    successor_id: int | None = None,
) -> bool:
    """False when the journal has a line of this kind: what can happen once happens once."""
    row = {
        "certificate_id": certificate_id,
        "deed": deed,
        "at": at,
        "actor": actor,
        "account_id": account_id,
        "reason": reason,
        "note": note,
        "successor_id": successor_id,
    }
    return insert_if_new(session, CertificateEvent, [row]) == 1


def events_of(connection: Connection, certificate_ids: Iterable[int]) -> dict[int, list[StoredEvent]]:
    """The journal of each certificate, oldest line first."""
    journals: dict[int, list[StoredEvent]] = {certificate_id: [] for certificate_id in certificate_ids}
    if not journals:
        return journals
    rows = connection.execute(
        select(
            CertificateEvent.certificate_id,
            CertificateEvent.deed,
            CertificateEvent.at,
            CertificateEvent.actor,
            Account.name,
            CertificateEvent.reason,
            CertificateEvent.note,
            Certificate.code,
        )
        .outerjoin(Account, Account.id == CertificateEvent.account_id)
        .outerjoin(Certificate, Certificate.id == CertificateEvent.successor_id)
        .where(CertificateEvent.certificate_id.in_(journals))
        .order_by(CertificateEvent.at, CertificateEvent.id)
    )
    for row in rows:
        event = StoredEvent(*row)
        journals[event.certificate_id].append(event)
    return journals


def ended_between(connection: Connection, *, first: int, last: int, deeds: Iterable[str]) -> list[int]:
    """Ids from `first` to `last` of the certificates whose journal has one of these lines."""
    rows = connection.execute(
        select(CertificateEvent.certificate_id)
        .where(CertificateEvent.certificate_id.between(first, last), CertificateEvent.deed.in_(list(deeds)))
        .distinct()
        .order_by(CertificateEvent.certificate_id)
    )
    return list(rows.scalars())
