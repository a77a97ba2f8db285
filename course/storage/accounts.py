"""Accounts, and the networks that trainers are bound to."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Connection, delete, select, update
from sqlalchemy.orm import Session

from course.storage.insert import insert_if_new
from course.storage.tables import Account, TrainerNetwork


def networks_of(connection: Connection, account_id: int) -> frozenset[str]:
    rows = connection.execute(select(TrainerNetwork.network_id).where(TrainerNetwork.account_id == account_id))
    return frozenset(rows.scalars())


def set_networks(session: Session, account_id: int, network_ids: Iterable[str]) -> None:
    """Bind a trainer to exactly these networks; nothing is written when she is already."""
    wanted = frozenset(network_ids)
    kept = networks_of(session.connection(), account_id)
    if gone := kept - wanted:
        session.execute(
            delete(TrainerNetwork).where(
                TrainerNetwork.account_id == account_id, TrainerNetwork.network_id.in_(sorted(gone))
            )
        )
    insert_if_new(
        session, TrainerNetwork, [{"account_id": account_id, "network_id": one} for one in sorted(wanted - kept)]
    )


def account_of_host(
    session: Session, *, subject: str, name: str, administrator: bool, language: str, now: datetime
) -> int:
    """The account row that stands for a host's user, made at the first sight of her and kept up to date."""
    row = {
        "host_subject": subject,
        "name": name,
        "language": language,
        "administrator": administrator,
        "created_at": now,
    }
    insert_if_new(session, Account, [row])
    account_id = session.execute(select(Account.id).where(Account.host_subject == subject)).scalar_one()
    session.execute(
        update(Account)
        .where(Account.id == account_id)
        .values(name=name, administrator=administrator, language=language)
    )
    return account_id


def host_account(connection: Connection, subject: str) -> tuple[int, str, bool] | None:
    """(id, name, administrator) as kept, to see whether anything changed before a transaction is begun."""
    row = connection.execute(
        select(Account.id, Account.name, Account.administrator).where(Account.host_subject == subject)
    ).first()
    return (row.id, row.name, row.administrator) if row else None
