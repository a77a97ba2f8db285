"""Accounts, and the networks that trainers are bound to."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, func, or_, select, update
from sqlalchemy.orm import Session

from course.storage.insert import insert_if_new
from course.storage.tables import Account, MailedLink, Passkey, Password, SignIn, Totp, TrainerNetwork


@dataclass(frozen=True, slots=True)
class AccountRow:
    id: int
    email: str
    name: str
    language: str
    administrator: bool
    learner_id: int | None
    created_at: datetime
    disabled: bool
    networks: frozenset[str] = frozenset()

    @property
    def is_staff(self) -> bool:
        return self.administrator or bool(self.networks)


@dataclass(frozen=True, slots=True)
class PersonRow:
    """An account as the administrator's list shows it."""

    account: AccountRow
    #: Has chosen a password (or comes from elsewhere): the invitation was accepted.
    has_password: bool
    has_second_factor: bool
    #: Last use of a sign-in that still counts.
    seen_at: datetime | None


_COLUMNS = (
    Account.id,
    Account.email,
    Account.name,
    Account.language,
    Account.administrator,
    Account.learner_id,
    Account.created_at,
    Account.disabled_at,
)


def _row(found: Any, networks: frozenset[str]) -> AccountRow:
    return AccountRow(
        id=found.id,
        email=found.email or "",
        name=found.name,
        language=found.language,
        administrator=found.administrator,
        learner_id=found.learner_id,
        created_at=found.created_at,
        disabled=found.disabled_at is not None,
        networks=networks,
    )


def by_email(connection: Connection, email: str) -> AccountRow | None:
    found = connection.execute(select(*_COLUMNS).where(Account.email == email)).first()
    return _row(found, networks_of(connection, found.id)) if found else None


def by_id(connection: Connection, account_id: int) -> AccountRow | None:
    found = connection.execute(select(*_COLUMNS).where(Account.id == account_id)).first()
    return _row(found, networks_of(connection, found.id)) if found else None


def addresses(connection: Connection) -> list[str]:
    """The address of every account; "" for one without."""
    return [email or "" for email in connection.execute(select(Account.email)).scalars()]


def add_account(
    session: Session, *, email: str, language: str, now: datetime, name: str = "", administrator: bool = False
) -> int:
    """The account of an address; made unless it is there already."""
    row = {
        "email": email,
        "name": name,
        "language": language,
        "administrator": administrator,
        "created_at": now,
    }
    insert_if_new(session, Account, [row])
    return int(session.execute(select(Account.id).where(Account.email == email)).scalar_one())


def change(session: Session, account_id: int, **values: Any) -> None:
    """Set columns of an account; only what a use case names ever comes here."""
    session.execute(update(Account).where(Account.id == account_id).values(**values))


def lock_administrators(session: Session) -> Sequence[int]:
    """Ids of the administrators who can sign in, held until the end of the transaction: one must stay."""
    return (
        session.execute(
            select(Account.id)
            .where(Account.administrator, Account.disabled_at.is_(None))
            .order_by(Account.id)
            .with_for_update()
        )
        .scalars()
        .all()
    )


def lock(session: Session, account_id: int) -> None:
    """Hold an account until the end of the transaction."""
    session.execute(select(Account.id).where(Account.id == account_id).with_for_update())


def people(connection: Connection, *, words: str, limit: int) -> list[PersonRow]:
    """Everybody with a role or an invitation, with the words in name or address; two statements whatever the number."""
    bound = select(TrainerNetwork.account_id)
    invited = select(MailedLink.account_id).where(MailedLink.kind == "invitation", MailedLink.account_id.is_not(None))
    seen = (
        select(SignIn.account_id, func.max(SignIn.seen_at).label("seen_at"))
        .group_by(SignIn.account_id)
        .subquery("seen")
    )
    asked = (
        select(
            *_COLUMNS,
            Account.host_subject,
            seen.c.seen_at,
            select(Password.account_id).where(Password.account_id == Account.id).exists().label("has_password"),
            or_(
                select(Totp.account_id).where(Totp.account_id == Account.id).exists(),
                select(Passkey.id).where(Passkey.account_id == Account.id).exists(),
            ).label("has_second_factor"),
        )
        .outerjoin(seen, seen.c.account_id == Account.id)
        .where(or_(Account.administrator, Account.id.in_(bound), Account.id.in_(invited)))
        .order_by(func.lower(Account.name), Account.email, Account.id)
        .limit(limit)
    )
    if words:
        like = "%" + words.lower().replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"
        asked = asked.where(
            or_(func.lower(Account.name).like(like, escape="\\"), Account.email.like(like, escape="\\"))
        )
    rows = connection.execute(asked).all()
    networks: dict[int, set[str]] = {}
    for account_id, network_id in connection.execute(
        select(TrainerNetwork.account_id, TrainerNetwork.network_id).where(
            TrainerNetwork.account_id.in_([row.id for row in rows])
        )
    ):
        networks.setdefault(account_id, set()).add(network_id)
    return [
        PersonRow(
            account=_row(row, frozenset(networks.get(row.id, ()))),
            has_password=row.has_password or row.host_subject is not None,
            has_second_factor=row.has_second_factor or row.host_subject is not None,
            seen_at=row.seen_at,
        )
        for row in rows
    ]


def holder_of(connection: Connection, learner_id: int) -> int | None:
    """The account that leads to this learner, if one does."""
    return connection.execute(select(Account.id).where(Account.learner_id == learner_id)).scalar()


def by_subject(connection: Connection, subject: str) -> int | None:
    return connection.execute(select(Account.id).where(Account.host_subject == subject)).scalar()


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
