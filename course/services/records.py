"""The export of records: completions person by person, for those with the right, streamed."""

from __future__ import annotations

import csv
from collections.abc import Collection, Iterator, Sequence
from datetime import UTC, datetime
from io import StringIO

from course.domain.home_time import day_at_home
from course.domain.permission import Staff
from course.exports.sheet import guarded
from course.services.audit import What, by_account, record_audit
from course.storage import records
from course.storage.engine import Store
from course.storage.records import RecordRow

#: Everything else in a row is ours: an id, a date, a number.
_TYPED_BY_PEOPLE = (1, 2)
_HOUR = len("2026-03-02 16")


def write_down(store: Store, staff: Staff, *, now: datetime) -> None:
    """Before the first row leaves: who took the records, and of which networks."""
    networks = networks_of(staff)
    about = {"networks": "all" if networks is None else sorted(networks)}
    with store.writing() as session:
        record_audit(session, by_account(staff.account_id), What.RECORDS, "completions", about, now=now)


def networks_of(staff: Staff) -> Collection[str] | None:
    """Whose records she may take: None for everybody's, else those of members of these networks' groups."""
    return None if staff.administrator else staff.networks


def stream_records(store: Store, staff: Staff, heading: Sequence[str], attendance: str) -> Iterator[bytes]:
    """CSV, in pieces as they are read: the heading at once, and never more than a few thousand rows in memory.

    `attendance` is the word for a module that was passed by attending.
    """
    days = _Days()
    yield "\ufeff".encode() + _written([[guarded(word) for word in heading]])
    with store.streaming() as connection:
        for rows in records.records(connection, networks_of(staff)):
            yield _written(_line(row, days, attendance) for row in rows)


def _line(row: RecordRow, days: _Days, attendance: str) -> list[object]:
    cells = list(row)
    for place in _TYPED_BY_PEOPLE:
        cells[place] = guarded(cells[place])
    cells[7] = days[cells[7]]
    cells[10] = attendance if cells[10] else ""
    return cells


class _Days(dict[object, str]):
    """The day in Finland of a moment as the database gives it: all moments of an hour have the same."""

    def __missing__(self, moment: object) -> str:
        if isinstance(moment, datetime):
            return day_at_home(moment).isoformat()
        hour = str(moment)[:_HOUR]
        return self.get(hour) or self.setdefault(hour, _day_of_hour(hour))


def _day_of_hour(hour: str) -> str:
    return day_at_home(datetime.strptime(hour, "%Y-%m-%d %H").replace(tzinfo=UTC)).isoformat()


def _written(rows: Iterator[list[object]] | list[list[str]]) -> bytes:
    text = StringIO(newline="")
    csv.writer(text, delimiter=";", lineterminator="\r\n").writerows(rows)
    return text.getvalue().encode()
