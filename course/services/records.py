"""The export of records: completions person by person, for those with the right, streamed."""

from __future__ import annotations

import csv
from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import UTC, datetime
from io import StringIO

from course.domain.home_time import day_at_home
from course.domain.permission import Staff
from course.exports.sheet import guarded
from course.services.audit import What, by_account, record_audit
from course.storage import records
from course.storage.engine import Store
from course.storage.records import RecordRow

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
            yield _written(_lines(rows, days, attendance))


def _lines(rows: Sequence[RecordRow], days: _Days, attendance: str) -> Iterator[Sequence[object]]:
    """The rows as they are written. Only names of people and groups were typed by somebody; the rest is ours."""
    for learner, name, group, network, organisation, profession, module, at, edition, language, attended in rows:
        yield (
            learner,
            guarded(name) if name else "",
            guarded(group) if group else "",
            network,
            organisation,
            profession,
            module,
            days[at],
            edition,
            language,
            attendance if attended else "",
        )


class _Days(dict[object, str]):
    """The day in Finland of a moment as the database gives it: all moments of an hour have the same."""

    def __missing__(self, moment: object) -> str:
        if isinstance(moment, datetime):
            return day_at_home(moment).isoformat()
        hour = str(moment)[:_HOUR]
        found = self.get(hour)
        if found is None:
            found = self[hour] = _day_of_hour(hour)
        return found


def _day_of_hour(hour: str) -> str:
    return day_at_home(datetime.strptime(hour, "%Y-%m-%d %H").replace(tzinfo=UTC)).isoformat()


def _written(rows: Iterable[Sequence[object]]) -> bytes:
    text = StringIO(newline="")
    csv.writer(text, delimiter=";", lineterminator="\r\n").writerows(rows)
    return text.getvalue().encode()
