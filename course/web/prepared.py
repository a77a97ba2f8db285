"""A page put together from pieces that were rendered and compressed ahead.

A gzip stream may be made of pieces compressed one by one, as long as a piece looks back only at what certainly stands
before it. So a page that differs from learner to learner costs no more than joining its pieces. See docs/decisions/005.
"""

from __future__ import annotations

import re
import sys
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

_SLOT = re.compile(r"\x02([a-z]+)\x03")
_GZIP_HEAD = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\xff"
_GZIP_LAST_BLOCK = b"\x03\x00"
#: How far deflate looks back.
_WINDOW = 32768
#: What fills a longer slot is of many lengths, and the piece behind it is not compressed anew for each.
_FAR = 200


def slot(name: str) -> str:
    """The mark that a template puts where something is filled in for each request."""
    return f"\x02{name}\x03"


@dataclass(frozen=True, slots=True)
class Piece:
    text: bytes
    #: The same as whole deflate blocks.
    packed: bytes

    @classmethod
    def kept(cls, text: str | bytes, before: bytes = b"") -> Piece:
        """A piece that will be used many times: compressed as well as can be.

        `before` is what stands before it in the page; zero bytes in it may be anything.
        """
        packer = zlib.compressobj(9, zlib.DEFLATED, -15, 9, zlib.Z_DEFAULT_STRATEGY, before[-_WINDOW:])
        body = text.encode() if isinstance(text, str) else text
        # A full flush ends at a byte and forgets what came before: pieces can stand side by side.
        return cls(body, packer.compress(body) + packer.flush(zlib.Z_FULL_FLUSH))

    @classmethod
    def once(cls, text: str) -> Piece:
        """A few words for this request only: a stored block, without the cost of a compressor."""
        body = text.encode()
        length = len(body)
        return cls(body, b"\x00" + length.to_bytes(2, "little") + (length ^ 0xFFFF).to_bytes(2, "little") + body)


@lru_cache(2000)
def short(text: str) -> Piece:
    """A number or a date: there are few, and they come again and again."""
    return Piece.once(text)


class Prepared:
    """Text with slots: pieces, and the names of the slots between them."""

    __slots__ = ("_first", "_following", "_slots")

    def __init__(self, text: str) -> None:
        parts = _SLOT.split(text)
        # Kept as bytes, and each text once: a site has thousands of these.
        texts = [part.encode() for part in parts[0::2]]
        self._first = Piece.kept(texts[0])
        #: (name of the slot, the text before it, the text after it)
        self._slots = tuple(zip(map(sys.intern, parts[1::2]), texts, texts[1:], strict=False))
        self._following: dict[tuple[int, int], Piece] = {}

    def filled(self, slots: Mapping[str, Sequence[Piece]]) -> list[Piece]:
        """All pieces in order. A slot is filled with pieces, so a prepared part may stand in a prepared page."""
        pieces = [self._first]
        for place, (name, before, after) in enumerate(self._slots):
            filling = slots[name]
            gap = len(filling[0].text) if len(filling) == 1 else sum([len(piece.text) for piece in filling])
            if gap > _FAR:
                gap = -1
            following = self._following.get((place, gap))
            if following is None:
                following = self._following[place, gap] = self._behind(before, gap, after)
            pieces += filling
            pieces.append(following)
        return pieces

    def _behind(self, before: bytes, gap: int, after: bytes) -> Piece:
        """It may repeat words from before the slot when it knows how far away they are. The slot's own bytes it must
        not repeat, so they are zeros here, and no text of ours has one."""
        return Piece.kept(after) if gap < 0 else Piece.kept(after, before + bytes(gap))


def joined(pieces: Sequence[Piece]) -> bytes:
    return b"".join([piece.text for piece in pieces])


def gzipped(pieces: Sequence[Piece]) -> bytes:
    """The pieces as one gzip file."""
    text = joined(pieces)
    ending = zlib.crc32(text).to_bytes(4, "little") + (len(text) & 0xFFFFFFFF).to_bytes(4, "little")
    return b"".join([_GZIP_HEAD, *[piece.packed for piece in pieces], _GZIP_LAST_BLOCK, ending])
