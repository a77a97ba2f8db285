"""The audit log: lines are added at its end, one after the other, and read."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import Connection, delete, select
from sqlalchemy.orm import Session

from course.domain.audit import BEGINNING, Anchor, Line, hash_after
from course.storage.insert import insert_if_new
from course.storage.tables import AuditHead, AuditRow

READ_AT_ONCE = 1000
_COLUMNS = (
    AuditRow.number,
    AuditRow.at,
    AuditRow.who,
    AuditRow.what,
    AuditRow.about,
    AuditRow.details,
    AuditRow.hash,
)


def _head(session: Session) -> AuditHead:
    """The end of the chain, held until the transaction ends: of two who add a line at once one waits for the other."""
    insert_if_new(
        session,
        AuditHead,
        [{"id": 1, "count": 0, "hash": BEGINNING, "removed": 0, "removed_hash": BEGINNING}],
    )
    return session.execute(
        select(AuditHead).where(AuditHead.id == 1).with_for_update().execution_options(populate_existing=True)
    ).scalar_one()


def add_line(session: Session, *, at: datetime, who: str, what: str, about: str, details: str) -> int:
    """The number of the new line."""
    head = _head(session)
    number = head.count + 1
    digest = hash_after(head.hash, number, at, who, what, about, details)
    session.add(AuditRow(number=number, at=at, who=who, what=what, about=about, details=details, hash=digest))
    head.count, head.hash = number, digest
    session.flush()
    return number


def ends(connection: Connection) -> tuple[Anchor, Anchor]:
    """(where the chain begins, where it ends)."""
    row = connection.execute(
        select(AuditHead.removed, AuditHead.removed_hash, AuditHead.count, AuditHead.hash).where(AuditHead.id == 1)
    ).first()
    if row is None:
        return Anchor(0, BEGINNING), Anchor(0, BEGINNING)
    return Anchor(row[0], row[1]), Anchor(row[2], row[3])


def lines(connection: Connection, *, up_to: int) -> Iterator[Line]:
    """All lines up to a number, oldest first, some at a time."""
    after = 0
    while True:
        rows = connection.execute(
            select(*_COLUMNS)
            .where(AuditRow.number > after, AuditRow.number <= up_to)
            .order_by(AuditRow.number)
            .limit(READ_AT_ONCE)
        ).all()
        for row in rows:
            yield Line(*row)
        if len(rows) < READ_AT_ONCE:
            return
        after = rows[-1].number


def latest(connection: Connection, *, what: str, before: int | None, limit: int) -> list[Line]:
    """The newest lines first; those of one kind, and older than the number `before`, when they are given."""
    query = select(*_COLUMNS).order_by(AuditRow.number.desc()).limit(limit)
    if what:
        query = query.where(AuditRow.what == what)
    if before is not None:
        query = query.where(AuditRow.number < before)
    return [Line(*row) for row in connection.execute(query)]


def kinds(connection: Connection) -> list[str]:
    return list(connection.execute(select(AuditRow.what).distinct().order_by(AuditRow.what)).scalars())


def remove_before(session: Session, moment: datetime) -> int:
    """Remove the lines from before a moment, from the beginning on; how many they were. The rest stays a chain."""
    head = _head(session)
    kept = session.execute(
        select(AuditRow.number).where(AuditRow.at >= moment).order_by(AuditRow.number).limit(1)
    ).scalar()
    last = head.count if kept is None else kept - 1
    row = session.execute(select(AuditRow.hash).where(AuditRow.number == last)).scalar()
    if row is None or last <= head.removed:
        return 0
    many = last - head.removed
    session.execute(delete(AuditRow).where(AuditRow.number <= last))
    head.removed, head.removed_hash = last, row
    session.flush()
    return many
