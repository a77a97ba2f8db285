"""Answer whoever asks whether a certificate is genuine: by its number, its file, or the statement in its code.

A number that was never given and one that was revoked get different answers. No answer holds the name.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Protocol

from sqlalchemy import Connection

from course.domain.certificate import CertificateFacts, facts_from_json, normal_code, same_name
from course.domain.certificate_file import CheckedFile, Finding
from course.domain.certificate_state import Standing, day_at_home
from course.domain.statement import Statement, StatementFault
from course.exports.signed_statement import UnknownKey, read_statement
from course.exports.signing_keys import SigningSettings, statement_keys
from course.services.certificates import standing_of
from course.storage import certificate_journal, certificates


class FileChecker(Protocol):
    def check(self, pdf: bytes) -> CheckedFile:
        """What can be said about a file that somebody brought, found out in a process of its own."""
        ...


@dataclass(frozen=True, slots=True)
class CheckedCertificate:
    """What the register knows of a number that was given."""

    code: str
    track_id: str
    edition: str
    issued_on: date
    standing: Standing
    #: None once the holder's data is erased.
    facts: CertificateFacts | None
    facts_hash: str

    @property
    def answer(self) -> Answer:
        return Answer(self.standing.state.value)

    def is_holder(self, typed_name: str) -> bool:
        return self.facts is not None and same_name(self.facts.name, typed_name)


class Answer(StrEnum):
    """The one clear answer."""

    VALID = "valid"
    REPLACED = "replaced"
    REVOKED = "revoked"
    EXPIRED = "expired"
    #: A number that could be ours, and was never given.
    UNKNOWN = "unknown"
    #: Something was left out or mistyped.
    MISTYPED = "mistyped"


def check_code(connection: Connection, typed: str, now: datetime) -> tuple[Answer, CheckedCertificate | None]:
    """The answer for a number as somebody typed it, and what the register knows of it."""
    code = normal_code(typed)
    if code is None:
        return Answer.MISTYPED, None
    stored = certificates.certificate_by_code(connection, code)
    if stored is None:
        return Answer.UNKNOWN, None
    journal = certificate_journal.events_of(connection, [stored.id])[stored.id]
    facts = facts_from_json(stored.facts.encode()) if stored.facts is not None else None
    found = CheckedCertificate(
        code=stored.code,
        track_id=stored.track_id,
        edition=stored.edition,
        issued_on=facts.issued_on if facts else day_at_home(stored.issued_at),
        standing=standing_of(stored, journal, day_at_home(now)),
        facts=facts,
        facts_hash=stored.facts_hash,
    )
    return found.answer, found


class StatementFinding(StrEnum):
    GENUINE = "genuine"
    #: It may be genuine, but was signed with a key that is not ours.
    FOREIGN = "foreign"
    #: It was changed, or is no statement at all.
    CHANGED = "changed"


def check_statement(text: str, signing: SigningSettings) -> tuple[StatementFinding, Statement | None]:
    """What the code on a certificate states, found out with our keys alone: nothing is looked up."""
    try:
        return StatementFinding.GENUINE, read_statement(text, statement_keys(signing))
    except UnknownKey:
        return StatementFinding.FOREIGN, None
    except StatementFault:
        return StatementFinding.CHANGED, None


def code_of_file(checker: FileChecker, pdf: bytes) -> tuple[Finding, str | None]:
    """Whether the file is as we made it, and the number in it to look up."""
    found = checker.check(pdf)
    return found.finding, found.code
