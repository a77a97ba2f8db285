"""The export of records: completions person by person, for those with the right, streamed."""

from __future__ import annotations

import csv
import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import closing
from datetime import UTC, datetime
from io import StringIO

from course.domain.home_time import day_at_home
from course.domain.permission import Staff
from course.exports.sheet import guarded
from course.services.audit import What, by_account, record_audit
from course.storage import records
from course.storage.engine import Store
from course.storage.records import CELL, NEXT, UTC_HOUR, YES, RecordRow

LINE_END = "\r\n"


def write_down(store: Store, staff: Staff, *, now: datetime) -> None:
    """Before the first row leaves: who took the records, and of which networks."""
    networks = networks_of(staff)
    about = {"networks": "all" if networks is None else sorted(networks)}
    with store.writing() as session:
        record_audit(session, by_account(staff.account_id), What.RECORDS, "completions", about, now=now)


def networks_of(staff: Staff) -> Collection[str] | None:
    """Whose records she may take: None for everybody's, else those of members of these networks' groups."""
    return None if staff.administrator else staff.networks


def stream_records(store: Store, staff: Staff, heading: Sequence[str], yes: str) -> Iterator[bytes]:
    """CSV, in pieces as they are read: the heading at once, and never more than some thousand learners in memory.

    `yes` is the word for a module that was passed by attending, or by a trainer's decision.
    """
    yield "\ufeff".encode() + _written([[guarded(word) for word in heading]]).encode()
    word = _written([[guarded(yes)]]).removesuffix(LINE_END)
    with store.streaming() as connection, closing(records.records(connection, networks_of(staff))) as found:
        for rows in found:
            yield "".join(_lines(row, word) for row in rows).encode()


def _lines(row: RecordRow, yes: str) -> str:
    """The lines of one learner. Only names of people and groups were typed by somebody; the rest is ours."""
    learner, name, group, network, organisation, profession, completions = row
    named = _written([[guarded(name), guarded(group)]]).removesuffix(LINE_END) if name or group else CELL
    head = f"{learner}{CELL}{named}{CELL}{network}{CELL}{organisation}{CELL}{profession}{CELL}"
    if YES in completions:
        completions = completions.replace(YES, yes)
    if UTC_HOUR in completions:
        completions = _LATE.sub(_day_of_hour, completions)
    return f"{head}{completions.replace(NEXT, LINE_END + head)}{LINE_END}"


_LATE = re.compile(f"{UTC_HOUR}(.{{{len('2026-03-02 21')}}})")


def _day_of_hour(late: re.Match[str]) -> str:
    return day_at_home(datetime.strptime(late[1], "%Y-%m-%d %H").replace(tzinfo=UTC)).isoformat()


def _written(rows: Iterable[Sequence[object]]) -> str:
    text = StringIO(newline="")
    csv.writer(text, delimiter=CELL, lineterminator=LINE_END).writerows(rows)
    return text.getvalue()
