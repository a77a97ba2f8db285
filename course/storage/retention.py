"""What is over: found and removed, kind by kind."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, delete, exists, func, or_, select, update
from sqlalchemy.orm import Session

from course.storage import outbox
from course.storage.insert import insert_if_new
from course.storage.tables import (
    Account,
    AnswerRow,
    Attempt,
    Attendance,
    CasePath,
    Certificate,
    CertificateFile,
    Cohort,
    CohortMember,
    Completion,
    Feedback,
    Learner,
    LearnerProfile,
    LessonDone,
    LtiUser,
    MailedLink,
    RefresherRound,
    Reminder,
    RemovalNotice,
    RosterImport,
    RosterRow,
    SignIn,
    SignInRequest,
    Task,
    Throttle,
    TrainerNetwork,
    TrainingSession,
    WayIn,
)
from course.storage.waivers import forget_reasons

#: Ways in that a device or a person has; the others only say where somebody came from.
OWN_WAYS = ("cookie", "resume", "host")


def _removed(session: Session, entity: Any, *conditions: ColumnElement[bool]) -> int:
    return int(session.execute(delete(entity).where(*conditions)).rowcount)  # type: ignore[attr-defined]


# Nobody's any more


def forget_mails(session: Session, before: datetime) -> int:
    """Tasks that are done or were given up, with their mails."""
    return _removed(session, Task, Task.state.in_([outbox.DONE, outbox.FAILED]), Task.finished_at < before)


def forget_sign_ins(session: Session, before: datetime) -> int:
    """Sign-ins, requests, links and ways in that have run out."""
    return (
        _removed(session, SignIn, SignIn.expires_at < before)
        + _removed(session, SignInRequest, SignInRequest.expires_at < before)
        + _removed(session, MailedLink, MailedLink.expires_at < before)
        + _removed(session, WayIn, WayIn.expires_at < before)
    )


def forget_tries(session: Session, before: datetime) -> int:
    return _removed(session, Throttle, Throttle.window < int(before.timestamp()))


def forget_roster_files(session: Session, before: datetime) -> int:
    return _removed(session, RosterImport, RosterImport.created_at < before)


def forget_rosters(session: Session, before: datetime) -> int:
    """People expected in groups that ended before a moment; a group without an end lasts while people are added."""
    last = func.coalesce(Cohort.ends_on, Cohort.due_on)
    over = select(Cohort.id).where(or_(last.is_(None), last < before.date()))
    return _removed(session, RosterRow, RosterRow.cohort_id.in_(over), RosterRow.created_at < before)


def forget_attendance_names(session: Session, before: datetime) -> int:
    """That so many were there stays."""
    over = select(TrainingSession.id).where(TrainingSession.ends_at < before)
    found = session.execute(
        update(Attendance).where(Attendance.session_id.in_(over), Attendance.name != "").values(name="", name_key=None)
    )
    return int(found.rowcount)  # type: ignore[attr-defined]


def forget_feedback(session: Session, before: datetime) -> int:
    return _removed(session, Feedback, Feedback.answered_at < before)


def certificates_over(session: Session, before: datetime, today: date) -> list[int]:
    """Certificates with a name whose time is over."""
    return list(
        session.execute(
            select(Certificate.id).where(
                Certificate.facts.is_not(None),
                Certificate.issued_at < before,
                or_(Certificate.valid_until.is_(None), Certificate.valid_until < today),
            )
        ).scalars()
    )


def forget_certificate(session: Session, certificate_id: int) -> None:
    """Name, facts and file go; number, edition, date and hash stay, and so does whose it was in the counts."""
    session.execute(delete(CertificateFile).where(CertificateFile.certificate_id == certificate_id))
    session.execute(update(Certificate).where(Certificate.id == certificate_id).values(holder=None, facts=None))


# Learners and accounts


def _used_since(learner_id: Any, moment: datetime) -> ColumnElement[bool]:
    """Whether a learner did anything since."""
    own = (
        (LessonDone, LessonDone.done_at),
        (Completion, Completion.passed_at),
        (Attempt, Attempt.started_at),
        (CasePath, CasePath.changed_at),
        (WayIn, WayIn.created_at),
        (Certificate, Certificate.issued_at),
        (Attendance, Attendance.recorded_at),
        (CohortMember, CohortMember.joined_at),
    )
    deeds = [exists().where(entity.learner_id == learner_id, at >= moment) for entity, at in own]
    answered = exists().where(
        AnswerRow.attempt_id == Attempt.id, Attempt.learner_id == learner_id, AnswerRow.saved_at >= moment
    )
    return or_(answered, *deeds)


def unused_learners(connection: Connection, before: datetime, *, limit: int) -> list[int]:
    """Learners without an account who did nothing since, and whom something still leads back to."""
    led_to = or_(
        exists().where(WayIn.learner_id == Learner.id, WayIn.kind.in_(OWN_WAYS)),
        exists().where(CohortMember.learner_id == Learner.id),
        exists().where(LtiUser.learner_id == Learner.id),
        exists().where(Attempt.learner_id == Learner.id, AnswerRow.attempt_id == Attempt.id, AnswerRow.chosen != ""),
    )
    kept = or_(
        exists().where(Account.learner_id == Learner.id),
        # Her certificate has a period of its own, and its holder keeps the way to it.
        exists().where(Certificate.learner_id == Learner.id, Certificate.facts.is_not(None)),
    )
    query = select(Learner.id).where(Learner.created_at < before, led_to, ~kept, ~_used_since(Learner.id, before))
    return list(connection.execute(query.order_by(Learner.id).limit(limit)).scalars())


def empty_learner(session: Session, learner_id: int, *, now: datetime) -> None:
    """Take away what leads back to a learner and what she wrote. What the counts are made of stays, and is nobody's."""
    session.execute(delete(WayIn).where(WayIn.learner_id == learner_id, WayIn.kind.in_(OWN_WAYS)))
    attempts = select(Attempt.id).where(Attempt.learner_id == learner_id)
    session.execute(update(AnswerRow).where(AnswerRow.attempt_id.in_(attempts)).values(chosen="", saved_at=None))
    session.execute(delete(LtiUser).where(LtiUser.learner_id == learner_id))
    session.execute(delete(CasePath).where(CasePath.learner_id == learner_id))
    session.execute(delete(Reminder).where(Reminder.learner_id == learner_id))
    forget_reasons(session, learner_id)
    session.execute(delete(RefresherRound).where(RefresherRound.learner_id == learner_id))
    session.execute(delete(RosterRow).where(RosterRow.learner_id == learner_id))
    _leave_cohorts(session, learner_id, now)
    session.execute(update(Attendance).where(Attendance.learner_id == learner_id).values(name="", name_key=None))
    session.execute(update(Learner).where(Learner.id == learner_id).values(place=None, version=Learner.version + 1))


