"""Launches as a browser makes them: from the platform to us, there, and back with the signed message."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from werkzeug.test import TestResponse

from course.domain.permission import Staff
from course.services.platforms import TypedPlatform, add_platform
from course.web.site import Site
from tests.staff_fixtures import make_account
from tests.strict_client import StrictClient
from tests.web.lti_platform import LEARNER, Asked, LtiPlatform, User

HOST = "http://localhost"
LAUNCH = f"{HOST}/lti/launch"
DEEP_LINK = f"{HOST}/lti/deep-link"


def typed(platform: LtiPlatform, **changes: str) -> TypedPlatform:
    """What an administrator types to register it."""
    return TypedPlatform(
        **{
            "name": "Virasto",
            "issuer": platform.issuer,
            "client_id": platform.client_id,
            "auth_url": f"{platform.issuer}/auth",
            "token_url": f"{platform.issuer}/token",
            "jwks_url": f"{platform.issuer}/keys",
            "deployments": platform.deployment,
            "frames": "",
            "network_id": "",
            **changes,
        }
    )


def admin(site: Site) -> Staff:
    account = make_account(site, "aarne@office.example", administrator=True)
    return Staff(account, "Aarne", administrator=True)


def register(site: Site, platform: LtiPlatform, **changes: str) -> int:
    made = add_platform(site.store, admin(site), typed(platform, **changes), now=site.now())
    assert made is not None
    return made


def begin(client: StrictClient, platform: LtiPlatform, target: str = LAUNCH, **changes: str | None) -> Asked:
    """The first half: the tool sends the browser to the platform."""
    answer = client.raw.get(f"/lti/login?{urlencode(platform.first_request(target, **changes))}")
    assert answer.status_code == 302, answer.text
    return platform.asked(answer.location)


def send(client: StrictClient, state: str, token: str) -> TestResponse:
    """The second half: the browser brings the message, from the platform's site."""
    headers = {"Origin": "https://platform.example", "Sec-Fetch-Site": "cross-site"}
    return client.raw.post("/lti/launch", data={"state": state, "id_token": token}, headers=headers)


def launch(
    client: StrictClient, platform: LtiPlatform, user: User = LEARNER, target: str = LAUNCH, **changes: Any
) -> TestResponse:
    """A whole launch. `changes` are claims; None leaves one out."""
    asked = begin(client, platform, target)
    claims = {**platform.claims(asked, user, target), **changes}
    token = platform.signed({name: value for name, value in claims.items() if value is not None})
    return send(client, asked.state, token)
