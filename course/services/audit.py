"""The audit log: who did what that touches other people's data or rights, in the transaction that does it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from enum import StrEnum
from pathlib import Path

from sqlalchemy.orm import Session

from course.domain.audit import Anchor, Fault, anchor_from, canonical, first_fault
from course.storage import audit
from course.storage.engine import Store

#: Whoever looks after the machine and uses the commands.
OPERATOR = "operator"
#: The learner herself.
LEARNER = "learner"
#: What `flask course work` does by itself.
WORKER = "worker"


class What(StrEnum):
    """The kinds of lines. A new kind is a new name here and a word in `course.web.admin_audit`."""

    INVITED = "person-invited"
    ROLES = "roles-changed"
    DISABLED = "person-disabled"
    ENABLED = "person-enabled"
    SIGNED_OUT = "person-signed-out"
    REVOKED = "certificate-revoked"
    REPLACED = "certificate-replaced"
    ROSTER_APPLIED = "roster-applied"
    ROSTER_UNDONE = "roster-undone"
    ERASED = "learner-erased"
    REGISTER = "register-exported"
    RECORDS = "records-exported"
    EXACT_COUNTS = "exact-counts"
    API_KEY = "api-key"
    PLATFORM = "platform"
    RETENTION = "retention"
    RETRIED = "task-retried"
    ANSWERED = "feedback-answered"
    WAIVED = "module-waived"
    WAIVER_BACK = "waiver-taken-back"
    REGRADED = "attempts-regraded"


def by_account(account_id: int | None) -> str:
    """Someone signed in, as the log names her; without one whoever used a command."""
    return OPERATOR if account_id is None else f"account:{account_id}"


def record_audit(
    session: Session, who: str, what: What, about: str, details: Mapping[str, object] | None = None, *, now: datetime
) -> int:
    """Write a line of the log; its number. Call it last in the transaction: from here on others wait who write one.

    No names and no addresses belong into it: `who` and `about` are a kind and a number ("account:7", "cohort:3").
    """
    return audit.add_line(session, at=now, who=who, what=what.value, about=about, details=canonical(details or {}))


def verify(store: Store, anchors: Iterable[Anchor] = ()) -> tuple[Fault | None, Anchor]:
    """(where the chain breaks first, its end). Lines that are added meanwhile are left for the next time."""
    with store.reading() as connection:
        start, end = audit.ends(connection)
        # What was removed in time is no longer there to be held against an anchor.
        known = [one for one in anchors if one.count > start.count]
        return first_fault(audit.lines(connection, up_to=end.count), start, end, known), end


def kept_anchors(path: Path) -> list[Anchor]:
    """The anchors that earlier checks wrote down outside the database."""
    if not path.is_file():
        return []
    found = (anchor_from(line) for line in path.read_text().splitlines())
    return [one for one in found if one is not None]


def keep_anchor(path: Path, anchor: Anchor) -> None:
    """Write an anchor down, unless it is the last one written."""
    if anchor.count and kept_anchors(path)[-1:] != [anchor]:
        with path.open("a") as file:
            file.write(f"{anchor}\n")
