"""Sessions and who attended them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, delete, func, or_, select, update
from sqlalchemy.orm import Session

from course.storage import waivers
from course.storage.insert import insert_if_new
from course.storage.tables import Attendance, CohortMember, Completion, RosterRow, SessionKit, TrainingSession


@dataclass(frozen=True, slots=True)
class StoredSession:
    id: int
    network_id: str
    cohort_id: int | None
    title: str
    track_id: str
    module_ids: tuple[str, ...]
    language: str
    starts_at: datetime
    ends_at: datetime
    place: str
    link: str
    agenda: str
    uid: str
    sequence: int
    code: str
    code_ended_at: datetime | None
    without_names: int
    created_by: int | None
    changed_at: datetime
    cancelled_at: datetime | None


@dataclass(frozen=True, slots=True)
class Credit:
    """What an attendance passes, in the edition of its day."""

    module_ids: tuple[str, ...]
    edition: str


@dataclass(frozen=True, slots=True)
class StoredAttendance:
    id: int
    learner_id: int | None
    roster_row_id: int | None
    #: The name on the list, or the one that the learner has in the cohort; empty for somebody without one.
    name: str
    how: str
    recorded_at: datetime


_COLUMNS = (
    TrainingSession.id,
    TrainingSession.network_id,
    TrainingSession.cohort_id,
    TrainingSession.title,
    TrainingSession.track_id,
    TrainingSession.module_ids,
    TrainingSession.language,
    TrainingSession.starts_at,
    TrainingSession.ends_at,
    TrainingSession.place,
    TrainingSession.link,
    TrainingSession.agenda,
    TrainingSession.uid,
    TrainingSession.sequence,
    TrainingSession.code,
    TrainingSession.code_ended_at,
    TrainingSession.without_names,
    TrainingSession.created_by,
    TrainingSession.changed_at,
    TrainingSession.cancelled_at,
)


def _stored(row: Sequence[Any]) -> StoredSession:
    values = dict(zip(StoredSession.__slots__, row, strict=True))
    return StoredSession(**values | {"module_ids": tuple(values["module_ids"])})


def add_session(session: Session, values: dict[str, Any]) -> int:
    row = TrainingSession(**values)
    session.add(row)
    session.flush()
    return row.id


def session_by_id(connection: Connection, session_id: int) -> StoredSession | None:
    return _first(connection, TrainingSession.id == session_id)


def session_by_code(connection: Connection, code: str) -> StoredSession | None:
    return _first(connection, TrainingSession.code == code)


def _first(connection: Connection, condition: ColumnElement[bool]) -> StoredSession | None:
    row = connection.execute(select(*_COLUMNS).where(condition)).first()
    return _stored(row) if row else None


def sessions_of(
    connection: Connection, network_ids: Collection[str] | None, *, cohort_id: int | None = None
) -> list[tuple[StoredSession, int]]:
    """The sessions of some networks (None: of all), newest first, each with how many attendances it has."""
    attended = select(Attendance.session_id, func.count().label("there")).group_by(Attendance.session_id).subquery()
    found = (
        select(*_COLUMNS, func.coalesce(attended.c.there, 0))
        .outerjoin(attended, attended.c.session_id == TrainingSession.id)
        .order_by(TrainingSession.starts_at.desc(), TrainingSession.id.desc())
    )
    if network_ids is not None:
        found = found.where(TrainingSession.network_id.in_(sorted(network_ids)))
    if cohort_id is not None:
        found = found.where(TrainingSession.cohort_id == cohort_id)
    return [(_stored(row[:-1]), int(row[-1])) for row in connection.execute(found)]


def change_session(session: Session, session_id: int, values: dict[str, Any]) -> None:
    """Change what the calendar entry says: its sequence grows."""
    session.execute(
        update(TrainingSession)
        .where(TrainingSession.id == session_id)
        .values(**values, sequence=TrainingSession.sequence + 1)
    )


def set_values(session: Session, session_id: int, values: dict[str, Any]) -> None:
    """Change what no calendar entry tells: the code, the number without names."""
    session.execute(update(TrainingSession).where(TrainingSession.id == session_id).values(**values))


def lock_session(session: Session, session_id: int) -> StoredSession | None:
    """The session, held until the end of the transaction, so that its attendances are matched one after another."""
    row = session.execute(select(*_COLUMNS).where(TrainingSession.id == session_id).with_for_update()).first()
    return _stored(row) if row else None


# Attendance


def attendances_of(connection: Connection, session_id: int) -> list[StoredAttendance]:
    """Everybody recorded, by name; those without a name last. A learner without one has the name of her cohort."""
    member = (
        select(CohortMember.name)
        .join(TrainingSession, TrainingSession.cohort_id == CohortMember.cohort_id)
        .where(TrainingSession.id == session_id, CohortMember.learner_id == Attendance.learner_id)
        .scalar_subquery()
    )
    rows = connection.execute(
        select(
            Attendance.id,
            Attendance.learner_id,
            Attendance.roster_row_id,
            Attendance.name,
            func.coalesce(member, RosterRow.name, ""),
            Attendance.how,
            Attendance.recorded_at,
        )
        .outerjoin(RosterRow, RosterRow.id == Attendance.roster_row_id)
        .where(Attendance.session_id == session_id)
    )
    found = [StoredAttendance(one, who, row, name or known, how, at) for one, who, row, name, known, how, at in rows]
    return sorted(found, key=lambda one: (not one.name, one.name.casefold(), one.id))


@dataclass(frozen=True, slots=True)
class Match:
    """A row of the list that somebody may already stand on."""

    id: int
    learner_id: int | None
    roster_row_id: int | None
    name_key: str | None


def matches_of(
    session: Session, session_id: int, *, learner_id: int | None, roster_row_id: int | None, name_key: str
) -> list[Match]:
    """The rows with this learner, this place on the roster or this name, in that order."""
    rows = session.execute(
        select(Attendance.id, Attendance.learner_id, Attendance.roster_row_id, Attendance.name_key).where(
            Attendance.session_id == session_id,
            or_(
                and_(Attendance.learner_id.is_not(None), Attendance.learner_id == learner_id),
                and_(Attendance.roster_row_id.is_not(None), Attendance.roster_row_id == roster_row_id),
                and_(Attendance.name_key.is_not(None), Attendance.name_key == name_key),
            ),
        )
    )
    found = [Match(*row) for row in rows]
    return sorted(found, key=lambda one: (one.learner_id != learner_id, one.roster_row_id != roster_row_id, one.id))


def add_attendance(session: Session, values: dict[str, Any]) -> bool:
    """False when somebody was faster with the same person."""
    return insert_if_new(session, Attendance, [values]) == 1


def complete_attendance(session: Session, attendance_id: int, values: dict[str, Any]) -> None:
    session.execute(update(Attendance).where(Attendance.id == attendance_id).values(**values))


def drop_attendance(session: Session, session_id: int, attendance_id: int) -> StoredAttendance | None:
    """Take somebody off the list, and tell who it was; None when she is not on it."""
    row = session.execute(
        delete(Attendance)
        .where(Attendance.id == attendance_id, Attendance.session_id == session_id)
        .returning(
            Attendance.id,
            Attendance.learner_id,
            Attendance.roster_row_id,
            Attendance.name,
            Attendance.how,
            Attendance.recorded_at,
        )
    ).first()
    return StoredAttendance(*row) if row else None


def move_attendances(session: Session, *, from_learner: int, to_learner: int) -> None:
    """When two learners turn out to be one. In a session that both attended she was there once."""
    both = select(Attendance.session_id).where(Attendance.learner_id == to_learner)
    session.execute(delete(Attendance).where(Attendance.learner_id == from_learner, Attendance.session_id.in_(both)))
    session.execute(update(Attendance).where(Attendance.learner_id == from_learner).values(learner_id=to_learner))


def learner_of_roster_row(session: Session, roster_row_id: int, cohort_id: int) -> tuple[str, int | None] | None:
    """(name, learner) of somebody on the roster of this cohort; None for a row of another one."""
    row = session.execute(
        select(RosterRow.name, RosterRow.learner_id).where(
            RosterRow.id == roster_row_id, RosterRow.cohort_id == cohort_id
        )
    ).first()
    return (row[0], row[1]) if row else None


def people_of_cohort(connection: Connection, cohort_id: int) -> tuple[list[tuple[int, str]], list[tuple[int, str]]]:
    """(learner, name) of the members, and (roster row, name) of those expected who have not joined; by name."""
    members = connection.execute(
        select(CohortMember.learner_id, CohortMember.name).where(CohortMember.cohort_id == cohort_id)
    ).all()
    expected = connection.execute(
        select(RosterRow.id, RosterRow.name).where(RosterRow.cohort_id == cohort_id, RosterRow.learner_id.is_(None))
    ).all()
    return _by_name(members), _by_name(expected)


def _by_name(rows: Iterable[Any]) -> list[tuple[int, str]]:
    return sorted(((one, name) for one, name in rows), key=lambda pair: (pair[1].casefold(), pair[0]))


def credits_of_roster_row(session: Session, roster_row_id: int) -> list[tuple[StoredSession, Credit]]:
    """The sessions that somebody attended as a name on a roster, and what each passes."""
    rows = session.execute(
        select(*_COLUMNS, Attendance.credited, Attendance.edition)
        .join(Attendance, Attendance.session_id == TrainingSession.id)
        .where(Attendance.roster_row_id == roster_row_id)
    )
    found: list[tuple[Any, ...]] = [tuple(row) for row in rows]
    return [(_stored(row[:-2]), Credit(tuple(row[-2]), row[-1])) for row in found]


def set_learner_of_roster_row(session: Session, roster_row_id: int, learner_id: int) -> None:
    """Whoever was on the list by her place on the roster is this learner, unless she is on it by herself already."""
    there = select(Attendance.session_id).where(Attendance.learner_id == learner_id)
    session.execute(
        update(Attendance)
        .where(
            Attendance.roster_row_id == roster_row_id,
            Attendance.learner_id.is_(None),
            Attendance.session_id.not_in(there),
        )
        .values(learner_id=learner_id)
    )


# What attendance passes


def add_completions(session: Session, learner_id: int, training: StoredSession, credit: Credit) -> int:
    """Modules passed by attendance; what was passed before stays as it was earned. How many are new."""
    waivers.make_room(session, learner_id, list(credit.module_ids))
    rows = [
        {
            "learner_id": learner_id,
            "module_id": module_id,
            "passed_at": training.ends_at,
            "edition": credit.edition,
            "language": training.language,
            "attempt_id": None,
            "session_id": training.id,
        }
        for module_id in credit.module_ids
    ]
    return insert_if_new(session, Completion, rows)


def drop_completions(session: Session, learner_id: int, session_id: int) -> int:
    """Take back what this session's attendance passed."""
    found = session.execute(
        delete(Completion).where(Completion.learner_id == learner_id, Completion.session_id == session_id)
    )
    return int(found.rowcount)  # type: ignore[attr-defined]


