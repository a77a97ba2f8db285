"""Counts as files: CSV and XLSX with names for people, JSON with ids for programs. All of one table."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from course.domain.counts import CountTable, Dimension, Kind
from course.exports.sheet import CSV_TYPE, XLSX_TYPE, Cell, Chart, csv_sheet, xlsx_sheet

JSON_TYPE = "application/json"


@dataclass(frozen=True, slots=True)
class CountWords:
    """How a language calls what stands in a table."""

    title: str
    chart: str
    dimension: Callable[[Dimension], str]
    kind: Callable[[Kind], str]
    #: The name of a value of a dimension.
    value: Callable[[Dimension, str], str]


def count_file(table: CountTable, words: CountWords, kind: str) -> tuple[bytes, str]:
    """(the file, its media type). `kind` is csv, xlsx or json."""
    if kind == "json":
        return json_of(table), JSON_TYPE
    heading, rows = sheet_of(table, words)
    if kind == "csv":
        return csv_sheet(heading, rows), CSV_TYPE
    chart = Chart(words.chart, len(table.query.by))
    return xlsx_sheet(words.title, heading, rows, chart=chart), XLSX_TYPE


def sheet_of(table: CountTable, words: CountWords) -> tuple[list[str], list[list[Cell]]]:
    by = table.query.by
    heading = [*(words.dimension(one) for one in by), *(words.kind(one) for one in table.query.kinds)]
    rows: list[list[Cell]] = [
        [*(words.value(one, value) for one, value in zip(by, row.key, strict=True)), *row.counts] for row in table.rows
    ]
    return heading, rows


def json_of(table: CountTable) -> bytes:
    return json.dumps(document_of(table), ensure_ascii=False).encode()


def document_of(table: CountTable) -> dict[str, Any]:
    """The table as programs read it; "" stands for what is not known."""
    query = table.query
    kinds = [one.value for one in query.kinds]
    return {
        "exact": query.exact,
        "small": table.small,
        "until": table.until,
        "by": [one.value for one in query.by],
        "filters": {one.value: list(values) for one, values in query.where},
        "from": query.first_month,
        "to": query.last_month,
        "rows": [
            {
                **{one.value: value for one, value in zip(query.by, row.key, strict=True)},
                **dict(zip(kinds, row.counts, strict=True)),
            }
            for row in table.rows
        ],
        "totals": dict(zip(kinds, table.totals, strict=True)),
    }
