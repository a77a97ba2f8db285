"""Completions person by person, as a stream: for reports that need every row."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import Any

from sqlalchemy import Connection, Select, String, and_, func, literal, select, type_coerce

from course.storage.tables import Cohort, CohortMember, Completion, LearnerProfile

_CHUNK = 2_000

#: learner, name, group, network, organisation, profession, module, moment, edition, language, whether by a session
RecordRow = Sequence[Any]


def records(connection: Connection, networks: Collection[str] | None) -> Iterator[Sequence[RecordRow]]:
    """Every module that somebody passed, a few thousand rows at a time, in the order of the learners.

    With `networks`, those of the members of their cohorts, once for each cohort: joining one says that its trainers see
    this. Without, everybody's, under the name that she gave in the group she joined last.
    """
    statement = _of_networks(networks) if networks is not None else _of_all()
    yield from connection.execute(statement.execution_options(yield_per=_CHUNK)).partitions()


def _columns() -> tuple[Any, ...]:
    return (
        Completion.module_id,
        _MOMENT,
        Completion.edition,
        Completion.language,
        Completion.session_id.is_not(None),
    )


#: As the database writes it: turning a million of them into Python's moments would take longer than all the rest.
_MOMENT = type_coerce(Completion.passed_at, String)


def _told() -> tuple[Any, ...]:
    return (
        func.coalesce(LearnerProfile.organisation_id, literal("")),
        func.coalesce(LearnerProfile.profession_id, literal("")),
    )


def _of_networks(networks: Collection[str]) -> Select[Any]:
    return (
        select(Completion.learner_id, CohortMember.name, Cohort.name, Cohort.network_id, *_told(), *_columns())
        .select_from(Cohort)
        .join(CohortMember, CohortMember.cohort_id == Cohort.id)
        .join(Completion, Completion.learner_id == CohortMember.learner_id)
        .outerjoin(LearnerProfile, LearnerProfile.learner_id == Completion.learner_id)
        .where(Cohort.network_id.in_(sorted(networks)))
        .order_by(Cohort.id, Completion.learner_id, Completion.module_id)
    )


def _of_all() -> Select[Any]:
    last = (
        select(CohortMember.learner_id, func.max(CohortMember.cohort_id).label("cohort_id"))
        .group_by(CohortMember.learner_id)
        .subquery()
    )
    return (
        select(
            Completion.learner_id,
            func.coalesce(CohortMember.name, literal("")),
            func.coalesce(Cohort.name, literal("")),
            func.coalesce(Cohort.network_id, LearnerProfile.network_id, literal("")),
            *_told(),
            *_columns(),
        )
        .select_from(Completion)
        .outerjoin(last, last.c.learner_id == Completion.learner_id)
        .outerjoin(
            CohortMember,
            and_(CohortMember.learner_id == last.c.learner_id, CohortMember.cohort_id == last.c.cohort_id),
        )
        .outerjoin(Cohort, Cohort.id == CohortMember.cohort_id)
        .outerjoin(LearnerProfile, LearnerProfile.learner_id == Completion.learner_id)
        # The order of the table's own key: nothing is sorted, and the first row comes at once.
        .order_by(Completion.learner_id, Completion.module_id)
    )
