"""Each certificate's file is made once and served for ever. When many come at once, it is made by the worker."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import Any, Protocol

from sqlalchemy import Connection

from course.domain.certificate import CertificateFacts, facts_from_json, normal_code
from course.domain.certificate_state import Deed
from course.domain.errors import CertificateClosed, NotThere
from course.services.certificates import certificate_held
from course.services.work import GiveUp
from course.storage import certificate_journal, certificates, outbox
from course.storage.certificates import StoredCertificate
from course.storage.engine import Store

CERTIFICATE_FILE = "certificate-file"
#: Requests of one process that wait for their file: one is being made, one is next. The others leave and come back.
WAITING = 2
#: How many certificates share a list of revoked badges; as `course.exports.badge` has it.
LIST_SIZE = 131_072


class CertificateRenderer(Protocol):
    """What makes the files. `status_index` is the certificate's own number, its place in the list of revoked badges."""

    def render(self, facts: CertificateFacts, status_index: int) -> bytes:
        """The signed PDF. Raises PdfNotAvailable."""
        ...

    def badge(self, facts: CertificateFacts, status_index: int) -> str:
        """The Open Badges 3.0 credential as a token."""
        ...

    def status_list(self, number: int, revoked: tuple[int, ...]) -> bytes:
        """The signed list that says which badges of list `number` are worth nothing any more."""
        ...

    def wake(self) -> None:
        """Get ready: somebody is about to ask for a certificate."""
        ...


class Turnstile:
    """Lets a few requests wait for their file. Whoever comes later is not kept waiting but asked to come back."""

    def __init__(self, most: int = WAITING) -> None:
        self._places = threading.BoundedSemaphore(most)

    @contextmanager
    def place(self) -> Iterator[bool]:
        """True when there was a place to wait in."""
        found = self._places.acquire(blocking=False)
        try:
            yield found
        finally:
            if found:
                self._places.release()


def certificate_pdf(
    store: Store,
    renderer: CertificateRenderer,
    turnstile: Turnstile,
    *,
    certificate_id: int,
    learner_id: int,
    now: datetime,
) -> bytes | None:
    """The file, made at the first request and the same bytes ever after; None while it is made by the worker.

    No transaction is open while it is rendered: readers and writers go on. A certificate of someone else is not there.
    """
    key = f"{CERTIFICATE_FILE}:{certificate_id}"
    with store.reading() as connection:
        found = certificate_held(connection, certificate_id, learner_id, now)
        pdf = certificates.file_of(connection, certificate_id)
        # Whoever comes back writes nothing: three hundred who ask again and again would keep the database busy.
        known = outbox.state_of(connection, key) is not None
    if pdf is not None:
        return pdf
    with turnstile.place() as there_is_room:
        if there_is_room:
            return _made(store, renderer, found.facts, certificate_id, now)
    if not known:
        with store.writing() as session:
            outbox.add_task(session, CERTIFICATE_FILE, {"certificate": certificate_id}, now=now, key=key)
    return None


def _made(
    store: Store, renderer: CertificateRenderer, facts: CertificateFacts, certificate_id: int, now: datetime
) -> bytes:
    keep_files(store, [(certificate_id, renderer.render(facts, certificate_id))], now)
    with store.reading() as connection:
        kept = certificates.file_of(connection, certificate_id)
    if kept is None:
        # The holder's data was erased while the file was made.
        raise NotThere(str(certificate_id))
    return kept


def keep_files(store: Store, made: Iterable[tuple[int, bytes]], now: datetime) -> None:
    """Keep files that were made. The first one stands; none is kept of a holder whose data is erased."""
    hashed = [(certificate_id, pdf, hashlib.sha256(pdf).hexdigest()) for certificate_id, pdf in sorted(made)]
    with store.writing() as session:
        for certificate_id, pdf, sha256 in hashed:
            stored = certificates.lock_certificate(session, certificate_id)
            if stored is not None and stored.facts is not None:
                certificates.add_file(session, certificate_id, pdf, sha256=sha256, now=now)


def file_of_code(store: Store, renderer: CertificateRenderer, code: str, now: datetime) -> bytes:
    """The file of the certificate with this number. Raises NotThere."""
    with store.reading() as connection:
        stored = certificates.certificate_by_code(connection, normal_code(code) or "")
    pdf = file_to_hand_out(store, renderer, stored, now) if stored else None
    if pdf is None:
        raise NotThere(code)
    return pdf


def file_to_hand_out(
    store: Store, renderer: CertificateRenderer, stored: StoredCertificate, now: datetime
) -> bytes | None:
    """The file of a certificate, made if there is none; None when the holder's data is erased."""
    if stored.facts is None:
        return None
    with store.reading() as connection:
        pdf = certificates.file_of(connection, stored.id)
    return pdf or _made(store, renderer, facts_from_json(stored.facts.encode()), stored.id, now)


class CertificateFileHandler:
    """What the worker does with a task of the kind "certificate-file"."""

    def __init__(self, store: Store, renderer: CertificateRenderer, now: Callable[[], datetime]) -> None:
        self._store = store
        self._renderer = renderer
        self._now = now

    def __call__(self, payload: Mapping[str, Any]) -> None:
        with self._store.reading() as connection:
            stored = certificates.certificate_by_id(connection, int(payload["certificate"]))
        if stored is None:
            raise GiveUp("there is no such certificate")
        file_to_hand_out(self._store, self._renderer, stored, self._now())


# Badges


def badge_token(
    store: Store, renderer: CertificateRenderer, *, certificate_id: int, learner_id: int, now: datetime
) -> str:
    """The certificate as a badge for a digital wallet. Raises CertificateClosed for one that is worth nothing now."""
    with store.reading() as connection:
        found = certificate_held(connection, certificate_id, learner_id, now)
    if not found.standing.is_valid:
        raise CertificateClosed
    return renderer.badge(found.facts, certificate_id)


def revoked_indexes(connection: Connection, number: int) -> tuple[int, ...]:
    """The places in list `number` whose badges are worth nothing any more: revoked, or replaced by another."""
    first = number * LIST_SIZE
    ended = (Deed.REVOKED.value, Deed.REPLACED.value)
    return tuple(certificate_journal.ended_between(connection, first=first, last=first + LIST_SIZE - 1, deeds=ended))
