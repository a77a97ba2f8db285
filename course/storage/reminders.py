"""What reminders need to know of a cohort's members, and which were sent."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, exists, func, select, update
from sqlalchemy.orm import Session, aliased

from course.domain.reminder import Member
from course.storage.insert import insert_if_new, insert_on
from course.storage.tables import Account, Cohort, CohortMember, Completion, Learner, MailStop, Reminder, RosterRow


@dataclass(frozen=True, slots=True)
class RemindedCohort:
    id: int
    network_id: str
    name: str
    track_id: str
    language: str
    due_on: date | None
    closed_at: datetime | None


def cohort_to_remind(connection: Connection, cohort_id: int) -> RemindedCohort | None:
    row = connection.execute(
        select(
            Cohort.id,
            Cohort.network_id,
            Cohort.name,
            Cohort.track_id,
            Cohort.language,
            Cohort.due_on,
            Cohort.closed_at,
        ).where(Cohort.id == cohort_id)
    ).first()
    return RemindedCohort(*row) if row else None


def lock_cohort(session: Session, cohort_id: int) -> None:
    """Two who send at once do it one after the other, and the second finds everybody reminded."""
    session.execute(select(Cohort.id).where(Cohort.id == cohort_id).with_for_update()).all()


def members_to_remind(connection: Connection, cohort_id: int, key_of: Callable[[str], str]) -> list[Member]:
    """All members in a fixed number of statements. The address is that of the account, else the roster's."""
    mails = _addresses(connection, cohort_id)
    stopped = _stopped(connection, {key_of(mail) for mail in mails.values()})
    reminded: dict[int, list[tuple[str, datetime]]] = {}
    for learner_id, occasion, sent_at in connection.execute(
        select(Reminder.learner_id, Reminder.occasion, Reminder.sent_at).where(Reminder.cohort_id == cohort_id)
    ):
        reminded.setdefault(learner_id, []).append((occasion, sent_at))
    passed: dict[int, set[str]] = {}
    for learner_id, module_id in connection.execute(
        select(Completion.learner_id, Completion.module_id)
        .join(CohortMember, CohortMember.learner_id == Completion.learner_id)
        .where(CohortMember.cohort_id == cohort_id)
    ):
        passed.setdefault(learner_id, set()).add(module_id)
    learners = connection.execute(
        select(Learner.id, Learner.language)
        .join(CohortMember, CohortMember.learner_id == Learner.id)
        .where(CohortMember.cohort_id == cohort_id)
        .order_by(Learner.id)
    )
    return [
        Member(
            learner_id,
            language,
            mails.get(learner_id, ""),
            frozenset(passed.get(learner_id, ())),
            tuple(reminded.get(learner_id, ())),
            stopped=learner_id in mails and key_of(mails[learner_id]) in stopped,
        )
        for learner_id, language in learners
    ]


def _addresses(connection: Connection, cohort_id: int) -> dict[int, str]:
    on_roster: Iterable[Any] = connection.execute(
        select(RosterRow.learner_id, RosterRow.email)
        .join(
            CohortMember,
            (CohortMember.learner_id == RosterRow.learner_id) & (CohortMember.cohort_id == RosterRow.cohort_id),
        )
        .where(RosterRow.cohort_id == cohort_id, RosterRow.email != "")
    ).all()
    of_accounts: Iterable[Any] = connection.execute(
        select(Account.learner_id, Account.email)
        .join(CohortMember, CohortMember.learner_id == Account.learner_id)
        .where(CohortMember.cohort_id == cohort_id, Account.email.is_not(None), Account.disabled_at.is_(None))
    ).all()
    return {learner: mail for rows in (on_roster, of_accounts) for learner, mail in rows}


def _stopped(connection: Connection, keys: set[str]) -> set[str]:
    """Which of the addresses want nothing. All stops are read: they are few, and a long list of keys is slow."""
    return keys & set(connection.execute(select(MailStop.address_key)).scalars())


def expected_without_joining(connection: Connection, cohort_id: int) -> int:
    """How many on the roster have not joined: a reminder is not for them, an invitation is."""
    found = select(func.count()).where(RosterRow.cohort_id == cohort_id, RosterRow.learner_id.is_(None))
    return int(connection.execute(found).scalar_one())


def add_reminders(
    session: Session, cohort_id: int, learner_ids: Iterable[int], *, occasion: str, now: datetime, sent_by: int | None
) -> set[int]:
    """Note the reminders before they are sent. Whoever was reminded on this occasion already is not in the answer."""
    rows = [
        {"cohort_id": cohort_id, "learner_id": one, "occasion": occasion, "sent_at": now, "sent_by": sent_by}
        for one in learner_ids
    ]
    if not rows:
        return set()
    insert = insert_on(session.get_bind().dialect.name)
    statement = insert(Reminder).on_conflict_do_nothing().returning(Reminder.learner_id)
    return set(session.connection().execute(statement, rows).scalars())


def sent_reminders(connection: Connection, cohort_id: int) -> list[tuple[str, datetime, int]]:
    """(occasion, when first, to how many) of what was sent to this cohort, newest first."""
    rows = connection.execute(
        select(Reminder.occasion, func.min(Reminder.sent_at), func.count())
        .where(Reminder.cohort_id == cohort_id)
        .group_by(Reminder.occasion)
        .order_by(func.min(Reminder.sent_at).desc())
    )
    return [(occasion, at, int(count)) for occasion, at, count in rows]


def move_reminders(session: Session, *, from_learner: int, to_learner: int) -> None:
    """When two learners turn out to be one: she was reminded as often as both of them together."""
    mine = aliased(Reminder)
    twice = exists().where(
        mine.learner_id == to_learner, mine.cohort_id == Reminder.cohort_id, mine.occasion == Reminder.occasion
    )
    session.execute(update(Reminder).where(Reminder.learner_id == from_learner, ~twice).values(learner_id=to_learner))


def add_stop(session: Session, address_key: str, *, now: datetime) -> None:
    insert_if_new(session, MailStop, [{"address_key": address_key, "stopped_at": now}])


def is_stopped(connection: Connection, address_key: str) -> bool:
    return (
        connection.execute(select(MailStop.address_key).where(MailStop.address_key == address_key)).first() is not None
    )
