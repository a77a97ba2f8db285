"""A signed message of a platform: checked claim by claim, and then read into what we know of a launch.

Nothing of a message is believed before its signature and every claim below hold. Whatever does not hold is a
`LaunchRefused` that says which claim it was.
"""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from course.domain.launch import HostRole, LaunchRefused, Platform, Refusal, role_of
from course.later import Later
from course.lti import claims as named
from course.lti.addresses import is_safe

if TYPE_CHECKING:
    from joserfc import errors, jwk, jws, jwt
else:
    errors, jwk, jws, jwt = (Later(f"joserfc.{name}") for name in ("errors", "jwk", "jws", "jwt"))

#: Signed with the platform's private key only. A key that both sides know could sign for either.
ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "ES256"]
#: Seconds that two clocks may differ.
LEEWAY = 60
#: A message is made for the moment: one that was signed longer ago was kept by somebody.
OLDEST = 600
LONGEST_TOKEN = 64 * 1024
_LONGEST_HEADER = 4096
LONGEST_ID = 255
LONGEST_DATA = 20_000

Claims = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Grades:
    """Where the platform takes scores for a link."""

    scopes: tuple[str, ...]
    line_item: str
    line_items: str


@dataclass(frozen=True, slots=True)
class Context:
    """The course on the platform that the link stands in."""

    id: str
    title: str
    #: Where its members are listed; empty when the platform does not tell.
    members_url: str


@dataclass(frozen=True, slots=True)
class Choosing:
    """The platform asks what a new link shall lead to."""

    return_url: str
    several: bool
    #: Given back as it came.
    data: str
    #: Whether a link may bring a line of grades with it.
    line_items: bool


@dataclass(frozen=True, slots=True)
class Launch:
    """A message that holds."""

    subject: str
    #: Empty when the platform keeps it to itself.
    name: str
    role: HostRole
    deployment_id: str
    locale: str
    context: Context | None
    #: The link that was followed; empty when `choosing`.
    link_id: str
    link_title: str
    grades: Grades | None
    choosing: Choosing | None


@dataclass(frozen=True, slots=True)
class Expected:
    """What was said when the launch began, and must be said again."""

    nonce: str
    target: str


def _registry() -> jws.JWSRegistry:
    """Platforms put much into a message: custom parameters, addresses of services, a chain of certificates."""
    registry = jws.JWSRegistry(algorithms=ALGORITHMS)
    registry.max_header_length = _LONGEST_HEADER
    registry.max_payload_length = registry.max_signature_length = LONGEST_TOKEN
    return registry


def verified_claims(token: str, keys: Mapping[str, Any], platform: Platform, expected: Expected, now: int) -> Claims:
    """What the message says, once signature, issuer, audience, nonce and time hold."""
    if not token or len(token) > LONGEST_TOKEN or token.count(".") != 2:
        raise LaunchRefused(Refusal.TOKEN_UNREADABLE, "no signed token")
    claims = _signed(token, keys)
    if claims.get("iss") != platform.issuer:
        raise LaunchRefused(Refusal.ISSUER_WRONG)
    _check_audience(claims, platform.client_id)
    _check_time(claims, now)
    nonce = claims.get("nonce")
    if not isinstance(nonce, str) or not hmac.compare_digest(nonce.encode(), expected.nonce.encode()):
        raise LaunchRefused(Refusal.NONCE_WRONG)
    return claims


