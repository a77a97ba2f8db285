"""Who is signed in on which device."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, delete, select, update
from sqlalchemy.orm import Session

from course.storage.tables import Account, SignIn, TrainerNetwork, WayIn


@dataclass(frozen=True, slots=True)
class KnownSignIn:
    """A device's sign-in with its account. Whether it still counts is a rule, and not asked here."""

    id: int
    account_id: int
    name: str
    email: str
    administrator: bool
    networks: frozenset[str]
    #: What stands for it elsewhere; empty for an account of this site.
    host_subject: str
    disabled: bool
    created_at: datetime
    seen_at: datetime
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class DeviceRow:
    id: int
    device: str
    created_at: datetime
    seen_at: datetime


def find(connection: Connection, secret_hash: str) -> KnownSignIn | None:
    rows = connection.execute(
        select(
            SignIn.id,
            SignIn.account_id,
            Account.name,
            Account.email,
            Account.administrator,
            Account.host_subject,
            Account.disabled_at,
            SignIn.created_at,
            SignIn.seen_at,
            SignIn.expires_at,
            TrainerNetwork.network_id,
        )
        .join(Account, Account.id == SignIn.account_id)
        .outerjoin(TrainerNetwork, TrainerNetwork.account_id == Account.id)
        .where(SignIn.secret_hash == secret_hash)
    ).all()
    if not rows:
        return None
    row = rows[0]
    return KnownSignIn(
        id=row.id,
        account_id=row.account_id,
        name=row.name,
        email=row.email or "",
        administrator=row.administrator,
        networks=frozenset(one.network_id for one in rows if one.network_id is not None),
        host_subject=row.host_subject or "",
        disabled=row.disabled_at is not None,
        created_at=row.created_at,
        seen_at=row.seen_at,
        expires_at=row.expires_at,
    )


def add(
    session: Session,
    account_id: int,
    *,
    secret_hash: str,
    device: str,
    now: datetime,
    expires_at: datetime,
    learner_cookie_hash: str | None = None,
) -> None:
    session.add(
        SignIn(
            account_id=account_id,
            secret_hash=secret_hash,
            device=device,
            created_at=now,
            seen_at=now,
            expires_at=expires_at,
            learner_cookie_hash=learner_cookie_hash,
        )
    )
    session.flush()


def set_seen(session: Session, sign_in_id: int, now: datetime) -> None:
    session.execute(update(SignIn).where(SignIn.id == sign_in_id).values(seen_at=now))


def of_account(connection: Connection, account_id: int) -> list[DeviceRow]:
    rows = connection.execute(
        select(SignIn.id, SignIn.device, SignIn.created_at, SignIn.seen_at)
        .where(SignIn.account_id == account_id)
        .order_by(SignIn.seen_at.desc(), SignIn.id.desc())
    )
    return [DeviceRow(*row) for row in rows]


def end(
    session: Session, account_id: int, *, only: int | None = None, but: int | None = None, secret_hash: str = ""
) -> int:
    """How many sign-ins of the account ended. A learner's cookie that came with one ends with it."""
    ended = select(SignIn.id).where(SignIn.account_id == account_id)
    if only is not None:
        ended = ended.where(SignIn.id == only)
    if but is not None:
        ended = ended.where(SignIn.id != but)
    if secret_hash:
        ended = ended.where(SignIn.secret_hash == secret_hash)
    cookies = select(SignIn.learner_cookie_hash).where(SignIn.id.in_(ended), SignIn.learner_cookie_hash.is_not(None))
    session.execute(delete(WayIn).where(WayIn.secret_hash.in_(cookies)).execution_options(synchronize_session=False))
    found = session.execute(delete(SignIn).where(SignIn.id.in_(ended)).execution_options(synchronize_session=False))
    return int(found.rowcount)  # type: ignore[attr-defined]


def drop(session: Session, secret_hash: str) -> None:
    """Another sign-in takes its place on the same device; the learner's cookie of that device stays."""
    session.execute(delete(SignIn).where(SignIn.secret_hash == secret_hash))


def drop_old(session: Session, *, now: datetime, idle_since: datetime) -> None:
    """Forget what has run out, so that the table does not grow for ever."""
    session.execute(delete(SignIn).where((SignIn.expires_at <= now) | (SignIn.seen_at <= idle_since)))
