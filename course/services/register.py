"""The register of one learner: everything that is kept of her, to be read and to be taken along."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection

from course.domain.account import normal_email
from course.domain.certificate import normal_code
from course.domain.errors import NotThere
from course.services.audit import What, by_account, record_audit
from course.storage import certificates, register
from course.storage.engine import Store
from course.storage.register import Identity, Row


def register_of(connection: Connection, learner_id: int) -> dict[str, list[Row]]:
    """All that is kept of a learner, by kind. Raises NotThere."""
    return register.everything_of(connection, identity_of(connection, learner_id))


def identity_of(connection: Connection, learner_id: int) -> Identity:
    """By what a learner is found. Raises NotThere."""
    found = register.identity_of(connection, learner_id)
    if found is None:
        raise NotThere(str(learner_id))
    return found


def exported_for(store: Store, learner_id: int, *, by: int | None, now: datetime) -> dict[str, list[Row]]:
    """The same for an administrator, or without one for the command, whom the learner has asked.

    It is written in the audit log.
    """
    with store.writing() as session:
        found = register_of(session.connection(), learner_id)
        record_audit(session, by_account(by), What.REGISTER, f"learner:{learner_id}", now=now)
    return found


def find_learner(connection: Connection, asked: str) -> int | None:
    """A learner by her mail address, by a certificate's code, or by her number."""
    code, email = normal_code(asked), normal_email(asked)
    if email:
        return register.learner_of_email(connection, email)
    if code is not None:
        stored = certificates.certificate_by_code(connection, code)
        return stored.learner_id if stored else None
    number = int(asked) if asked.isdecimal() and len(asked) < 10 else 0
    found = register.identity_of(connection, number)
    return found.learner_id if found else None
