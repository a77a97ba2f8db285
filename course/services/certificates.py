"""Issue a certificate once for each right, and tell a learner what she holds."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy import Connection
from sqlalchemy.orm import Session

from course.content.library import Library, Track
from course.content.wording import wording
from course.domain.certificate import (
    CODE_BYTES,
    CertificateFacts,
    canonical_json,
    comparable_name,
    facts_from_json,
    facts_hash,
    new_code,
    normal_name,
)
from course.domain.certificate_state import (
    Actor,
    Deed,
    Event,
    Reason,
    Standing,
    day_at_home,
    last_valid_day,
    require_replaceable,
    standing,
)
from course.domain.errors import NotThere
from course.domain.progress import require_earned
from course.services.audit import What, by_account, record_audit
from course.services.tally import counted, finish_tracks
from course.storage import certificate_journal, certificates, learning, people, waivers
from course.storage.certificate_journal import StoredEvent
from course.storage.certificates import StoredCertificate
from course.storage.engine import Store

#: What makes the address of the check page for a number.
VerifyUrl = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class HeldCertificate:
    """A certificate whose holder's data is there."""

    id: int
    facts: CertificateFacts
    facts_hash: str
    issued_at: datetime
    #: Counts the certificates for one right, from 1.
    sequence: int
    standing: Standing


@dataclass(frozen=True, slots=True)
class By:
    """Who does something to a certificate."""

    actor: Actor
    account_id: int | None = None


HOLDER = By(Actor.HOLDER)
OPERATOR = By(Actor.OPERATOR)


def event_of(stored: StoredEvent) -> Event:
    return Event(
        deed=Deed(stored.deed),
        at=stored.at,
        reason=Reason(stored.reason) if stored.reason else None,
        successor=stored.successor_code,
    )


def standing_of(stored: StoredCertificate, journal: Iterable[StoredEvent], today: date) -> Standing:
    return standing(map(event_of, journal), stored.valid_until, today)


def held(stored: StoredCertificate, journal: Iterable[StoredEvent], now: datetime) -> HeldCertificate:
    """Raises NotThere for a certificate whose holder's data is erased."""
    if stored.facts is None:
        raise NotThere(str(stored.id))
    return HeldCertificate(
        id=stored.id,
        facts=facts_from_json(stored.facts.encode()),
        facts_hash=stored.facts_hash,
        issued_at=stored.issued_at,
        sequence=stored.sequence,
        standing=standing_of(stored, journal, day_at_home(now)),
    )


def counted_modules(library: Library, track: Track) -> list[str]:
    """The modules of a track that have text: only they are counted."""
    shown = {module.id for module in library.modules}
    return [module_id for module_id in track.module_ids if module_id in shown]


def nominal_minutes(library: Library, track: Track) -> int:
    return sum(library.module(module_id).minutes for module_id in counted_modules(library, track))


def certificates_held(connection: Connection, learner_id: int, now: datetime) -> list[HeldCertificate]:
    """All that a learner was ever given, newest first, with what each is worth now."""
    found = certificates.certificates_of(connection, learner_id)
    journals = certificate_journal.events_of(connection, [stored.id for stored in found])
    return [held(stored, journals[stored.id], now) for stored in found]


def certificate_held(connection: Connection, certificate_id: int, learner_id: int, now: datetime) -> HeldCertificate:
    """One of them. A certificate of someone else is not there."""
    stored = certificates.certificate_by_id(connection, certificate_id)
    if stored is None or stored.learner_id != learner_id:
        raise NotThere(str(certificate_id))
    return held(stored, certificate_journal.events_of(connection, [stored.id])[stored.id], now)


def issue_certificate(
    store: Store,
    library: Library,
    *,
    learner_id: int,
    track_id: str,
    name: str,
    language: str,
    verify_url: VerifyUrl,
    now: datetime,
    by: By = HOLDER,
) -> HeldCertificate:
    """The certificate of this learner for this track and edition: a new one, or the one issued before.

    Twenty requests at once make one; the name of the first stands. Raises NotEarnedYet and NameNeeded.
    """
    track = library.track(track_id)
    holder = normal_name(name)
    with store.writing() as session:
        progress = learning.progress_of(session, learner_id)
        require_earned(track_id, track.module_ids, [module.id for module in library.modules], progress)
        facts = new_facts(library, track, holder, language, verify_url, now, _waived(session, learner_id))
        with counted(session, [learner_id]):
            finish_tracks(session, library, learner_id, language=language)
            _add(session, facts, learner_id=learner_id, sequence=1, now=now, by=by)
        connection = session.connection()
        stored = certificates.certificate_for(connection, learner_id, track_id=track_id, edition=library.edition)
        assert stored is not None
        journal = certificate_journal.events_of(connection, [stored.id])
    return held(stored, journal[stored.id], now)


