"""Rosters: read a file as a plan, show it, do it, take it back; and invite those who are expected."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime

from sqlalchemy import Connection
from sqlalchemy.orm import Session

from course.domain.errors import NotThere, RosterChanged
from course.domain.roster import (
    EXPORT_HEADINGS,
    ROWS_MAX,
    Change,
    Fault,
    FileRefused,
    FileRow,
    Person,
    Refusal,
    RowFault,
    columns_of,
    file_row,
    plan,
)
from course.exports.sheet_reading import read_table
from course.services.audit import What, by_account, record_audit
from course.services.mail import put_mail
from course.services.people import hash_of, new_secret
from course.storage import cohorts, rosters
from course.storage.engine import Store
from course.storage.rosters import APPLIED, PLANNED, UNDONE, StoredImport, StoredRow

#: Some programs write a title above the headings.
ROWS_ABOVE_HEADINGS = 5
FILE_NAME_MAX = 200

#: Called with the number of rows read so far.
Tell = Callable[[int], None]


def file_rows(raw: bytes, tell: Tell = lambda _: None) -> Iterator[FileRow]:
    """The people of a file. Raises FileRefused when it is no table of people."""
    table = read_table(raw)
    columns: dict[str, int] = {}
    for _ in range(ROWS_ABOVE_HEADINGS):
        heading = next(table, None)
        columns = columns_of(heading[1]) if heading else {}
        if columns or heading is None:
            break
    if not columns:
        raise FileRefused(Refusal.NO_NAMES)
    for read, (line, cells) in enumerate(table, 1):
        yield file_row(line, cells, columns)
        if read % 100 == 0:
            tell(read)


def plan_import(
    store: Store,
    cohort_id: int,
    raw: bytes,
    *,
    file_name: str,
    account_id: int | None,
    now: datetime,
    tell: Tell = lambda _: None,
) -> int:
    """Read a file and write down what it would change; nothing is changed yet. The id of the import."""
    rows = list(file_rows(raw, tell))
    if not rows:
        raise FileRefused(Refusal.EMPTY)
    with store.writing() as session:
        found = plan(rows, rosters.people_of(session.connection(), cohort_id))
        return rosters.add_import(
            session, cohort_id, found, account_id=account_id, file_name=file_name[-FILE_NAME_MAX:], now=now
        )


def import_of(connection: Connection, cohort_id: int, import_id: int) -> StoredImport:
    """An import of this cohort; those of other cohorts are not there."""
    found = rosters.import_by_id(connection, import_id)
    if found is None or found.cohort_id != cohort_id:
        raise NotThere(str(import_id))
    return found


def apply_import(store: Store, cohort_id: int, import_id: int, *, now: datetime, by: int | None = None) -> None:
    """Do what the plan shows, all of it or nothing. Doing it twice does it once."""
    with store.writing() as session:
        found, known = _held(session, cohort_id, import_id)
        if found.state == APPLIED:
            return
        changes = found.plan.changes
        if found.state != PLANNED or any(known.get(one.key) != one.before for one in changes):
            raise RosterChanged(str(import_id))
        rosters.add_people(session, cohort_id, {one.key: one.after for one in changes if one.before is None}, now=now)
        rosters.change_people(session, cohort_id, {one.key: one.after for one in changes if one.before is not None})
        rosters.move_import(session, import_id, before=PLANNED, after=APPLIED, now=now)
        _log(session, by, What.ROSTER_APPLIED, found, now)


def undo_import(store: Store, cohort_id: int, import_id: int, *, now: datetime, by: int | None = None) -> None:
    """Bring the roster back to what it was before. Refused when those people were changed since by something else."""
    with store.writing() as session:
        found, known = _held(session, cohort_id, import_id)
        if found.state == UNDONE:
            return
        changes = found.plan.changes
        if found.state != APPLIED or any(known.get(one.key) != one.after for one in changes):
            raise RosterChanged(str(import_id))
        rosters.drop_people(session, cohort_id, [one.key for one in changes if one.before is None])
        rosters.change_people(session, cohort_id, {one.key: one.before for one in changes if one.before is not None})
        rosters.move_import(session, import_id, before=APPLIED, after=UNDONE, now=now)
        _log(session, by, What.ROSTER_UNDONE, found, now)


def _log(session: Session, by: int | None, what: What, found: StoredImport, now: datetime) -> None:
    details = {"import": found.id, "people": len(found.plan.changes)}
    record_audit(session, by_account(by), what, f"cohort:{found.cohort_id}", details, now=now)


def _held(session: Session, cohort_id: int, import_id: int) -> tuple[StoredImport, dict[str, Person]]:
    cohorts.lock_cohort(session, cohort_id)
    connection = session.connection()
    return import_of(connection, cohort_id, import_id), rosters.people_of(connection, cohort_id)


def exported(
    connection: Connection, cohort_id: int, language: str
) -> tuple[tuple[str, ...], list[tuple[str, str, str, str, str]]]:
    """(headings, rows) of the roster. A file of it, imported again, changes nothing."""
    people = rosters.people_of(connection, cohort_id)
    heading = EXPORT_HEADINGS.get(language, EXPORT_HEADINGS["en"])
    return heading, [(key, one.name, one.email, one.organisation, one.profession) for key, one in people.items()]


# One by one


def add_person(store: Store, cohort_id: int, person: Person, *, now: datetime) -> RowFault | None:
    """Put somebody on the roster by hand, by the rules of a file of one row. What is wrong, if anything is."""
    with store.writing() as session:
        cohorts.lock_cohort(session, cohort_id)
        known = rosters.people_of(session.connection(), cohort_id)
        found = plan([FileRow(1, "", person)], known)
        if found.faults:
            return found.faults[0]
        if len(known) >= ROWS_MAX:
            return RowFault(1, Fault.TOO_MANY, str(ROWS_MAX))
        _do(session, cohort_id, found.changes, now)
    return None


def _do(session: Session, cohort_id: int, changes: Iterable[Change], now: datetime) -> None:
    for one in changes:
        if one.before is None:
            rosters.add_people(session, cohort_id, {one.key: one.after}, now=now)
        else:
            rosters.change_people(session, cohort_id, {one.key: one.after})


def remove_person(store: Store, cohort_id: int, row_id: int) -> None:
    """Take somebody off the roster. Who has joined stays a member: that is another thing to end."""
    with store.writing() as session:
        rosters.drop_row(session, cohort_id, row_id)


def to_invite(rows: Iterable[StoredRow]) -> list[StoredRow]:
    """Those expected who have a mail address, have not joined, and have not been written to yet."""
    return [row for row in rows if row.learner_id is None and row.person.email and row.invited_at is None]


def personal_link(store: Store, cohort_id: int, row_id: int, *, now: datetime) -> str | None:
    """A new secret for the link of somebody expected, to be shown once; None for somebody who has joined."""
    secret = new_secret()
    with store.writing() as session:
        rows = {row.id for row in rosters.rows_of(session.connection(), cohort_id)}
        if row_id not in rows:
            raise NotThere(str(row_id))
        return secret if rosters.set_link(session, row_id, link_hash=hash_of(secret), now=now) else None


def invite(store: Store, cohort_id: int, write: Callable[[Person, str], tuple[str, str]], *, now: datetime) -> int:
    """Write to everybody who is to be invited; how many mails were put into the outbox.

    `write` gives (subject, text) for a person and the secret of her link.
    """
    with store.writing() as session:
        cohorts.lock_cohort(session, cohort_id)
        waiting = to_invite(rosters.rows_of(session.connection(), cohort_id))
        for row in waiting:
            secret = new_secret()
            rosters.set_link(session, row.id, link_hash=hash_of(secret), now=now)
            subject, text = write(row.person, secret)
            put_mail(
                session,
                to=row.person.email,
                subject=subject,
                text=text,
                now=now,
                key=f"roster:{row.id}:{hash_of(secret)}",
            )
    return len(waiting)


# In words


def fault_words(fault: RowFault, say: Callable[..., str]) -> str:
    """What is wrong with a row, and what to do, as a sentence in the reader's language."""
    value = fault.value
    return {
        Fault.NAME_MISSING: say("The name is missing."),
        Fault.TOO_LONG: say("This is too long: %(value)s", value=value),
        Fault.EMAIL_WRONG: say("This is no mail address: %(value)s", value=value),
        Fault.SAME_ROW: say("This person is on line %(line)s already.", line=value),
        Fault.WHICH_PERSON: say(
            "Several people could be meant by %(name)s. Add the mail address or the id.", name=value
        ),
        Fault.TOO_MANY: say(
            "Only %(most)s people fit on a roster. This row and those after it are left out.", most=value
        ),
    }[fault.fault]


def refusal_words(why: Refusal, say: Callable[..., str]) -> str:
    """Why a file was not read, and what to do."""
    return {
        Refusal.EMPTY: say("The file is empty."),
        Refusal.NO_NAMES: say("The first row must name the columns, and one of them must be the name."),
        Refusal.NO_TABLE: say("The file is no table that can be read. Save it as CSV or XLSX."),
        Refusal.OLD_OR_LOCKED: say(
            "The file is in an old Excel format or has a password. Save it as XLSX without one."
        ),
        Refusal.TOO_LARGE: say("The file is too large. Leave only the columns that the roster needs."),
    }[why]
