"""Learners who have earned a certificate, and a press that needs no Pango, for the tests of certificates."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime

from course.content.library import Library
from course.domain.certificate import CertificateFacts, canonical_json
from course.domain.errors import PdfNotAvailable
from course.services import certificate_checks, certificate_files, certificates, people
from course.services.certificate_checks import Answer, CheckedCertificate
from course.services.certificate_files import Turnstile
from course.services.certificates import HeldCertificate
from course.storage import learning
from course.storage.engine import Store

NOW = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)


@dataclass
class Press:
    """Prints the facts as they are, and tells how often; `ink` stands for the template."""

    ink: bytes = b"first template"
    printed: list[CertificateFacts] = field(default_factory=list)
    broken: bool = False

    def render(self, facts: CertificateFacts, status_index: int) -> bytes:
        if self.broken:
            raise PdfNotAvailable("the press is broken")
        self.printed.append(facts)
        return self.ink + canonical_json(facts)

    def badge(self, facts: CertificateFacts, status_index: int) -> str:
        return f"badge {status_index} {facts.code}"

    def status_list(self, number: int, revoked: tuple[int, ...]) -> bytes:
        return f"{number}: {revoked}".encode()

    def wake(self) -> None:
        """It is always ready."""


def verify_url(code: str) -> str:
    return f"https://course.example/verify/{code}"


def graduate(store: Store, library: Library) -> int:
    """A learner who has passed every module."""
    learner_id = people.start_learner(store, language="fi", now=NOW).learner_id
    with store.writing() as session:
        for module in library.modules:
            learning.add_completion(
                session, learner_id, module.id, attempt_id=None, edition=library.edition, language="fi", now=NOW
            )
    return learner_id


def issue(store: Store, library: Library, learner_id: int, name: str = "Aino", **changes) -> HeldCertificate:
    wanted = {"track_id": "core", "language": "fi", "now": NOW, **changes}
    return certificates.issue_certificate(
        store, library, learner_id=learner_id, name=name, verify_url=verify_url, **wanted
    )


def file_of(store: Store, press: Press, held: HeldCertificate, learner_id: int, now: datetime = NOW) -> bytes:
    made = certificate_files.certificate_pdf(
        store, press, Turnstile(), certificate_id=held.id, learner_id=learner_id, now=now
    )
    assert made is not None
    return made


def held_by(store: Store, learner_id: int, now: datetime = NOW) -> list[HeldCertificate]:
    with store.reading() as connection:
        return certificates.certificates_held(connection, learner_id, now)


def checked(store: Store, code: str, now: datetime = NOW) -> tuple[Answer, CheckedCertificate | None]:
    with store.reading() as connection:
        return certificate_checks.check_code(connection, code, now)
