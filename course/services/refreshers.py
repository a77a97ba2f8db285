"""Refreshers: asked for by the learner, sent four times after the course, answered behind a signed link, and stopped.

Nothing is counted but the answers that the learner gives, and nobody but her sees those.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection
from sqlalchemy.orm import Session

from course.content.library import Library
from course.content.question_version import QuestionVersions, from_body
from course.domain.errors import LinkNotValid, NotThere
from course.domain.home_time import day_at_home
from course.domain.quiz import NO_ANSWER, Answer, Question, shuffled_options
from course.domain.refresher import (
    CONFIRM_WITHIN,
    LATE_AFTER,
    LINK_LASTS,
    Pool,
    choose,
    counting_from,
    is_timely,
    mornings,
    round_of_token,
    round_token,
)
from course.domain.reminder import address_key, stop_token
from course.services.attempts import AskedQuestion, keep_versions
from course.services.mail import put_mail
from course.services.people import hash_of, new_secret
from course.services.refresher_letters import LetterSite, confirm_letter, refresher_letter
from course.services.refresher_pool import pool_of
from course.services.work import GiveUp
from course.storage import learning, refreshers
from course.storage.engine import Store
from course.storage.learning import StoredAnswer
from course.storage.outbox import add_task
from course.storage.refreshers import StoredRefresher, StoredRound

REFRESHER = "refresher"
#: A task of the same kind that forgets an address which was never confirmed.
_FORGET = "forget"
#: Another, that forgets the address when nothing comes any more.
_OVER = "over"


@dataclass(frozen=True, slots=True)
class RefresherSite:
    """What refreshers need of the site that sends them."""

    store: Store
    library: Library
    versions: QuestionVersions
    secret_key: str
    letters: LetterSite

    def key_of(self, email: str) -> str:
        return address_key(self.secret_key, email)


@dataclass(frozen=True, slots=True)
class Wish:
    """Where a learner stands with refreshers."""

    #: She has completed a track, so there is something to bring back.
    possible: bool
    #: Empty when she wants none.
    email: str = ""
    confirmed: bool = False
    #: When the next ones come.
    coming: tuple[datetime, ...] = ()


def wish_of(connection: Connection, learner_id: int, *, now: datetime) -> Wish:
    """For the page of a learner's progress."""
    possible = refreshers.completed_last(connection, learner_id) is not None
    found = refreshers.refresher_of(connection, learner_id)
    if found is None:
        return Wish(possible)
    coming = mornings(found.counted_from, now=now).values() if found.confirmed_at else ()
    return Wish(possible, found.email, found.confirmed_at is not None, tuple(coming))


def ask_for_refreshers(site: RefresherSite, learner_id: int, email: str, *, language: str, now: datetime) -> bool:
    """Want refreshers at this address. True when they are on; False when a mail asks there first whether it is hers.

    The address of the learner's own account needs no mail. Raises NotThere before a track is completed.
    """
    secret = new_secret()
    with site.store.writing() as session:
        connection = session.connection()
        counted_from = _counted_from(connection, learner_id, now)
        known = email == refreshers.account_address(connection, learner_id)
        values = {
            "email": email,
            "address_key": site.key_of(email),
            "link_hash": None if known else hash_of(secret),
            "asked_at": now,
            "counted_from": counted_from,
        }
        refresher_id = refreshers.add_refresher(session, learner_id, values)
        if known:
            _begin(session, refresher_id, learner_id, now)
        else:
            letter = confirm_letter(site.letters, language, secret)
            key = f"{REFRESHER}:{refresher_id}:confirm"
            put_mail(session, to=email, subject=letter.subject, text=letter.text, now=now, key=key)
            _schedule(session, refresher_id, _FORGET, at=now + CONFIRM_WITHIN, now=now)
    return known


def _counted_from(connection: Connection, learner_id: int, now: datetime) -> date:
    completed = refreshers.completed_last(connection, learner_id)
    if completed is None:
        raise NotThere("a completed track")
    return counting_from(day_at_home(completed), day_at_home(now), now=now)


def _begin(session: Session, refresher_id: int, learner_id: int, now: datetime) -> None:
    counted_from = _counted_from(session.connection(), learner_id, now)
    refreshers.confirm(session, refresher_id, counted_from=counted_from, now=now)
    due = mornings(counted_from, now=now)
    for occasion, morning in due.items():
        _schedule(session, refresher_id, occasion, at=morning, now=now)
    _schedule(session, refresher_id, _OVER, at=max(due.values()) + LATE_AFTER, now=now)


def _schedule(session: Session, refresher_id: int, occasion: str, *, at: datetime, now: datetime) -> None:
    payload = {"refresher": refresher_id, "occasion": occasion}
    add_task(session, REFRESHER, payload, now=now, due_at=at, key=f"{REFRESHER}:{refresher_id}:{occasion}")


def require_confirm_link(connection: Connection, secret: str, *, now: datetime) -> StoredRefresher:
    """The wish that a mailed link confirms. Raises LinkNotValid for one that is too old or none of ours."""
    found = refreshers.refresher_by_link(connection, hash_of(secret))
    if found is None or now >= found.asked_at + CONFIRM_WITHIN:
        raise LinkNotValid(secret[:4])
    return found


