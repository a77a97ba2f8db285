"""Cohorts, their trainers and members, and the codes that let learners in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    Connection,
    String,
    Subquery,
    column,
    delete,
    func,
    or_,
    select,
    union_all,
    update,
    values,
)
from sqlalchemy.orm import Session

from course.domain.cohort import CohortPlan
from course.storage.insert import insert_if_new
from course.storage.tables import (
    Account,
    AnswerRow,
    Attempt,
    Certificate,
    CertificateEvent,
    Cohort,
    CohortMember,
    CohortTrainer,
    Completion,
    JoinCode,
    TrainerNetwork,
)


@dataclass(frozen=True, slots=True)
class StoredCohort:
    id: int
    plan: CohortPlan
    created_at: datetime
    #: Set while it is closed.
    closed_at: datetime | None = None


_COHORT = (
    Cohort.id,
    Cohort.created_at,
    Cohort.closed_at,
    Cohort.network_id,
    Cohort.name,
    Cohort.track_id,
    Cohort.language,
    Cohort.starts_on,
    Cohort.ends_on,
    Cohort.due_on,
    Cohort.shows_scores,
)


def _cohort(row: Sequence[Any]) -> StoredCohort:
    cohort_id, created_at, closed_at, *plan = row
    return StoredCohort(cohort_id, CohortPlan(*plan), created_at, closed_at)


def add_cohort(session: Session, plan: CohortPlan, *, created_by: int | None, now: datetime) -> int:
    cohort = Cohort(**_values(plan), created_by=created_by, created_at=now)
    session.add(cohort)
    session.flush()
    return cohort.id


def change_cohort(session: Session, cohort_id: int, plan: CohortPlan) -> None:
    session.execute(update(Cohort).where(Cohort.id == cohort_id).values(**_values(plan)))


def set_closed(session: Session, cohort_id: int, closed_at: datetime | None) -> None:
    """What is so already stays as it is, with the day on which it was closed."""
    is_open = Cohort.closed_at.is_(None)
    changes = is_open if closed_at else ~is_open
    session.execute(update(Cohort).where(Cohort.id == cohort_id, changes).values(closed_at=closed_at))


def _values(plan: CohortPlan) -> dict[str, Any]:
    return {
        "network_id": plan.network_id,
        "name": plan.name,
        "track_id": plan.track_id,
        "language": plan.language,
        "starts_on": plan.starts_on,
        "ends_on": plan.ends_on,
        "due_on": plan.due_on,
        "shows_scores": plan.shows_scores,
    }


def lock_cohort(session: Session, cohort_id: int) -> None:
    """Hold the cohort until the end of the transaction (on SQLite the transaction holds everything already)."""
    session.execute(select(Cohort.id).where(Cohort.id == cohort_id).with_for_update()).all()


def cohort_by_id(connection: Connection, cohort_id: int) -> StoredCohort | None:
    row = connection.execute(select(*_COHORT).where(Cohort.id == cohort_id)).first()
    return _cohort(row) if row else None


def cohorts_of_networks(
    connection: Connection, network_ids: Iterable[str] | None, *, also: Iterable[int] = ()
) -> list[StoredCohort]:
    """Newest first; of all networks when None is given. `also` are ids of cohorts, whatever their network."""
    wanted = select(*_COHORT).order_by(Cohort.created_at.desc(), Cohort.id.desc())
    if network_ids is not None:
        wanted = wanted.where(or_(Cohort.network_id.in_(sorted(network_ids)), Cohort.id.in_(sorted(also))))
    return [_cohort(row) for row in connection.execute(wanted)]


# Trainers


def set_trainers(session: Session, cohort_id: int, account_ids: Iterable[int]) -> None:
    session.execute(delete(CohortTrainer).where(CohortTrainer.cohort_id == cohort_id))
    insert_if_new(
        session, CohortTrainer, [{"cohort_id": cohort_id, "account_id": one} for one in sorted(set(account_ids))]
    )


def trainers_of_networks(connection: Connection, network_ids: Iterable[str]) -> list[tuple[int, str, str]]:
    """(account id, name, network id) of everybody who trains in one of these networks and can sign in."""
    rows = connection.execute(
        select(Account.id, Account.name, TrainerNetwork.network_id)
        .join(TrainerNetwork, TrainerNetwork.account_id == Account.id)
        .where(TrainerNetwork.network_id.in_(sorted(network_ids)), Account.disabled_at.is_(None))
        .order_by(Account.name, Account.id)
    )
    return [(row[0], row[1], row[2]) for row in rows]


def trainers_of_cohorts(connection: Connection, cohort_ids: Iterable[int]) -> dict[int, list[tuple[int, str]]]:
    """cohort id -> (account id, name) of its trainers."""
    found: dict[int, list[tuple[int, str]]] = {}
    rows = connection.execute(
        select(CohortTrainer.cohort_id, Account.id, Account.name)
        .join(Account, Account.id == CohortTrainer.account_id)
        .where(CohortTrainer.cohort_id.in_(list(cohort_ids)))
        .order_by(Account.name, Account.id)
    )
    for cohort_id, account_id, name in rows:
        found.setdefault(cohort_id, []).append((account_id, name))
    return found


# Members


def add_member(session: Session, cohort_id: int, learner_id: int, *, name: str, now: datetime) -> bool:
    """False when she is a member already."""
    row = {"cohort_id": cohort_id, "learner_id": learner_id, "name": name, "joined_at": now}
    return insert_if_new(session, CohortMember, [row]) == 1


def rename_member(session: Session, cohort_id: int, learner_id: int, name: str) -> None:
    session.execute(
        update(CohortMember)
        .where(CohortMember.cohort_id == cohort_id, CohortMember.learner_id == learner_id)
        .values(name=name)
    )


def drop_member(session: Session, cohort_id: int, learner_id: int) -> bool:
    found = session.execute(
        delete(CohortMember).where(CohortMember.cohort_id == cohort_id, CohortMember.learner_id == learner_id)
    )
    return bool(found.rowcount)  # type: ignore[attr-defined]


def member_name(connection: Connection, cohort_id: int, learner_id: int) -> str | None:
    """The name she gave there; None for someone who is no member."""
    return connection.execute(
        select(CohortMember.name).where(CohortMember.cohort_id == cohort_id, CohortMember.learner_id == learner_id)
    ).scalar()


def members_of(connection: Connection, cohort_id: int) -> list[tuple[int, str, datetime]]:
    """(learner id, name, joined at)"""
    rows = connection.execute(
        select(CohortMember.learner_id, CohortMember.name, CohortMember.joined_at)
        .where(CohortMember.cohort_id == cohort_id)
        .order_by(CohortMember.learner_id)
    )
    return [(row[0], row[1], row[2]) for row in rows]


def modules_passed_in(
    connection: Connection, cohort_id: int, module_ids: Sequence[str]
) -> list[tuple[int, str, datetime, int | None, bool]]:
    """(learner id, module id, passed at, percent, whether a trainer's decision passed it) of all members."""
    waived = Completion.waiver_id.is_not(None)
    rows = connection.execute(
        select(Completion.learner_id, Completion.module_id, Completion.passed_at, Attempt.percent, waived)
        .join(CohortMember, CohortMember.learner_id == Completion.learner_id)
        .outerjoin(Attempt, Attempt.id == Completion.attempt_id)
        .where(CohortMember.cohort_id == cohort_id, Completion.module_id.in_(list(module_ids)))
    )
    return [(row[0], row[1], row[2], row[3], bool(row[4])) for row in rows]


def first_answers_in(
    connection: Connection, cohort_id: int, module_ids: Sequence[str]
) -> list[tuple[str, str, tuple[str, ...], int]]:
    """(module id, question id, answer, how many members gave it) of the members' first attempts that were marked."""
    firsts = _first_attempts(cohort_id, module_ids)
    rows = connection.execute(
        select(firsts.c.quiz_id, AnswerRow.question_id, AnswerRow.chosen, func.count())
        .join(AnswerRow, AnswerRow.attempt_id == firsts.c.id)
        .group_by(firsts.c.quiz_id, AnswerRow.question_id, AnswerRow.chosen)
    )
    return [(row[0], row[1], tuple(row[2].split()), row[3]) for row in rows]


def members_by_topic(
    connection: Connection, cohort_id: int, topic_of: Mapping[tuple[str, str], str]
) -> dict[tuple[str, str], int]:
    """(module id, topic) -> how many members answered to it. `topic_of` names the topic of (module id, question id)."""
    if not topic_of:
        return {}
    firsts = _first_attempts(cohort_id, sorted({module_id for module_id, _ in topic_of}))
    rows_of_topics = [(module_id, question_id, topic) for (module_id, question_id), topic in topic_of.items()]
    columns = (column("quiz_id", String), column("question_id", String), column("topic", String))
    topics = values(*columns, name="topic").data(rows_of_topics).cte("topic")
    rows = connection.execute(
        select(firsts.c.quiz_id, topics.c.topic, func.count(firsts.c.learner_id.distinct()))
        .join(AnswerRow, AnswerRow.attempt_id == firsts.c.id)
        .join(topics, (topics.c.quiz_id == firsts.c.quiz_id) & (topics.c.question_id == AnswerRow.question_id))
        .group_by(firsts.c.quiz_id, topics.c.topic)
    )
    return {(row[0], row[1]): row[2] for row in rows}


def _first_attempts(cohort_id: int, module_ids: Sequence[str]) -> Subquery:
    """The first marked attempt of each member at each quiz: what she knew before she had seen the reasons."""
    place = func.row_number().over(partition_by=(Attempt.learner_id, Attempt.quiz_id), order_by=Attempt.number)
    marked = (
        select(Attempt.id, Attempt.learner_id, Attempt.quiz_id, place.label("place"))
        .join(CohortMember, CohortMember.learner_id == Attempt.learner_id)
        .where(CohortMember.cohort_id == cohort_id, Attempt.state == "graded", Attempt.quiz_id.in_(list(module_ids)))
        .subquery()
    )
    return select(marked.c.id, marked.c.learner_id, marked.c.quiz_id).where(marked.c.place == 1).subquery()


def sizes_of(connection: Connection, cohort_ids: Iterable[int]) -> dict[int, int]:
    """cohort id -> number of members."""
    rows = connection.execute(
        select(CohortMember.cohort_id, func.count())
        .where(CohortMember.cohort_id.in_(list(cohort_ids)))
        .group_by(CohortMember.cohort_id)
    )
    return {row[0]: row[1] for row in rows}


def done_of(
    connection: Connection, cohort_ids: Iterable[int], modules_of_track: Mapping[str, Sequence[str]]
) -> dict[int, int]:
    """cohort id -> how many members have passed every module of its track. One statement for any number of cohorts."""
    wanted = list(cohort_ids)
    parts = []
    for track_id, module_ids in sorted(modules_of_track.items()):
        members = (
            select(CohortMember.cohort_id)
            .join(Cohort, Cohort.id == CohortMember.cohort_id)
            .join(Completion, Completion.learner_id == CohortMember.learner_id)
            .where(Cohort.id.in_(wanted), Cohort.track_id == track_id, Completion.module_id.in_(list(module_ids)))
            .group_by(CohortMember.cohort_id, CohortMember.learner_id)
            .having(func.count() == len(module_ids))
            .subquery()
        )
        parts.append(select(members.c.cohort_id, func.count()).group_by(members.c.cohort_id))
    if not parts:
        return {}
    return {row[0]: row[1] for row in connection.execute(union_all(*parts))}


def certificates_in(connection: Connection, cohort_id: int, track_ids: Iterable[str]) -> list[int]:
    """The newest certificate of each member for one of the tracks, unless it was revoked or replaced."""
    closed = select(CertificateEvent.id).where(
        CertificateEvent.certificate_id == Certificate.id, CertificateEvent.deed.in_(["replaced", "revoked", "erased"])
    )
    rows = connection.execute(
        select(func.max(Certificate.id))
        .join(CohortMember, CohortMember.learner_id == Certificate.learner_id)
        .where(CohortMember.cohort_id == cohort_id, Certificate.track_id.in_(sorted(track_ids)), ~closed.exists())
        .group_by(Certificate.learner_id)
    )
    return sorted(rows.scalars())


def cohorts_of_learner(connection: Connection, learner_id: int) -> list[tuple[StoredCohort, str]]:
    """Her cohorts, with the name that she gave there."""
    rows = connection.execute(
        select(CohortMember.name, *_COHORT)
        .join(Cohort, Cohort.id == CohortMember.cohort_id)
        .where(CohortMember.learner_id == learner_id)
        .order_by(CohortMember.joined_at, Cohort.id)
    )
    return [(_cohort(row[1:]), row[0]) for row in rows]


# Join codes


@dataclass(frozen=True, slots=True)
class StoredCode:
    id: int
    cohort_id: int
    code: str
    owner: str
    cap: int | None
    used: int
    expires_at: datetime
    revoked_at: datetime | None

    def is_open(self, now: datetime) -> bool:
        return self.revoked_at is None and self.expires_at > now

    @property
    def is_full(self) -> bool:
        return self.cap is not None and self.used >= self.cap


def _codes() -> Any:
    return select(
        JoinCode.id,
        JoinCode.cohort_id,
        JoinCode.code,
        func.coalesce(Account.name, ""),
        JoinCode.cap,
        JoinCode.used,
        JoinCode.expires_at,
        JoinCode.revoked_at,
    ).outerjoin(Account, Account.id == JoinCode.owner_id)


def add_code(
    session: Session, cohort_id: int, code: str, *, owner_id: int, cap: int | None, expires_at: datetime, now: datetime
) -> bool:
    """False when the code is taken: draw another one."""
    row = {
        "cohort_id": cohort_id,
        "code": code,
        "owner_id": owner_id,
        "cap": cap,
        "used": 0,
        "created_at": now,
        "expires_at": expires_at,
    }
    return insert_if_new(session, JoinCode, [row]) == 1


def codes_of(connection: Connection, cohort_id: int) -> list[StoredCode]:
    """Newest first."""
    rows = connection.execute(_codes().where(JoinCode.cohort_id == cohort_id).order_by(JoinCode.id.desc()))
    return [StoredCode(*row) for row in rows]


def code_named(connection: Connection, code: str) -> StoredCode | None:
    row = connection.execute(_codes().where(JoinCode.code == code)).first()
    return StoredCode(*row) if row else None


def use_code(session: Session, code_id: int, *, now: datetime) -> bool:
    """Count one who joins. Of many at once no more get in than the cap allows."""
    found = session.execute(
        update(JoinCode)
        .where(
            JoinCode.id == code_id,
            JoinCode.revoked_at.is_(None),
            JoinCode.expires_at > now,
            or_(JoinCode.cap.is_(None), JoinCode.used < JoinCode.cap),
        )
        .values(used=JoinCode.used + 1)
    )
    return bool(found.rowcount)  # type: ignore[attr-defined]


def revoke_code(session: Session, cohort_id: int, code_id: int, *, now: datetime) -> bool:
    found = session.execute(
        update(JoinCode)
        .where(JoinCode.id == code_id, JoinCode.cohort_id == cohort_id, JoinCode.revoked_at.is_(None))
        .values(revoked_at=now)
    )
    return bool(found.rowcount)  # type: ignore[attr-defined]
