"""Keys of the API: their hashes, who made them, and when they ended."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select, update
from sqlalchemy.orm import Session

from course.storage.tables import ApiKey


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


def key_of_hash(connection: Connection, key_hash: str) -> StoredKey | None:
    """None for a key that nobody has, or that was revoked."""
    row = connection.execute(select(*_COLUMNS).where(ApiKey.key_hash == key_hash, ApiKey.revoked_at.is_(None))).first()
    return StoredKey(*row) if row else None


def all_keys(connection: Connection) -> list[StoredKey]:
    """Newest first."""
    return [StoredKey(*row) for row in connection.execute(select(*_COLUMNS).order_by(ApiKey.id.desc()))]


def revoke_key(session: Session, key_id: int, *, now: datetime) -> bool:
    """False for a key that is not there, or was revoked before."""
    found = session.execute(
        update(ApiKey).where(ApiKey.id == key_id, ApiKey.revoked_at.is_(None)).values(revoked_at=now)
    )
    return bool(found.rowcount)  # type: ignore[attr-defined]
