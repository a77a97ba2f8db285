"""Completions person by person, as a stream: for reports that need every row.

A million completions are written as fast as the database's own program writes them, so the database writes the part of
a line that it knows: one row comes for each learner, with all her completions in a text. PostgreSQL looks for the next
rows while we write those that came: they are read as its answer arrives, and not asked for some at a time.
"""

from __future__ import annotations

from collections.abc import Collection, Generator, Iterator, Sequence
from contextlib import closing
from itertools import islice
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    String,
    and_,
    case,
    func,
    literal,
    select,
    text,
    type_coerce,
)
from sqlalchemy.orm import aliased

from course.storage.tables import Cohort, CohortMember, Completion, LearnerProfile

_CHUNK = 2_000
#: Rows that PostgreSQL's driver takes out of the answer at once.
_AT_ONCE = 500
#: Ways of PostgreSQL to have all rows sooner, and the first one last, after whole tables were read and sorted.
_LATE_STARTS = ("enable_hashjoin", "enable_hashagg", "enable_sort")
#: What stands between the cells of a completion, between completions, before a moment that is still to become a day,
#: and for yes in the last two cells: passed by attendance, passed by a trainer's decision.
CELL, NEXT, UTC_HOUR, YES = ";", "\n", "\x1f", "\x1e"

#: learner, name, group, network, organisation, profession, completions
RecordRow = Sequence[Any]


def records(connection: Connection, networks: Collection[str] | None) -> Generator[Sequence[RecordRow]]:
    """Everybody who passed a module, some thousand at a time, each with all that she passed.

    With `networks`, the members of their cohorts, once for each cohort: joining one says that its trainers see this.
    Without, everybody, under the name that she gave in the group she joined last. Close it when you stop halfway: the
    connection is not free before.
    """
    dialect = connection.dialect.name
    statement = _of_networks(dialect, networks) if networks is not None else _of_all(dialect)
    if dialect == "sqlite":
        yield from connection.execute(statement.execution_options(yield_per=_CHUNK)).partitions()
    else:
        yield from _as_they_come(connection, statement)


def _as_they_come(connection: Connection, statement: Select[Any]) -> Iterator[Sequence[RecordRow]]:
    """PostgreSQL's answer to one statement. SQLAlchemy has no word for this, so it is the driver who reads."""
    for setting in _LATE_STARTS:
        connection.execute(text(f"SET LOCAL {setting} = off"))
    compiled = statement.compile(dialect=connection.dialect, compile_kwargs={"render_postcompile": True})
    driver: Any = connection.connection.driver_connection
    with driver.cursor() as cursor, closing(cursor.stream(str(compiled), compiled.params, size=_AT_ONCE)) as rows:
        while chunk := list(islice(rows, _CHUNK)):
            yield chunk


def _told() -> tuple[Any, ...]:
    return (
        func.coalesce(LearnerProfile.organisation_id, literal("")),
        func.coalesce(LearnerProfile.profession_id, literal("")),
    )


def _lines(dialect: str) -> ColumnElement[str]:
    """All that one learner passed. Everything in the text is an id or a number: nothing that anybody typed."""
    cells = [Completion.module_id, _day(dialect), Completion.edition, Completion.language]
    how = case(
        (Completion.session_id.is_not(None), literal(YES + CELL)),
        (Completion.waiver_id.is_not(None), literal(CELL + YES)),
        else_=literal(CELL),
    )
    line: ColumnElement[str] = type_coerce(cells[0], String)
    for one in (*cells[1:], how):
        line = line + literal(CELL) + one
    return func.aggregate_strings(line, NEXT)


def _day(dialect: str) -> ColumnElement[str]:
    """The day in Finland. SQLite knows no time zones: late in the evening it gives the hour, for us to look at."""
    if dialect != "sqlite":
        return func.to_char(func.timezone("Europe/Helsinki", Completion.passed_at), "YYYY-MM-DD")
    moment = type_coerce(Completion.passed_at, String)
    hour: ColumnElement[str] = literal(UTC_HOUR) + func.substr(moment, 1, len("2026-03-02 21"))
    # Clocks in Finland are two or three hours ahead, so that before 21.00 UTC it is the same day there.
    return case((func.substr(moment, 12, 2) < "21", func.substr(moment, 1, len("2026-03-02"))), else_=hour)


def _of_networks(dialect: str, networks: Collection[str]) -> Select[Any]:
    # Looked up for each member, who are few beside all learners of the site.
    hers = Completion.learner_id == CohortMember.learner_id
    lines = select(_lines(dialect)).where(hers).correlate(CohortMember).scalar_subquery()
    passed_any = select(Completion.learner_id).where(hers).correlate(CohortMember).exists()
    return (
        select(CohortMember.learner_id, CohortMember.name, Cohort.name, Cohort.network_id, *_told(), lines)
        .select_from(Cohort)
        .join(CohortMember, CohortMember.cohort_id == Cohort.id)
        .outerjoin(LearnerProfile, LearnerProfile.learner_id == CohortMember.learner_id)
        .where(Cohort.network_id.in_(sorted(networks)), passed_any)
        .order_by(Cohort.id, CohortMember.learner_id)
    )


def _of_all(dialect: str) -> Select[Any]:
    passed = (
        select(Completion.learner_id, _lines(dialect).label("lines"))
        .group_by(Completion.learner_id)
        # The order of the table's own key: nothing is sorted, and the first row comes at once.
        .order_by(Completion.learner_id)
        .subquery("passed")
    )
    other = aliased(CohortMember)
    # Looked up for each learner: gathered beforehand, it would keep the first row waiting and stay in memory.
    last = select(func.max(other.cohort_id)).where(other.learner_id == passed.c.learner_id).scalar_subquery()
    statement = (
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
    # SQLite keeps to the order of what it reads from; told to, it would sort everything before the first row.
    return statement if dialect == "sqlite" else statement.order_by(passed.c.learner_id)
