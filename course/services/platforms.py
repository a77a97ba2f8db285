"""Platforms that may launch the course: an administrator registers them, lets parts of them in, and turns them off."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy.orm import Session

from course.domain.cohort import NAME_MAX, normal_text
from course.domain.errors import NotThere
from course.domain.launch import INVITATION_LASTS, LaunchRefused, Platform, Refusal
from course.domain.permission import Staff
from course.lti.addresses import PlatformFault, is_safe, origin_of
from course.lti.messages import LONGEST_ID
from course.lti.registration import OwnAddresses, Registered, register
from course.services.audit import What, by_account, record_audit
from course.services.people import hash_of, new_secret
from course.storage import platforms
from course.storage.engine import Store
from course.storage.platforms import Invitation, StoredPlatform

#: Sites that may frame us, beside each other.
MOST_FRAMES = 5
MOST_DEPLOYMENTS = 50


class Fault(StrEnum):
    """What is wrong with a field of the form."""

    MISSING = "missing"
    TOO_LONG = "too-long"
    NOT_SAFE = "not-safe"
    THERE_ALREADY = "there-already"


@dataclass(frozen=True, slots=True)
class TypedPlatform:
    """What an administrator typed, as it was typed."""

    name: str
    issuer: str
    client_id: str
    auth_url: str
    token_url: str
    jwks_url: str
    #: One in a line.
    deployments: str
    frames: str
    network_id: str

    @property
    def known(self) -> Platform:
        return Platform(self.issuer, self.client_id, self.auth_url, self.token_url, self.jwks_url)


def faults_in(typed: TypedPlatform) -> dict[str, Fault]:
    """Field -> what is wrong with it."""
    found = {}
    for field, longest in (("name", NAME_MAX), ("issuer", LONGEST_ID), ("client_id", LONGEST_ID)):
        value = getattr(typed, field)
        if not value:
            found[field] = Fault.MISSING
        elif len(value) > longest:
            found[field] = Fault.TOO_LONG
    for field in ("auth_url", "token_url", "jwks_url"):
        if not is_safe(getattr(typed, field)):
            found[field] = Fault.NOT_SAFE if getattr(typed, field) else Fault.MISSING
    frames = typed.frames.split()
    if len(frames) > MOST_FRAMES or not all(is_safe(one) for one in frames):
        found["frames"] = Fault.NOT_SAFE
    if any(len(one) > LONGEST_ID for one in lines_of(typed.deployments)):
        found["deployments"] = Fault.TOO_LONG
    return found


def lines_of(text: str) -> list[str]:
    return list(dict.fromkeys(line.strip() for line in text.splitlines() if line.strip()))[:MOST_DEPLOYMENTS]


def frames_of(platform: Platform, typed: str = "") -> str:
    """The sites that may show our pages in a frame: those typed, else where the platform's own pages are."""
    sites = typed.split() or [one for one in (platform.issuer, platform.auth_url) if is_safe(one)]
    return " ".join(dict.fromkeys(origin_of(one) for one in sites))


# By hand


def add_platform(store: Store, staff: Staff, typed: TypedPlatform, *, now: datetime) -> int | None:
    """Its id; None when there is one of this issuer and client id already. `typed` has no faults."""
    with store.writing() as session:
        return _add(
            session,
            typed.known,
            name=normal_text(typed.name),
            frames=typed.frames,
            network_id=typed.network_id,
            deployments=lines_of(typed.deployments),
            by=staff.account_id,
            now=now,
        )


def _add(
    session: Session,
    known: Platform,
    *,
    name: str,
    frames: str,
    network_id: str,
    deployments: list[str],
    by: int | None,
    now: datetime,
) -> int | None:
    found = platforms.add_platform(
        session,
        known,
        name=name,
        frames=frames_of(known, frames),
        network_id=network_id,
        created_by=by,
        now=now,
    )
    if found is None:
        return None
    for one in deployments:
        platforms.add_deployment(session, found, one, allowed_at=now, now=now)
    _log(session, by, found, "registered", now)
    return found


def change_platform(store: Store, staff: Staff, platform_id: int, typed: TypedPlatform, *, now: datetime) -> None:
    """Everything but issuer and client id: what came from there is known by them."""
    with store.writing() as session:
        before = held(session, platform_id)
        known = Platform(
            before.known.issuer,
            before.known.client_id,
            typed.auth_url,
            typed.token_url,
            typed.jwks_url,
            before.known.audience,
        )
        platforms.set_known(session, platform_id, known)
        platforms.change_platform(
            session,
            platform_id,
            name=normal_text(typed.name),
            frames=frames_of(known, typed.frames),
            network_id=typed.network_id or None,
        )
        _log(session, staff.account_id, platform_id, "changed", now)


