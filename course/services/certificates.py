"""Issue a certificate once, serve its file for ever, and answer who asks whether it is real."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from course.content.library import Library, Track
from course.domain.certificate import (
    CODE_BYTES,
    CertificateFacts,
    canonical_json,
    facts_from_json,
    facts_hash,
    new_code,
    normal_name,
    same_name,
)
from course.domain.errors import NotThere
from course.domain.progress import require_earned
from course.storage import certificates, learning, people
from course.storage.certificates import StoredCertificate
from course.storage.engine import Store

#: The day on a certificate is the day in Finland.
HOME = ZoneInfo("Europe/Helsinki")


class CertificateRenderer(Protocol):
    def render(self, facts: CertificateFacts) -> bytes: ...

    def wake(self) -> None:
        """Get ready: somebody is about to ask for a certificate."""
        ...


@dataclass(frozen=True, slots=True)
class HeldCertificate:
    id: int
    facts: CertificateFacts
    facts_hash: str
    issued_at: datetime


def _held(stored: StoredCertificate) -> HeldCertificate:
    return HeldCertificate(stored.id, facts_from_json(stored.facts.encode()), stored.facts_hash, stored.issued_at)


def counted_modules(library: Library, track: Track) -> list[str]:
    """The modules of a track that have text: only they are counted."""
    shown = {module.id for module in library.modules}
    return [module_id for module_id in track.module_ids if module_id in shown]


def nominal_minutes(library: Library, track: Track) -> int:
    return sum(library.module(module_id).minutes for module_id in counted_modules(library, track))


def issue_certificate(
    store: Store,
    library: Library,
    *,
    learner_id: int,
    track_id: str,
    name: str,
    language: str,
    verify_url: Callable[[str], str],
    now: datetime,
) -> HeldCertificate:
    """The certificate of this learner for this track and edition: a new one, or the one issued before.

    Twenty requests at once make one; the name of the first stands. Raises NotEarnedYet and NameNeeded.
    """
    track = library.track(track_id)
    holder = normal_name(name)
    with store.writing() as session:
        connection = session.connection()
        progress = learning.progress_in(session, learner_id)
        require_earned(track_id, track.module_ids, [module.id for module in library.modules], progress)
        facts = _facts(library, track, holder, language, verify_url, now)
        new = certificates.add_certificate(
            session,
            {
                "learner_id": learner_id,
                "track_id": track_id,
                "edition": library.edition,
                "code": facts.code,
                "issued_at": now,
                "facts": canonical_json(facts).decode(),
                "facts_hash": facts_hash(facts),
            },
        )
        if new:
            people.record_changed(session, learner_id)
        stored = certificates.certificate_for(connection, learner_id, track_id=track_id, edition=library.edition)
    assert stored is not None
    return _held(stored)


def _facts(
    library: Library,
    track: Track,
    holder: str,
    language: str,
    verify_url: Callable[[str], str],
    now: datetime,
) -> CertificateFacts:
    code = new_code(secrets.token_bytes(CODE_BYTES))
    return CertificateFacts(
        name=holder,
        course_id=library.id,
        course_title=library.title[language],
        track_id=track.id,
        track_title=track.title[language],
        edition=library.edition,
        minutes=nominal_minutes(library, track),
        modules=tuple((one, library.module(one).title[language]) for one in counted_modules(library, track)),
        language=language,
        issued_on=now.astimezone(HOME).date(),
        code=code,
        verify_url=verify_url(code),
        issuer=library.title[language],
    )


def certificates_held(connection: Connection, learner_id: int) -> list[HeldCertificate]:
    """Newest first."""
    return [_held(stored) for stored in certificates.certificates_of(connection, learner_id)]


def certificate_pdf(
    store: Store, renderer: CertificateRenderer, *, certificate_id: int, learner_id: int, now: datetime
) -> bytes:
    """The file, made at the first request and the same bytes ever after. A certificate of someone else is not there.

    No transaction is open while it is rendered: readers and writers go on.
    """
    with store.reading() as connection:
        stored = certificates.certificate_by_id(connection, certificate_id)
        if stored is None or stored.learner_id != learner_id:
            raise NotThere(str(certificate_id))
        pdf = certificates.file_of(connection, certificate_id)
    if pdf is not None:
        return pdf
    made = renderer.render(_held(stored).facts)
    with store.writing() as session:
        certificates.add_file(session, certificate_id, made, sha256=hashlib.sha256(made).hexdigest(), now=now)
        kept = certificates.file_of(session.connection(), certificate_id)
    assert kept is not None
    return kept


def verify_code(connection: Connection, code: str) -> HeldCertificate | None:
    """The certificate of this number, or None when it was never issued."""
    stored = certificates.certificate_by_code(connection, code)
    return _held(stored) if stored else None


def is_holder(certificate: HeldCertificate, typed_name: str) -> bool:
    return same_name(certificate.facts.name, typed_name)
