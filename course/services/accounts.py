"""Who can sign in, and what they are: trainers of networks, administrators."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy.orm import Session

from course.domain.errors import LastAdministrator, LastSecondFactor, NotThere, SignInRefused
from course.domain.permission import Staff
from course.services import second_factor
from course.services.audit import What, by_account, record_audit
from course.services.passwords import hash_password, is_password
from course.services.second_factor import SiteKeys
from course.services.throttle import count_try
from course.storage import accounts, credentials, sign_in_requests, sign_ins
from course.storage.accounts import AccountRow, PersonRow
from course.storage.credentials import Factors, PasskeyRow
from course.storage.engine import Store

#: The list of people is searched, not leafed through.
MOST_PEOPLE = 500
#: (what, tries, seconds) of the own password, asked for again before something of the sign-in changes.
PASSWORD_AGAIN = ("password-again", 10, 900)


def staff_of_host(
    store: Store,
    *,
    subject: str,
    name: str,
    administrator: bool,
    networks: frozenset[str],
    language: str,
    now: datetime,
) -> Staff:
    """A host's user as our rules see her. What the host says counts; our row only stands for her in cohorts."""
    with store.reading() as connection:
        known = accounts.host_account(connection, subject)
        bound = accounts.networks_of(connection, known[0]) if known else frozenset()
    if known is None or known[1:] != (name, administrator) or bound != networks:
        with store.writing() as session:
            account_id = accounts.account_of_host(
                session, subject=subject, name=name, administrator=administrator, language=language, now=now
            )
            accounts.set_networks(session, account_id, networks)
    else:
        account_id = known[0]
    return Staff(account_id, name, administrator, networks)


# Looked after by an administrator


def people(store: Store, words: str = "") -> list[PersonRow]:
    """Everybody with a role or an invitation; with words, those whose name or address has them."""
    with store.reading() as connection:
        return accounts.people(connection, words=words, limit=MOST_PEOPLE)


def person(store: Store, account_id: int) -> AccountRow:
    with store.reading() as connection:
        found = accounts.by_id(connection, account_id)
    if found is None:
        raise NotThere(str(account_id))
    return found


def change_roles(
    store: Store,
    account_id: int,
    *,
    by: int,
    name: str,
    administrator: bool,
    networks: frozenset[str],
    now: datetime,
) -> None:
    """Name, role and networks. Whose role changes is signed out everywhere; one administrator must stay."""
    with store.writing() as session:
        kept = _held(session, account_id)
        if not administrator:
            _keep_an_administrator(session, account_id)
        accounts.change(session, account_id, name=name, administrator=administrator)
        accounts.set_networks(session, account_id, networks)
        if (kept.administrator, kept.networks) != (administrator, networks):
            _sign_out(session, account_id)
            sign_in_requests.end_links(session, account_id, kind=sign_in_requests.RECOVERY, now=now)
            roles = {"administrator": administrator, "networks": sorted(networks)}
            before = {"administrator": kept.administrator, "networks": sorted(kept.networks)}
            _log(session, by, What.ROLES, account_id, now, {"before": before, "after": roles})


def disable(store: Store, account_id: int, *, by: int, now: datetime) -> None:
    """Let an account in no more; its cohorts and what it did stay."""
    with store.writing() as session:
        _held(session, account_id)
        _keep_an_administrator(session, account_id)
        accounts.change(session, account_id, disabled_at=now)
        _sign_out(session, account_id)
        for kind in (sign_in_requests.INVITATION, sign_in_requests.RECOVERY):
            sign_in_requests.end_links(session, account_id, kind=kind, now=now)
        _log(session, by, What.DISABLED, account_id, now)


def enable(store: Store, account_id: int, *, by: int, now: datetime) -> None:
    with store.writing() as session:
        _held(session, account_id)
        accounts.change(session, account_id, disabled_at=None)
        _log(session, by, What.ENABLED, account_id, now)


def end_sign_ins(store: Store, account_id: int, *, by: int, now: datetime) -> None:
    """Sign somebody out on every device."""
    with store.writing() as session:
        _held(session, account_id)
        _sign_out(session, account_id)
        _log(session, by, What.SIGNED_OUT, account_id, now)


def _log(
    session: Session, by: int, what: What, account_id: int, now: datetime, details: Mapping[str, object] | None = None
) -> None:
    record_audit(session, by_account(by), what, f"account:{account_id}", details, now=now)


def _held(session: Session, account_id: int) -> AccountRow:
    found = accounts.by_id(session.connection(), account_id)
    if found is None:
        raise NotThere(str(account_id))
    return found


def _keep_an_administrator(session: Session, account_id: int) -> None:
    """The rows are held, so that two administrators cannot remove each other at the same moment."""
    if list(accounts.lock_administrators(session)) == [account_id]:
        raise LastAdministrator(str(account_id))


def _sign_out(session: Session, account_id: int) -> None:
    sign_ins.end(session, account_id)
    sign_in_requests.drop_of_account(session, account_id)


# Looked after by its owner


def change_account(store: Store, account_id: int, *, name: str, language: str) -> None:
    """What people say of themselves. Nothing else of an account is theirs to set."""
    with store.writing() as session:
        accounts.change(session, account_id, name=name, language=language)


def factors_of(store: Store, account_id: int) -> tuple[Factors, list[PasskeyRow]]:
    with store.reading() as connection:
        return credentials.factors_of(connection, account_id), credentials.passkeys_of(connection, account_id)


def has_password(store: Store, account_id: int) -> bool:
    with store.reading() as connection:
        return credentials.password_of(connection, account_id) is not None


def check_password(store: Store, keys: SiteKeys, account_id: int, password: str, *, now: datetime) -> None:
    """Before something of the sign-in changes, its owner shows the password once more."""
    what, tries, seconds = PASSWORD_AGAIN
    count_try(store, keys.secret_key, what=what, who=str(account_id), limit=tries, per_seconds=seconds, now=now)
    with store.reading() as connection:
        kept = credentials.password_of(connection, account_id)
    if not is_password(kept.hash if kept else None, password):
        raise SignInRefused


def change_password(store: Store, account_id: int, password: str, *, sign_in_id: int, now: datetime) -> None:
    """The other devices are signed out: whoever knew the old password is out."""
    hash_ = hash_password(password)
    with store.writing() as session:
        credentials.set_password(session, account_id, hash_, now=now)
        sign_ins.end(session, account_id, but=sign_in_id)
        sign_in_requests.drop_of_account(session, account_id)
        sign_in_requests.end_links(session, account_id, kind=sign_in_requests.RECOVERY, now=now)


def drop_factor(store: Store, account_id: int, *, passkey_id: int | None = None) -> None:
    """Forget the app, or one passkey; one second factor must stay."""
    with store.writing() as session:
        accounts.lock(session, account_id)
        if passkey_id is None:
            credentials.drop_totp(session, account_id)
        else:
            credentials.drop_passkeys(session, account_id, only=passkey_id)
        if not credentials.factors_of(session.connection(), account_id).any:
            raise LastSecondFactor(str(account_id))


def renew_recovery_codes(store: Store, keys: SiteKeys, account_id: int) -> list[str]:
    with store.writing() as session:
        return second_factor.renew_recovery_codes(session, keys, account_id)
