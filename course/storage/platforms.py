"""Platforms that may launch the course, the parts of them that it was put into, and invitations to register."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, select, update
from sqlalchemy.orm import Session

from course.domain.launch import Platform
from course.storage.hot import HotStatement, Place
from course.storage.insert import insert_if_new
from course.storage.tables import LtiDeployment, LtiInvitation, LtiPlatform


@dataclass(frozen=True, slots=True)
class StoredPlatform:
    id: int
    name: str
    #: What the protocol needs of it.
    known: Platform
    #: The sites that may show our pages in a frame, separated by spaces.
    frames: str
    network_id: str
    created_at: datetime
    disabled_at: datetime | None


@dataclass(frozen=True, slots=True)
class Deployment:
    id: str
    asked_at: datetime
    #: None while nobody has allowed it.
    allowed_at: datetime | None


@dataclass(frozen=True, slots=True)
class Invitation:
    id: int
    name: str
    network_id: str
    created_at: datetime
    expires_at: datetime


_PROTOCOL = ("issuer", "client_id", "auth_url", "token_url", "jwks_url", "audience")
_COLUMNS = (
    LtiPlatform.id,
    LtiPlatform.name,
    *(getattr(LtiPlatform, name) for name in _PROTOCOL),
    LtiPlatform.frames,
    LtiPlatform.network_id,
    LtiPlatform.created_at,
    LtiPlatform.disabled_at,
)


def _platform(row: Any) -> StoredPlatform:
    return StoredPlatform(
        row.id,
        row.name,
        Platform(*(getattr(row, name) for name in _PROTOCOL)),
        row.frames,
        row.network_id or "",
        row.created_at,
        row.disabled_at,
    )


def _values(known: Platform) -> dict[str, str]:
    return {name: getattr(known, name) for name in _PROTOCOL}


def add_platform(
    session: Session,
    known: Platform,
    *,
    name: str,
    frames: str,
    network_id: str,
    created_by: int | None,
    now: datetime,
) -> int | None:
    """Its id; None when there is one of this issuer and client id already."""
    row = {"name": name, **_values(known), "frames": frames, "network_id": network_id or None, "created_at": now}
    if not insert_if_new(session, LtiPlatform, [{**row, "created_by": created_by, "disabled_at": None}]):
        return None
    found = select(LtiPlatform.id).where(LtiPlatform.issuer == known.issuer, LtiPlatform.client_id == known.client_id)
    return int(session.execute(found).scalar_one())


def change_platform(session: Session, platform_id: int, **values: Any) -> None:
    session.execute(update(LtiPlatform).where(LtiPlatform.id == platform_id).values(**values))


def set_known(session: Session, platform_id: int, known: Platform) -> None:
    change_platform(session, platform_id, **_values(known))


def platform_by_id(connection: Connection, platform_id: int) -> StoredPlatform | None:
    row = connection.execute(select(*_COLUMNS).where(LtiPlatform.id == platform_id)).first()
    return _platform(row) if row else None


def platforms_of(connection: Connection, issuer: str, client_id: str = "") -> list[StoredPlatform]:
    """Those of an issuer, or the one where we have this client id."""
    wanted = select(*_COLUMNS).where(LtiPlatform.issuer == issuer)
    if client_id:
        wanted = wanted.where(LtiPlatform.client_id == client_id)
    return [_platform(row) for row in connection.execute(wanted.limit(2))]


def all_platforms(connection: Connection) -> list[StoredPlatform]:
    """By name."""
    return [_platform(row) for row in connection.execute(select(*_COLUMNS).order_by(LtiPlatform.name, LtiPlatform.id))]


_FRAMES = HotStatement(
    select(LtiPlatform.frames).where(LtiPlatform.id == bindparam("platform"), LtiPlatform.disabled_at.is_(None))
)


def frames_of(place: Place, platform_id: int) -> str:
    """The sites that may show our pages after a launch; empty for a platform that is disabled or not there."""
    for row in _FRAMES.rows(place, platform=platform_id):
        return str(row[0])
    return ""


# Deployments


def deployments_of(connection: Connection, platform_id: int) -> list[Deployment]:
    rows = connection.execute(
        select(LtiDeployment.deployment_id, LtiDeployment.asked_at, LtiDeployment.allowed_at)
        .where(LtiDeployment.platform_id == platform_id)
        .order_by(LtiDeployment.asked_at, LtiDeployment.deployment_id)
    )
    return [Deployment(*row) for row in rows]


def deployment_allowed(connection: Connection, platform_id: int, deployment_id: str) -> bool | None:
    """None for one that was never heard of."""
    row = connection.execute(
        select(LtiDeployment.allowed_at).where(
            LtiDeployment.platform_id == platform_id, LtiDeployment.deployment_id == deployment_id
        )
    ).first()
    return None if row is None else row.allowed_at is not None


def add_deployment(
    session: Session, platform_id: int, deployment_id: str, *, allowed_at: datetime | None, now: datetime
) -> bool:
    row = {"platform_id": platform_id, "deployment_id": deployment_id, "asked_at": now, "allowed_at": allowed_at}
    return insert_if_new(session, LtiDeployment, [row]) == 1


def set_allowed(session: Session, platform_id: int, deployment_id: str, allowed_at: datetime | None) -> bool:
    found = session.execute(
        update(LtiDeployment)
        .where(LtiDeployment.platform_id == platform_id, LtiDeployment.deployment_id == deployment_id)
        .values(allowed_at=allowed_at)
    )
    return bool(found.rowcount)  # type: ignore[attr-defined]


# Invitations


def add_invitation(session: Session, values: Mapping[str, Any]) -> None:
    session.add(LtiInvitation(**values))
    session.flush()


def open_invitation(connection: Connection, secret_hash: str, *, now: datetime) -> Invitation | None:
    """None for one that was used, has run out, or never was."""
    row = connection.execute(
        select(
            LtiInvitation.id,
            LtiInvitation.name,
            LtiInvitation.network_id,
            LtiInvitation.created_at,
            LtiInvitation.expires_at,
        ).where(
            LtiInvitation.secret_hash == secret_hash,
            LtiInvitation.used_at.is_(None),
            LtiInvitation.expires_at > now,
        )
    ).first()
    return Invitation(row[0], row[1], row[2] or "", row[3], row[4]) if row else None


def use_invitation(session: Session, invitation_id: int, *, now: datetime) -> bool:
    """False when somebody else just did."""
    found = session.execute(
        update(LtiInvitation)
        .where(LtiInvitation.id == invitation_id, LtiInvitation.used_at.is_(None))
        .values(used_at=now)
    )
    return bool(found.rowcount)  # type: ignore[attr-defined]
