"""A launch from a platform: it begins, it comes back with a signed message, and somebody is here.

The protocol is `course.lti`; what may launch, what counts once, and whose record it is are settled here, in one
transaction. See docs/decisions/016.
"""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import parse_qsl, urlsplit

from sqlalchemy import Connection

from course.content.library import Library
from course.domain.launch import LOGIN_LASTS, LaunchRefused, Part, Refusal, Target, target_of
from course.lti.addresses import LONGEST_ADDRESS, PlatformFault, origin_of
from course.lti.advantage import fetch_keys
from course.lti.messages import LONGEST_ID, Choosing, Expected, Launch, read_launch, verified_claims
from course.lti.outgoing import authorization_url
from course.lti.registration import OwnAddresses
from course.services.arrivals import Arrival, arrive
from course.services.people import hash_of
from course.storage import launches, platforms
from course.storage.engine import Store
from course.storage.platforms import StoredPlatform

#: What the platform wants back as it gave it.
HINTS = ("login_hint", "lti_message_hint")
LONGEST_HINT = 8000


@dataclass(frozen=True, slots=True)
class Course:
    """The course that is launched: its record, its content, and where it is found."""

    store: Store
    library: Library
    own: OwnAddresses


@dataclass(frozen=True, slots=True)
class Choice:
    """Somebody of a platform is to choose what a new link leads to."""

    platform: StoredPlatform
    deployment_id: str
    choosing: Choosing
    locale: str


@dataclass(frozen=True, slots=True)
class Arrived:
    """Somebody has come to study, or to look at the group."""

    platform: StoredPlatform
    target: Target
    locale: str
    arrival: Arrival


# It begins


def begin_launch(course: Course, asked: Mapping[str, str], *, browser: str, now: datetime) -> str:
    """Where to send the browser for the signed message. `browser` is the secret of its cookie.

    Raises LaunchRefused.
    """
    platform = platform_asking(course.store, asked)
    with refusals_of(platform):
        target = asked.get("target_link_uri", "")
        hints = {name: asked[name] for name in HINTS if asked.get(name)}
        if "login_hint" not in hints or any(len(one) > LONGEST_HINT for one in hints.values()):
            raise LaunchRefused(Refusal.REQUEST_INCOMPLETE, "login_hint")
        _target(course, target)
    state, nonce = secrets.token_urlsafe(32), secrets.token_urlsafe(32)
    with course.store.writing() as session:
        launches.add_login(
            session,
            state_hash=hash_of(state),
            platform_id=platform.id,
            browser_hash=hash_of(browser),
            nonce=nonce,
            target=target,
            now=now,
            expires_at=now + LOGIN_LASTS,
        )
    return authorization_url(platform.known, redirect_uri=course.own.launch, state=state, nonce=nonce, hints=hints)


def platform_asking(store: Store, asked: Mapping[str, str]) -> StoredPlatform:
    """The platform that a first request names; it may leave out what it calls us where that is one name only."""
    issuer, client_id = asked.get("iss", ""), asked.get("client_id", "")
    if not issuer or len(issuer) > LONGEST_ID or len(client_id) > LONGEST_ID:
        raise LaunchRefused(Refusal.REQUEST_INCOMPLETE, "iss")
    with store.reading() as connection:
        found = platforms.platforms_of(connection, issuer, client_id)
    if len(found) != 1:
        raise LaunchRefused(Refusal.PLATFORM_UNKNOWN, "several client ids" if found else "")
    with refusals_of(found[0]):
        _let_in(found[0])
    return found[0]


def _let_in(platform: StoredPlatform) -> None:
    if platform.disabled_at is not None:
        raise LaunchRefused(Refusal.PLATFORM_DISABLED)


def _target(course: Course, url: str) -> Target:
    """What an address of ours leads to; any other address is refused."""
    own = course.own
    if len(url) > LONGEST_ADDRESS or not url.startswith(own.base):
        raise LaunchRefused(Refusal.TARGET_FOREIGN)
    address = urlsplit(url)
    doors = {urlsplit(one).path for one in (own.base, f"{own.base}/", own.launch, own.deep_link)}
    if origin_of(url) != origin_of(own.base) or address.path not in doors:
        raise LaunchRefused(Refusal.TARGET_FOREIGN)
    library = course.library
    modules = [module.id for module in library.modules]
    quizzes = [module.id for module in library.modules if module.quiz]
    found = target_of(dict(parse_qsl(address.query)), modules, quizzes)
    if found is None:
        raise LaunchRefused(Refusal.TARGET_FOREIGN, "no such module")
    return found


