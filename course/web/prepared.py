"""A page made ahead: all but a few slots is rendered and compressed once, and put together per request.

A gzip stream may be made of pieces compressed one by one, when none looks back into the one before. So a page costs the
compression of its slots only. See docs/decisions/005.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Mapping
from dataclasses import dataclass

_SLOT = re.compile(r"\x02([a-z]+)\x03")
_GZIP_HEAD = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\xff"
_GZIP_LAST_BLOCK = b"\x03\x00"


def slot(name: str) -> str:
    """The mark that a template puts where something is filled in for each request."""
    return f"\x02{name}\x03"


@dataclass(frozen=True, slots=True)
class _Piece:
    text: bytes
    packed: bytes


class PreparedPage:
    def __init__(self, page: str) -> None:
        parts = _SLOT.split(page)
        self._pieces = [_Piece(text.encode(), _pack(text.encode(), 9)) for text in parts[0::2]]
        #: Names of the slots, in order.
        self.slots = tuple(parts[1::2])

    def body(self, filled: Mapping[str, str]) -> bytes:
        return b"".join(self._texts(filled))

    def gzipped(self, filled: Mapping[str, str]) -> bytes:
        checksum = length = 0
        for text in self._texts(filled):
            checksum = zlib.crc32(text, checksum)
            length += len(text)
        parts = [_GZIP_HEAD, self._pieces[0].packed]
        for name, piece in zip(self.slots, self._pieces[1:], strict=True):
            parts += (_pack(filled[name].encode(), 1), piece.packed)
        parts += (_GZIP_LAST_BLOCK, checksum.to_bytes(4, "little"), (length & 0xFFFFFFFF).to_bytes(4, "little"))
        return b"".join(parts)

    def _texts(self, filled: Mapping[str, str]) -> list[bytes]:
        texts = [self._pieces[0].text]
        for name, piece in zip(self.slots, self._pieces[1:], strict=True):
            texts += (filled[name].encode(), piece.text)
        return texts


def _pack(text: bytes, level: int) -> bytes:
    packer = zlib.compressobj(level, zlib.DEFLATED, -15)
    # A full flush ends at a byte and forgets what came before: pieces can stand side by side.
    return packer.compress(text) + packer.flush(zlib.Z_FULL_FLUSH)
