"""Signing in, step by step. Each step belongs to the browser that began, may be tried five times, and says no more
than that something does not fit.
"""

from __future__ import annotations

import hmac
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection
from sqlalchemy.orm import Session

from course.domain.account import MOST_TRIES, REQUEST_LASTS, SET_UP_LASTS, new_mail_code, normal_code
from course.domain.errors import SignInEnded, SignInRefused
from course.services import second_factor
from course.services.learner_return import DeviceLearner, lead_back
from course.services.mail import Letter, put_mail
from course.services.passwords import hash_password, is_password, needs_new_hash
from course.services.people import NewSecret, hash_of, new_secret
from course.services.second_factor import SiteKeys
from course.services.sign_ins import open_sign_in
from course.services.throttle import count_try
from course.storage import accounts, credentials, sign_in_requests, sign_ins
from course.storage.accounts import AccountRow
from course.storage.credentials import Factors, PasskeyRow
from course.storage.engine import Store
from course.storage.sign_in_requests import CODE, PASSWORD, SECOND_FACTOR, SET_UP, Pending

HOUR = 3600
#: (what, tries, seconds) by address and network together: the owner of an address can still sign in from elsewhere.
PASSWORD_TRIES = ("password", 10, 900)
PASSWORD_TRIES_OF_NETWORK = ("password:network", 60, HOUR)
PASSWORD_TRIES_OF_ADDRESS = ("password:address", 100, HOUR)
FACTOR_TRIES = ("second-factor", 30, HOUR)
CODES_TO_ADDRESS = ("mail-code", 5, HOUR)
#: A class of learners asks for its codes from one room.
CODES_OF_NETWORK = ("mail-code:network", 120, HOUR)


@dataclass(frozen=True, slots=True)
class Browser:
    """Where a step comes from."""

    #: The network it came through, for the throttles.
    network: str
    #: How the browser calls itself, in short.
    device: str
    #: The cookie of a sign-in that this browser has already: the new one takes its place.
    replaces: str = ""


@dataclass(frozen=True, slots=True)
class Begun:
    """A sign-in under way: the secret for the browser's cookie, and what comes next."""

    secret: str
    step: str


@dataclass(frozen=True, slots=True)
class SignedIn:
    """The end of a sign-in."""

    #: The secret for the cookie.
    secret: str
    account_id: int
    language: str
    #: Shown once, when a second factor was set up for the first time.
    recovery_codes: tuple[str, ...] = ()
    #: The learner's cookie for this device, when it needs a new one.
    learner: NewSecret | None = None


def throttle(store: Store, keys: SiteKeys, limit: tuple[str, int, int], who: str, now: datetime) -> None:
    what, tries, seconds = limit
    count_try(store, keys.secret_key, what=what, who=who, limit=tries, per_seconds=seconds, now=now)


def begin_with_password(
    store: Store, keys: SiteKeys, browser: Browser, *, email: str, password: str, now: datetime
) -> Begun:
    """The first step of trainers and administrators. An unknown address takes as long as a wrong password."""
    throttle(store, keys, PASSWORD_TRIES_OF_NETWORK, browser.network, now)
    throttle(store, keys, PASSWORD_TRIES, f"{email}|{browser.network}", now)
    throttle(store, keys, PASSWORD_TRIES_OF_ADDRESS, email, now)
    with store.reading() as connection:
        account = accounts.by_email(connection, email)
        # An address without an account asks for the password of an account that cannot be.
        kept = credentials.password_of(connection, account.id if account else 0)
    fits = is_password(kept.hash if kept else None, password)
    if account is None or kept is None or not fits or account.disabled:
        raise SignInRefused
    if kept.one_time_until is not None and now >= kept.one_time_until:
        raise SignInRefused
    with store.writing() as session:
        if needs_new_hash(kept.hash):
            credentials.set_hash(session, account.id, old=kept.hash, new=hash_password(password))
        step = PASSWORD if kept.one_time_until else next_step(session.connection(), account.id)
        return begin(session, keys, account, step, now=now)


