"""People who can sign in: trainers, administrators, and learners who want a way back by mail."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, Index, LargeBinary, String
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
    #: The last sign-in, also when its row is gone; accounts of learners that nobody uses are removed.
    used_at: Mapped[datetime | None] = mapped_column(Moment)
    disabled_at: Mapped[datetime | None] = mapped_column(Moment)

    __table_args__ = ({"sqlite_autoincrement": True},)


class TrainerNetwork(Base):
    """A trainer is bound to networks (ids of the content package) and sees nothing of the others."""

    __tablename__ = "trainer_network"

    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), primary_key=True)
    network_id: Mapped[str] = mapped_column(String(80), primary_key=True)


class Password(Base):
    """How an account of this site begins its sign-in. An account without one signs in by a code sent by mail."""

    __tablename__ = "password"

    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), primary_key=True)
    #: Argon2id, with its parameters in it.
    hash: Mapped[str] = mapped_column(String(200))
    changed_at: Mapped[datetime] = mapped_column(Moment)
    #: Set for a password that was made for somebody: it lets in until then, and only to choose an own one.
    one_time_until: Mapped[datetime | None] = mapped_column(Moment)


class Totp(Base):
    """A second factor: the secret shared with an app that shows a new code every thirty seconds."""

    __tablename__ = "totp"

    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), primary_key=True)
    #: Sealed with a key made of the site's secret key: a copy of the database alone opens nothing.
    sealed_secret: Mapped[str] = mapped_column(String(255))
    #: The last step of thirty seconds whose code was taken: a code that was looked over a shoulder is worth nothing.
    last_step: Mapped[int] = mapped_column(BigInteger)
    created_at: Mapped[datetime] = mapped_column(Moment)


class Passkey(Base):
    """A second factor: a key that a device or a security key holds for this site alone."""

    __tablename__ = "passkey"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), index=True)
    #: The device's own name of the key, as base64url.
    credential_id: Mapped[str] = mapped_column(String(1400), unique=True)
    public_key: Mapped[bytes] = mapped_column(LargeBinary)
    sign_count: Mapped[int] = mapped_column(BigInteger)
    created_at: Mapped[datetime] = mapped_column(Moment)
    used_at: Mapped[datetime | None] = mapped_column(Moment)

    __table_args__ = ({"sqlite_autoincrement": True},)


class RecoveryCode(Base):
    """A second factor on paper, once. The row is deleted when it is used: the database settles a race of two."""

    __tablename__ = "recovery_code"

    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), primary_key=True)
    code_hash: Mapped[str] = mapped_column(String(43), primary_key=True)


class SignIn(Base):
    """Somebody signed in on a device, until it ends. (A "session" is a training in these tables.)"""

    __tablename__ = "sign_in"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), index=True)
    secret_hash: Mapped[str] = mapped_column(String(43), unique=True)
    created_at: Mapped[datetime] = mapped_column(Moment)
    seen_at: Mapped[datetime] = mapped_column(Moment)
    expires_at: Mapped[datetime] = mapped_column(Moment)
    #: What the browser says of itself, in short, so that its owner knows it again.
    device: Mapped[str] = mapped_column(String(80), default="")
    #: The learner's cookie of that device: it ends with the sign-in of a learner's account.
    learner_cookie_hash: Mapped[str | None] = mapped_column(String(43))

    __table_args__ = ({"sqlite_autoincrement": True},)


class SignInRequest(Base):
    """A sign-in under way in one browser: what is still to be shown, and how often it was tried."""

    __tablename__ = "sign_in_request"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    #: Hash of the cookie of the browser that asked: a code is worth nothing in another one.
    secret_hash: Mapped[str] = mapped_column(String(43), unique=True)
    #: None for an address that has no account yet, or none of this kind.
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), index=True)
    email: Mapped[str] = mapped_column(String(254))
    #: code, password, second-factor, set-up
    step: Mapped[str] = mapped_column(String(16))
    code_hash: Mapped[str | None] = mapped_column(String(43))
    tries: Mapped[int] = mapped_column(default=0)
    #: What a passkey must sign.
    challenge: Mapped[str] = mapped_column(String(64), default="")
    #: The secret of an app that is being set up, sealed.
    sealed_secret: Mapped[str] = mapped_column(String(255), default="")
    #: A password chosen on the way; it counts when the second factor is there as well.
    password_hash: Mapped[str] = mapped_column(String(200), default="")
    #: The mailed link that began it, used up when it is finished.
    link_id: Mapped[int | None] = mapped_column(ForeignKey("mailed_link.id", ondelete="SET NULL"))
    created_at: Mapped[datetime] = mapped_column(Moment)
    expires_at: Mapped[datetime] = mapped_column(Moment)

    __table_args__ = (Index("ix_sign_in_request_expires_at", "expires_at"), {"sqlite_autoincrement": True})


class MailedLink(Base):
    """A link sent by mail that leads to the choice of a password: an invitation, or the way back to an account."""

    __tablename__ = "mailed_link"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    #: None when the address has no account: the row is there so that asking takes the same time.
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), index=True)
    #: invitation, recovery
    kind: Mapped[str] = mapped_column(String(16))
    secret_hash: Mapped[str] = mapped_column(String(43), unique=True)
    #: Who invited.
    made_by: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"))
    created_at: Mapped[datetime] = mapped_column(Moment)
    expires_at: Mapped[datetime] = mapped_column(Moment)
    used_at: Mapped[datetime | None] = mapped_column(Moment)

    __table_args__ = ({"sqlite_autoincrement": True},)
