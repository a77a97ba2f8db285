"""Who was reached, as rows for the counting: distinct people by network, year and way."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    String,
    case,
    cast,
    func,
    literal,
    select,
    union,
)

from course.domain.reach import NO_NETWORK, Contact, Way
from course.storage.tables import (
    Attendance,
    Cohort,
    CohortMember,
    Completion,
    LearnerProfile,
    RosterRow,
    TrainingSession,
)

#: (year, its first moment), oldest first.
Years = Collection[tuple[int, datetime]]


def first_and_last(connection: Connection) -> tuple[datetime, datetime] | None:
    """The first and the last moment at which anybody was reached."""
    found: list[datetime] = []
    online = select(func.min(Completion.passed_at), func.max(Completion.passed_at)).where(
        Completion.attempt_id.is_not(None)
    )
    sessions = select(func.min(TrainingSession.starts_at), func.max(TrainingSession.starts_at)).where(
        TrainingSession.cancelled_at.is_(None)
    )
    for query in (online, sessions):
        found += [moment for moment in connection.execute(query).one() if moment is not None]
    return (min(found), max(found)) if found else None


def contacts(connection: Connection, years: Years, networks: Collection[str] | None = None) -> Iterator[Contact]:
    """Every distinct contact, of some networks or of all. The database drops what is there twice."""
    wanted = union(_online(years), _online_by_profile(years), _sessions(years)).subquery()
    query = select(wanted.c.network, wanted.c.year, wanted.c.way, wanted.c.person)
    if networks is not None:
        query = query.where(wanted.c.network.in_(sorted(networks)))
    for network, year, way, person in connection.execute(query):
        yield Contact(network, int(year), Way(way), person)


def without_names(connection: Connection, years: Years) -> dict[tuple[str, int], int]:
    """People counted without names, by network and year."""
    year = _year(TrainingSession.starts_at, years).label("year")
    rows = connection.execute(
        select(TrainingSession.network_id, year, func.sum(TrainingSession.without_names))
        .where(TrainingSession.cancelled_at.is_(None), TrainingSession.without_names > 0)
        .group_by(TrainingSession.network_id, year)
    )
    return {(network, int(year)): int(count) for network, year, count in rows}


def _year(moment: Any, years: Years) -> ColumnElement[int]:
    """The year in Finland. Its bounds are given, as the two databases do not agree on time zones."""
    newest_first = sorted(years, reverse=True)
    return case(*((moment >= begins, literal(year)) for year, begins in newest_first), else_=literal(0))


def _learner(column: Any) -> ColumnElement[str]:
    return literal("L") + cast(column, String)


def _online(years: Years) -> Any:
    """Learners who passed a module by its quiz, in each network where they are in a cohort."""
    return (
        select(
            Cohort.network_id.label("network"),
            _year(Completion.passed_at, years).label("year"),
            literal(Way.ONLINE.value).label("way"),
            _learner(Completion.learner_id).label("person"),
        )
        .select_from(Completion)
        .join(CohortMember, CohortMember.learner_id == Completion.learner_id)
        .join(Cohort, Cohort.id == CohortMember.cohort_id)
        .where(Completion.attempt_id.is_not(None))
    )


def _online_by_profile(years: Years) -> Any:
    """Learners in no cohort: in the network that they told, or in none."""
    in_a_cohort = select(CohortMember.learner_id).where(CohortMember.learner_id == Completion.learner_id).exists()
    return (
        select(
            func.coalesce(LearnerProfile.network_id, literal(NO_NETWORK)),
            _year(Completion.passed_at, years),
            literal(Way.ONLINE.value),
            _learner(Completion.learner_id),
        )
        .select_from(Completion)
        .outerjoin(LearnerProfile, LearnerProfile.learner_id == Completion.learner_id)
        .where(Completion.attempt_id.is_not(None), ~in_a_cohort)
    )


def _sessions(years: Years) -> Any:
    """Whoever attended: the learner, else the learner whom the roster row leads to, else the row, else the name."""
    learner = func.coalesce(Attendance.learner_id, RosterRow.learner_id)
    name = literal("N") + TrainingSession.network_id + literal(":") + Attendance.name_key
    person = case(
        (learner.is_not(None), _learner(learner)),
        (Attendance.roster_row_id.is_not(None), literal("R") + cast(Attendance.roster_row_id, String)),
        # The same name in the same network is taken for the same person: rather one too few than one too many.
        (Attendance.name_key.is_not(None), name),
        else_=literal("A") + cast(Attendance.id, String),
    )
    return (
        select(
            TrainingSession.network_id,
            _year(TrainingSession.starts_at, years),
            literal(Way.SESSION.value),
            person,
        )
        .select_from(Attendance)
        .join(TrainingSession, TrainingSession.id == Attendance.session_id)
        .outerjoin(RosterRow, RosterRow.id == Attendance.roster_row_id)
        .where(TrainingSession.cancelled_at.is_(None))
    )