@contextmanager
def refusals_of(platform: StoredPlatform) -> Iterator[None]:
    """Whatever is refused inside belongs to this platform: its pages may show why, as long as it is let in."""
    try:
        yield
    except LaunchRefused as refused:
        refused.platform_id = platform.id
        refused.frames = "" if platform.disabled_at else platform.frames
        raise


# It comes back


def finish_launch(
    course: Course,
    *,
    state: str,
    token: str,
    browser: str,
    language: str,
    now: datetime,
) -> Arrived | Choice:
    """Who has come, with what her browser is to keep; or what is to be chosen. Raises LaunchRefused.

    `browser` is the secret of the cookie that the launch began with, `language` what to speak when the platform does
    not say.
    """
    with course.store.reading() as connection:
        login = launches.login_of(connection, hash_of(state)) if state else None
        if login is None:
            raise LaunchRefused(Refusal.STATE_UNKNOWN)
        platform = platforms.platform_by_id(connection, login.platform_id)
    assert platform is not None
    with refusals_of(platform):
        _let_in(platform)
        if not hmac.compare_digest(login.browser_hash, hash_of(browser) if browser else ""):
            raise LaunchRefused(Refusal.OTHER_BROWSER)
        if login.used:
            raise LaunchRefused(Refusal.STATE_USED)
        if login.expires_at <= now:
            raise LaunchRefused(Refusal.STATE_EXPIRED)
        launch = _checked(platform, token, Expected(login.nonce, login.target), now)
        _check_deployment(course.store, platform, launch, now)
        target = _target(course, login.target)
        return _enter(course, platform, launch, target, state=state, language=language, now=now)


def _checked(platform: StoredPlatform, token: str, expected: Expected, now: datetime) -> Launch:
    try:
        keys = fetch_keys(platform.known)
    except PlatformFault as fault:
        raise LaunchRefused(Refusal.KEYS_UNREACHABLE, str(fault)) from fault
    claims = verified_claims(token, keys, platform.known, expected, int(now.timestamp()))
    return read_launch(claims, expected)


def _check_deployment(store: Store, platform: StoredPlatform, launch: Launch, now: datetime) -> None:
    """One that nobody has allowed is noted, so that an administrator finds it beside its platform."""
    with store.reading() as connection:
        allowed = platforms.deployment_allowed(connection, platform.id, launch.deployment_id)
    if allowed is None:
        with store.writing() as session:
            platforms.add_deployment(session, platform.id, launch.deployment_id, allowed_at=None, now=now)
    if not allowed:
        raise LaunchRefused(Refusal.DEPLOYMENT_WRONG)


def _enter(
    course: Course,
    platform: StoredPlatform,
    launch: Launch,
    target: Target,
    *,
    state: str,
    language: str,
    now: datetime,
) -> Arrived | Choice:
    """All that a launch changes, together with the one thing that lets it count once."""
    spoken = language_of(course.library, launch.locale, language)
    with course.store.writing() as session:
        if not launches.use_login(session, hash_of(state), now=now):
            raise LaunchRefused(Refusal.STATE_USED)
        if launch.choosing is not None:
            return Choice(platform, launch.deployment_id, launch.choosing, spoken)
        arrival = arrive(session, course.library, platform, launch, target, language=spoken, now=now)
    return Arrived(platform, target, spoken, arrival)


def language_of(library: Library, locale: str, otherwise: str) -> str:
    """The language of "sv_FI" or "fi-FI", when the course speaks it."""
    asked = locale.replace("_", "-").partition("-")[0].lower()
    return asked if asked in library.languages else otherwise


def address_of(course: Course, target: Target) -> str:
    """The address that a platform keeps for a part of the course. It has no language: the reader's decides."""
    if target.part is Part.COURSE:
        return course.own.launch
    return f"{course.own.launch}?{target.part.value}={target.module_id}"


def known_platform(connection: Connection, platform_id: int) -> StoredPlatform:
    """The platform of a choice that was begun a while ago. Raises LaunchRefused when it is let in no more."""
    found = platforms.platform_by_id(connection, platform_id)
    if found is None:
        raise LaunchRefused(Refusal.PLATFORM_UNKNOWN)
    with refusals_of(found):
        _let_in(found)
    return found