def begin(
    session: Session,
    keys: SiteKeys,
    account: AccountRow,
    step: str,
    *,
    now: datetime,
    link_id: int | None = None,
    lasts: timedelta = SET_UP_LASTS,
) -> Begun:
    """A new sign-in under way for an account that has shown something of itself."""
    secret = new_secret()
    sign_in_requests.add(
        session,
        now=now,
        secret_hash=hash_of(secret),
        account_id=account.id,
        email=account.email,
        step=step,
        challenge=second_factor.new_challenge(),
        sealed_secret=second_factor.new_totp_secret(keys),
        link_id=link_id,
        expires_at=now + lasts,
    )
    return Begun(secret, step)


def next_step(connection: Connection, account_id: int) -> str:
    """After the password: the second factor, or its first setting-up."""
    return SECOND_FACTOR if credentials.factors_of(connection, account_id).any else SET_UP


def pending_of(store: Store, secret: str, *steps: str, now: datetime) -> Pending:
    """The sign-in under way in a browser, at one of these steps; SignInEnded when there is none."""
    with store.reading() as connection:
        found = sign_in_requests.find(connection, hash_of(secret), now=now) if secret else None
    if found is None or found.step not in steps:
        raise SignInEnded
    return found


def factors_of(store: Store, pending: Pending) -> tuple[Factors, list[PasskeyRow]]:
    """Which second factors the account of a sign-in under way has."""
    assert pending.account_id is not None
    with store.reading() as connection:
        return (
            credentials.factors_of(connection, pending.account_id),
            credentials.passkeys_of(connection, pending.account_id),
        )


def _take_try(store: Store, pending: Pending) -> None:
    with store.writing() as session:
        left = sign_in_requests.count_try(session, pending.id, most=MOST_TRIES)
    if not left:
        raise SignInEnded


# A code by mail, for learners


def ask_for_code(
    store: Store,
    keys: SiteKeys,
    browser: Browser,
    *,
    email: str,
    write: Callable[[str], Letter],
    write_to_staff: Letter,
    now: datetime,
) -> Begun:
    """Send a code to an address, known or not. Trainers and administrators get a mail that says how they sign in."""
    throttle(store, keys, CODES_OF_NETWORK, browser.network, now)
    throttle(store, keys, CODES_TO_ADDRESS, email, now)
    secret, code = new_secret(), new_mail_code()
    with store.writing() as session:
        account = accounts.by_email(session.connection(), email)
        by_code = account is None or may_use_codes(session.connection(), account)
        letter = write(code) if by_code else write_to_staff
        sign_in_requests.add(
            session,
            now=now,
            secret_hash=hash_of(secret),
            account_id=account.id if account else None,
            email=email,
            step=CODE,
            code_hash=_code_hash(keys, secret, code) if by_code else None,
            expires_at=now + REQUEST_LASTS,
        )
        if account is None or not account.disabled:
            put_mail(session, to=email, subject=letter.subject, text=letter.text, now=now)
    return Begun(secret, CODE)


def may_use_codes(connection: Connection, account: AccountRow) -> bool:
    """One factor is enough for a learner's account and for no other."""
    return not (account.disabled or account.is_staff or credentials.password_of(connection, account.id))


def _code_hash(keys: SiteKeys, secret: str, code: str) -> str:
    return keys.hash_of(f"mail-code:{hash_of(secret)}", normal_code(code))


def enter_code(
    store: Store,
    keys: SiteKeys,
    browser: Browser,
    secret: str,
    code: str,
    *,
    here: DeviceLearner | None,
    language: str,
    now: datetime,
) -> SignedIn:
    """The code of the mail signs a learner's account in, and leads the device to its record. A new address gets one."""
    pending = pending_of(store, secret, CODE, now=now)
    _take_try(store, pending)
    if not hmac.compare_digest(pending.code_hash or "", _code_hash(keys, secret, code)):
        raise SignInRefused
    with store.writing() as session:
        if not sign_in_requests.finish(session, pending.id):
            raise SignInEnded
        accounts.add_account(session, email=pending.email, language=language, now=now)
        account = accounts.by_email(session.connection(), pending.email)
        if account is None or not may_use_codes(session.connection(), account):
            raise SignInRefused
        learner = lead_back(session, account, here, language=language, now=now)
        learner_secret = learner.secret if learner else here.secret if here else ""
        opened = open_sign_in(
            session,
            account.id,
            now=now,
            device=browser.device,
            learner_secret=learner_secret,
            replaces=browser.replaces,
        )
    return SignedIn(opened, account.id, account.language, learner=learner)


# A password of one's own