def _leave_cohorts(session: Session, learner_id: int, now: datetime) -> None:
    """The network of her first group stays with the record, so that the counts stay what they were."""
    network = session.execute(
        select(Cohort.network_id)
        .join(CohortMember, CohortMember.cohort_id == Cohort.id)
        .where(CohortMember.learner_id == learner_id, Cohort.network_id != "")
        .order_by(CohortMember.joined_at, CohortMember.cohort_id)
        .limit(1)
    ).scalar()
    if network is not None:
        insert_if_new(session, LearnerProfile, [{"learner_id": learner_id, "network_id": network, "asked_at": now}])
        session.execute(
            update(LearnerProfile).where(LearnerProfile.learner_id == learner_id).values(network_id=network)
        )
    session.execute(delete(CohortMember).where(CohortMember.learner_id == learner_id))


def _unused_account(before: datetime) -> ColumnElement[bool]:
    """Accounts without a role that were not used since, neither by a sign-in nor by study."""
    return and_(
        Account.administrator.is_(False),
        ~exists().where(TrainerNetwork.account_id == Account.id),
        Account.host_subject.is_(None),
        func.coalesce(Account.used_at, Account.created_at) < before,
        ~exists().where(SignIn.account_id == Account.id, SignIn.seen_at >= before),
        or_(Account.learner_id.is_(None), ~_used_since(Account.learner_id, before)),
    )


def to_notify(session: Session, before: datetime) -> list[tuple[int, str, str]]:
    """(account, address, language) of those who are to be told that their account will be removed."""
    told = exists().where(RemovalNotice.account_id == Account.id)
    named = exists().where(Certificate.learner_id == Account.learner_id, Certificate.facts.is_not(None))
    rows = session.execute(
        select(Account.id, Account.email, Account.language)
        .where(_unused_account(before), ~told, ~named, Account.email.is_not(None))
        .order_by(Account.id)
    )
    return [(row[0], str(row[1]), row[2]) for row in rows]


def add_notice(session: Session, account_id: int, *, now: datetime, removes_at: datetime) -> bool:
    return (
        insert_if_new(session, RemovalNotice, [{"account_id": account_id, "sent_at": now, "removes_at": removes_at}])
        == 1
    )


def take_back_notices(session: Session, before: datetime) -> int:
    """Whoever used the account after being told keeps it."""
    unused = select(Account.id).where(_unused_account(before))
    return _removed(session, RemovalNotice, RemovalNotice.account_id.not_in(unused))


def accounts_over(session: Session, now: datetime) -> list[tuple[int, int | None]]:
    """(account, learner) of those who were told and whose day has come."""
    rows = session.execute(
        select(Account.id, Account.learner_id)
        .join(RemovalNotice, RemovalNotice.account_id == Account.id)
        .where(RemovalNotice.removes_at <= now)
        .order_by(Account.id)
    )
    return [(row[0], row[1]) for row in rows]


def drop_accounts(session: Session, account_ids: Iterable[int]) -> None:
    session.execute(delete(Account).where(Account.id.in_(list(account_ids))))
