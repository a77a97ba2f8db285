"""Who wants refreshers, what they asked, and what was answered."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, delete, exists, func, select, update
from sqlalchemy.orm import Session, aliased

from course.storage.insert import insert_if_new
from course.storage.tables import (
    Account,
    Learner,
    Refresher,
    RefresherAnswer,
    RefresherRound,
    Task,
    TrackCompletion,
)


@dataclass(frozen=True, slots=True)
class StoredRefresher:
    id: int
    learner_id: int
    #: The language that the learner used last.
    language: str
    email: str
    asked_at: datetime
    confirmed_at: datetime | None
    counted_from: date


@dataclass(frozen=True, slots=True)
class StoredRound:
    id: int
    learner_id: int
    language: str
    sent_at: datetime
    questions: Sequence[Mapping[str, Any]]


def completed_last(connection: Connection, learner_id: int) -> datetime | None:
    """When the learner completed a track, the last time; None when she has completed none."""
    found = select(func.max(TrackCompletion.completed_at)).where(TrackCompletion.learner_id == learner_id)
    moment: datetime | None = connection.execute(found).scalar()
    return moment


def account_address(connection: Connection, learner_id: int) -> str:
    """The address of the account that leads to the learner: it was confirmed when the account was made."""
    found = select(Account.email).where(Account.learner_id == learner_id, Account.disabled_at.is_(None))
    return connection.execute(found).scalar() or ""


def refresher_of(connection: Connection, learner_id: int) -> StoredRefresher | None:
    return _refresher(connection, Refresher.learner_id == learner_id)


def refresher_by_link(connection: Connection, link_hash: str) -> StoredRefresher | None:
    """By the hash of the secret that was mailed to its address."""
    return _refresher(connection, Refresher.link_hash == link_hash)


def locked_refresher(session: Session, refresher_id: int) -> StoredRefresher | None:
    """One, held until the end of the transaction: whoever stops it waits until a mail is put in, or comes before."""
    session.execute(select(Refresher.id).where(Refresher.id == refresher_id).with_for_update()).all()
    return _refresher(session.connection(), Refresher.id == refresher_id)


def _refresher(connection: Connection, wanted: ColumnElement[bool]) -> StoredRefresher | None:
    row = connection.execute(
        select(
            Refresher.id,
            Refresher.learner_id,
            Learner.language,
            Refresher.email,
            Refresher.asked_at,
            Refresher.confirmed_at,
            Refresher.counted_from,
        )
        .join(Learner, Learner.id == Refresher.learner_id)
        .where(wanted)
    ).first()
    return StoredRefresher(*row) if row else None


def add_refresher(session: Session, learner_id: int, values: Mapping[str, Any]) -> int:
    """A wish anew, in place of one before; its number."""
    drop(session, Refresher.learner_id == learner_id)
    row = Refresher(learner_id=learner_id, **values)
    session.add(row)
    session.flush()
    return row.id


def confirm(session: Session, refresher_id: int, *, counted_from: date, now: datetime) -> None:
    session.execute(
        update(Refresher).where(Refresher.id == refresher_id).values(confirmed_at=now, counted_from=counted_from)
    )


def drop_of_learner(session: Session, learner_id: int) -> None:
    drop(session, Refresher.learner_id == learner_id)


def drop_of_address(session: Session, address_key: str) -> None:
    """All that go to one address, whoever asked for them."""
    drop(session, Refresher.address_key == address_key)


def forget(session: Session, refresher_id: int, *, only_unconfirmed: bool) -> None:
    """Drop one whose time is over."""
    unconfirmed = (Refresher.confirmed_at.is_(None),) if only_unconfirmed else ()
    drop(session, Refresher.id == refresher_id, *unconfirmed)


def drop(session: Session, *wanted: ColumnElement[bool]) -> None:
    """Take wishes back, with the mails of theirs that were put in and are not sent yet."""
    gone = session.execute(select(Refresher.id).where(*wanted).with_for_update()).scalars().all()
    for refresher_id in gone:
        waiting = Task.key.startswith(f"refresher:{refresher_id}:", autoescape=True)
        session.execute(delete(Task).where(Task.state == "open", waiting))
    session.execute(delete(Refresher).where(Refresher.id.in_(gone)))


def is_wanted(connection: Connection, address_key: str) -> bool:
    """Whether anybody asked for refreshers to this address."""
    return connection.execute(select(Refresher.id).where(Refresher.address_key == address_key)).first() is not None


def move_refreshers(session: Session, *, from_learner: int, to_learner: int) -> None:
    """When two learners turn out to be one: one wish, the confirmed one first, and all that was asked and answered."""
    connection = session.connection()
    mine, theirs = refresher_of(connection, to_learner), refresher_of(connection, from_learner)
    if mine is not None and theirs is not None:
        lesser = from_learner if mine.confirmed_at or not theirs.confirmed_at else to_learner
        drop_of_learner(session, lesser)
    session.execute(update(Refresher).where(Refresher.learner_id == from_learner).values(learner_id=to_learner))
    before = aliased(RefresherRound)
    twice = exists().where(
        before.learner_id == to_learner,
        before.counted_from == RefresherRound.counted_from,
        before.occasion == RefresherRound.occasion,
    )
    session.execute(
        update(RefresherRound).where(RefresherRound.learner_id == from_learner, ~twice).values(learner_id=to_learner)
    )


def add_round(
    session: Session,
    learner_id: int,
    *,
    counted_from: date,
    occasion: str,
    questions: Sequence[Mapping[str, Any]],
    now: datetime,
) -> int | None:
    """The number of the round; None when this one was sent before."""
    row = {"learner_id": learner_id, "counted_from": counted_from, "occasion": occasion}
    if not insert_if_new(session, RefresherRound, [row | {"sent_at": now, "questions": list(questions)}]):
        return None
    return session.execute(
        select(RefresherRound.id).where(
            RefresherRound.learner_id == learner_id,
            RefresherRound.counted_from == counted_from,
            RefresherRound.occasion == occasion,
        )
    ).scalar_one()


def round_by_id(connection: Connection, round_id: int) -> StoredRound | None:
    for found in _rounds(connection, RefresherRound.id == round_id):
        return found
    return None


def rounds_of(connection: Connection, learner_id: int) -> list[StoredRound]:
    """All that were sent to a learner, oldest first."""
    return _rounds(connection, RefresherRound.learner_id == learner_id)


def _rounds(connection: Connection, wanted: ColumnElement[bool]) -> list[StoredRound]:
    rows = connection.execute(
        select(
            RefresherRound.id,
            RefresherRound.learner_id,
            Learner.language,
            RefresherRound.sent_at,
            RefresherRound.questions,
        )
        .join(Learner, Learner.id == RefresherRound.learner_id)
        .where(wanted)
        .order_by(RefresherRound.sent_at, RefresherRound.id)
    )
    return [StoredRound(*row) for row in rows]


def answers_in(connection: Connection, round_ids: Sequence[int]) -> dict[tuple[int, str], tuple[str, ...]]:
    """(round, question id) -> what was answered"""
    rows = connection.execute(
        select(RefresherAnswer.round_id, RefresherAnswer.question_id, RefresherAnswer.chosen).where(
            RefresherAnswer.round_id.in_(round_ids)
        )
    )
    return {(round_id, question_id): tuple(chosen.split()) for round_id, question_id, chosen in rows}


def add_answers(session: Session, round_id: int, answers: Mapping[str, Sequence[str]], *, now: datetime) -> int:
    """How many were new: the first answer to a question stands."""
    rows = [
        {"round_id": round_id, "question_id": question_id, "chosen": " ".join(chosen), "answered_at": now}
        for question_id, chosen in answers.items()
    ]
    return insert_if_new(session, RefresherAnswer, rows)
