"""The register of certificates as administrators see it: search, journal, revocation, and erasure of a holder."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection
from sqlalchemy.orm import Session

from course.domain.certificate import CertificateFacts, comparable_name, facts_from_json, normal_code
from course.domain.certificate_state import Actor, Deed, Reason, Standing, day_at_home, require_revocable
from course.domain.errors import NotThere
from course.services.audit import What, by_account, record_audit
from course.services.certificates import By, standing_of
from course.storage import certificate_journal, certificates, jobs, people
from course.storage.certificate_journal import StoredEvent
from course.storage.certificates import StoredCertificate
from course.storage.engine import Store

PAGE_SIZE = 50
#: Words for colleagues, not a file.
NOTE_MAX = 1000


@dataclass(frozen=True, slots=True)
class Entry:
    """A certificate in the register."""

    id: int
    learner_id: int | None
    code: str
    track_id: str
    edition: str
    sequence: int
    issued_at: datetime
    valid_until: date | None
    #: None once the holder's data is erased.
    facts: CertificateFacts | None
    facts_hash: str
    standing: Standing
    journal: tuple[StoredEvent, ...]


def _entry(stored: StoredCertificate, journal: list[StoredEvent], now: datetime) -> Entry:
    return Entry(
        id=stored.id,
        learner_id=stored.learner_id,
        code=stored.code,
        track_id=stored.track_id,
        edition=stored.edition,
        sequence=stored.sequence,
        issued_at=stored.issued_at,
        valid_until=stored.valid_until,
        facts=facts_from_json(stored.facts.encode()) if stored.facts is not None else None,
        facts_hash=stored.facts_hash,
        standing=standing_of(stored, journal, day_at_home(now)),
        journal=tuple(journal),
    )


def _entries(connection: Connection, found: list[StoredCertificate], now: datetime) -> list[Entry]:
    journals = certificate_journal.events_of(connection, [stored.id for stored in found])
    return [_entry(stored, journals[stored.id], now) for stored in found]


def search_register(
    connection: Connection, *, text: str, track_id: str, before: int | None, now: datetime
) -> tuple[list[Entry], int | None]:
    """(entries, where the next page begins): by number, or by words of the holder's name, newest first."""
    code = normal_code(text)
    if code is not None:
        stored = certificates.certificate_by_code(connection, code)
        return _entries(connection, [stored] if stored else [], now), None
    words = comparable_name(text).split()
    found = certificates.search(connection, words=words, track_id=track_id, before=before, limit=PAGE_SIZE + 1)
    shown = found[:PAGE_SIZE]
    return _entries(connection, shown, now), shown[-1].id if len(found) > PAGE_SIZE else None


def register_entry(connection: Connection, certificate_id: int, now: datetime) -> Entry:
    """One certificate with its journal. Raises NotThere."""
    stored = certificates.certificate_by_id(connection, certificate_id)
    if stored is None:
        raise NotThere(str(certificate_id))
    return _entries(connection, [stored], now)[0]


def entry_by_code(connection: Connection, code: str, now: datetime) -> Entry:
    """The same by number. Raises NotThere."""
    normal = normal_code(code)
    stored = certificates.certificate_by_code(connection, normal) if normal else None
    if stored is None:
        raise NotThere(code)
    return _entries(connection, [stored], now)[0]


def revoke_certificate(store: Store, *, certificate_id: int, reason: Reason, note: str, by: By, now: datetime) -> None:
    """Say from now on that it is worth nothing, and why. Doing it twice changes nothing. Raises CertificateClosed.

    Only administrators may ask for it, and whoever looks after the machine; the caller has seen to that.
    """
    with store.writing() as session:
        stored = certificates.lock_certificate(session, certificate_id)
        if stored is None:
            raise NotThere(str(certificate_id))
        journal = certificate_journal.events_of(session.connection(), [certificate_id])[certificate_id]
        require_revocable(standing_of(stored, journal, day_at_home(now)))
        certificate_journal.add_event(
            session,
            certificate_id,
            Deed.REVOKED,
            at=now,
            actor=by.actor,
            account_id=by.account_id,
            reason=reason,
            note=note.strip()[:NOTE_MAX],
        )
        if stored.learner_id is not None:
            people.record_changed(session, stored.learner_id)
        details = {"reason": reason.value}
        record_audit(
            session, by_account(by.account_id), What.REVOKED, f"certificate:{certificate_id}", details, now=now
        )


def erase_holder(session: Session, learner_id: int, *, now: datetime, by: By | None = None) -> int:
    """Take the name out of everything that this learner holds: facts, files, and files made of several certificates.

    Number, edition, date and hash stay, and the number still verifies. How many certificates it concerned. Part of the
    erasure of a learner, in its transaction: call it before the learner's row is deleted.
    """
    done_by = by or By(Actor.HOLDER)
    ids = certificates.forget_holder(session, learner_id)
    jobs.drop_files_with(session, ids)
    for certificate_id in ids:
        certificate_journal.add_event(
            session, certificate_id, Deed.ERASED, at=now, actor=done_by.actor, account_id=done_by.account_id
        )
    return len(ids)
