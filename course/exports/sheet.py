"""Tables as files for spreadsheets, CSV and XLSX, in which no text is ever taken for a formula."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from io import BytesIO, StringIO
from typing import TYPE_CHECKING

from course.later import Later

if TYPE_CHECKING:
    import xlsxwriter
else:
    xlsxwriter = Later("xlsxwriter")

Cell = str | int | date | None

CSV_TYPE = "text/csv; charset=utf-8"
XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

#: A cell of a CSV file that begins so is run as a formula by one spreadsheet or another.
RUN = frozenset("=+-@\t\r\n＝＋－＠")
WIDEST = 40


def guarded(text: str) -> str:
    """The text as a CSV cell that stays text: an apostrophe stands before what a spreadsheet would run."""
    return f"'{text}" if text[:1] in RUN or _looks_guarded(text) else text


def unguarded(text: str) -> str:
    """What a guarded cell said. A name that begins with an apostrophe of its own keeps it."""
    return text[1:] if _looks_guarded(text) else text


def _looks_guarded(text: str) -> bool:
    return text[:1] == "'" and text[1:2] != "" and text[1:2] in RUN | {"'"}


def csv_sheet(heading: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """UTF-8 with its mark and semicolons between cells, as a spreadsheet set to Finnish or Swedish wants it."""
    written = StringIO(newline="")
    writer = csv.writer(written, delimiter=";", lineterminator="\r\n")
    writer.writerow([guarded(word) for word in heading])
    for row in rows:
        writer.writerow([_csv_cell(cell) for cell in row])
    return written.getvalue().encode("utf-8-sig")


def _csv_cell(cell: Cell) -> str | int:
    if cell is None:
        return ""
    if isinstance(cell, str):
        return guarded(cell)
    return cell.isoformat() if isinstance(cell, date) else cell


@dataclass(frozen=True, slots=True)
class Chart:
    """A sheet of its own that draws the numbers of a table as columns."""

    title: str
    #: So many columns name the rows; those after them are drawn.
    names: int


def xlsx_sheet(
    title: str, heading: Sequence[str], rows: Iterable[Sequence[Cell]], *, chart: Chart | None = None
) -> bytes:
    """One sheet with its heading in sight. Texts are written as texts, whatever they begin with."""
    written = BytesIO()
    book = xlsxwriter.Workbook(
        written,
        {
            "constant_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
        },
    )
    sheet = book.add_worksheet(_sheet_name(title))
    bold, day = book.add_format({"bold": True}), book.add_format({"num_format": "yyyy-mm-dd"})
    for column, word in enumerate(heading):
        sheet.set_column(column, column, min(max(len(word) + 2, 12), WIDEST))
    for column, word in enumerate(heading):
        sheet.write_string(0, column, word, bold)
    last = 0
    for last, row in enumerate(rows, 1):
        for column, cell in enumerate(row):
            if isinstance(cell, str):
                sheet.write_string(last, column, cell)
            elif isinstance(cell, date):
                sheet.write_datetime(last, column, cell, day)
            elif cell is not None:
                sheet.write_number(last, column, cell)
    sheet.freeze_panes(1, 1)
    if heading:
        sheet.autofilter(0, 0, last, len(heading) - 1)
    if chart and last:
        _draw(book, chart, sheet.get_name(), heading, last)
    book.close()
    return written.getvalue()


def _draw(book: xlsxwriter.Workbook, chart: Chart, sheet: str, heading: Sequence[str], last: int) -> None:
    drawn = book.add_chart({"type": "column"})
    drawn.set_title({"name": chart.title})
    for column in range(chart.names, len(heading)):
        series: dict[str, object] = {"name": [sheet, 0, column], "values": [sheet, 1, column, last, column]}
        if chart.names:
            series["categories"] = [sheet, 1, 0, last, chart.names - 1]
        drawn.add_series(series)
    book.add_chartsheet(_sheet_name(chart.title)).set_chart(drawn)


def _sheet_name(title: str) -> str:
    """Spreadsheets allow 31 characters, and not all of them."""
    kept = "".join(" " if one in "[]:*?/\\" else one for one in title).strip().strip("'")
    return kept[:31].strip().strip("'") or "1"