def confirm_refreshers(store: Store, secret: str, *, now: datetime) -> StoredRefresher:
    """The address is hers: from now on refreshers come. Confirming twice is confirming once."""
    with store.writing() as session:
        found = require_confirm_link(session.connection(), secret, now=now)
        if found.confirmed_at is None:
            _begin(session, found.id, found.learner_id, now)
    return found


def end_refreshers(store: Store, learner_id: int) -> None:
    """No more refreshers to this learner; her address is forgotten. Ending twice is ending once."""
    with store.writing() as session:
        refreshers.drop_of_learner(session, learner_id)


class RefresherHandler:
    """What the worker does with a refresher that is due."""

    def __init__(self, site: RefresherSite, now: Callable[[], datetime]) -> None:
        self._site, self._now = site, now

    def __call__(self, payload: Mapping[str, Any]) -> None:
        if payload["occasion"] in (_FORGET, _OVER):
            with self._site.store.writing() as session:
                refreshers.forget(session, payload["refresher"], only_unconfirmed=payload["occasion"] == _FORGET)
            return
        # Before the transaction of the round: what it shows must be readable years later.
        keep_versions(self._site.store, self._site.versions, list(self._site.versions.current.values()))
        with self._site.store.writing() as session:
            self._send(session, payload["refresher"], payload["occasion"])

    def _send(self, session: Session, refresher_id: int, occasion: str) -> None:
        site, now = self._site, self._now()
        found = refreshers.locked_refresher(session, refresher_id)
        # Otherwise it was stopped, or the worker stood still for a week.
        if found is None or found.confirmed_at is None or not is_timely(occasion, found.counted_from, now=now):
            return
        pool = pool_of(session, site.library, site.versions, found.learner_id)
        seed = secrets.randbelow(2**31)
        chosen = choose(Pool(tuple(pool.questions), pool.weak, pool.asked), seed=seed)
        if not chosen:
            raise GiveUp("the learner has passed no module that this edition has")
        asked = [
            _asked(site.versions, pool.module_of[question.id], question, seed) | {"edition": site.library.edition}
            for question in chosen
        ]
        round_id = refreshers.add_round(
            session, found.learner_id, counted_from=found.counted_from, occasion=occasion, questions=asked, now=now
        )
        if round_id is not None:
            self._put(session, found, round_id, asked[0], len(asked) - 1, now)

    def _put(
        self,
        session: Session,
        to: StoredRefresher,
        round_id: int,
        first: Mapping[str, Any],
        more: int,
        now: datetime,
    ) -> None:
        site = self._site
        stop_url = site.letters.stop(stop_token(site.secret_key, site.key_of(to.email)))
        question = _shown(site.versions, first, NO_ANSWER)
        token = round_token(site.secret_key, round_id)
        letter = refresher_letter(site.letters, to.language, question, more=more, token=token, stop_url=stop_url)
        put_mail(
            session,
            to=to.email,
            subject=letter.subject,
            text=letter.text,
            now=now,
            key=f"{REFRESHER}:{to.id}:mail:{round_id}",
            headers={"List-Unsubscribe": f"<{stop_url}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"},
        )


def _asked(versions: QuestionVersions, module_id: str, question: Question, seed: int) -> dict[str, Any]:
    return {
        "id": question.id,
        "version": versions.current[module_id, question.id],
        "options": list(shuffled_options(question, seed=seed)),
        "module": module_id,
    }


def _shown(
    versions: QuestionVersions, asked: Mapping[str, Any], answer: Answer, bodies: Mapping[str, Any] | None = None
) -> AskedQuestion:
    name = asked["version"]
    shown = versions.shown[name] if name in versions.shown else from_body((bodies or {})[name])
    return AskedQuestion(name, shown, tuple(asked["options"]), StoredAnswer(answer, 0))


# Behind the link


@dataclass(frozen=True, slots=True)
class RoundView:
    """The questions of a refresher with what was answered; nothing but these is known of the reader of a mail."""

    stored: StoredRound
    questions: tuple[AskedQuestion, ...]


def view_round(
    connection: Connection, versions: QuestionVersions, secret_key: str, token: str, *, now: datetime
) -> RoundView:
    """Raises LinkNotValid for a link that we did not sign, or that is older than ninety days."""
    round_id = round_of_token(secret_key, token)
    stored = refreshers.round_by_id(connection, round_id) if round_id is not None else None
    if stored is None or now >= stored.sent_at + LINK_LASTS:
        raise LinkNotValid(token[:4])
    answers = refreshers.answers_in(connection, [stored.id])
    missing = [asked["version"] for asked in stored.questions if asked["version"] not in versions.shown]
    bodies = learning.question_bodies(connection, missing) if missing else {}
    questions = tuple(
        _shown(versions, asked, answers.get((stored.id, asked["id"]), NO_ANSWER), bodies) for asked in stored.questions
    )
    return RoundView(stored, questions)


def answer_round(
    store: Store,
    versions: QuestionVersions,
    secret_key: str,
    token: str,
    *,
    posted: Callable[[Question], Sequence[str]],
    now: datetime,
) -> int:
    """Keep the answers that are complete; how many were new. What was answered before stands."""
    with store.writing() as session:
        view = view_round(session.connection(), versions, secret_key, token, now=now)
        answers: dict[str, Answer] = {}
        for asked in view.questions:
            given = asked.question.normal(posted(asked.question))
            if asked.question.is_complete(given):
                answers[asked.question.id] = given
        return refreshers.add_answers(session, view.stored.id, answers, now=now)
