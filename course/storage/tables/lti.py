"""Platforms that launch the course (LTI 1.3), and what came by their launches."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from course.storage.tables.base import Base, Moment


class LtiPlatform(Base):
    """A learning management system that an administrator has let in. It is disabled and never deleted."""

    __tablename__ = "lti_platform"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    name: Mapped[str] = mapped_column(String(120))
    issuer: Mapped[str] = mapped_column(String(255))
    client_id: Mapped[str] = mapped_column(String(255))
    auth_url: Mapped[str] = mapped_column(String(1000))
    token_url: Mapped[str] = mapped_column(String(1000))
    jwks_url: Mapped[str] = mapped_column(String(1000))
    audience: Mapped[str] = mapped_column(String(1000), default="")
    #: The sites that may show our pages in a frame after a launch, separated by spaces.
    frames: Mapped[str] = mapped_column(String(1000))
    #: The network whose trainers see the groups from there; None for none of them.
    network_id: Mapped[str | None] = mapped_column(String(80))
    created_at: Mapped[datetime] = mapped_column(Moment)
    created_by: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"), index=True)
    disabled_at: Mapped[datetime | None] = mapped_column(Moment)

    # One issuer may know us under several names.
    __table_args__ = (UniqueConstraint("issuer", "client_id"), {"sqlite_autoincrement": True})


class LtiDeployment(Base):
    """A part of a platform that we were put into. One that nobody has allowed yet has asked by a launch."""

    __tablename__ = "lti_deployment"

    platform_id: Mapped[int] = mapped_column(ForeignKey("lti_platform.id", ondelete="CASCADE"), primary_key=True)
    deployment_id: Mapped[str] = mapped_column(String(255), primary_key=True)
    asked_at: Mapped[datetime] = mapped_column(Moment)
    allowed_at: Mapped[datetime | None] = mapped_column(Moment)


class LtiInvitation(Base):
    """An address by which one platform may register itself, once."""

    __tablename__ = "lti_invitation"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    secret_hash: Mapped[str] = mapped_column(String(43), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    network_id: Mapped[str | None] = mapped_column(String(80))
    created_by: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"), index=True)
    created_at: Mapped[datetime] = mapped_column(Moment)
    expires_at: Mapped[datetime] = mapped_column(Moment)
    used_at: Mapped[datetime | None] = mapped_column(Moment)

    __table_args__ = ({"sqlite_autoincrement": True},)


class LtiLogin(Base):
    """A launch under way in one browser. Its state and its nonce count once: `used_at` settles who was first."""

    __tablename__ = "lti_login"

    state_hash: Mapped[str] = mapped_column(String(43), primary_key=True)
    platform_id: Mapped[int] = mapped_column(ForeignKey("lti_platform.id", ondelete="CASCADE"), index=True)
    #: Hash of the cookie of the browser that began.
    browser_hash: Mapped[str] = mapped_column(String(43))
    nonce: Mapped[str] = mapped_column(String(43), unique=True)
    #: What the platform said that the launch leads to.
    target: Mapped[str] = mapped_column(String(1000))
    created_at: Mapped[datetime] = mapped_column(Moment)
    expires_at: Mapped[datetime] = mapped_column(Moment, index=True)
    used_at: Mapped[datetime | None] = mapped_column(Moment)


class LtiUser(Base):
    """Somebody of a platform, and the learner that she is here."""

    __tablename__ = "lti_user"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    platform_id: Mapped[int] = mapped_column(ForeignKey("lti_platform.id", ondelete="CASCADE"))
    #: The platform's own id of her.
    subject: Mapped[str] = mapped_column(String(255))
    learner_id: Mapped[int] = mapped_column(ForeignKey("learner.id", ondelete="CASCADE"), index=True)
    #: Set for somebody who teaches there: what the group of her course names as its trainer.
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"), index=True)
    created_at: Mapped[datetime] = mapped_column(Moment)

    __table_args__ = (UniqueConstraint("platform_id", "subject"), {"sqlite_autoincrement": True})


class LtiContext(Base):
    """A course of a platform, and the group that was made for it here."""

    __tablename__ = "lti_context"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    platform_id: Mapped[int] = mapped_column(ForeignKey("lti_platform.id", ondelete="CASCADE"))
    deployment_id: Mapped[str] = mapped_column(String(255))
    context_id: Mapped[str] = mapped_column(String(255))
    #: Where its members are listed; empty when the platform does not tell.
    members_url: Mapped[str] = mapped_column(String(1000), default="")
    cohort_id: Mapped[int | None] = mapped_column(ForeignKey("cohort.id", ondelete="SET NULL"), index=True)
    created_at: Mapped[datetime] = mapped_column(Moment)

    __table_args__ = (UniqueConstraint("platform_id", "deployment_id", "context_id"), {"sqlite_autoincrement": True})


class LtiMember(Base):
    """Somebody who was put into the group of a context. Who leaves it is not put in again by the next launch."""

    __tablename__ = "lti_member"

    context_id: Mapped[int] = mapped_column(ForeignKey("lti_context.id", ondelete="CASCADE"), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("lti_user.id", ondelete="CASCADE"), primary_key=True, index=True)
    joined_at: Mapped[datetime] = mapped_column(Moment)


class LtiLink(Base):
    """A link in a course of a platform: what it leads to, and where its grades go."""

    __tablename__ = "lti_link"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    platform_id: Mapped[int] = mapped_column(ForeignKey("lti_platform.id", ondelete="CASCADE"))
    deployment_id: Mapped[str] = mapped_column(String(255))
    link_id: Mapped[str] = mapped_column(String(255))
    title: Mapped[str] = mapped_column(String(255), default="")
    #: course, module, quiz
    part: Mapped[str] = mapped_column(String(10))
    #: Empty for the course.
    module_id: Mapped[str] = mapped_column(String(80), default="")
    #: Its line of grades, and the address where such lines are made; empty where the platform gives none.
    line_item: Mapped[str] = mapped_column(String(1000), default="")
    line_items: Mapped[str] = mapped_column(String(1000), default="")
    created_at: Mapped[datetime] = mapped_column(Moment)

    __table_args__ = (UniqueConstraint("platform_id", "deployment_id", "link_id"), {"sqlite_autoincrement": True})


class LtiResult(Base):
    """Somebody whose score a link wants, and what the platform was told last."""

    __tablename__ = "lti_result"

    link_id: Mapped[int] = mapped_column(ForeignKey("lti_link.id", ondelete="CASCADE"), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("lti_user.id", ondelete="CASCADE"), primary_key=True, index=True)
    given: Mapped[int | None]
    most: Mapped[int | None]
    done: Mapped[bool | None]
    sent_at: Mapped[datetime | None] = mapped_column(Moment)
