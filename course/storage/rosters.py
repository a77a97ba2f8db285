"""People expected in a cohort, and the files that they came from."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, delete, insert, select, update
from sqlalchemy.orm import Session

from course.domain.roster import Change, Fault, Person, Plan, RowFault
from course.storage.tables import Cohort, RosterImport, RosterRow

PLANNED = "planned"
APPLIED = "applied"
UNDONE = "undone"

_PERSON = (RosterRow.name, RosterRow.email, RosterRow.organisation, RosterRow.profession)


@dataclass(frozen=True, slots=True)
class StoredRow:
    id: int
    key: str
    person: Person
    #: Set while she is a member.
    learner_id: int | None
    invited_at: datetime | None


def rows_of(connection: Connection, cohort_id: int) -> list[StoredRow]:
    rows = connection.execute(
        select(RosterRow.id, RosterRow.key, RosterRow.learner_id, RosterRow.invited_at, *_PERSON)
        .where(RosterRow.cohort_id == cohort_id)
        .order_by(RosterRow.id)
    )
    return [StoredRow(row[0], row[1], Person(*row[4:]), row[2], row[3]) for row in rows]


def people_of(connection: Connection, cohort_id: int) -> dict[str, Person]:
    """The roster by row key, in the order in which it grew."""
    rows = connection.execute(
        select(RosterRow.key, *_PERSON).where(RosterRow.cohort_id == cohort_id).order_by(RosterRow.id)
    )
    return {row[0]: Person(*row[1:]) for row in rows}


def add_people(session: Session, cohort_id: int, people: Mapping[str, Person], *, now: datetime) -> None:
    rows = [
        {"cohort_id": cohort_id, "key": key, **_values(person), "created_at": now} for key, person in people.items()
    ]
    if rows:
        session.execute(insert(RosterRow), rows)


def change_people(session: Session, cohort_id: int, people: Mapping[str, Person]) -> None:
    rows = [
        {"row_key": key, **{f"new_{name}": text for name, text in _values(one).items()}} for key, one in people.items()
    ]
    if rows:
        table = RosterRow.__table__
        session.connection().execute(
            update(table)  # type: ignore[arg-type]
            .where(table.c.cohort_id == cohort_id, table.c.key == bindparam("row_key"))
            .values(**{name: bindparam(f"new_{name}") for name in ("name", "email", "organisation", "profession")}),
            rows,
        )


def drop_people(session: Session, cohort_id: int, keys: Sequence[str]) -> None:
    if keys:
        table = RosterRow.__table__
        session.connection().execute(
            delete(table).where(table.c.cohort_id == cohort_id, table.c.key == bindparam("row_key")),  # type: ignore[arg-type]
            [{"row_key": key} for key in keys],
        )


def drop_row(session: Session, cohort_id: int, row_id: int) -> bool:
    found = session.execute(delete(RosterRow).where(RosterRow.id == row_id, RosterRow.cohort_id == cohort_id))
    return bool(found.rowcount)  # type: ignore[attr-defined]


def _values(person: Person) -> dict[str, str]:
    return {
        "name": person.name,
        "email": person.email,
        "organisation": person.organisation,
        "profession": person.profession,
    }


# Who joins


def take_row(session: Session, row_id: int, learner_id: int) -> bool:
    """Mark who of the roster has joined. False when somebody else has taken the row meanwhile."""
    found = session.execute(
        update(RosterRow).where(RosterRow.id == row_id, RosterRow.learner_id.is_(None)).values(learner_id=learner_id)
    )
    return bool(found.rowcount)  # type: ignore[attr-defined]


def free_rows(session: Session, cohort_id: int, learner_id: int) -> None:
    """She left: she is expected again, and no link that was sent leads in any more."""
    session.execute(
        update(RosterRow)
        .where(RosterRow.cohort_id == cohort_id, RosterRow.learner_id == learner_id)
        .values(learner_id=None, link_hash=None)
    )


def set_link(session: Session, row_id: int, *, link_hash: str, now: datetime) -> bool:
    """A new personal link for someone expected; the one before ends. False when she has joined meanwhile."""
    found = session.execute(
        update(RosterRow)
        .where(RosterRow.id == row_id, RosterRow.learner_id.is_(None))
        .values(link_hash=link_hash, invited_at=now)
    )
    return bool(found.rowcount)  # type: ignore[attr-defined]


def row_of_link(connection: Connection, link_hash: str) -> tuple[int, StoredRow] | None:
    """(cohort id, the row) that a personal link leads to."""
    row = connection.execute(
        select(RosterRow.id, RosterRow.key, RosterRow.learner_id, RosterRow.invited_at, RosterRow.cohort_id, *_PERSON)
        .join(Cohort, Cohort.id == RosterRow.cohort_id)
        .where(RosterRow.link_hash == link_hash)
    ).first()
    return (row[4], StoredRow(row[0], row[1], Person(*row[5:]), row[2], row[3])) if row else None


# Files


@dataclass(frozen=True, slots=True)
class StoredImport:
    id: int
    cohort_id: int
    file_name: str
    state: str
    plan: Plan
    created_at: datetime
    applied_at: datetime | None
    undone_at: datetime | None


_IMPORT = (
    RosterImport.id,
    RosterImport.cohort_id,
    RosterImport.file_name,
    RosterImport.state,
    RosterImport.created_at,
    RosterImport.applied_at,
    RosterImport.undone_at,
    RosterImport.rows,
    RosterImport.unchanged,
    RosterImport.changes,
    RosterImport.problems,
)


def add_import(
    session: Session, cohort_id: int, plan: Plan, *, account_id: int | None, file_name: str, now: datetime
) -> int:
    found = RosterImport(
        cohort_id=cohort_id,
        account_id=account_id,
        file_name=file_name,
        state=PLANNED,
        rows=plan.rows,
        unchanged=plan.unchanged,
        changes=[[one.key, _list(one.before), _list(one.after)] for one in plan.changes],
        problems=[[one.line, one.fault.value, one.value] for one in plan.faults],
        created_at=now,
    )
    session.add(found)
    session.flush()
    return found.id


def import_by_id(connection: Connection, import_id: int) -> StoredImport | None:
    row = connection.execute(select(*_IMPORT).where(RosterImport.id == import_id)).first()
    return _import(row) if row else None


def last_applied(connection: Connection, cohort_id: int) -> StoredImport | None:
    """The newest import that was applied and not taken back."""
    row = connection.execute(
        select(*_IMPORT)
        .where(RosterImport.cohort_id == cohort_id, RosterImport.state == APPLIED)
        .order_by(RosterImport.applied_at.desc(), RosterImport.id.desc())
        .limit(1)
    ).first()
    return _import(row) if row else None


def move_import(session: Session, import_id: int, *, before: str, after: str, now: datetime) -> bool:
    """From one state to the next; of two clicks at once one is told False."""
    stamp = {APPLIED: "applied_at", UNDONE: "undone_at"}[after]
    found = session.execute(
        update(RosterImport)
        .where(RosterImport.id == import_id, RosterImport.state == before)
        .values(state=after, **{stamp: now})
    )
    return bool(found.rowcount)  # type: ignore[attr-defined]


def _list(person: Person | None) -> list[str] | None:
    return None if person is None else [person.name, person.email, person.organisation, person.profession]


def _import(row: Sequence[Any]) -> StoredImport:
    import_id, cohort_id, file_name, state, created_at, applied_at, undone_at, rows, unchanged, changes, faults = row
    plan = Plan(
        rows,
        unchanged,
        tuple(Change(key, _person(before), Person(*after)) for key, before, after in changes),
        tuple(RowFault(line, Fault(fault), value) for line, fault, value in faults),
    )
    return StoredImport(import_id, cohort_id, file_name, state, plan, created_at, applied_at, undone_at)


def _person(fields: Iterable[str] | None) -> Person | None:
    return None if fields is None else Person(*fields)
