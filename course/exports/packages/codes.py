"""Short names that stand in a learner's saved state: made of permanent ids, they outlive an edit of the content."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Iterable, Mapping

#: Three letters tell 262,144 names apart.
LETTERS = 3


def letters_of(text: str, count: int) -> str:
    """The first letters of the text's hash."""
    return base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).decode()[:count]


def codes_of(names: Iterable[str]) -> Mapping[str, str]:
    """A code for each name. Where two would meet, the later one by name moves on; the others keep theirs."""
    codes: dict[str, str] = {}
    for name in sorted(names):
        tries = 0
        code = letters_of(name, LETTERS)
        while code in codes.values():
            tries += 1
            code = letters_of(f"{name} {tries}", LETTERS)
        codes[name] = code
    return codes


def shape_of(*parts: object) -> str:
    """One letter that changes when what an answer is written by has changed."""
    return letters_of(json.dumps(parts, sort_keys=True), 1)
