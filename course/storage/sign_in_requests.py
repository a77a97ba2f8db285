"""Sign-ins under way, and the links sent by mail that begin one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, select, update
from sqlalchemy.orm import Session

from course.storage.tables import MailedLink, SignInRequest

CODE = "code"
PASSWORD = "password"
SECOND_FACTOR = "second-factor"
SET_UP = "set-up"

INVITATION = "invitation"
RECOVERY = "recovery"


@dataclass(frozen=True, slots=True)
class Pending:
    """A sign-in under way."""

    id: int
    account_id: int | None
    email: str
    step: str
    code_hash: str | None
    challenge: str
    sealed_secret: str
    password_hash: str
    link_id: int | None


@dataclass(frozen=True, slots=True)
class LinkRow:
    id: int
    account_id: int | None
    kind: str


def add(session: Session, *, now: datetime, **values: Any) -> int:
    """Begin a sign-in; what ran out is forgotten on the way."""
    session.execute(delete(SignInRequest).where(SignInRequest.expires_at <= now))
    request = SignInRequest(created_at=now, tries=0, **values)
    session.add(request)
    session.flush()
    return request.id


def find(connection: Connection, secret_hash: str, *, now: datetime) -> Pending | None:
    row = connection.execute(
        select(
            SignInRequest.id,
            SignInRequest.account_id,
            SignInRequest.email,
            SignInRequest.step,
            SignInRequest.code_hash,
            SignInRequest.challenge,
            SignInRequest.sealed_secret,
            SignInRequest.password_hash,
            SignInRequest.link_id,
        ).where(SignInRequest.secret_hash == secret_hash, SignInRequest.expires_at > now)
    ).first()
    return Pending(*row) if row else None


def count_try(session: Session, request_id: int, *, most: int) -> bool:
    """Take one of the tries, before it is looked at; False when there is none left. Two at once take two."""
    found = session.execute(
        update(SignInRequest)
        .where(SignInRequest.id == request_id, SignInRequest.tries < most)
        .values(tries=SignInRequest.tries + 1)
    )
    return bool(found.rowcount)  # type: ignore[attr-defined]


def go_to(session: Session, request_id: int, step: str, **values: Any) -> None:
    session.execute(update(SignInRequest).where(SignInRequest.id == request_id).values(step=step, tries=0, **values))


def finish(session: Session, request_id: int) -> bool:
    """Use a request up; False when somebody else just did."""
    found = session.execute(delete(SignInRequest).where(SignInRequest.id == request_id))
    return bool(found.rowcount)  # type: ignore[attr-defined]


def drop_of_account(session: Session, account_id: int) -> None:
    session.execute(delete(SignInRequest).where(SignInRequest.account_id == account_id))


def add_link(
    session: Session,
    *,
    account_id: int | None,
    kind: str,
    secret_hash: str,
    now: datetime,
    expires_at: datetime,
    made_by: int | None = None,
) -> None:
    """A new link; those of the same kind for the same account end."""
    if account_id is not None:
        end_links(session, account_id, kind=kind, now=now)
    session.add(
        MailedLink(
            account_id=account_id,
            kind=kind,
            secret_hash=secret_hash,
            made_by=made_by,
            created_at=now,
            expires_at=expires_at,
        )
    )
    session.flush()


def find_link(connection: Connection, secret_hash: str, *, now: datetime) -> LinkRow | None:
    row = connection.execute(
        select(MailedLink.id, MailedLink.account_id, MailedLink.kind).where(
            MailedLink.secret_hash == secret_hash, MailedLink.used_at.is_(None), MailedLink.expires_at > now
        )
    ).first()
    return LinkRow(*row) if row else None


def use_link(session: Session, link_id: int, *, now: datetime) -> bool:
    """Use a link up; False when it was used before, or has ended."""
    found = session.execute(
        update(MailedLink).where(MailedLink.id == link_id, MailedLink.used_at.is_(None)).values(used_at=now)
    )
    return bool(found.rowcount)  # type: ignore[attr-defined]


def end_links(session: Session, account_id: int, *, kind: str, now: datetime) -> None:
    session.execute(
        update(MailedLink)
        .where(MailedLink.account_id == account_id, MailedLink.kind == kind, MailedLink.used_at.is_(None))
        .values(used_at=now)
    )


def open_invitation(connection: Connection, account_id: int, *, now: datetime) -> int | None:
    """The id of an invitation that was neither used nor has run out."""
    return connection.execute(
        select(MailedLink.id).where(
            MailedLink.account_id == account_id,
            MailedLink.kind == INVITATION,
            MailedLink.used_at.is_(None),
            MailedLink.expires_at > now,
        )
    ).scalar()
