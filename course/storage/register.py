"""Everything that is kept of one learner: read as a whole, and taken out as a whole."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, cast, delete, false, func, or_, select, update
from sqlalchemy import Text as TextType
from sqlalchemy.orm import Session

from course.storage.statements import TELL, of_learner
from course.storage.tables import (
    Account,
    AnswerRow,
    Attempt,
    Attendance,
    CasePath,
    Certificate,
    CertificateEvent,
    ChangesRead,
    Cohort,
    CohortMember,
    Completion,
    Feedback,
    Gain,
    Learner,
    LearnerProfile,
    LessonDone,
    LtiLink,
    LtiPlatform,
    LtiResult,
    LtiUser,
    Passkey,
    Password,
    Refresher,
    RefresherAnswer,
    RefresherRound,
    Reminder,
    RosterImport,
    RosterRow,
    SignIn,
    SignInRequest,
    Task,
    Totp,
    TrackCompletion,
    TrainerNetwork,
    TrainingSession,
    VoidedStatement,
    Waiver,
    WayIn,
)

#: A row as it is written out: nothing but texts, numbers, yes and no.
Row = dict[str, Any]
Query = Select[*tuple[Any, ...]]


@dataclass(frozen=True, slots=True)
class Identity:
    """By what a learner is found in rows that do not name her number."""

    learner_id: int
    account_id: int | None
    #: Whether the account has a role: it is not the learner's alone.
    staff: bool
    emails: frozenset[str]
    #: As typed, in every form in which they were.
    names: frozenset[str]

    @property
    def full_names(self) -> list[str]:
        """Names by which somebody is known in the midst of a text: "Li" would be found in every link."""
        return [name for name in self.names if " " in name]


def identity_of(connection: Connection, learner_id: int) -> Identity | None:
    """None for a learner that is not there."""
    if connection.execute(select(Learner.id).where(Learner.id == learner_id)).first() is None:
        return None
    account = connection.execute(
        select(Account.id, Account.email, Account.name, Account.administrator).where(Account.learner_id == learner_id)
    ).first()
    roster = connection.execute(select(RosterRow.email, RosterRow.name).where(RosterRow.learner_id == learner_id)).all()
    emails = {row.email for row in roster} | ({account.email} if account else set())
    emails |= set(connection.execute(select(Refresher.email).where(Refresher.learner_id == learner_id)).scalars())
    names = {row.name for row in roster} | ({account.name} if account else set())
    for column in (CohortMember, Attendance):
        names |= set(connection.execute(select(column.name).where(column.learner_id == learner_id)).scalars())
    facts = connection.execute(select(Certificate.facts).where(Certificate.learner_id == learner_id)).scalars()
    names |= {json.loads(one)["name"] for one in facts if one}
    return Identity(
        learner_id,
        account.id if account else None,
        bool(account and (account.administrator or _networks(connection, account.id))),
        frozenset(emails) - {"", None},
        frozenset(names) - {"", None},
    )


def _networks(connection: Connection, account_id: int) -> bool:
    return (
        connection.execute(select(TrainerNetwork.network_id).where(TrainerNetwork.account_id == account_id)).first()
        is not None
    )


# Read


def everything_of(connection: Connection, who: Identity) -> dict[str, list[Row]]:
    """All rows about a learner, by kind, in the words of the tables. Secrets and their hashes are left out."""
    return {name: _rows(connection, query) for name, query in _queries(who).items()}


def _queries(who: Identity) -> dict[str, Query]:
    return (
        _of_the_record(who.learner_id)
        | _of_refreshers(who.learner_id)
        | _of_certificates(who.learner_id)
        | _of_groups(who)
        | _of_the_account(who)
    )


def _of_the_record(mine: int) -> dict[str, Query]:
    attempt = Attempt
    return {
        "learner": select(Learner.id, Learner.created_at, Learner.language, Learner.place).where(Learner.id == mine),
        "profile": select(
            LearnerProfile.profession_id,
            LearnerProfile.organisation_id,
            LearnerProfile.network_id,
            LearnerProfile.asked_at,
        ).where(LearnerProfile.learner_id == mine),
        "lessons": select(LessonDone.lesson_id, LessonDone.done_at, LessonDone.edition, LessonDone.language)
        .where(LessonDone.learner_id == mine)
        .order_by(LessonDone.done_at),
        "modules": select(Completion.module_id, Completion.passed_at, Completion.edition, Completion.language)
        .where(Completion.learner_id == mine)
        .order_by(Completion.passed_at),
        "tracks": select(TrackCompletion.track_id, TrackCompletion.completed_at, TrackCompletion.edition).where(
            TrackCompletion.learner_id == mine
        ),
        "attempts": select(
            attempt.id,
            attempt.quiz_id,
            attempt.number,
            attempt.state,
            attempt.edition,
            attempt.language,
            attempt.started_at,
            attempt.submitted_at,
            attempt.points,
            attempt.percent,
            attempt.passed,
        )
        .where(attempt.learner_id == mine)
        .order_by(attempt.id),
        "answers": select(AnswerRow.attempt_id, AnswerRow.question_id, AnswerRow.chosen, AnswerRow.saved_at)
        .join(attempt, attempt.id == AnswerRow.attempt_id)
        .where(attempt.learner_id == mine)
        .order_by(AnswerRow.attempt_id, AnswerRow.question_id),
        "gain": select(Gain.before_percent, Gain.after_percent, Gain.finished_at, Gain.edition).where(
            Gain.learner_id == mine
        ),
        "changes read": select(ChangesRead.edition, ChangesRead.read_at).where(ChangesRead.learner_id == mine),
        "cases": select(CasePath.case_id, CasePath.path, CasePath.changed_at).where(CasePath.learner_id == mine),
    }


def _of_refreshers(mine: int) -> dict[str, Query]:
    asked, answer = RefresherRound, RefresherAnswer
    return {
        "refreshers": select(Refresher.email, Refresher.asked_at, Refresher.confirmed_at, Refresher.counted_from).where(
            Refresher.learner_id == mine
        ),
        "refreshers sent": select(asked.id, asked.occasion, asked.counted_from, asked.sent_at)
        .where(asked.learner_id == mine)
        .order_by(asked.id),
        "refresher answers": select(answer.round_id, answer.question_id, answer.chosen, answer.answered_at)
        .join(asked, asked.id == answer.round_id)
        .where(asked.learner_id == mine)
        .order_by(answer.round_id, answer.question_id),
    }


def _of_certificates(mine: int) -> dict[str, Query]:
    certificate = Certificate
    return {
        "certificates": select(
            certificate.code, certificate.track_id, certificate.edition, certificate.issued_at, certificate.facts
        ).where(certificate.learner_id == mine),
        "certificate journal": select(
            certificate.code,
            CertificateEvent.deed,
            CertificateEvent.at,
            CertificateEvent.actor,
            CertificateEvent.reason,
        )
        .join(certificate, certificate.id == CertificateEvent.certificate_id)
        .where(certificate.learner_id == mine)
        .order_by(CertificateEvent.id),
    }


def _of_groups(who: Identity) -> dict[str, Query]:
    mine, member = who.learner_id, CohortMember
    return {
        "groups": select(Cohort.name.label("group"), Cohort.network_id, member.name, member.joined_at)
        .join(member, member.cohort_id == Cohort.id)
        .where(member.learner_id == mine),
        "rosters": select(
            RosterRow.name, RosterRow.email, RosterRow.organisation, RosterRow.profession, RosterRow.created_at
        ).where(_on_rosters(who)),
        "attendances": select(
            TrainingSession.title, TrainingSession.starts_at, Attendance.name, Attendance.how, Attendance.recorded_at
        )
        .join(Attendance, Attendance.session_id == TrainingSession.id)
        .where(Attendance.learner_id == mine),
        "waivers": select(Waiver.module_id, Waiver.reason, Account.name.label("author"), Waiver.waived_at)
        .outerjoin(Account, Account.id == Waiver.author_id)
        .where(Waiver.learner_id == mine),
        "reminders": select(Reminder.occasion, Reminder.sent_at).where(Reminder.learner_id == mine),
    }


def _of_the_account(who: Identity) -> dict[str, Query]:
    mine, account = who.learner_id, who.account_id or 0
    return {
        "account": select(
            Account.id, Account.email, Account.name, Account.language, Account.administrator, Account.created_at
        ).where(Account.id == account),
        "mails": select(Task.payload, Task.state, Task.created_at).where(Task.kind == "mail", _mailed_to(who.emails)),
        "statements": select(Task.created_at, Task.state).where(of_learner(mine, [TELL])).order_by(Task.id),
        "statements taken back": select(VoidedStatement.key, VoidedStatement.gone_at)
        .where(VoidedStatement.learner_id == mine)
        .order_by(VoidedStatement.gone_at, VoidedStatement.key),
        "feedback": select(Feedback.number, Feedback.page, Feedback.message, Feedback.created_at).where(
            Feedback.email.in_(who.emails)
        ),
        "platforms": select(LtiPlatform.issuer, LtiUser.subject, LtiUser.created_at)
        .join(LtiPlatform, LtiPlatform.id == LtiUser.platform_id)
        .where(LtiUser.learner_id == mine),
        "scores told": select(
            LtiPlatform.issuer, LtiLink.title, LtiResult.given, LtiResult.most, LtiResult.done, LtiResult.sent_at
        )
        .select_from(LtiResult)
        .join(LtiUser, LtiUser.id == LtiResult.user_id)
        .join(LtiLink, LtiLink.id == LtiResult.link_id)
        .join(LtiPlatform, LtiPlatform.id == LtiLink.platform_id)
        .where(LtiUser.learner_id == mine),
        "ways in": select(WayIn.kind, WayIn.created_at, WayIn.expires_at).where(WayIn.learner_id == mine),
        "sign-ins": select(SignIn.device, SignIn.created_at, SignIn.seen_at, SignIn.expires_at).where(
            SignIn.account_id == account
        ),
        "password": select(Password.changed_at).where(Password.account_id == account),
        "second factors": select(Totp.created_at).where(Totp.account_id == account),
        "passkeys": select(Passkey.created_at, Passkey.used_at).where(Passkey.account_id == account),
    }


def _rows(connection: Connection, query: Query) -> list[Row]:
    found = []
    for row in connection.execute(query).mappings():
        plain = {key: _plain(value) for key, value in row.items()}
        # What is a text of JSON in the table is shown as what it says.
        facts, payload = plain.get("facts"), plain.pop("payload", None)
        if isinstance(facts, str):
            plain["facts"] = json.loads(facts)
        if isinstance(payload, dict):
            plain |= {name: payload.get(name) for name in ("to", "subject", "text")}
        found.append(plain)
    return found


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime | date) else value


# Find


def _on_rosters(who: Identity) -> ColumnElement[bool]:
    """Her places on rosters, also where she was expected under her address and never joined."""
    return or_(RosterRow.learner_id == who.learner_id, func.lower(RosterRow.email).in_(_lower(who.emails)))


def _lower(emails: Iterable[str]) -> list[str]:
    return sorted({one.lower() for one in emails})


def _mailed_to(emails: Collection[str]) -> ColumnElement[bool]:
    """Tasks in which one of these addresses or names stands, as the text of the column has it."""
    text = func.lower(cast(Task.payload, TextType))
    return or_(false(), *(text.contains(json.dumps(one)[1:-1].lower(), autoescape=True) for one in emails if one))


def learner_of_email(connection: Connection, email: str) -> int | None:
    return connection.execute(select(Account.learner_id).where(Account.email == email)).scalar()


# Take out


def forget_attendances(session: Session, who: Identity) -> None:
    """That somebody was there stays; who it was goes."""
    rows = select(RosterRow.id).where(_on_rosters(who))
    session.execute(
        update(Attendance)
        .where(or_(Attendance.learner_id == who.learner_id, Attendance.roster_row_id.in_(rows)))
        .values(name="", name_key=None)
    )


def forget_rosters(session: Session, who: Identity) -> int:
    """Her places on rosters, and her lines in the files that were read; how many places they were."""
    found = session.execute(delete(RosterRow).where(_on_rosters(who)))
    emails = set(_lower(who.emails))
    for id_, changes, problems in session.execute(
        select(RosterImport.id, RosterImport.changes, RosterImport.problems).where(_in_imports(who))
    ).all():
        session.execute(
            update(RosterImport)
            .where(RosterImport.id == id_)
            .values(
                changes=[one for one in changes if not _is_about(one, who.names, emails)],
                problems=[one for one in problems if not _is_about(one, who.names, emails)],
            )
        )
    return int(found.rowcount)  # type: ignore[attr-defined]


def _in_imports(who: Identity) -> ColumnElement[bool]:
    texts = [func.lower(cast(column, TextType)) for column in (RosterImport.changes, RosterImport.problems)]
    words = [json.dumps(one)[1:-1].lower() for one in who.emails | who.names]
    return or_(false(), *(text.contains(word, autoescape=True) for text in texts for word in words))


def _is_about(found: object, names: Collection[str], emails: Collection[str]) -> bool:
    """Whether one of her names or addresses stands in a line of a file, however deep."""
    return any(text in names or text.lower() in emails for text in _texts(found))


def _texts(found: object) -> Iterator[str]:
    if isinstance(found, str):
        yield found
    elif isinstance(found, list):
        for one in found:
            yield from _texts(one)


def forget_mails(session: Session, who: Identity) -> int:
    """Mails to her, sent or waiting, and those to others in which her name stands; how many they were."""
    found = session.execute(delete(Task).where(_mailed_to([*who.emails, *who.full_names])))
    session.execute(delete(SignInRequest).where(SignInRequest.email.in_(who.emails)))
    session.execute(update(Feedback).where(Feedback.email.in_(who.emails)).values(email=""))
    return int(found.rowcount)  # type: ignore[attr-defined]


def forget_account(session: Session, who: Identity) -> bool:
    """Drop the account that leads to her, unless it has a role. Whether it went."""
    if who.account_id is None or who.staff:
        return False
    session.execute(delete(Account).where(Account.id == who.account_id))
    return True
