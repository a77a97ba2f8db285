"""Who can sign in, and what they are: trainers of networks, administrators."""

from __future__ import annotations

from datetime import datetime

from course.domain.permission import Staff
from course.storage import accounts
from course.storage.engine import Store


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
