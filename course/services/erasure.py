"""Erase a learner: everything that is hers goes, in one transaction. What stays is a number, a date and a count."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes, policy
from pathlib import Path

from sqlalchemy import text
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from course.domain.certificate_state import Actor
from course.domain.errors import NotThere
from course.services import certificate_register
from course.services.audit import LEARNER, What, record_audit
from course.services.certificates import By
from course.services.tally import counted
from course.storage import people, register
from course.storage.engine import Store
from course.storage.register import Identity
from course.storage.statements import forget_statements

#: In the instance folder, beside the database: who was erased since a backup is erased again after its restoring.
ERASED = "erased"
#: Where mails lie as files when no mail server is set.
OUTBOX = "outbox"


@dataclass(frozen=True, slots=True)
class Erased:
    """How much of a learner there was."""

    certificates: int
    roster_rows: int
    mails: int
    #: False for an account with a role: it stays, and an administrator looks after it.
    account: bool


def erase_learner(
    store: Store, learner_id: int, *, instance: Path, now: datetime, who: str = LEARNER, by: By | None = None
) -> Erased:
    """Take a learner out of the database, the outbox and its files. Raises NotThere for one that is not there.

    `who` is for the audit log, `by` for the journals of her certificates. Backups are not touched: restoring one erases
    her again (see `course.services.backup`).
    """
    with store.writing() as session:
        identity = register.identity_of(session.connection(), learner_id)
        if identity is None:
            raise NotThere(str(learner_id))
        done = erase(session, identity, now=now, by=by or By(Actor.HOLDER))
        details = {"certificates": done.certificates, "account": done.account}
        record_audit(session, who, What.ERASED, f"learner:{learner_id}", details, now=now)
    note_erased(instance, learner_id, now)
    drop_letters(instance / OUTBOX, identity)
    drop_traces(store)
    return done


def erase(session: Session, identity: Identity, *, now: datetime, by: By) -> Erased:
    """The same within a transaction, without the files. The counters follow."""
    learner_id = identity.learner_id
    with counted(session, [learner_id]):
        certificates = certificate_register.erase_holder(session, learner_id, now=now, by=by)
        register.forget_attendances(session, identity)
        rows = register.forget_rosters(session, identity)
        mails = register.forget_mails(session, identity)
        forget_statements(session, learner_id)
        account = register.forget_account(session, identity)
        people.drop_learner(session, learner_id)
    return Erased(certificates, rows, mails, account)


def drop_letters(folder: Path, identity: Identity) -> int:
    """Delete the mails in a folder that are to her or name her; how many they were."""
    words = [one.lower() for one in (*identity.emails, *identity.full_names)]
    found = [path for path in folder.glob("*.eml") if _names(path, words)]
    for path in found:
        path.unlink(missing_ok=True)
    return len(found)


def _names(path: Path, words: Iterable[str]) -> bool:
    try:
        message = message_from_bytes(path.read_bytes(), policy=policy.default)
    except FileNotFoundError:
        # Another worker was here first.
        return False
    body = message.get_body(("plain",))
    said = " ".join((str(message["To"]), str(message["Subject"]), body.get_content() if body else "")).lower()
    return any(word in said for word in words)


def drop_traces(store: Store) -> None:
    """Take what was deleted out of SQLite's write-ahead log: the file itself is overwritten as rows are deleted.

    Whoever reads at this moment keeps the log from being emptied; then the worker's daily round does it.
    """
    if store.engine.dialect.name != "sqlite":
        return
    with store.reading() as connection:
        try:
            connection.execute(text("PRAGMA wal_checkpoint(TRUNCATE)"))
        except OperationalError:
            return


def note_erased(instance: Path, learner_id: int, now: datetime) -> None:
    """Write down, outside the database, that she was erased."""
    with (instance / ERASED).open("a") as file:
        file.write(f"{now.isoformat()} {learner_id}\n")


def erased_since(instance: Path, moment: datetime) -> list[int]:
    """The learners that were erased after a moment."""
    path = instance / ERASED
    lines = path.read_text().split("\n") if path.is_file() else []
    pairs = [line.split() for line in lines if line]
    return [int(number) for at, number in pairs if datetime.fromisoformat(at) > moment]