def _signed(token: str, keys: Mapping[str, Any]) -> Claims:
    """The key is found among the platform's own by its id; a key or an address in the token itself is not looked at."""
    try:
        key_set = jwk.KeySet.import_key_set(_verifying(keys))  # type: ignore[arg-type]
        found = jwt.decode(token, key_set, algorithms=ALGORITHMS, registry=_registry())
    except (errors.JoseError, ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise LaunchRefused(Refusal.SIGNATURE_WRONG, type(error).__name__) from error
    if "kid" not in found.header:
        raise LaunchRefused(Refusal.SIGNATURE_WRONG, "no key id")
    if not isinstance(found.claims, dict):
        raise LaunchRefused(Refusal.TOKEN_UNREADABLE, "no claims")
    return found.claims


def _verifying(keys: Mapping[str, Any]) -> dict[str, Any]:
    """The public keys that verify signatures: a shared secret or a key for encryption is none."""
    fit = [
        key
        for key in keys.get("keys", [])
        if isinstance(key, dict) and key.get("kty") in ("RSA", "EC") and key.get("use", "sig") == "sig" and "kid" in key
    ]
    if not fit:
        raise ValueError("the platform shows no key that verifies")
    return {"keys": fit}


def _check_audience(claims: Claims, client_id: str) -> None:
    """The message is for us; one for several must name us as the one it was made for."""
    audience = claims.get("aud")
    several = audience if isinstance(audience, list) else [audience]
    if client_id not in several:
        raise LaunchRefused(Refusal.AUDIENCE_WRONG, "aud")
    authorized = claims.get("azp")
    if authorized is None and len(several) > 1:
        raise LaunchRefused(Refusal.AUDIENCE_WRONG, "several audiences and no azp")
    if authorized is not None and authorized != client_id:
        raise LaunchRefused(Refusal.AUDIENCE_WRONG, "azp")


def _check_time(claims: Claims, now: int) -> None:
    expires, issued = _moment(claims.get("exp")), _moment(claims.get("iat"))
    before = _moment(claims.get("nbf", 0))
    if expires <= now - LEEWAY:
        raise LaunchRefused(Refusal.TIME_WRONG, "expired")
    if max(issued, before) > now + LEEWAY:
        raise LaunchRefused(Refusal.TIME_WRONG, "of the future")
    if issued < now - OLDEST:
        raise LaunchRefused(Refusal.TIME_WRONG, "too old")


def _moment(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not abs(value) < 1e12:
        raise LaunchRefused(Refusal.TIME_WRONG, "no moment")
    return value


# Reading


def read_launch(claims: Claims, expected: Expected) -> Launch:
    """What the message says of the launch. Its claims are verified; now they must be of the right form."""
    if claims.get(named.VERSION) != "1.3.0":
        raise LaunchRefused(Refusal.VERSION_WRONG)
    kind = claims.get(named.MESSAGE_TYPE)
    if kind not in (named.RESOURCE_LINK_REQUEST, named.DEEP_LINKING_REQUEST):
        raise LaunchRefused(Refusal.MESSAGE_WRONG)
    deployment = _id(claims.get(named.DEPLOYMENT_ID), Refusal.DEPLOYMENT_WRONG)
    subject = _id(claims.get("sub"), Refusal.PERSON_UNKNOWN)
    roles = claims.get(named.ROLES)
    if not isinstance(roles, list) or not all(isinstance(one, str) for one in roles):
        raise LaunchRefused(Refusal.ROLES_MISSING)
    choosing = _choosing(claims) if kind == named.DEEP_LINKING_REQUEST else None
    _check_target(claims, expected, needed=choosing is None)
    link = _part(claims, named.RESOURCE_LINK)
    return Launch(
        subject=subject,
        name=name_in(claims),
        role=role_of(roles),
        deployment_id=deployment,
        locale=_text(_part(claims, named.PRESENTATION).get("locale")) or _text(claims.get("locale")),
        context=_context(claims),
        link_id="" if choosing else _id(link.get("id"), Refusal.LINK_MISSING),
        link_title=_text(link.get("title")),
        grades=_grades(claims),
        choosing=choosing,
    )


def _check_target(claims: Claims, expected: Expected, *, needed: bool) -> None:
    """The signed target is the one that the launch began with: that one came unsigned through the browser."""
    target = claims.get(named.TARGET_LINK_URI)
    if target is None and not needed:
        return
    if target != expected.target:
        raise LaunchRefused(Refusal.TARGET_CHANGED)


def name_in(claims: Mapping[str, Any]) -> str:
    """The person's name, whole or put together."""
    whole = _text(claims.get("name"))
    return whole or " ".join(part for part in map(_text, (claims.get("given_name"), claims.get("family_name"))) if part)


def _context(claims: Claims) -> Context | None:
    part = _part(claims, named.CONTEXT)
    found = part.get("id")
    if not isinstance(found, str) or not found or len(found) > LONGEST_ID:
        return None
    title = _text(part.get("title")) or _text(part.get("label"))
    return Context(found, title, _url(_part(claims, named.NAMES).get("context_memberships_url")))


def _grades(claims: Claims) -> Grades | None:
    part = _part(claims, named.GRADES)
    scopes = part.get("scope")
    if not isinstance(scopes, list) or named.SCORE_SCOPE not in scopes:
        return None
    line_item, line_items = _url(part.get("lineitem")), _url(part.get("lineitems"))
    if not line_item and not (line_items and named.LINE_ITEM_SCOPE in scopes):
        return None
    ours = (named.SCORE_SCOPE, named.LINE_ITEM_SCOPE)
    return Grades(tuple(one for one in ours if one in scopes), line_item, line_items)


def _choosing(claims: Claims) -> Choosing:
    part = _part(claims, named.DEEP_LINKING_SETTINGS)
    return_url = _url(part.get("deep_link_return_url"))
    types = part.get("accept_types")
    data = part.get("data", "")
    fits = return_url and isinstance(types, list) and "ltiResourceLink" in types
    if not fits or not isinstance(data, str) or len(data) > LONGEST_DATA:
        raise LaunchRefused(Refusal.CHOICE_IMPOSSIBLE)
    return Choosing(return_url, _yes(part.get("accept_multiple")), data, _yes(part.get("accept_lineitem", True)))


def _part(claims: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    found = claims.get(name)
    return found if isinstance(found, dict) else {}


def _id(value: Any, missing: Refusal) -> str:
    if not isinstance(value, str) or not value or len(value) > LONGEST_ID or not value.isprintable():
        raise LaunchRefused(missing)
    return value


def _text(value: Any) -> str:
    return value[:LONGEST_ID] if isinstance(value, str) else ""


def _url(value: Any) -> str:
    return value if isinstance(value, str) and is_safe(value) else ""


def _yes(value: Any) -> bool:
    return value is True or value == "true"
