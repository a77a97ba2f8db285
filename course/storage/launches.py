"""Launches under way, and what came by them: people, courses with their groups, and links."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, select, update
from sqlalchemy.orm import Session

from course.storage.insert import insert_if_new
from course.storage.tables import CohortTrainer, LtiContext, LtiLink, LtiLogin, LtiMember, LtiResult, LtiUser


@dataclass(frozen=True, slots=True)
class Login:
    """A launch under way."""

    platform_id: int
    browser_hash: str
    nonce: str
    target: str
    expires_at: datetime
    used: bool


@dataclass(frozen=True, slots=True)
class HostUser:
    """Somebody of a platform."""

    id: int
    learner_id: int
    account_id: int | None


@dataclass(frozen=True, slots=True)
class HostCourse:
    """A course of a platform."""

    id: int
    cohort_id: int | None
    members_url: str


# Under way


def add_login(session: Session, *, now: datetime, **values: Any) -> None:
    """Begin a launch; those that ran out are forgotten on the way."""
    session.execute(delete(LtiLogin).where(LtiLogin.expires_at <= now))
    session.add(LtiLogin(created_at=now, **values))
    session.flush()


def login_of(connection: Connection, state_hash: str) -> Login | None:
    row = connection.execute(
        select(
            LtiLogin.platform_id,
            LtiLogin.browser_hash,
            LtiLogin.nonce,
            LtiLogin.target,
            LtiLogin.expires_at,
            LtiLogin.used_at,
        ).where(LtiLogin.state_hash == state_hash)
    ).first()
    return Login(*row[:5], row[5] is not None) if row else None


def use_login(session: Session, state_hash: str, *, now: datetime) -> bool:
    """State and nonce count once. Of two messages at the same moment the database lets one through."""
    found = session.execute(
        update(LtiLogin).where(LtiLogin.state_hash == state_hash, LtiLogin.used_at.is_(None)).values(used_at=now)
    )
    return bool(found.rowcount)  # type: ignore[attr-defined]


# People


def user_of(connection: Connection, platform_id: int, subject: str) -> HostUser | None:
    row = connection.execute(
        select(LtiUser.id, LtiUser.learner_id, LtiUser.account_id).where(
            LtiUser.platform_id == platform_id, LtiUser.subject == subject
        )
    ).first()
    return HostUser(*row) if row else None


def add_user(session: Session, platform_id: int, subject: str, learner_id: int, *, now: datetime) -> bool:
    """False when another launch of the same person was first."""
    row = {"platform_id": platform_id, "subject": subject, "learner_id": learner_id, "created_at": now}
    return insert_if_new(session, LtiUser, [{**row, "account_id": None}]) == 1


def set_account(session: Session, user_id: int, account_id: int) -> None:
    session.execute(update(LtiUser).where(LtiUser.id == user_id).values(account_id=account_id))


def move_users(session: Session, *, from_learner: int, to_learner: int) -> None:
    """Whoever leads to one learner leads to the other from now on."""
    session.execute(update(LtiUser).where(LtiUser.learner_id == from_learner).values(learner_id=to_learner))


def learners_of_subjects(connection: Connection, platform_id: int) -> dict[str, int]:
    """Platform's id -> learner, of everybody who ever came from there."""
    rows = connection.execute(select(LtiUser.subject, LtiUser.learner_id).where(LtiUser.platform_id == platform_id))
    return {row[0]: row[1] for row in rows}


# Courses


def host_course(
    session: Session, platform_id: int, deployment_id: str, context_id: str, *, members_url: str, now: datetime
) -> HostCourse:
    """The course of the platform, noted at its first launch; held until the end of the transaction."""
    row = {"platform_id": platform_id, "deployment_id": deployment_id, "context_id": context_id}
    insert_if_new(session, LtiContext, [{**row, "members_url": members_url, "cohort_id": None, "created_at": now}])
    found = session.execute(
        select(LtiContext.id, LtiContext.cohort_id, LtiContext.members_url).filter_by(**row).with_for_update()
    ).one()
    if members_url and members_url != found.members_url:
        session.execute(update(LtiContext).where(LtiContext.id == found.id).values(members_url=members_url))
    return HostCourse(found.id, found.cohort_id, members_url or found.members_url)


def set_cohort(session: Session, context_id: int, cohort_id: int) -> None:
    session.execute(update(LtiContext).where(LtiContext.id == context_id).values(cohort_id=cohort_id))


def course_by_id(connection: Connection, context_id: int) -> tuple[int, HostCourse] | None:
    """(platform, course)"""
    row = connection.execute(
        select(LtiContext.platform_id, LtiContext.id, LtiContext.cohort_id, LtiContext.members_url).where(
            LtiContext.id == context_id
        )
    ).first()
    return (row[0], HostCourse(*row[1:])) if row else None


def note_member(session: Session, context_id: int, user_id: int, *, now: datetime) -> bool:
    """Whether this is her first launch in the course."""
    row = {"context_id": context_id, "user_id": user_id, "joined_at": now}
    return insert_if_new(session, LtiMember, [row]) == 1


def add_trainer(session: Session, cohort_id: int, account_id: int) -> None:
    insert_if_new(session, CohortTrainer, [{"cohort_id": cohort_id, "account_id": account_id}])


def drop_trainer(session: Session, cohort_id: int, account_id: int) -> None:
    session.execute(
        delete(CohortTrainer).where(CohortTrainer.cohort_id == cohort_id, CohortTrainer.account_id == account_id)
    )


def cohorts_taught_by(connection: Connection, account_id: int) -> frozenset[int]:
    """The groups that were made for courses of platforms, and that name this account as a trainer."""
    rows = connection.execute(
        select(CohortTrainer.cohort_id)
        .join(LtiContext, LtiContext.cohort_id == CohortTrainer.cohort_id)
        .where(CohortTrainer.account_id == account_id)
    )
    return frozenset(rows.scalars())


# Links


def keep_link(
    session: Session, platform_id: int, deployment_id: str, link_id: str, *, now: datetime, **values: Any
) -> int:
    """Note a link, or what has changed of it since the last launch. Its id."""
    row = {"platform_id": platform_id, "deployment_id": deployment_id, "link_id": link_id}
    insert_if_new(session, LtiLink, [{**row, **values, "created_at": now}])
    found = session.execute(select(LtiLink.id).filter_by(**row)).scalar_one()
    # A line of grades that we made ourselves is not in the next launch; it stays.
    changed = {name: value for name, value in values.items() if value or name != "line_item"}
    session.execute(update(LtiLink).where(LtiLink.id == found).values(**changed))
    return int(found)


def want_score(session: Session, link_id: int, user_id: int) -> bool:
    """Whether the link did not want this score before."""
    row = {"link_id": link_id, "user_id": user_id, "given": None, "most": None, "sent_at": None}
    return insert_if_new(session, LtiResult, [row]) == 1
