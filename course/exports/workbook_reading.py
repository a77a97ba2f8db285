"""Read the first sheet of an XLSX workbook that somebody sent."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from io import BytesIO
from typing import Any
from zipfile import BadZipFile, ZipFile

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from course.domain.roster import ROWS_MAX, FileRefused, Refusal

#: What the file may hold when it is unpacked: a small file can hide a large one.
UNPACKED_MAX = 40 * 1024 * 1024
PARTS_MAX = 500
#: Rows looked at: those of the longest roster, those above its headings, and one more, so that too many are noticed.
ROWS_READ = ROWS_MAX + 10


def workbook_rows(raw: bytes, columns: int) -> Iterator[list[str]]:
    """The cells of each row as people see them, at most so many columns."""
    _require_modest(raw)
    try:
        book = load_workbook(BytesIO(raw), read_only=True, data_only=True, keep_links=False)
        try:
            sheet = book.worksheets[0]
            # What a file says of its own size is often wrong.
            sheet.reset_dimensions()
            for row in sheet.iter_rows(max_row=ROWS_READ, max_col=columns, values_only=True):
                yield [_text(value) for value in row]
        finally:
            book.close()
    except (BadZipFile, InvalidFileException, KeyError, IndexError, ValueError, TypeError, SyntaxError) as error:
        raise FileRefused(Refusal.NO_TABLE) from error


def _require_modest(raw: bytes) -> None:
    """Refuse a file that would fill the memory, and one with entities of its own, which no spreadsheet writes."""
    try:
        with ZipFile(BytesIO(raw)) as parts:
            entries = parts.infolist()
            if len(entries) > PARTS_MAX or sum(entry.file_size for entry in entries) > UNPACKED_MAX:
                raise FileRefused(Refusal.TOO_LARGE)
            for entry in entries:
                with parts.open(entry) as part:
                    if b"<!DOCTYPE" in part.read(2048):
                        raise FileRefused(Refusal.NO_TABLE)
    except (BadZipFile, NotImplementedError, RuntimeError) as error:
        raise FileRefused(Refusal.NO_TABLE) from error


def _text(value: Any) -> str:
    """A cell as people see it, more or less."""
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime):
        return value.date().isoformat()
    return value.isoformat() if isinstance(value, date) else str(value)
