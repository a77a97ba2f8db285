"""Links sent by mail: the invitation of a trainer or an administrator, and the way back for a forgotten password."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from sqlalchemy.orm import Session

from course.domain.account import (
    INVITATION_LASTS,
    ONE_TIME_PASSWORD_LASTS,
    RECOVERY_LASTS,
    SET_UP_LASTS,
    new_one_time_password,
)
from course.domain.errors import HasRole, SignInEnded
from course.services.audit import OPERATOR, What, by_account, record_audit
from course.services.mail import Letter, put_mail
from course.services.passwords import hash_password
from course.services.people import hash_of, new_secret
from course.services.second_factor import SiteKeys
from course.services.sign_in import Begun, Browser, begin, throttle
from course.storage import accounts, credentials, sign_in_requests, sign_ins
from course.storage.accounts import AccountRow
from course.storage.engine import Store
from course.storage.sign_in_requests import INVITATION, PASSWORD, RECOVERY

HOUR = 3600
RECOVERY_OF_ADDRESS = ("recovery", 5, HOUR)
RECOVERY_OF_NETWORK = ("recovery:network", 30, HOUR)
INVITATIONS_BY_ACCOUNT = ("invitation", 100, HOUR)

#: Makes the mail's words of the secret in its link and the language of its reader.
WriteLetter = Callable[[str, str], Letter]


def invite(
    store: Store,
    keys: SiteKeys,
    *,
    by: int,
    email: str,
    name: str,
    language: str,
    administrator: bool,
    networks: frozenset[str],
    write: WriteLetter,
    now: datetime,
) -> int:
    """Give an address a role, and send it the link that leads to a password and a second factor. The account's id.

    A learner's account with this address becomes the trainer's: its sign-ins end, and a code by mail opens it no more.
    """
    throttle(store, keys, INVITATIONS_BY_ACCOUNT, str(by), now)
    with store.writing() as session:
        account_id = accounts.add_account(session, email=email, language=language, now=now, name=name)
        known = accounts.by_id(session.connection(), account_id)
        if known is not None and known.is_staff and not known.disabled:
            raise HasRole(account_id)
        credentials.drop_all(session, account_id)
        accounts.change(session, account_id, name=name, administrator=administrator, disabled_at=None)
        accounts.set_networks(session, account_id, networks)
        sign_ins.end(session, account_id)
        sign_in_requests.drop_of_account(session, account_id)
        _send(session, account_id, INVITATION, write, by=by, now=now)
        roles = {"administrator": administrator, "networks": sorted(networks)}
        record_audit(session, by_account(by), What.INVITED, f"account:{account_id}", roles, now=now)
    return account_id


def invite_again(store: Store, keys: SiteKeys, account_id: int, *, by: int, write: WriteLetter, now: datetime) -> None:
    """A new invitation for somebody who lost the first one, or every second factor: all that she had is forgotten."""
    throttle(store, keys, INVITATIONS_BY_ACCOUNT, str(by), now)
    with store.writing() as session:
        credentials.drop_all(session, account_id)
        # The invitation may be accepted at a sign-in service again, by another user there.
        accounts.change(session, account_id, host_subject=None)
        sign_ins.end(session, account_id)
        sign_in_requests.drop_of_account(session, account_id)
        _send(session, account_id, INVITATION, write, by=by, now=now)
        record_audit(session, by_account(by), What.INVITED, f"account:{account_id}", {"again": True}, now=now)


def ask_for_recovery(
    store: Store, keys: SiteKeys, browser: Browser, *, email: str, write: WriteLetter, now: datetime
) -> None:
    """Send the way back to an address that has a password; for any other one the same is done, but no mail goes out."""
    throttle(store, keys, RECOVERY_OF_NETWORK, browser.network, now)
    throttle(store, keys, RECOVERY_OF_ADDRESS, email, now)
    with store.writing() as session:
        account = accounts.by_email(session.connection(), email)
        kept = credentials.password_of(session.connection(), account.id if account else 0)
        known = account is not None and kept is not None and not account.disabled
        _send(session, account.id if account and known else None, RECOVERY, write, now=now)


def _send(
    session: Session, account_id: int | None, kind: str, write: WriteLetter, *, now: datetime, by: int | None = None
) -> None:
    secret = new_secret()
    lasts = INVITATION_LASTS if kind == INVITATION else RECOVERY_LASTS
    sign_in_requests.add_link(
        session,
        account_id=account_id,
        kind=kind,
        secret_hash=hash_of(secret),
        made_by=by,
        now=now,
        expires_at=now + lasts,
    )
    account = accounts.by_id(session.connection(), account_id or 0)
    letter = write(secret, account.language if account else "")
    # For an unknown address the same is done and taken back, so that nobody can tell by the time it takes.
    with session.begin_nested() as mail:
        put_mail(session, to=account.email if account else "", subject=letter.subject, text=letter.text, now=now)
        if account is None:
            mail.rollback()


def account_of_link(store: Store, secret: str, *, now: datetime) -> AccountRow:
    """Whose link it is; SignInEnded when it was used or has run out."""
    with store.reading() as connection:
        link = sign_in_requests.find_link(connection, hash_of(secret), now=now)
        account = accounts.by_id(connection, link.account_id) if link and link.account_id else None
    if account is None or account.disabled:
        raise SignInEnded
    return account


def open_link(store: Store, keys: SiteKeys, secret: str, *, now: datetime) -> Begun:
    """Follow a link: the choice of a password begins. The link is used up when the sign-in is finished."""
    with store.writing() as session:
        link = sign_in_requests.find_link(session.connection(), hash_of(secret), now=now)
        account = accounts.by_id(session.connection(), link.account_id) if link and link.account_id else None
        if link is None or account is None or account.disabled:
            raise SignInEnded
        return begin(session, keys, account, PASSWORD, now=now, link_id=link.id, lasts=SET_UP_LASTS)


def make_administrator(store: Store, *, email: str, language: str, now: datetime) -> str:
    """From the command line: an administrator with a one-time password, which is returned and kept as a hash only.

    For an account that is there already it is the way back in: its password and second factors are forgotten.
    """
    password = new_one_time_password()
    hash_ = hash_password(password)
    with store.writing() as session:
        account_id = accounts.add_account(session, email=email, language=language, now=now)
        accounts.change(session, account_id, administrator=True, disabled_at=None)
        credentials.drop_all(session, account_id)
        sign_ins.end(session, account_id)
        sign_in_requests.drop_of_account(session, account_id)
        sign_in_requests.end_links(session, account_id, kind=RECOVERY, now=now)
        credentials.set_password(session, account_id, hash_, now=now, one_time_until=now + ONE_TIME_PASSWORD_LASTS)
        record_audit(session, OPERATOR, What.ROLES, f"account:{account_id}", {"administrator": True}, now=now)
    return password