def held(session: Session, platform_id: int) -> StoredPlatform:
    found = platforms.platform_by_id(session.connection(), platform_id)
    if found is None:
        raise NotThere(str(platform_id))
    return found


def turn(store: Store, staff: Staff, platform_id: int, *, on: bool, now: datetime) -> None:
    """Let launches in again, or no more. What came by them stays."""
    with store.writing() as session:
        held(session, platform_id)
        platforms.change_platform(session, platform_id, disabled_at=None if on else now)
        _log(session, staff.account_id, platform_id, "enabled" if on else "disabled", now)


def allow(store: Store, staff: Staff, platform_id: int, deployment_id: str, *, allowed: bool, now: datetime) -> None:
    """Let a part of a platform in, or no more; one that is typed here need not have asked."""
    with store.writing() as session:
        held(session, platform_id)
        if not deployment_id or len(deployment_id) > LONGEST_ID:
            raise NotThere(str(platform_id))
        moment = now if allowed else None
        if not platforms.set_allowed(session, platform_id, deployment_id, moment) and allowed:
            platforms.add_deployment(session, platform_id, deployment_id, allowed_at=now, now=now)
        _log(session, staff.account_id, platform_id, "deployment allowed" if allowed else "deployment withdrawn", now)


def _log(session: Session, by: int | None, platform_id: int, done: str, now: datetime) -> None:
    record_audit(session, by_account(by), What.PLATFORM, f"platform:{platform_id}", {"done": done}, now=now)


# By itself


def invite(store: Store, staff: Staff, name: str, network_id: str, *, now: datetime) -> str:
    """The secret of an address by which one platform may register itself, once and for some days."""
    secret = new_secret()
    with store.writing() as session:
        platforms.add_invitation(
            session,
            {
                "secret_hash": hash_of(secret),
                "name": normal_text(name)[:NAME_MAX],
                "network_id": network_id or None,
                "created_by": staff.account_id,
                "created_at": now,
                "expires_at": now + INVITATION_LASTS,
            },
        )
        record_audit(session, by_account(staff.account_id), What.PLATFORM, "platform:0", {"done": "invited"}, now=now)
    return secret


def invitation_of(store: Store, secret: str, *, now: datetime) -> Invitation:
    """Raises LaunchRefused for one that was used, has run out, or never was."""
    with store.reading() as connection:
        found = platforms.open_invitation(connection, hash_of(secret), now=now) if secret else None
    if found is None:
        raise LaunchRefused(Refusal.INVITATION_WRONG)
    return found


def register_itself(
    store: Store,
    secret: str,
    asked: Mapping[str, str],
    own: OwnAddresses,
    titles: Mapping[str, str],
    description: str,
    *,
    now: datetime,
) -> StoredPlatform:
    """A platform with an invitation tells where its services are, and learns where ours are. Raises LaunchRefused."""
    invitation = invitation_of(store, secret, now=now)
    configuration = asked.get("openid_configuration", "")
    if not is_safe(configuration):
        raise LaunchRefused(Refusal.REGISTRATION_WRONG, "openid_configuration")
    try:
        made = register(configuration, asked.get("registration_token", ""), own, titles, description)
        return _keep(store, invitation, made, now)
    except PlatformFault as fault:
        refused = LaunchRefused(Refusal.REGISTRATION_WRONG, str(fault))
        # It was invited, and its administrator looks at the answer in its frame.
        refused.frames = origin_of(configuration)
        raise refused from fault


def _keep(store: Store, invitation: Invitation, made: Registered, now: datetime) -> StoredPlatform:
    with store.writing() as session:
        if not platforms.use_invitation(session, invitation.id, now=now):
            raise LaunchRefused(Refusal.INVITATION_WRONG)
        found = _add(
            session,
            made.platform,
            name=invitation.name or made.product or made.platform.issuer[:NAME_MAX],
            frames="",
            network_id=invitation.network_id,
            deployments=[made.deployment_id] if made.deployment_id else [],
            by=None,
            now=now,
        )
        return held(session, found) if found is not None else _known_as_told(session, made.platform)


def _known_as_told(session: Session, told: Platform) -> StoredPlatform:
    """A platform that brings its registration up to date keeps its client id. Nothing of what we know is changed by it:
    whoever has an invitation could else lead another platform's launches elsewhere."""
    for one in platforms.platforms_of(session.connection(), told.issuer, told.client_id):
        if one.known == told and one.disabled_at is None:
            return one
    raise PlatformFault("there already", lasting=True)