def _add(
    session: Session, facts: CertificateFacts, *, learner_id: int | None, sequence: int, now: datetime, by: By
) -> int | None:
    """The id of the new certificate, in whose journal the first line stands; None when there was one in this place."""
    row = {
        "learner_id": learner_id,
        "track_id": facts.track_id,
        "edition": facts.edition,
        "language": facts.language,
        "sequence": sequence,
        "code": facts.code,
        "issued_at": now,
        "valid_until": facts.valid_until,
        "holder": comparable_name(facts.name),
        "facts": canonical_json(facts).decode(),
        "facts_hash": facts_hash(facts),
    }
    if not certificates.add_certificate(session, row):
        return None
    stored = certificates.certificate_by_code(session.connection(), facts.code)
    assert stored is not None
    certificate_journal.add_event(session, stored.id, Deed.ISSUED, at=now, actor=by.actor, account_id=by.account_id)
    if learner_id is not None:
        people.record_changed(session, learner_id)
    return stored.id


def new_facts(
    library: Library,
    track: Track,
    holder: str,
    language: str,
    verify_url: VerifyUrl,
    now: datetime,
    waived: Collection[str] = (),
) -> CertificateFacts:
    """What a certificate issued now states, under a number of its own. `waived` are modules that a trainer passed."""
    code = new_code(secrets.token_bytes(CODE_BYTES))
    issued_on = day_at_home(now)
    return CertificateFacts(
        name=holder,
        course_id=library.id,
        course_title=library.title[language],
        track_id=track.id,
        track_title=track.title[language],
        edition=library.edition,
        minutes=nominal_minutes(library, track),
        modules=tuple(_named(library, one, language, waived) for one in counted_modules(library, track)),
        language=language,
        issued_on=issued_on,
        code=code,
        verify_url=verify_url(code),
        issuer=library.title[language],
        valid_until=last_valid_day(issued_on, track.valid_years),
    )


def _waived(session: Session, learner_id: int) -> frozenset[str]:
    found = waivers.waivers_of_learner(session.connection(), learner_id)
    return frozenset(module_id for module_id, waiver in found.items() if waiver.counts)


def _named(library: Library, module_id: str, language: str, waived: Collection[str]) -> tuple[str, str]:
    """A module as a certificate lists it: of one that a trainer passed her in, it says so wherever it is shown."""
    title = library.module(module_id).title[language]
    return module_id, f"{title} ({wording(language).waived})" if module_id in waived else title


def replace_certificate(
    store: Store,
    *,
    certificate_id: int,
    name: str,
    verify_url: VerifyUrl,
    now: datetime,
    by: By,
    learner_id: int | None = None,
) -> HeldCertificate:
    """A certificate with the corrected name and a number of its own. The one before says from now on what replaced it.

    All else that it states, the day of issue too, stays as it was. `learner_id` is given when the holder asks: somebody
    else's certificate is not there. Raises NotThere, NameNeeded and CertificateClosed.
    """
    holder = normal_name(name)
    with store.writing() as session:
        stored = certificates.lock_certificate(session, certificate_id)
        if stored is None or (learner_id is not None and stored.learner_id != learner_id):
            raise NotThere(str(certificate_id))
        connection = session.connection()
        before = held(stored, certificate_journal.events_of(connection, [stored.id])[stored.id], now)
        require_replaceable(before.standing, sequence=before.sequence, actor=by.actor)
        code = new_code(secrets.token_bytes(CODE_BYTES))
        facts = replace(before.facts, name=holder, code=code, verify_url=verify_url(code))
        place = certificates.last_sequence(connection, stored) + 1
        new_id = _add(session, facts, learner_id=stored.learner_id, sequence=place, now=now, by=by)
        assert new_id is not None, "the certificate is locked, so nobody else takes the place after it"
        certificate_journal.add_event(
            session, stored.id, Deed.REPLACED, at=now, actor=by.actor, account_id=by.account_id, successor_id=new_id
        )
        if by.actor is not Actor.HOLDER:
            who = by_account(by.account_id)
            record_audit(session, who, What.REPLACED, f"certificate:{stored.id}", {"by": new_id}, now=now)
        successor = certificates.certificate_by_id(connection, new_id)
        assert successor is not None
        journal = certificate_journal.events_of(connection, [new_id])
    return held(successor, journal[new_id], now)
