"""Keep nothing longer than was promised. Done once a day by the worker; doing it again removes nothing more."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from course.domain.certificate_state import Actor, Deed, day_at_home
from course.domain.retention import NOTICE, Kind, Periods
from course.services.audit import WORKER, What, record_audit
from course.services.erasure import OUTBOX, drop_traces
from course.services.mail import Letter, put_mail
from course.services.tally import counted
from course.storage import audit, certificate_journal, jobs, outbox, register, retention
from course.storage.engine import Store

#: The kind of task.
RETENTION = "retention"
#: Learners that are emptied in one transaction: writers wait meanwhile.
AT_ONCE = 200

#: The letter that an account will be removed: its language, and the day.
WriteNotice = Callable[[str, datetime], Letter]


@dataclass(frozen=True, slots=True)
class Keeping:
    """What the rules need of the site."""

    store: Store
    periods: Periods
    instance: Path
    write: WriteNotice


def ask_for_today(store: Store, now: datetime) -> bool:
    """Put today's round into the outbox; of many workers one does. False when it is there already."""
    key = f"{RETENTION}:{day_at_home(now)}"
    with store.reading() as connection:
        if outbox.has_key(connection, key):
            return False
    with store.writing() as session:
        return outbox.add_task(session, RETENTION, {}, now=now, key=key)


class RetentionHandler:
    """What the worker does with a task of the kind "retention"."""

    def __init__(self, keeping: Keeping, now: Callable[[], datetime]) -> None:
        self._keeping = keeping
        self._now = now

    def __call__(self, payload: Mapping[str, Any]) -> None:
        keep(self._keeping, now=self._now())


def keep(keeping: Keeping, *, now: datetime) -> dict[str, int]:
    """Remove what is over, kind by kind; how much of each. Kinds of which nothing was over are left out."""
    store, periods = keeping.store, keeping.periods
    removed = {kind.value: 0 for kind in Kind}
    with store.writing() as session:
        for kind, remove in _SIMPLE.items():
            removed[kind] += remove(session, periods.since(kind, now))
        removed[Kind.CERTIFICATE] = _certificates(session, periods.since(Kind.CERTIFICATE, now), now)
        removed[Kind.ACCOUNT] = _accounts(session, keeping, now)
    removed[Kind.RECORD] = _records(store, periods.since(Kind.RECORD, now), now)
    removed[Kind.MAIL] += _letters(keeping.instance / OUTBOX, periods.since(Kind.MAIL, now))
    with store.writing() as session:
        removed[Kind.AUDIT] = audit.remove_before(session, periods.since(Kind.AUDIT, now))
        found = {kind: many for kind, many in removed.items() if many}
        if found:
            record_audit(session, WORKER, What.RETENTION, "site", found, now=now)
    drop_traces(store)
    return found


_SIMPLE: dict[Kind, Callable[[Session, datetime], int]] = {
    Kind.MAIL: retention.forget_mails,
    Kind.SIGN_IN: retention.forget_sign_ins,
    Kind.TRIES: retention.forget_tries,
    Kind.ROSTER_FILE: retention.forget_roster_files,
    Kind.ROSTER: retention.forget_rosters,
    Kind.ATTENDANCE: retention.forget_attendance_names,
    Kind.FEEDBACK: retention.forget_feedback,
}


def _certificates(session: Session, before: datetime, now: datetime) -> int:
    over = retention.certificates_over(session, before, day_at_home(now))
    jobs.drop_files_with(session, over)
    for certificate_id in over:
        retention.forget_certificate(session, certificate_id)
        certificate_journal.add_event(
            session, certificate_id, Deed.ERASED, at=now, actor=Actor.OPERATOR, account_id=None
        )
    return len(over)


def _accounts(session: Session, keeping: Keeping, now: datetime) -> int:
    """Tell those whose account is unused; remove those who were told and did not come."""
    before = keeping.periods.since(Kind.ACCOUNT, now)
    retention.take_back_notices(session, before)
    over = retention.accounts_over(session, now)
    for _, learner_id in over:
        identity = register.identity_of(session.connection(), learner_id) if learner_id else None
        if identity is not None:
            register.forget_mails(session, identity)
    retention.drop_accounts(session, [account_id for account_id, _ in over])
    for account_id, email, language in retention.to_notify(session, before):
        removes_at = now + NOTICE
        if retention.add_notice(session, account_id, now=now, removes_at=removes_at):
            letter = keeping.write(language, removes_at)
            key = f"removal:{account_id}:{day_at_home(now)}"
            put_mail(session, to=email, subject=letter.subject, text=letter.text, now=now, key=key)
    return len(over)


def _records(store: Store, before: datetime, now: datetime) -> int:
    """Empty the records of learners who were not here for long, some at a time."""
    many = 0
    while True:
        with store.reading() as connection:
            found = retention.unused_learners(connection, before, limit=AT_ONCE)
        if not found:
            return many
        with store.writing() as session, counted(session, found):
            for learner_id in found:
                retention.empty_learner(session, learner_id, now=now)
        many += len(found)


def _letters(folder: Path, before: datetime) -> int:
    """Mails that lie as files."""
    old = [path for path in folder.glob("*.eml") if path.stat().st_mtime < before.timestamp()]
    for path in old:
        path.unlink(missing_ok=True)
    return len(old)
