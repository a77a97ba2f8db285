"""Keys of the API: their hashes, who made them, and when they ended."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, and_, bindparam, literal, select, update
from sqlalchemy.orm import Session

from course.storage.hot import HotStatement, Place
from course.storage.tables import ApiKey, Throttle


@dataclass(frozen=True, slots=True)
class StoredKey:
    id: int
    name: str
    created_at: datetime
    revoked_at: datetime | None


_COLUMNS = (ApiKey.id, ApiKey.name, ApiKey.created_at, ApiKey.revoked_at)


def add_key(session: Session, name: str, key_hash: str, *, created_by: int, now: datetime) -> int:
    key = ApiKey(name=name, key_hash=key_hash, created_by=created_by, created_at=now)
    session.add(key)
    session.flush()
    return key.id


_TRIES = (
    select(Throttle.tries)
    .where(Throttle.key == bindparam("of"), Throttle.window == bindparam("begun"))
    .scalar_subquery()
)
_BY_HASH = HotStatement(
    select(_TRIES, *_COLUMNS).select_from(
        select(literal(1).label("one"))
        .subquery()
        .outerjoin(ApiKey, and_(ApiKey.key_hash == bindparam("hash"), ApiKey.revoked_at.is_(None)))
    )
)


def key_of_hash(place: Place, key_hash: str, *, tries_key: str, window: int) -> tuple[StoredKey | None, int]:
    """(the key, wrong ones tried so far), in one statement. None for a key that nobody has, or that was revoked."""
    [[tries, *key]] = _BY_HASH.rows(place, hash=key_hash, of=tries_key, begun=window)
    return (None if key[0] is None else StoredKey(*key)), int(tries or 0)


def all_keys(connection: Connection) -> list[StoredKey]:
    """Newest first."""
    return [StoredKey(*row) for row in connection.execute(select(*_COLUMNS).order_by(ApiKey.id.desc()))]


def revoke_key(session: Session, key_id: int, *, now: datetime) -> bool:
    """False for a key that is not there, or was revoked before."""
    found = session.execute(
        update(ApiKey).where(ApiKey.id == key_id, ApiKey.revoked_at.is_(None)).values(revoked_at=now)
    )
    return bool(found.rowcount)  # type: ignore[attr-defined]
