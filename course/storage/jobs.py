"""Jobs: how far they are, which certificates they hold, and their files in pieces."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, delete, func, select, update
from sqlalchemy.orm import Session

from course.storage.insert import insert_if_new
from course.storage.tables import Job, JobCertificate, JobPart

OPEN = "open"
DONE = "done"
#: Somebody in it was erased, or its time is over: the file is gone.
DROPPED = "dropped"


@dataclass(frozen=True, slots=True)
class StoredJob:
    id: int
    account_id: int
    state: str
    total: int
    done: int
    error: str
    created_at: datetime
    expires_at: datetime


_COLUMNS = (
    Job.id,
    Job.account_id,
    Job.state,
    Job.total,
    Job.done,
    Job.error,
    Job.created_at,
    Job.expires_at,
)


def add_job(
    session: Session, account_id: int, certificate_ids: Iterable[int], *, now: datetime, expires_at: datetime
) -> int:
    ids = sorted(set(certificate_ids))
    job = Job(account_id=account_id, state=OPEN, total=len(ids), done=0, created_at=now, expires_at=expires_at)
    session.add(job)
    session.flush()
    rows = [{"job_id": job.id, "certificate_id": certificate_id} for certificate_id in ids]
    insert_if_new(session, JobCertificate, rows)
    return job.id


def job_by_id(connection: Connection, job_id: int) -> StoredJob | None:
    row = connection.execute(select(*_COLUMNS).where(Job.id == job_id)).first()
    return StoredJob(*row) if row else None


def certificates_in(connection: Connection, job_id: int) -> list[int]:
    rows = connection.execute(
        select(JobCertificate.certificate_id)
        .where(JobCertificate.job_id == job_id)
        .order_by(JobCertificate.certificate_id)
    )
    return list(rows.scalars())


def set_done(session: Session, job_id: int, done: int) -> None:
    session.execute(update(Job).where(Job.id == job_id).values(done=done))


def set_error(session: Session, job_id: int, error: str) -> None:
    session.execute(update(Job).where(Job.id == job_id).values(error=error[:500]))


def close(session: Session, job_id: int, state: str) -> bool:
    """False when it was closed before."""
    found = session.execute(update(Job).where(Job.id == job_id, Job.state == OPEN).values(state=state, error=""))
    return bool(found.rowcount)  # type: ignore[attr-defined]


def drop_parts(session: Session, job_id: int) -> None:
    session.execute(delete(JobPart).where(JobPart.job_id == job_id))


def add_part(session: Session, job_id: int, number: int, content: bytes) -> None:
    session.add(JobPart(job_id=job_id, number=number, content=content))
    session.flush()


def size_of(connection: Connection, job_id: int) -> int:
    found = connection.execute(select(func.sum(func.length(JobPart.content))).where(JobPart.job_id == job_id))
    return int(found.scalar_one() or 0)


def parts_of(connection: Connection, job_id: int) -> Iterator[bytes]:
    """The pieces of the file, one query each: the file is never in memory as a whole."""
    number = 0
    while True:
        row = connection.execute(
            select(JobPart.content).where(JobPart.job_id == job_id, JobPart.number == number)
        ).first()
        if row is None:
            return
        yield bytes(row[0])
        number += 1


def drop_files_with(session: Session, certificate_ids: Iterable[int]) -> None:
    """Drop the files that hold one of these certificates."""
    holding = select(JobCertificate.job_id).where(JobCertificate.certificate_id.in_(list(certificate_ids)))
    ids = list(session.execute(holding.distinct()).scalars())
    _drop(session, ids)


def drop_expired(session: Session, now: datetime) -> int:
    """How many files were dropped because their time is over."""
    over = select(Job.id).where(Job.expires_at <= now, Job.state != DROPPED)
    ids = list(session.execute(over).scalars())
    _drop(session, ids)
    return len(ids)


def _drop(session: Session, job_ids: list[int]) -> None:
    session.execute(delete(JobPart).where(JobPart.job_id.in_(job_ids)))
    session.execute(update(Job).where(Job.id.in_(job_ids)).values(state=DROPPED))
