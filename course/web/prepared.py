"""A page put together from pieces that were rendered and compressed ahead.

A gzip stream may be made of pieces compressed one by one, as long as a piece looks back only at what certainly stands
before it. So a page that differs from learner to learner costs no more than joining its pieces. See docs/decisions/005.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

_SLOT = re.compile(r"\x02([a-z]+)\x03")
_GZIP_HEAD = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\xff"
_GZIP_LAST_BLOCK = b"\x03\x00"
#: How far deflate looks back.
_WINDOW = 32768


def slot(name: str) -> str:
    """The mark that a template puts where something is filled in for each request."""
    return f"\x02{name}\x03"


@dataclass(frozen=True, slots=True)
class Piece:
    text: bytes
    #: The same as whole deflate blocks.
    packed: bytes

    @classmethod
    def kept(cls, text: str, before: bytes = b"") -> Piece:
        """A piece that will be used many times: compressed as well as can be.

        `before` is what stands before it in the page; zero bytes in it may be anything.
        """
        packer = zlib.compressobj(9, zlib.DEFLATED, -15, 9, zlib.Z_DEFAULT_STRATEGY, before[-_WINDOW:])
        body = text.encode()
        # A full flush ends at a byte and forgets what came before: pieces can stand side by side.
        return cls(body, packer.compress(body) + packer.flush(zlib.Z_FULL_FLUSH))

    @classmethod
    def once(cls, text: str) -> Piece:
        """A few words for this request only: a stored block, without the cost of a compressor."""
        body = text.encode()
        length = len(body)
        return cls(body, b"\x00" + length.to_bytes(2, "little") + (length ^ 0xFFFF).to_bytes(2, "little") + body)


class Prepared:
    """Text with slots: pieces, and the names of the slots between them."""

    def __init__(self, text: str) -> None:
        parts = _SLOT.split(text)
        self._first = Piece.kept(parts[0])
        #: (name of the slot, the text before it, the text after it)
        self._slots = list(zip(parts[1::2], parts[0::2], parts[2::2], strict=False))
        self._following: dict[tuple[int, int], Piece] = {}

    def filled(self, slots: Mapping[str, Sequence[Piece]]) -> list[Piece]:
        """All pieces in order. A slot is filled with pieces, so a prepared part may stand in a prepared page."""
        pieces = [self._first]
        for place, (name, before, after) in enumerate(self._slots):
            gap = sum([len(piece.text) for piece in slots[name]])
            following = self._following.get((place, gap))
            if following is None:
                # It may repeat words from before the slot when it knows how far away they are. The slot's own bytes
                # it must not repeat, so they are zeros here, and no text of ours has one.
                following = self._following[place, gap] = Piece.kept(after, before.encode() + bytes(gap))
            pieces += [*slots[name], following]
        return pieces


def joined(pieces: Sequence[Piece]) -> bytes:
    return b"".join([piece.text for piece in pieces])


def gzipped(pieces: Sequence[Piece]) -> bytes:
    """The pieces as one gzip file."""
    text = joined(pieces)
    ending = zlib.crc32(text).to_bytes(4, "little") + (len(text) & 0xFFFFFFFF).to_bytes(4, "little")
    return b"".join([_GZIP_HEAD, *[piece.packed for piece in pieces], _GZIP_LAST_BLOCK, ending])
