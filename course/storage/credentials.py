"""What people prove with: passwords, apps, passkeys, codes on paper."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, delete, func, select, update
from sqlalchemy.orm import Session

from course.storage.insert import insert_if_new
from course.storage.tables import Passkey, Password, RecoveryCode, Totp


@dataclass(frozen=True, slots=True)
class PasswordRow:
    hash: str
    one_time_until: datetime | None


@dataclass(frozen=True, slots=True)
class TotpRow:
    sealed_secret: str
    last_step: int


@dataclass(frozen=True, slots=True)
class PasskeyRow:
    id: int
    credential_id: str
    public_key: bytes
    sign_count: int
    created_at: datetime
    used_at: datetime | None


@dataclass(frozen=True, slots=True)
class Factors:
    """Which second factors an account has."""

    totp: bool
    passkeys: int
    recovery_codes: int

    @property
    def any(self) -> bool:
        """Codes on paper alone are none: they stand in for a factor that is lost."""
        return self.totp or self.passkeys > 0


def password_of(connection: Connection, account_id: int) -> PasswordRow | None:
    row = connection.execute(
        select(Password.hash, Password.one_time_until).where(Password.account_id == account_id)
    ).first()
    return PasswordRow(*row) if row else None


def set_password(
    session: Session, account_id: int, hash_: str, *, now: datetime, one_time_until: datetime | None = None
) -> None:
    session.merge(Password(account_id=account_id, hash=hash_, changed_at=now, one_time_until=one_time_until))
    session.flush()


def set_hash(session: Session, account_id: int, *, old: str, new: str) -> None:
    """The same password, kept with newer parameters; unless it was changed meanwhile."""
    session.execute(update(Password).where(Password.account_id == account_id, Password.hash == old).values(hash=new))


def drop_password(session: Session, account_id: int) -> None:
    session.execute(delete(Password).where(Password.account_id == account_id))


def factors_of(connection: Connection, account_id: int) -> Factors:
    totp = connection.execute(select(func.count()).where(Totp.account_id == account_id)).scalar_one()
    passkeys = connection.execute(select(func.count()).where(Passkey.account_id == account_id)).scalar_one()
    codes = connection.execute(select(func.count()).where(RecoveryCode.account_id == account_id)).scalar_one()
    return Factors(bool(totp), int(passkeys), int(codes))


def totp_of(connection: Connection, account_id: int) -> TotpRow | None:
    row = connection.execute(select(Totp.sealed_secret, Totp.last_step).where(Totp.account_id == account_id)).first()
    return TotpRow(*row) if row else None


def set_totp(session: Session, account_id: int, sealed_secret: str, *, last_step: int, now: datetime) -> None:
    session.merge(Totp(account_id=account_id, sealed_secret=sealed_secret, last_step=last_step, created_at=now))
    session.flush()


def use_totp_step(session: Session, account_id: int, step: int) -> bool:
    """Take a step's code; False when it, or a later one, was taken before."""
    found = session.execute(
        update(Totp).where(Totp.account_id == account_id, Totp.last_step < step).values(last_step=step)
    )
    return bool(found.rowcount)  # type: ignore[attr-defined]


def drop_totp(session: Session, account_id: int) -> None:
    session.execute(delete(Totp).where(Totp.account_id == account_id))


def passkeys_of(connection: Connection, account_id: int) -> list[PasskeyRow]:
    rows = connection.execute(
        select(
            Passkey.id,
            Passkey.credential_id,
            Passkey.public_key,
            Passkey.sign_count,
            Passkey.created_at,
            Passkey.used_at,
        )
        .where(Passkey.account_id == account_id)
        .order_by(Passkey.id)
    )
    return [PasskeyRow(*row) for row in rows]


def add_passkey(
    session: Session, account_id: int, *, credential_id: str, public_key: bytes, sign_count: int, now: datetime
) -> bool:
    """False when the passkey is kept already, for whomever."""
    row = {
        "account_id": account_id,
        "credential_id": credential_id,
        "public_key": public_key,
        "sign_count": sign_count,
        "created_at": now,
    }
    return bool(insert_if_new(session, Passkey, [row]))


def use_passkey(session: Session, passkey_id: int, *, sign_count: int, now: datetime) -> None:
    session.execute(update(Passkey).where(Passkey.id == passkey_id).values(sign_count=sign_count, used_at=now))


def drop_passkeys(session: Session, account_id: int, *, only: int | None = None) -> None:
    dropped = delete(Passkey).where(Passkey.account_id == account_id)
    session.execute(dropped if only is None else dropped.where(Passkey.id == only))


def set_recovery_codes(session: Session, account_id: int, code_hashes: Iterable[str]) -> None:
    """New codes; the ones before are worth nothing from now on."""
    session.execute(delete(RecoveryCode).where(RecoveryCode.account_id == account_id))
    session.add_all([RecoveryCode(account_id=account_id, code_hash=one) for one in code_hashes])
    session.flush()


def use_recovery_code(session: Session, account_id: int, code_hash: str) -> bool:
    found = session.execute(
        delete(RecoveryCode).where(RecoveryCode.account_id == account_id, RecoveryCode.code_hash == code_hash)
    )
    return bool(found.rowcount)  # type: ignore[attr-defined]


def drop_all(session: Session, account_id: int) -> None:
    """Forget every way to prove who one is: an invitation starts anew."""
    drop_password(session, account_id)
    drop_totp(session, account_id)
    drop_passkeys(session, account_id)
    set_recovery_codes(session, account_id, ())
