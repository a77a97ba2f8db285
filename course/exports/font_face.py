"""Which letters a font file has, and how wide they are.

Asked before a certificate is issued, in the web process too, so it reads the two tables it needs and nothing else.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

#: (platform, encoding) of the character maps for all of Unicode and for its first plane, best first.
_UNICODE_MAPS = ((3, 10), (0, 6), (0, 4), (3, 1), (0, 3))


@dataclass(frozen=True, slots=True)
class FontFace:
    """One font file: the letters it has, each with its advance in ems."""

    widths: Mapping[str, float]

    @classmethod
    def read(cls, path: Path) -> FontFace:
        data = path.read_bytes()
        tables = _tables(data)
        units = struct.unpack_from(">H", data, tables["head"] + 18)[0]
        advances = _advances(data, tables["hhea"], tables["hmtx"])
        last = len(advances) - 1
        # Glyphs past the end of the table all have its last width.
        return cls({chr(code): advances[min(glyph, last)] / units for code, glyph in _letters(data, tables["cmap"])})

    def has(self, text: str) -> bool:
        return all(letter in self.widths for letter in text)


def width(text: str, faces: Sequence[FontFace]) -> float:
    """About how wide the text runs, in ems: each letter from the first face that has it, without kerning."""
    return sum(next((face.widths[letter] for face in faces if letter in face.widths), 1.0) for letter in text)


def _tables(data: bytes) -> dict[str, int]:
    count = struct.unpack_from(">H", data, 4)[0]
    records = (struct.unpack_from(">4sLLL", data, 12 + 16 * number) for number in range(count))
    return {tag.decode("latin-1"): offset for tag, _, offset, _ in records}


def _advances(data: bytes, hhea: int, hmtx: int) -> list[int]:
    count = struct.unpack_from(">H", data, hhea + 34)[0]
    return [advance for advance, _ in struct.iter_unpack(">Hh", data[hmtx : hmtx + 4 * count])]


def _letters(data: bytes, cmap: int) -> Iterator[tuple[int, int]]:
    count = struct.unpack_from(">H", data, cmap + 2)[0]
    found = {}
    for number in range(count):
        platform, encoding, offset = struct.unpack_from(">HHL", data, cmap + 4 + 8 * number)
        found[platform, encoding] = cmap + offset
    start = next(found[key] for key in _UNICODE_MAPS if key in found)
    form = struct.unpack_from(">H", data, start)[0]
    if form == 12:
        return _segmented_coverage(data, start)
    if form == 4:
        return _segment_deltas(data, start)
    raise ValueError(f"a character map of form {form} is not read here")


def _segmented_coverage(data: bytes, start: int) -> Iterator[tuple[int, int]]:
    groups = struct.unpack_from(">L", data, start + 12)[0]
    for number in range(groups):
        first, last, glyph = struct.unpack_from(">LLL", data, start + 16 + 12 * number)
        yield from zip(range(first, last + 1), range(glyph, glyph + last - first + 1), strict=True)


def _segment_deltas(data: bytes, start: int) -> Iterator[tuple[int, int]]:
    size = struct.unpack_from(">H", data, start + 6)[0]
    ends, starts, deltas, ranges = (start + 14, start + 16 + size, start + 16 + 2 * size, start + 16 + 3 * size)
    for at in range(0, size, 2):
        first, last, delta, offset = (
            struct.unpack_from(">H", data, table + at)[0] for table in (starts, ends, deltas, ranges)
        )
        for code in range(first, min(last, 0xFFFE) + 1):
            glyph = code
            if offset:
                glyph = struct.unpack_from(">H", data, ranges + at + offset + 2 * (code - first))[0]
                if not glyph:
                    continue
            if (glyph + delta) & 0xFFFF:
                yield code, (glyph + delta) & 0xFFFF
