"""Tell a learning record store what learners do: through the outbox, under a pseudonym, each thing once.

Off without a store. A change of a record puts in a task with it; the task looks what is new and puts in one task for
each statement; and that one delivers it, again and again with growing waits while the store does not answer.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol
from urllib.parse import unquote, urlsplit, urlunsplit

from sqlalchemy.orm import Session

from course.domain.learning_event import key_again
from course.exports.kept_file import kept
from course.exports.xapi_statements import Statement, StatementMaker
from course.later import Later
from course.services.work import GiveUp, Handler
from course.storage import statements
from course.storage.engine import Store
from course.storage.outbox import add_task, is_known
from course.storage.people import lock_learners

if TYPE_CHECKING:
    import requests
else:
    requests = Later("requests")

VERSION = "1.0.3"
PATIENCE = 20
#: What the store answers to a statement that it cannot take, however often it comes.
_REFUSED = {400, 404, 413, 415, 422}
#: It has a statement with this id already: what was told before an answer got lost.
_THERE = 409
_LONGEST_REASON = 200
_SINCE = "xapi-since"
#: Tasks that are done are deleted some day: what was there for so long was told, though its task is gone.
_LOOKED_BY_THEN = timedelta(days=1)


class StoreNotReady(Exception):
    """The store did not take the statement this time."""


@dataclass(frozen=True, slots=True)
class RecordStore:
    """Where statements go, out of the setting: https://user:password@host/path."""

    url: str
    user: str
    password: str

    @classmethod
    def of(cls, setting: str) -> RecordStore:
        parts = urlsplit(setting)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ValueError("FLASK_COURSE_LRS_URL is no address like https://user:password@lrs.example/xapi")
        host = parts.hostname if parts.port is None else f"{parts.hostname}:{parts.port}"
        url = urlunsplit((parts.scheme, host, parts.path.rstrip("/"), "", ""))
        return cls(url, unquote(parts.username or ""), unquote(parts.password or ""))

    @property
    def host(self) -> str:
        return urlsplit(self.url).hostname or ""


class Teller(Protocol):
    """Hands a statement over. Raises GiveUp when another try cannot help, and anything else when it can."""

    def tell(self, statement: Mapping[str, Any]) -> None: ...


class HttpTeller:
    """By the statement resource of xAPI. The id goes along, so a second delivery changes nothing."""

    def __init__(self, store: RecordStore) -> None:
        self._store = store

    def tell(self, statement: Mapping[str, Any]) -> None:
        store = self._store
        try:
            answer = requests.put(
                f"{store.url}/statements",
                params={"statementId": statement["id"]},
                json=statement,
                auth=(store.user, store.password) if store.user else None,
                headers={"X-Experience-API-Version": VERSION},
                timeout=PATIENCE,
                allow_redirects=False,
            )
        except requests.RequestException as error:
            # The words of the library may hold the whole address.
            raise StoreNotReady(f"{store.host} does not answer: {type(error).__name__}") from None
        if answer.status_code in (200, 204, _THERE):
            return
        reason = f"{store.host} answers {answer.status_code}: {answer.text[:_LONGEST_REASON]}"
        if answer.status_code in _REFUSED:
            raise GiveUp(reason)
        raise StoreNotReady(reason)


def _key_of(statement: Mapping[str, Any]) -> str:
    """What its task is known by; it takes a reference as well."""
    return f"{statements.TELL}:{statement['id']}"


class LookHandler:
    """What the worker does after a change: one task for each statement that was not put in before."""

    def __init__(self, store: Store, maker: StatementMaker, since: datetime, now: Callable[[], datetime]) -> None:
        self._store, self._maker, self._since, self._now = store, maker, since, now

    def __call__(self, payload: Mapping[str, Any]) -> None:
        learner_id = payload["learner"]
        with self._store.writing() as session:
            # What went may be there again by now: first it is void, and then it is told as something new.
            if gone := payload.get("gone"):
                lock_learners(session, [learner_id])
                gone_at = datetime.fromisoformat(payload["gone_at"])
                for key, at in gone:
                    self._void(session, learner_id, key, datetime.fromisoformat(at), gone_at)
            voided = statements.voided_of(session.connection(), learner_id)
            for event in statements.events_of(session.connection(), learner_id, since=self._since):
                made = self._maker.statement(learner_id, replace(event, again=len(voided.get(event.key, ()))))
                if made is not None:
                    self._tell(session, learner_id, made)

    def _tell(self, session: Session, learner_id: int, statement: Statement) -> None:
        told = {"learner": learner_id, "statement": statement}
        add_task(session, statements.TELL, told, now=self._now(), key=_key_of(statement))

    def _void(self, session: Session, learner_id: int, key: str, at: datetime, gone_at: datetime) -> None:
        """Only what was told: not what was there before the store was, nor what was gone before anybody looked."""
        before = statements.voided_of(session.connection(), learner_id).get(key, [])
        if at < self._since or any(one >= gone_at for one in before):
            return
        statement = self._maker.voiding(learner_id, key_again(key, len(before)), gone_at)
        known = is_known(session.connection(), _key_of(statement["object"]))
        if known or gone_at - max([at, *before]) > _LOOKED_BY_THEN:
            self._tell(session, learner_id, statement)
            statements.add_voided(session, learner_id, key, gone_at)


class TellHandler:
    """What the worker does with one statement."""

    def __init__(self, teller: Teller) -> None:
        self._teller = teller

    def __call__(self, payload: Mapping[str, Any]) -> None:
        self._teller.tell(payload["statement"])


def record_handlers(
    store: Store, maker: StatementMaker, teller: Teller, instance: Path, now: Callable[[], datetime]
) -> dict[str, Handler]:
    """Begin to tell, from the moment on at which it was first set up: what was before is nobody's to send."""
    statements.want_statements(store.engine)
    since = datetime.fromisoformat(kept(instance / _SINCE, lambda: now().astimezone(UTC).isoformat().encode()).decode())
    return {statements.LOOK: LookHandler(store, maker, since, now), statements.TELL: TellHandler(teller)}
