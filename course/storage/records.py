"""Completions person by person, as a stream: for reports that need every row.

A million completions are written as fast as the database's own program writes them, so the database writes the part of
a line that it knows: one row comes for each learner, with all her completions in a text.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    String,
    Subquery,
    and_,
    case,
    func,
    literal,
    select,
    type_coerce,
)
from sqlalchemy.orm import aliased

from course.storage.tables import Cohort, CohortMember, Completion, LearnerProfile

_CHUNK = 2_000
#: What stands between the cells of a completion, between completions, before a moment that is still to become a day,
#: and for yes in the last two cells: passed by attendance, passed by a trainer's decision.
CELL, NEXT, UTC_HOUR, YES = ";", "\n", "\x1f", "\x1e"

#: learner, name, group, network, organisation, profession, completions
RecordRow = Sequence[Any]


def records(connection: Connection, networks: Collection[str] | None) -> Iterator[Sequence[RecordRow]]:
    """Everybody who passed a module, some thousand at a time, each with all that she passed.

    With `networks`, the members of their cohorts, once for each cohort: joining one says that its trainers see this.
    Without, everybody, under the name that she gave in the group she joined last.
    """
    dialect = connection.dialect.name
    statement = _of_networks(dialect, networks) if networks is not None else _of_all(dialect)
    yield from connection.execute(statement.execution_options(yield_per=_CHUNK)).partitions()


def _told() -> tuple[Any, ...]:
    return (
        func.coalesce(LearnerProfile.organisation_id, literal("")),
        func.coalesce(LearnerProfile.profession_id, literal("")),
    )


def _passed(dialect: str) -> Subquery:
    """One row for each learner. Everything in the text is an id or a number: nothing that anybody typed."""
    cells = [Completion.module_id, _day(dialect), Completion.edition, Completion.language]
    how = case(
        (Completion.session_id.is_not(None), literal(YES + CELL)),
        (Completion.waiver_id.is_not(None), literal(CELL + YES)),
        else_=literal(CELL),
    )
    line: ColumnElement[str] = type_coerce(cells[0], String)
    for one in (*cells[1:], how):
        line = line + literal(CELL) + one
    return (
        select(Completion.learner_id, func.aggregate_strings(line, NEXT).label("lines"))
        .group_by(Completion.learner_id)
        # The order of the table's own key: nothing is sorted, and the first row comes at once.
        .order_by(Completion.learner_id)
        .subquery("passed")
    )


def _day(dialect: str) -> ColumnElement[str]:
    """The day in Finland. SQLite knows no time zones: late in the evening it gives the hour, for us to look at."""
    if dialect != "sqlite":
        return func.to_char(func.timezone("Europe/Helsinki", Completion.passed_at), "YYYY-MM-DD")
    moment = type_coerce(Completion.passed_at, String)
    hour: ColumnElement[str] = literal(UTC_HOUR) + func.substr(moment, 1, len("2026-03-02 21"))
    # Clocks in Finland are two or three hours ahead, so that before 21.00 UTC it is the same day there.
    return case((func.substr(moment, 12, 2) < "21", func.substr(moment, 1, len("2026-03-02"))), else_=hour)


def _of_networks(dialect: str, networks: Collection[str]) -> Select[Any]:
    passed = _passed(dialect)
    return (
        select(passed.c.learner_id, CohortMember.name, Cohort.name, Cohort.network_id, *_told(), passed.c.lines)
        .select_from(Cohort)
        .join(CohortMember, CohortMember.cohort_id == Cohort.id)
        .join(passed, passed.c.learner_id == CohortMember.learner_id)
        .outerjoin(LearnerProfile, LearnerProfile.learner_id == passed.c.learner_id)
        .where(Cohort.network_id.in_(sorted(networks)))
        .order_by(Cohort.id, passed.c.learner_id)
    )


def _of_all(dialect: str) -> Select[Any]:
    passed = _passed(dialect)
    other = aliased(CohortMember)
    # Looked up for each learner: gathered beforehand, it would keep the first row waiting and stay in memory.
    last = select(func.max(other.cohort_id)).where(other.learner_id == passed.c.learner_id).scalar_subquery()
    return (
        select(
            passed.c.learner_id,
            func.coalesce(CohortMember.name, literal("")),
            func.coalesce(Cohort.name, literal("")),
            func.coalesce(func.nullif(Cohort.network_id, ""), LearnerProfile.network_id, literal("")),
            *_told(),
            passed.c.lines,
        )
        .select_from(passed)
        .outerjoin(CohortMember, and_(CohortMember.learner_id == passed.c.learner_id, CohortMember.cohort_id == last))
        .outerjoin(Cohort, Cohort.id == CohortMember.cohort_id)
        .outerjoin(LearnerProfile, LearnerProfile.learner_id == passed.c.learner_id)
    )
