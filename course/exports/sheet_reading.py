"""Read a table that somebody else's program wrote: CSV in any usual encoding and with any usual delimiter, or XLSX."""

from __future__ import annotations

import codecs
import csv
import re
from collections.abc import Iterator
from importlib import import_module
from io import StringIO

from course.domain.roster import FileRefused, Refusal
from course.exports.sheet import unguarded

FILE_MAX = 2 * 1024 * 1024
COLUMNS_MAX = 60

_ZIP = b"PK\x03\x04"
#: Excel files of before 2007, and newer ones with a password.
_OLE = b"\xd0\xcf\x11\xe0"
#: The longer marks first: that of UTF-32 begins with that of UTF-16.
_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
#: What Excel writes when it is not asked for UTF-8: on Windows, on a Mac, and as "MS-DOS".
_OLD_ENCODINGS = ("cp1252", "mac_roman", "cp850")
_USUAL = frozenset("åäöÅÄÖéüšžáóíøæ")
_DELIMITERS = ";\t,|"
#: Excel's own way to name the delimiter, in a line before the headings.
_NAMED_DELIMITER = re.compile(r'"?sep=(.)"?\r?\n?')


def read_table(raw: bytes) -> Iterator[tuple[int, list[str]]]:
    """(line, cells) of every row that is not empty. The file says itself what it is; its name plays no part."""
    if not raw.strip():
        raise FileRefused(Refusal.EMPTY)
    if len(raw) > FILE_MAX:
        raise FileRefused(Refusal.TOO_LARGE)
    if raw.startswith(_OLE):
        raise FileRefused(Refusal.OLD_OR_LOCKED)
    for line, cells in enumerate(_rows(raw), 1):
        if any(cell.strip() for cell in cells):
            yield line, cells


def _rows(raw: bytes) -> Iterator[list[str]]:
    if not raw.startswith(_ZIP):
        return _csv_rows(decoded(raw))
    # What reads workbooks takes 12 MB of memory: a site gets it with the first workbook, and most never do.
    rows: Iterator[list[str]] = import_module("course.exports.workbook_reading").workbook_rows(raw, COLUMNS_MAX)
    return rows


def decoded(raw: bytes) -> str:
    """The text of the bytes: by their mark, by the zeros of UTF-16, as UTF-8, and else by the letters that come out."""
    try:
        for mark, encoding in _MARKS:
            if raw.startswith(mark):
                return raw[len(mark) :].decode(encoding)
        wide = _wide_encoding(raw)
        if wide:
            return raw.decode(wide)
        if b"\0" in raw:
            raise FileRefused(Refusal.NO_TABLE)
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return _by_letters(raw)


def _wide_encoding(raw: bytes) -> str:
    """UTF-16 without its mark: every second byte of Western text is zero."""
    head = raw[:4096]
    odd, even = head[1::2].count(0), head[::2].count(0)
    if max(odd, even) * 3 < len(head) // 2:
        return ""
    return "utf-16-le" if odd > even else "utf-16-be"


def _by_letters(raw: bytes) -> str:
    found = []
    for encoding in _OLD_ENCODINGS:
        try:
            text = raw.decode(encoding)
        except UnicodeDecodeError:
            continue
        found.append((_likeness(text), text))
    if not found:
        raise FileRefused(Refusal.NO_TABLE)
    return max(found, key=lambda one: one[0])[1]


def _likeness(text: str) -> int:
    """How much it looks like names: usual letters count for it, signs and capitals inside words against it."""
    points = 0
    for before, letter in zip(" " + text, text, strict=False):
        if letter.isascii():
            continue
        if not letter.isalpha() or (letter.isupper() and before.islower()):
            points -= 1
        else:
            points += 2 if letter in _USUAL else 1
    return points


def _csv_rows(text: str) -> Iterator[list[str]]:
    named = _NAMED_DELIMITER.match(text)
    text = text[named.end() :] if named else text
    delimiter = named[1] if named else _delimiter(text)
    if named:
        # The line that names the delimiter counts: the lines of the faults are those that people see.
        yield []
    try:
        for cells in csv.reader(StringIO(text, newline=""), delimiter=delimiter):
            yield [unguarded(cell) for cell in cells[:COLUMNS_MAX]]
    except csv.Error as error:
        raise FileRefused(Refusal.NO_TABLE) from error


def _delimiter(text: str) -> str:
    """The sign that divides the headings into most cells; a list of one column has none, and the first is as good."""
    head = next((line for line in StringIO(text, newline="") if line.strip()), "")
    return max(_DELIMITERS, key=lambda sign: len(next(csv.reader([head.strip("\r\n")], delimiter=sign), [])))
