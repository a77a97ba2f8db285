"""What a certificate states, under which name and under which number. Values in, a value out."""

from __future__ import annotations

import hashlib
import json
import unicodedata
from dataclasses import dataclass, fields
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from course.domain.errors import NameNeeded

#: The number of the facts' form. A certificate keeps the form it was issued in for ever.
FORMAT = 1

NAME_MAX = 120

#: Crockford's base 32: no I, L, O or U, so that a number survives being read aloud or copied by hand.
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
CODE_BYTES = 16
_CHECK_BITS = 12
_CODE_LETTERS = (CODE_BYTES * 8 + _CHECK_BITS) // 5
_GROUP = 4
_SLIPS = str.maketrans("OIL", "011")

#: They turn the reading order of what follows, so that a page could show another name than the one it holds.
_TURNS_TEXT = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
#: They come along when a name is copied from a page or a document, and nobody means or sees them.
_UNSEEN = frozenset("\u00ad\u061c\u200b\u200e\u200f\u2060\ufeff")
#: The joiners shape Persian, Urdu and Indic names; in other scripts they are as unseen as the rest.
_JOINERS = frozenset("\u200c\u200d")
_REFUSED_KINDS = frozenset({"Cc", "Cf", "Cn", "Co", "Cs"})
#: More marks on one letter than any living script needs would run out of the line.
_MARKS_MAX = 4


@dataclass(frozen=True, slots=True)
class CertificateFacts:
    """Everything a certificate says, frozen on the day it is issued, in the words of its language."""

    name: str
    course_id: str
    course_title: str
    track_id: str
    track_title: str
    edition: str
    #: Nominal study time of the track.
    minutes: int
    #: (module id, title), in the order of the track.
    modules: tuple[tuple[str, str], ...]
    language: str
    #: The day in Finland (Europe/Helsinki).
    issued_on: date
    code: str
    verify_url: str
    #: Who issues it, as the certificate prints it.
    issuer: str
    #: The last day on which it is valid; None for a certificate without an end.
    valid_until: date | None = None


def canonical_json(facts: CertificateFacts) -> bytes:
    """The one way to write the facts down: sorted keys, UTF-8, NFC, no spaces. Equal facts give equal bytes."""
    record: dict[str, object] = {field.name: getattr(facts, field.name) for field in fields(facts)}
    record["format"] = FORMAT
    record["issued_on"] = facts.issued_on.isoformat()
    record["modules"] = [{"id": module_id, "title": title} for module_id, title in facts.modules]
    # A certificate without an end says nothing of one.
    del record["valid_until"]
    if facts.valid_until is not None:
        record["valid_until"] = facts.valid_until.isoformat()
    text = json.dumps(record, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return unicodedata.normalize("NFC", text).encode()


def facts_from_json(stored: bytes) -> CertificateFacts:
    """The facts of a stored certificate: the way back from `canonical_json`."""
    record = json.loads(stored)
    if record.pop("format") != FORMAT:
        raise ValueError("these facts were written in a form that this version does not know")
    record["issued_on"] = date.fromisoformat(record["issued_on"])
    record["modules"] = tuple((module["id"], module["title"]) for module in record["modules"])
    if "valid_until" in record:
        record["valid_until"] = date.fromisoformat(record["valid_until"])
    return CertificateFacts(**record)


def facts_hash(facts: CertificateFacts) -> str:
    """SHA-256 of the canonical facts, hex: what the register keeps to show that nothing was changed."""
    return hashlib.sha256(canonical_json(facts)).hexdigest()


def normal_name(text: str) -> str:
    """The holder's name as it will be stored and printed; raises NameNeeded when it cannot be one."""
    # Looked at before any work is done: a name of a megabyte is nobody's.
    if len(text) > 10 * NAME_MAX:
        raise NameNeeded
    seen = "".join(text[at] for at in range(len(text)) if not _is_unseen(text, at))
    name = " ".join(unicodedata.normalize("NFC", seen).split())
    if not 1 <= len(name) <= NAME_MAX or not any(character.isalpha() for character in name):
        raise NameNeeded
    if any(_is_refused(character) for character in name) or _has_a_heap_of_marks(name):
        raise NameNeeded
    return name


def _is_unseen(text: str, at: int) -> bool:
    if text[at] in _JOINERS:
        # From the Hebrew block on, the joiners belong to the spelling.
        return at == 0 or text[at - 1] < "\u0590"
    return text[at] in _UNSEEN


def _is_refused(character: str) -> bool:
    if character in _JOINERS:
        return False
    return character in _TURNS_TEXT or unicodedata.category(character) in _REFUSED_KINDS


def _has_a_heap_of_marks(name: str) -> bool:
    run = 0
    for character in name:
        run = run + 1 if unicodedata.combining(character) else 0
        if run > _MARKS_MAX:
            return True
    return False


def same_name(one: str, other: str) -> bool:
    """True when an employer typed the name that the certificate carries.

    Capitals, white space and the kind of hyphen do not matter, nor whether there is a hyphen or a space. Letters do,
    with their marks: the verifier has the certificate at hand, and Müller is not Muller.
    """
    return comparable_name(one) == comparable_name(other)


def comparable_name(name: str) -> str:
    """The name without what does not matter when two are compared; see `same_name`."""
    # Folding can bring out decomposed letters, so the text is composed once more after it.
    folded = unicodedata.normalize("NFC", unicodedata.normalize("NFKC", name).casefold())
    spaced = "".join(" " if unicodedata.category(character) == "Pd" else character for character in folded)
    return " ".join(spaced.replace("’", "'").split())


def new_code(random_bytes: bytes) -> str:
    """The number of a new certificate, from 16 random bytes: 28 letters and digits in groups of four.

    The last twelve bits check the others, so that the check page can tell a slip of the pen from a number that was
    never issued. An employer who mistypes must not come to doubt the holder.
    """
    if len(random_bytes) != CODE_BYTES:
        raise ValueError(f"a certificate's number is made of {CODE_BYTES} random bytes")
    number = int.from_bytes(random_bytes) << _CHECK_BITS | _check(random_bytes)
    letters = "".join(ALPHABET[number >> 5 * place & 31] for place in reversed(range(_CODE_LETTERS)))
    return "-".join(letters[at : at + _GROUP] for at in range(0, _CODE_LETTERS, _GROUP))


def normal_code(text: str) -> str | None:
    """The number as it is stored, whatever its case, spaces and hyphens, with O read as 0 and I and L as 1.

    None when it cannot be a number of ours: something was left out or mistyped.
    """
    kept = (character for character in text if not (character.isspace() or unicodedata.category(character) == "Pd"))
    letters = "".join(kept).upper().translate(_SLIPS)
    if len(letters) != _CODE_LETTERS or not set(letters) <= set(ALPHABET):
        return None
    number = 0
    for letter in letters:
        number = number << 5 | ALPHABET.index(letter)
    code = new_code((number >> _CHECK_BITS).to_bytes(CODE_BYTES))
    return code if code.replace("-", "") == letters else None


def _check(random_bytes: bytes) -> int:
    return int.from_bytes(hashlib.sha256(random_bytes).digest()[:2]) >> (16 - _CHECK_BITS)


def nominal_hours(minutes: int) -> Decimal:
    """Nominal study time in hours, to the nearest half hour; never less than half an hour."""
    halves = (Decimal(minutes) / 30).quantize(Decimal(1), rounding=ROUND_HALF_UP)
    return max(halves, Decimal(1)) / 2
