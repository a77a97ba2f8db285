"""The audit log's chain: each line's hash covers its content and the hash of the line before.

Whoever changes, deletes or swaps a line breaks the chain at that place. Whoever cuts lines off its end leaves a chain
that is whole but shorter: that shows only against an anchor, a count and a hash that were kept somewhere else.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

#: The hash before the first line.
BEGINNING = "0" * 64


@dataclass(frozen=True, slots=True)
class Line:
    number: int
    at: datetime
    who: str
    what: str
    about: str
    #: Canonical JSON.
    details: str
    hash: str


@dataclass(frozen=True, slots=True)
class Anchor:
    """The end of the chain at some time: so many lines, and the hash of the last one."""

    count: int
    hash: str

    def __str__(self) -> str:
        return f"{self.count}:{self.hash}"


def anchor_from(text: str) -> Anchor | None:
    """An anchor as it was printed; None for what is none."""
    count, colon, digest = text.strip().partition(":")
    if not (colon and count.isdecimal() and len(digest) == 64):
        return None
    return Anchor(int(count), digest)


class Break(StrEnum):
    #: The line is not what its hash was taken of, or not in its place.
    CHANGED = "changed"
    #: A number is left out.
    MISSING = "missing"
    #: The chain ends before the end that is known.
    CUT = "cut"
    #: The chain has another line where the anchor was taken: it was written anew.
    REWRITTEN = "rewritten"


@dataclass(frozen=True, slots=True)
class Fault:
    what: Break
    #: The line where the chain breaks.
    number: int


def canonical(details: Mapping[str, object]) -> str:
    return json.dumps(details, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def hash_after(previous: str, number: int, at: datetime, who: str, what: str, about: str, details: str) -> str:
    """The hash of a line that follows the one with the hash `previous`."""
    moment = at.astimezone(UTC).isoformat(timespec="microseconds")
    content = json.dumps([previous, number, moment, who, what, about, details], ensure_ascii=False)
    return hashlib.sha256(content.encode()).hexdigest()


def first_fault(lines: Iterable[Line], start: Anchor, end: Anchor, anchors: Iterable[Anchor] = ()) -> Fault | None:
    """Where the chain breaks first, if anywhere. `start` is the last line that was removed when its time was over."""
    number, previous = start.count, start.hash
    known = {one.count: one.hash for one in anchors}
    for line in lines:
        if line.number != number + 1:
            return Fault(Break.MISSING, number + 1)
        if line.hash != hash_after(previous, line.number, line.at, line.who, line.what, line.about, line.details):
            return Fault(Break.CHANGED, line.number)
        number, previous = line.number, line.hash
        if known.get(number, previous) != previous:
            return Fault(Break.REWRITTEN, number)
    if (number, previous) != (end.count, end.hash) or number < max(known, default=0):
        return Fault(Break.CUT, number + 1)
    return None
