"""Keys that let other programs read the protected counts."""

from __future__ import annotations

import secrets
from datetime import datetime

from course.domain.cohort import normal_text
from course.domain.errors import NameNeeded, NotThere, TooManyTries
from course.domain.permission import Staff
from course.services.audit import What, by_account, record_audit
from course.services.people import hash_of
from course.services.throttle import Allowances, count_try, net_of, tries_of
from course.storage import api_keys
from course.storage.api_keys import StoredKey
from course.storage.engine import Store

NAME_MAX = 120
#: Answers that a key gets in an hour, and wrong keys that a net may try in one.
REQUESTS = 1000
WRONG_KEYS = 30
#: So many answers of a key a process takes from the hour at once.
AT_ONCE = 20
_HOUR = 3600


def make_key(store: Store, staff: Staff, name: str, *, now: datetime) -> str:
    """A new key, shown now and never again. Raises NameNeeded: somebody must know whose it is."""
    named = normal_text(name)
    if not named or len(named) > NAME_MAX:
        raise NameNeeded
    key = f"counts-{secrets.token_urlsafe(24)}"
    with store.writing() as session:
        key_id = api_keys.add_key(session, named, hash_of(key), created_by=staff.account_id, now=now)
        who = by_account(staff.account_id)
        record_audit(session, who, What.API_KEY, f"api-key:{key_id}", {"done": "made"}, now=now)
    return key


def revoke_key(store: Store, staff: Staff, key_id: int, *, now: datetime) -> None:
    """The key opens nothing any more. Doing it twice changes nothing."""
    with store.writing() as session:
        if api_keys.revoke_key(session, key_id, now=now):
            who = by_account(staff.account_id)
            record_audit(session, who, What.API_KEY, f"api-key:{key_id}", {"done": "revoked"}, now=now)
        elif all(one.id != key_id for one in api_keys.all_keys(session.connection())):
            raise NotThere(str(key_id))


def new_allowances() -> Allowances:
    """For one process, which keeps them."""
    return Allowances(what="api", limit=REQUESTS, per_seconds=_HOUR, at_once=AT_ONCE)


def use_key(
    store: Store, secret_key: str, allowances: Allowances, given: str, *, address: str, now: datetime
) -> StoredKey | None:
    """Whose key it is, and one answer of its hour used up. None for a wrong or a revoked one.

    Raises TooManyTries, for a key that asks too often and for a net that guesses.
    """
    net = net_of(address)
    tries_key, window = tries_of(secret_key, what="api-key", who=net, per_seconds=_HOUR, now=now)
    found, tries = api_keys.key_of_hash(store.engine, hash_of(given), tries_key=tries_key, window=window)
    if tries >= WRONG_KEYS:
        raise TooManyTries(window + _HOUR - int(now.timestamp()))
    if found is None:
        count_try(store, secret_key, what="api-key", who=net, limit=WRONG_KEYS, per_seconds=_HOUR, now=now)
        return None
    allowances.use_one(store, secret_key, str(found.id), now=now)
    return found