def choose_password(store: Store, secret: str, password: str, *, now: datetime) -> str:
    """Keep the chosen password with the sign-in under way; it counts when the second factor is there. The next step."""
    pending = pending_of(store, secret, PASSWORD, now=now)
    hash_ = hash_password(password)
    with store.writing() as session:
        assert pending.account_id is not None
        step = next_step(session.connection(), pending.account_id)
        sign_in_requests.go_to(session, pending.id, step, password_hash=hash_)
    return step


# The second factor


def show_second_factor(
    store: Store, keys: SiteKeys, browser: Browser, secret: str, *, code: str = "", passkey: str = "", now: datetime
) -> SignedIn:
    """The last step: a code of the app, a passkey, or a code on paper."""
    pending = pending_of(store, secret, SECOND_FACTOR, now=now)
    assert pending.account_id is not None
    throttle(store, keys, FACTOR_TRIES, str(pending.account_id), now)
    _take_try(store, pending)
    with store.writing() as session:
        if not _shown(session, keys, pending, pending.account_id, code=code, passkey=passkey, now=now):
            raise SignInRefused
        account = _complete(session, pending, now=now)
        opened = open_sign_in(session, account.id, now=now, device=browser.device, replaces=browser.replaces)
    return SignedIn(opened, account.id, account.language)


def _shown(
    session: Session, keys: SiteKeys, pending: Pending, account_id: int, *, code: str, passkey: str, now: datetime
) -> bool:
    if passkey:
        return second_factor.use_passkey(
            session, keys, account_id, answer=passkey, challenge=pending.challenge, now=now
        )
    if len(normal_code(code)) == second_factor.DIGITS:
        return second_factor.use_totp(session, keys, account_id, code, now=now)
    return second_factor.use_recovery_code(session, keys, account_id, code)


def set_up_factor(
    store: Store, keys: SiteKeys, browser: Browser, secret: str, *, code: str = "", passkey: str = "", now: datetime
) -> SignedIn:
    """Keep the app or the passkey that was just shown to work, and sign in."""
    pending = pending_of(store, secret, SET_UP, now=now)
    assert pending.account_id is not None
    _take_try(store, pending)
    with store.writing() as session:
        if not _kept(session, keys, pending, pending.account_id, code=code, passkey=passkey, now=now):
            raise SignInRefused
        account = _complete(session, pending, now=now)
        has_codes = credentials.factors_of(session.connection(), account.id).recovery_codes > 0
        codes = [] if has_codes else second_factor.renew_recovery_codes(session, keys, account.id)
        opened = open_sign_in(session, account.id, now=now, device=browser.device, replaces=browser.replaces)
    return SignedIn(opened, account.id, account.language, tuple(codes))


def _kept(
    session: Session, keys: SiteKeys, pending: Pending, account_id: int, *, code: str, passkey: str, now: datetime
) -> bool:
    if passkey:
        return second_factor.add_passkey(
            session, keys, account_id, answer=passkey, challenge=pending.challenge, now=now
        )
    step = second_factor.step_of_code(keys, pending.sealed_secret, code, now=now)
    if step is None:
        return False
    credentials.set_totp(session, account_id, pending.sealed_secret, last_step=step, now=now)
    return True


def begin_set_up(store: Store, keys: SiteKeys, account_id: int, *, now: datetime) -> Begun:
    """Somebody signed in, who has just shown her password, adds a second factor."""
    with store.writing() as session:
        account = accounts.by_id(session.connection(), account_id)
        if account is None:
            raise SignInEnded
        return begin(session, keys, account, SET_UP, now=now)


def _complete(session: Session, pending: Pending, *, now: datetime) -> AccountRow:
    """Use the sign-in up, with the link that began it; a password chosen on the way counts from now on."""
    assert pending.account_id is not None
    account = accounts.by_id(session.connection(), pending.account_id)
    if not sign_in_requests.finish(session, pending.id) or account is None or account.disabled:
        raise SignInEnded
    if pending.link_id is not None and not sign_in_requests.use_link(session, pending.link_id, now=now):
        raise SignInEnded
    if pending.password_hash:
        credentials.set_password(session, account.id, pending.password_hash, now=now)
        # Whoever knew the old one, or is signed in with it, is out.
        sign_ins.end(session, account.id)
        sign_in_requests.drop_of_account(session, account.id)
        sign_in_requests.end_links(session, account.id, kind=sign_in_requests.RECOVERY, now=now)
    return account
