"""Who is signed in: a device's sign-in begins, is recognised, and ends."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from course.domain.account import IDLE_LASTS, SEEN_EVERY, SIGN_IN_LASTS, is_live
from course.domain.permission import Staff
from course.services.people import hash_of, new_secret
from course.storage import accounts, launches, sign_ins
from course.storage.engine import Store
from course.storage.sign_ins import DeviceRow, KnownSignIn

#: What the subject of an account begins with that stands for somebody of a platform.
LAUNCHED = "lti"


@dataclass(frozen=True, slots=True)
class CurrentSignIn:
    id: int
    staff: Staff
    email: str


def open_sign_in(
    session: Session, account_id: int, *, now: datetime, device: str = "", learner_secret: str = "", replaces: str = ""
) -> str:
    """Sign an account in, within the transaction that proved who it is. The secret for the cookie is new each time.

    `replaces` is the secret that the browser has had so far: the sign-in that it stands for ends.
    """
    secret = new_secret()
    if replaces:
        sign_ins.drop(session, hash_of(replaces))
    accounts.change(session, account_id, used_at=now)
    sign_ins.drop_old(session, now=now, idle_since=now - IDLE_LASTS)
    sign_ins.add(
        session,
        account_id,
        secret_hash=hash_of(secret),
        device=device,
        now=now,
        expires_at=now + SIGN_IN_LASTS,
        learner_cookie_hash=hash_of(learner_secret) if learner_secret else None,
    )
    return secret


def current_sign_in(store: Store, secret: str, *, now: datetime) -> CurrentSignIn | None:
    """Whose sign-in it is, while it counts. That it was used is noted every few minutes."""
    found = _live(store, secret, now)
    if found is None or is_launched(found.host_subject):
        return None
    staff = Staff(found.account_id, found.name or found.email, found.administrator, found.networks)
    return CurrentSignIn(found.id, staff, found.email)


def launched_staff(store: Store, secret: str, *, now: datetime) -> Staff | None:
    """Who teaches on a platform and came by a launch: a trainer of the groups of her courses there, and no more."""
    found = _live(store, secret, now)
    if found is None or not is_launched(found.host_subject):
        return None
    with store.reading() as connection:
        taught = launches.cohorts_taught_by(connection, found.account_id)
    return Staff(found.account_id, found.name, cohorts=taught, launched=True)


def is_launched(host_subject: str) -> bool:
    """Whether an account stands for somebody of a platform, and is signed in by launches alone."""
    return host_subject.startswith(f"{LAUNCHED}:")


def _live(store: Store, secret: str, now: datetime) -> KnownSignIn | None:
    with store.reading() as connection:
        found = sign_ins.find(connection, hash_of(secret))
    if found is None or found.disabled or not is_live(seen_at=found.seen_at, expires_at=found.expires_at, now=now):
        return None
    if now - found.seen_at >= SEEN_EVERY:
        with store.writing() as session:
            sign_ins.set_seen(session, found.id, now)
    return found


def devices_of(store: Store, account_id: int, *, now: datetime) -> list[DeviceRow]:
    """The devices on which an account is signed in, the one used last first."""
    with store.reading() as connection:
        rows = sign_ins.of_account(connection, account_id)
    return [row for row in rows if now < row.seen_at + IDLE_LASTS and now < row.created_at + SIGN_IN_LASTS]


def sign_out(store: Store, account_id: int, secret: str) -> None:
    """End the sign-in of this device."""
    with store.writing() as session:
        sign_ins.end(session, account_id, secret_hash=hash_of(secret))


def end_one(store: Store, account_id: int, sign_in_id: int) -> bool:
    """End one sign-in of this account; False when it is none of its own."""
    with store.writing() as session:
        return bool(sign_ins.end(session, account_id, only=sign_in_id))


def end_others(store: Store, account_id: int, *, but: int) -> int:
    """End all sign-ins of this account but the one in use."""
    with store.writing() as session:
        return sign_ins.end(session, account_id, but=but)


def end_all(store: Store, account_id: int) -> int:
    with store.writing() as session:
        return sign_ins.end(session, account_id)
