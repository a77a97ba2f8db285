"""Somebody has come by a launch that holds: her record, her group, and what the platform wants to be told."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from course.content.library import Library
from course.domain.cohort import NAME_MAX, CohortPlan, normal_text
from course.domain.counts import Through
from course.domain.launch import LAUNCH_LASTS, HostRole, Target
from course.lti.messages import Launch
from course.services.attendance import credit_roster_row
from course.services.people import COOKIE, hash_of, new_secret
from course.services.sign_ins import LAUNCHED, open_sign_in
from course.services.tally import counted
from course.storage import accounts, cohorts, launches, people, rosters
from course.storage.host_scores import schedule_scores
from course.storage.launches import HostCourse, HostUser
from course.storage.outbox import add_task
from course.storage.platforms import StoredPlatform

ROSTER = "lti-roster"
#: A row of a roster that came from a platform.
ROW_KEY = "lti-"


@dataclass(frozen=True, slots=True)
class Arrival:
    learner_id: int
    #: For the learner's cookie.
    secret: str
    #: For the cookie of somebody who teaches; empty for everybody else.
    staff_secret: str = ""
    #: The group of the platform's course; None when the launch names no course.
    cohort_id: int | None = None


def arrive(
    session: Session,
    library: Library,
    platform: StoredPlatform,
    launch: Launch,
    target: Target,
    *,
    language: str,
    now: datetime,
) -> Arrival:
    """Within the transaction that used the launch up."""
    user = _user(session, platform, launch.subject, language, now)
    course = _course(session, platform, launch, now)
    cohort_id = _group(session, library, platform, launch, course, language, now) if course else None
    staff_secret = ""
    if launch.role is HostRole.INSTRUCTOR:
        staff_secret = _teach(session, platform, launch, user, cohort_id, language, now)
    elif course is not None and cohort_id is not None:
        _learn(session, launch, user, course, cohort_id, now)
    if launch.grades is not None and launch.role is HostRole.LEARNER:
        _want_scores(session, platform, launch, user, target, now)
    if course is not None and course.members_url:
        # Once an hour is often enough for a list of people.
        add_task(session, ROSTER, {"context": course.id}, now=now, key=f"{ROSTER}:{course.id}:{now:%Y%m%d%H}")
    secret = new_secret()
    people.add_way_in(
        session, user.learner_id, kind=COOKIE, secret_hash=hash_of(secret), now=now, expires_at=now + LAUNCH_LASTS
    )
    return Arrival(user.learner_id, secret, staff_secret, cohort_id)


def _user(session: Session, platform: StoredPlatform, subject: str, language: str, now: datetime) -> HostUser:
    """The learner that she is here: a new one at her first launch, the same one for ever after."""
    found = launches.user_of(session.connection(), platform.id, subject)
    if found is None:
        learner_id = people.add_learner(session, language=language, now=now)
        if launches.add_user(session, platform.id, subject, learner_id, now=now):
            # What the counts know her way in by. It leads nobody anywhere, and stays when she is led back to no more.
            way = hash_of(new_secret())
            people.add_way_in(session, learner_id, kind=Through.LTI.value, secret_hash=way, now=now)
        else:
            people.drop_learner(session, learner_id)
        found = launches.user_of(session.connection(), platform.id, subject)
        assert found is not None
    return found


def _course(session: Session, platform: StoredPlatform, launch: Launch, now: datetime) -> HostCourse | None:
    if launch.context is None:
        return None
    return launches.host_course(
        session,
        platform.id,
        launch.deployment_id,
        launch.context.id,
        members_url=launch.context.members_url,
        now=now,
    )


def _group(
    session: Session,
    library: Library,
    platform: StoredPlatform,
    launch: Launch,
    course: HostCourse,
    language: str,
    now: datetime,
) -> int:
    """The group of the platform's course, made at its first launch."""
    if course.cohort_id is not None:
        return course.cohort_id
    title = normal_text(launch.context.title if launch.context else "")[:NAME_MAX] or platform.name
    plan = CohortPlan(platform.network_id, title, library.tracks[0].id, language)
    cohort_id = cohorts.add_cohort(session, plan, created_by=None, now=now)
    launches.set_cohort(session, course.id, cohort_id)
    return cohort_id


def row_key(subject: str) -> str:
    """The key of somebody's row on the roster of her group."""
    return f"{ROW_KEY}{hash_of(subject)[:32]}"


def _learn(session: Session, launch: Launch, user: HostUser, course: HostCourse, cohort_id: int, now: datetime) -> None:
    """A member of the group from her first launch on. Whoever left it is not put in again."""
    if user.account_id is not None:
        # She taught there before; what the platform says today counts.
        launches.drop_trainer(session, cohort_id, user.account_id)
    cohort = cohorts.cohort_by_id(session.connection(), cohort_id)
    if cohort is None or cohort.closed_at or not launches.note_member(session, course.id, user.id, now=now):
        return
    key = row_key(launch.subject)
    rows = [row for row in rosters.rows_of(session.connection(), cohort_id) if row.key == key]
    name = normal_text(launch.name)[:NAME_MAX] or f"#{user.learner_id}"
    with counted(session, [user.learner_id], roster_rows=[row.id for row in rows]):
        cohorts.add_member(session, cohort_id, user.learner_id, name=name, now=now)
        for row in rows:
            if rosters.take_row(session, row.id, user.learner_id):
                credit_roster_row(session, row.id, user.learner_id)
        people.record_changed(session, user.learner_id)


def _teach(
    session: Session,
    platform: StoredPlatform,
    launch: Launch,
    user: HostUser,
    cohort_id: int | None,
    language: str,
    now: datetime,
) -> str:
    """Named as a trainer of the group, and signed in for it. Never an administrator, and of no network."""
    account_id = accounts.account_of_host(
        session,
        subject=f"{LAUNCHED}:{platform.id}:{hash_of(launch.subject)}",
        name=normal_text(launch.name)[:NAME_MAX] or f"#{user.learner_id}",
        administrator=False,
        language=language,
        now=now,
    )
    # So that her name goes when her record is erased.
    accounts.change(session, account_id, learner_id=user.learner_id)
    launches.set_account(session, user.id, account_id)
    if cohort_id is not None:
        launches.add_trainer(session, cohort_id, account_id)
    return open_sign_in(session, account_id, now=now)


def _want_scores(
    session: Session, platform: StoredPlatform, launch: Launch, user: HostUser, target: Target, now: datetime
) -> None:
    """The platform is told from now on; at once of what she has done before."""
    assert launch.grades is not None
    link_id = launches.keep_link(
        session,
        platform.id,
        launch.deployment_id,
        launch.link_id,
        title=launch.link_title,
        part=target.part.value,
        module_id=target.module_id,
        line_item=launch.grades.line_item,
        line_items=launch.grades.line_items,
        now=now,
    )
    if launches.want_score(session, link_id, user.id):
        schedule_scores(session, user.learner_id, now=now)
