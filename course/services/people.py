"""Begin to study, carry on elsewhere, and end the ways back."""

from __future__ import annotations

import hashlib
import secrets
from base64 import urlsafe_b64encode
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from course.domain.errors import LinkNotValid
from course.services.tally import counted
from course.storage import cases, editions, joining, launches, people, refreshers, reminders, sessions, waivers
from course.storage.engine import Store
from course.storage.host_scores import schedule_scores
from course.storage.hot import Place
from course.storage.people import KnownLearner
from course.storage.statements import forget_statements, schedule_statements

COOKIE = "cookie"
RESUME = "resume"
#: A user of the application that the course is mounted in.
HOST = "host"
#: A resume link is the only way back for someone without an account: long enough for a pause in the work.
RESUME_LINK_LASTS = timedelta(days=90)


@dataclass(frozen=True, slots=True)
class NewSecret:
    """A secret just made. It is shown or set as a cookie now and never again: the database keeps its hash."""

    learner_id: int
    secret: str
    expires_at: datetime | None = None


def new_secret() -> str:
    """128 bits, safe in a cookie and in an address."""
    return secrets.token_urlsafe(16)


def hash_of(secret: str) -> str:
    return urlsafe_b64encode(hashlib.sha256(secret.encode()).digest()).decode().rstrip("=")


def learner_of(place: Store | Place, secret: str, *, now: datetime, kind: str = COOKIE) -> KnownLearner | None:
    """Whose secret it is, if anybody's."""
    place = place.engine if isinstance(place, Store) else place
    return people.find_learner(place, secret_hash=hash_of(secret), kind=kind, now=now)


def start_learner(store: Store, *, language: str, now: datetime) -> NewSecret:
    """Someone's first click: a learner without a name, and the secret for the cookie."""
    secret = new_secret()
    with store.writing() as session:
        learner_id = people.add_learner(session, language=language, now=now)
        people.add_way_in(session, learner_id, kind=COOKIE, secret_hash=hash_of(secret), now=now)
    return NewSecret(learner_id, secret)


def start_learner_of_host(store: Store, subject: str, *, language: str, now: datetime) -> NewSecret:
    """The first click of a host's user: her sign-in there leads back to it. Of two clicks at once one makes the record.

    The secret is empty, as no cookie need lead back.
    """
    try:
        with store.writing() as session:
            learner_id = people.add_learner(session, language=language, now=now)
            people.add_way_in(session, learner_id, kind=HOST, secret_hash=hash_of(subject), now=now)
    except IntegrityError:
        found = learner_of(store, subject, now=now, kind=HOST)
        if found is None:
            raise
        learner_id = found.id
    return NewSecret(learner_id, "")


def make_resume_link(store: Store, learner_id: int, *, now: datetime) -> NewSecret:
    """A link that leads back to this learner on any device. The one before it ends."""
    secret = new_secret()
    expires_at = now + RESUME_LINK_LASTS
    with store.writing() as session:
        people.drop_ways_in(session, learner_id, kind=RESUME)
        people.add_way_in(session, learner_id, kind=RESUME, secret_hash=hash_of(secret), now=now, expires_at=expires_at)
    return NewSecret(learner_id, secret, expires_at)


def end_resume_links(store: Store, learner_id: int) -> int:
    """How many links ended."""
    with store.writing() as session:
        return people.drop_ways_in(session, learner_id, kind=RESUME)


def carry_on(store: Store, resume_secret: str, *, here: KnownLearner | None, now: datetime) -> NewSecret | None:
    """Follow a resume link on this device: a new cookie for it, or None when its own cookie leads to the right learner.

    Progress made on this device before is joined to the learner of the link; nothing is lost on either side.
    """
    target = learner_of(store, resume_secret, now=now, kind=RESUME)
    if target is None:
        raise LinkNotValid(resume_secret[:4])
    if here is not None and here.id == target.id:
        return None
    secret = new_secret()
    with store.writing() as session:
        people.lock_learners(session, [target.id, *([here.id] if here else [])])
        if here is not None:
            join_learners(session, kept=target.id, other=here.id)
            schedule_scores(session, target.id, now=now)
            schedule_statements(session, target.id, now=now)
            return None
        people.add_way_in(session, target.id, kind=COOKIE, secret_hash=hash_of(secret), now=now)
    return NewSecret(target.id, secret)


def join_learners(session: Session, *, kept: int, other: int) -> None:
    """Give `kept` all that `other` did, and every way in that led to `other`. Of two dates the earlier one stands."""
    with counted(session, [kept, other]):
        joining.move_attempts(session, from_learner=other, to_learner=kept)
        waivers.move_waivers(session, from_learner=other, to_learner=kept)
        joining.move_dated_rows(session, from_learner=other, to_learner=kept)
        cases.move_paths(session, from_learner=other, to_learner=kept)
        editions.move_changes_read(session, from_learner=other, to_learner=kept)
        joining.move_certificates(session, from_learner=other, to_learner=kept)
        joining.move_memberships(session, from_learner=other, to_learner=kept)
        joining.move_profile(session, from_learner=other, to_learner=kept)
        sessions.move_attendances(session, from_learner=other, to_learner=kept)
        reminders.move_reminders(session, from_learner=other, to_learner=kept)
        refreshers.move_refreshers(session, from_learner=other, to_learner=kept)
        people.move_ways_in(session, from_learner=other, to_learner=kept)
        launches.move_users(session, from_learner=other, to_learner=kept)
        # What was not told yet is told of the one that is kept.
        forget_statements(session, other)
        people.drop_learner(session, other)
    people.record_changed(session, kept)
