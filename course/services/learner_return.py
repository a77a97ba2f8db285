"""An account leads back to its learner: on a new device, and on one where somebody has studied without it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from course.services.people import COOKIE, NewSecret, hash_of, join_learners, new_secret
from course.storage import accounts, people
from course.storage.accounts import AccountRow
from course.storage.engine import Store
from course.storage.host_scores import schedule_scores
from course.storage.statements import schedule_statements


@dataclass(frozen=True, slots=True)
class DeviceLearner:
    """The learner that a device's cookie leads to."""

    id: int
    secret: str


def lead_back(
    session: Session, account: AccountRow, here: DeviceLearner | None, *, language: str, now: datetime
) -> NewSecret | None:
    """Lead this device to the account's learner; the cookie that it needs, or None when it has one already.

    What was done on the device before is joined to the account's record, unless it belongs to another account: then
    the device is a shared one, and the two stay apart.
    """
    if here is not None and accounts.holder_of(session.connection(), here.id) not in (None, account.id):
        here = None
    wanted = account.learner_id
    if wanted is None:
        wanted = here.id if here else people.add_learner(session, language=language, now=now)
        accounts.change(session, account.id, learner_id=wanted)
    elif here is not None and here.id != wanted:
        people.lock_learners(session, [wanted, here.id])
        join_learners(session, kept=wanted, other=here.id)
        schedule_scores(session, wanted, now=now)
        schedule_statements(session, wanted, now=now)
    if here is not None:
        return None
    secret = new_secret()
    people.add_way_in(session, wanted, kind=COOKIE, secret_hash=hash_of(secret), now=now)
    return NewSecret(wanted, secret)


def joins_on_return(store: Store, here: DeviceLearner | None) -> bool:
    """Whether a sign-in on this device would join what was done on it."""
    if here is None:
        return False
    with store.reading() as connection:
        return accounts.holder_of(connection, here.id) is None
