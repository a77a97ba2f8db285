"""Groups that trainers follow: their trainers, members, join codes, and the rosters of people expected."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from course.storage.tables.base import Base, Moment


class Cohort(Base):
    """A group that trainers follow. It belongs to one network; trainers of other networks never see it."""

    __tablename__ = "cohort"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    network_id: Mapped[str] = mapped_column(String(80), index=True)
    name: Mapped[str] = mapped_column(String(120))
    track_id: Mapped[str] = mapped_column(String(80))
    language: Mapped[str] = mapped_column(String(8))
    starts_on: Mapped[date | None]
    ends_on: Mapped[date | None]
    due_on: Mapped[date | None]
    #: Whether its trainers see the score of a passed quiz. Members are told before they join.
    shows_scores: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime] = mapped_column(Moment)
    created_by: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"), index=True)
    #: Set while it is closed: nobody joins, and nobody is reminded.
    closed_at: Mapped[datetime | None] = mapped_column(Moment)

    __table_args__ = ({"sqlite_autoincrement": True},)


class CohortTrainer(Base):
    __tablename__ = "cohort_trainer"

    cohort_id: Mapped[int] = mapped_column(ForeignKey("cohort.id", ondelete="CASCADE"), primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), primary_key=True, index=True)


class CohortMember(Base):
    """A learner in a cohort, under the name that she gave there. A learner may be in several."""

    __tablename__ = "cohort_member"

    cohort_id: Mapped[int] = mapped_column(ForeignKey("cohort.id", ondelete="CASCADE"), primary_key=True)
    learner_id: Mapped[int] = mapped_column(ForeignKey("learner.id", ondelete="CASCADE"), primary_key=True, index=True)
    name: Mapped[str] = mapped_column(String(120))
    joined_at: Mapped[datetime] = mapped_column(Moment)


class JoinCode(Base):
    """What lets learners into a cohort: shown on a screen, typed or followed as a link."""

    __tablename__ = "join_code"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    cohort_id: Mapped[int] = mapped_column(ForeignKey("cohort.id", ondelete="CASCADE"), index=True)
    code: Mapped[str] = mapped_column(String(8), unique=True)
    #: Who made it and answers for it.
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"), index=True)
    #: How many may join by it; None for any number.
    cap: Mapped[int | None]
    used: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime] = mapped_column(Moment)
    expires_at: Mapped[datetime] = mapped_column(Moment)
    revoked_at: Mapped[datetime | None] = mapped_column(Moment)

    __table_args__ = ({"sqlite_autoincrement": True},)


class RosterRow(Base):
    """Someone expected in a cohort. She is a member only when she has joined by herself."""

    __tablename__ = "roster_row"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    cohort_id: Mapped[int] = mapped_column(ForeignKey("cohort.id", ondelete="CASCADE"))
    #: The row's own id in files: given there, or made from mail or name. It stays when the row is changed.
    key: Mapped[str] = mapped_column(String(40))
    name: Mapped[str] = mapped_column(String(120))
    email: Mapped[str] = mapped_column(String(254))
    organisation: Mapped[str] = mapped_column(String(120))
    profession: Mapped[str] = mapped_column(String(120))
    #: Set while she is a member.
    learner_id: Mapped[int | None] = mapped_column(ForeignKey("learner.id", ondelete="SET NULL"), index=True)
    #: Hash of the secret in her personal link, when one was sent. A new link ends the one before.
    link_hash: Mapped[str | None] = mapped_column(String(43), unique=True)
    invited_at: Mapped[datetime | None] = mapped_column(Moment)
    created_at: Mapped[datetime] = mapped_column(Moment)

    __table_args__ = (UniqueConstraint("cohort_id", "key"), {"sqlite_autoincrement": True})


class RosterImport(Base):
    """A roster file as read: what it would change, whether that was done, and what is needed to take it back."""

    __tablename__ = "roster_import"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    cohort_id: Mapped[int] = mapped_column(ForeignKey("cohort.id", ondelete="CASCADE"), index=True)
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"), index=True)
    file_name: Mapped[str] = mapped_column(String(200))
    #: planned, applied, undone
    state: Mapped[str] = mapped_column(String(10))
    #: Rows of the file in all, and those that already are as the file says.
    rows: Mapped[int]
    unchanged: Mapped[int]
    #: [[key, before or null, after]]: each a list of name, mail, organisation, profession.
    changes: Mapped[list[Any]] = mapped_column(JSON)
    #: [[line of the file, what is wrong, the value]]
    problems: Mapped[list[Any]] = mapped_column(JSON)
    created_at: Mapped[datetime] = mapped_column(Moment)
    applied_at: Mapped[datetime | None] = mapped_column(Moment)
    undone_at: Mapped[datetime | None] = mapped_column(Moment)

    __table_args__ = ({"sqlite_autoincrement": True},)


class LearnerProfile(Base):
    """What a learner told of her work, for the counts. She was asked once and may have told nothing."""

    __tablename__ = "learner_profile"

    learner_id: Mapped[int] = mapped_column(ForeignKey("learner.id", ondelete="CASCADE"), primary_key=True)
    #: Ids of the content package; None when not told.
    profession_id: Mapped[str | None] = mapped_column(String(80))
    organisation_id: Mapped[str | None] = mapped_column(String(80))
    network_id: Mapped[str | None] = mapped_column(String(80))
    asked_at: Mapped[datetime] = mapped_column(Moment)