def earned_by_attendance(connection: Connection, learner_id: int) -> dict[str, tuple[str, datetime]]:
    """module id -> (session's title, its start) of the modules that this learner passed by attending."""
    rows = connection.execute(
        select(Completion.module_id, TrainingSession.title, TrainingSession.starts_at)
        .join(TrainingSession, TrainingSession.id == Completion.session_id)
        .where(Completion.learner_id == learner_id)
    )
    return {module_id: (title, at) for module_id, title, at in rows}


# Kits


@dataclass(frozen=True, slots=True)
class StoredKit:
    language: str
    source: str
    asked_at: datetime
    made_at: datetime | None


def ask_for_kit(session: Session, session_id: int, language: str, *, source: str, now: datetime) -> None:
    session.execute(delete(SessionKit).where(SessionKit.session_id == session_id, SessionKit.language == language))
    row = {"session_id": session_id, "language": language, "source": source, "asked_at": now}
    insert_if_new(session, SessionKit, [row | {"made_at": None, "pdf": None}])


def kits_of(connection: Connection, session_id: int) -> list[StoredKit]:
    rows = connection.execute(
        select(SessionKit.language, SessionKit.source, SessionKit.asked_at, SessionKit.made_at).where(
            SessionKit.session_id == session_id
        )
    )
    return [StoredKit(*row) for row in rows]


def keep_kit(session: Session, session_id: int, language: str, *, source: str, pdf: bytes, now: datetime) -> bool:
    """False when another kit was asked for meanwhile: its own task makes it."""
    found = session.execute(
        update(SessionKit)
        .where(SessionKit.session_id == session_id, SessionKit.language == language, SessionKit.source == source)
        .values(pdf=pdf, made_at=now)
    )
    return bool(found.rowcount)  # type: ignore[attr-defined]


def kit_file(connection: Connection, session_id: int, language: str) -> bytes | None:
    found = connection.execute(
        select(SessionKit.pdf).where(SessionKit.session_id == session_id, SessionKit.language == language)
    ).scalar()
    return bytes(found) if found is not None else None
