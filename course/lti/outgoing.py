"""What this course signs for a platform: where to send the browser, requests for tokens, and the answer to a choice."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode, urlsplit

from course.domain.launch import Platform
from course.later import Later
from course.lti import claims as named
from course.lti.messages import Choosing

if TYPE_CHECKING:
    from joserfc import jwt
    from joserfc.jwk import RSAKey
else:
    jwt = Later("joserfc.jwt")

#: Every platform knows this one.
ALGORITHM = "RS256"
#: Seconds that what we sign is good for.
GOOD_FOR = 300


def authorization_url(
    platform: Platform, *, redirect_uri: str, state: str, nonce: str, hints: Mapping[str, str]
) -> str:
    """Where the browser fetches the signed message. `hints` are what the platform wants back as it gave it."""
    asked = {
        "scope": "openid",
        "response_type": "id_token",
        "response_mode": "form_post",
        "prompt": "none",
        "client_id": platform.client_id,
        "redirect_uri": redirect_uri,
        "state": state,
        "nonce": nonce,
        **hints,
    }
    joint = "&" if urlsplit(platform.auth_url).query else "?"
    return f"{platform.auth_url}{joint}{urlencode(asked)}"


def client_assertion(platform: Platform, key: RSAKey, now: datetime) -> str:
    """Proves to the platform's token service who asks."""
    seconds = int(now.timestamp())
    return _signed(
        key,
        {
            "iss": platform.client_id,
            "sub": platform.client_id,
            "aud": platform.audience or platform.token_url,
            "iat": seconds,
            "exp": seconds + GOOD_FOR,
            "jti": secrets.token_urlsafe(16),
        },
    )


def choice_message(
    platform: Platform,
    key: RSAKey,
    choosing: Choosing,
    deployment_id: str,
    items: Sequence[Mapping[str, Any]],
    now: datetime,
) -> str:
    """The links that were chosen, signed for the platform that asked."""
    seconds = int(now.timestamp())
    said: dict[str, Any] = {
        "iss": platform.client_id,
        "aud": platform.issuer,
        "iat": seconds,
        "exp": seconds + GOOD_FOR,
        "nonce": secrets.token_urlsafe(16),
        named.DEPLOYMENT_ID: deployment_id,
        named.MESSAGE_TYPE: named.DEEP_LINKING_RESPONSE,
        named.VERSION: "1.3.0",
        named.CONTENT_ITEMS: list(items),
    }
    if choosing.data:
        said[named.DEEP_LINKING_DATA] = choosing.data
    return _signed(key, said)


def link_item(url: str, title: str, text: str, *, most: int, tag: str) -> dict[str, Any]:
    """A link to a part of the course; with `most` the platform makes a line for its grades at once."""
    item: dict[str, Any] = {"type": "ltiResourceLink", "url": url, "title": title, "text": text}
    if most:
        item["lineItem"] = {"scoreMaximum": most, "label": title, "resourceId": tag, "tag": tag}
    return item


def _signed(key: RSAKey, said: dict[str, Any]) -> str:
    return jwt.encode({"alg": ALGORITHM, "kid": key.kid, "typ": "JWT"}, said, key, algorithms=[ALGORITHM])
