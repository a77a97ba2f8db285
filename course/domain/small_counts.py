"""Small counts made safe to publish, by one rule for everything that leaves the house.

A count from 1 to 4 is replaced by 0 or 5, once, in the finest division that there is, by a chance that only the key of
the site knows. Everything published is a sum of such counts. So no comparison of tables, formats, filters or dates can
lead below them: behind every published 0 there are five possible numbers (0 to 4), and behind every 5 five others
(1 to 5). The chance of a 5 is the count in fifths, so that sums are right but for a little.

`publish` protects counts that are closed and never change again: those of 5 and more stay as they are. `steady`
protects a count that goes on growing: every step of it could be told from the one before, so all of it moves in fives.
"""

from __future__ import annotations

import hashlib
import hmac
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping
from typing import TypeVar

#: Counts below this and above nothing are small. That nobody was there tells of nobody.
SMALL = 5
#: How far errors made before may move the chance of the next count. Below 1, either number stays possible for every
#: small count, whatever was published before it.
MOST_PULL = 0.9

Place = TypeVar("Place", bound=tuple[str, ...])


def publish(
    counts: Mapping[Place, int],
    *,
    key: bytes,
    small: int = SMALL,
    margins: Callable[[Place], Iterable[Hashable]] = lambda _: (),
    errors: Mapping[Hashable, float] | None = None,
) -> dict[Place, int]:
    """The counts as they may be published for ever, without those that became 0.

    `margins` names the sums that a count is part of and that people look at. The counts take their turns in an order
    that only the key knows, and each leans a little against the errors of its sums so far; `errors` are those before.
    """
    off: defaultdict[Hashable, float] = defaultdict(float, errors or {})
    published: dict[Place, int] = {}
    for place in sorted(counts, key=lambda one: _digest(key, "turn", one)):
        count = counts[place]
        shown = count
        if 0 < count < small:
            sums = list(margins(place))
            lean = sum(off[one] for one in sums) / len(sums) if sums else 0.0
            lean = max(-MOST_PULL, min(MOST_PULL, lean))
            shown = small if count > _chance(key, "round", place) * small + lean else 0
            for one in sums:
                off[one] += shown - count
        if shown > 0:
            published[place] = shown
    return published


def steady(count: int, *place: str, key: bytes, small: int = SMALL) -> int:
    """A count that is published again and again while it grows, in steps of `small`; 0 stays 0.

    Where the steps lie differs from place to place, and only the key knows.
    """
    start = int(_chance(key, "steady", place) * small)
    return (count + start) // small * small


def _digest(key: bytes, purpose: str, place: tuple[str, ...]) -> bytes:
    return hmac.new(key, "\x1f".join((purpose, *place)).encode(), hashlib.sha256).digest()


def _chance(key: bytes, purpose: str, place: tuple[str, ...]) -> float:
    """A number from 0 up to 1, always the same for a place, and not to be guessed without the key."""
    return int.from_bytes(_digest(key, purpose, place)[:6], "big") / 2**48
