"""What the code on a certificate states by itself, without a network: everything but the name, and a proof of the name.

The name is there as a hash, salted with the certificate's number. Who holds the certificate can check the name that is
printed on it; a photograph of the code alone does not tell it.
"""

from __future__ import annotations

import base64
import hashlib
import json
from dataclasses import dataclass
from datetime import date

from course.domain.certificate import CertificateFacts, comparable_name, normal_code

FORMAT = 1
#: Half of SHA-256: a telephone must be able to read the code, and nobody can find a second name for this hash either.
_HASH_BYTES = 16
#: The names of the values are one letter each, for the same reason.
_LETTERS = {"n": str, "d": str, "c": str, "t": str, "e": str, "h": str, "v": int}


class StatementFault(ValueError):
    """The text is no statement of this site, or was changed."""


@dataclass(frozen=True, slots=True)
class Statement:
    """A certificate was issued under this number, on this day, for this track of this edition."""

    code: str
    issued_on: date
    course_id: str
    track_id: str
    edition: str
    #: See `name_hash`.
    holder: str

    def is_holder(self, typed_name: str) -> bool:
        return name_hash(self.code, typed_name) == self.holder


def statement_of(facts: CertificateFacts) -> Statement:
    return Statement(
        code=facts.code,
        issued_on=facts.issued_on,
        course_id=facts.course_id,
        track_id=facts.track_id,
        edition=facts.edition,
        holder=name_hash(facts.code, facts.name),
    )


def name_hash(code: str, name: str) -> str:
    """SHA-256 of the number and the name, cut to 16 bytes, in base64url. Names are compared as `same_name` does."""
    digest = hashlib.sha256(f"{code}\n{comparable_name(name)}".encode()).digest()
    return base64.urlsafe_b64encode(digest[:_HASH_BYTES]).rstrip(b"=").decode()


def statement_json(statement: Statement) -> bytes:
    """The one way to write it down. The number stands without its hyphens."""
    record = {
        "c": statement.course_id,
        "d": statement.issued_on.isoformat(),
        "e": statement.edition,
        "h": statement.holder,
        "n": statement.code.replace("-", ""),
        "t": statement.track_id,
        "v": FORMAT,
    }
    return json.dumps(record, ensure_ascii=False, separators=(",", ":")).encode()


def statement_from_json(written: bytes) -> Statement:
    """The way back; raises StatementFault."""
    try:
        record = json.loads(written)
        if not isinstance(record, dict) or record.keys() != _LETTERS.keys():
            raise StatementFault("this is no statement of a certificate")
        if record["v"] != FORMAT or any(type(record[letter]) is not kind for letter, kind in _LETTERS.items()):
            raise StatementFault("the statement was written in a form that this version does not know")
        code = normal_code(record["n"])
        if code is None:
            raise StatementFault("the statement has no number of a certificate")
        day = date.fromisoformat(record["d"])
    except (ValueError, RecursionError) as error:
        raise error if isinstance(error, StatementFault) else StatementFault("this is no statement") from error
    return Statement(code, day, record["c"], record["t"], record["e"], record["h"])
