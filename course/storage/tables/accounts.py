"""People who can sign in: trainers, administrators, and learners who want a way back by mail."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from course.storage.tables.base import Base, Moment


class Account(Base):
    """Someone who can sign in. In a host it stands for the host's user and holds no secret."""

    __tablename__ = "account"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    #: In lower case; None for a host's user without one.
    email: Mapped[str | None] = mapped_column(String(254), unique=True)
    #: The host's own id of its user, or issuer and subject of a sign-in service; None for an account of this site.
    host_subject: Mapped[str | None] = mapped_column(String(255), unique=True)
    name: Mapped[str] = mapped_column(String(120), default="")
    language: Mapped[str] = mapped_column(String(8))
    administrator: Mapped[bool] = mapped_column(default=False)
    #: The learner that this account leads back to.
    learner_id: Mapped[int | None] = mapped_column(ForeignKey("learner.id", ondelete="SET NULL"), index=True)
    created_at: Mapped[datetime] = mapped_column(Moment)
    disabled_at: Mapped[datetime | None] = mapped_column(Moment)

    __table_args__ = ({"sqlite_autoincrement": True},)


class TrainerNetwork(Base):
    """A trainer is bound to networks (ids of the content package) and sees nothing of the others."""

    __tablename__ = "trainer_network"

    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), primary_key=True)
    network_id: Mapped[str] = mapped_column(String(80), primary_key=True)
