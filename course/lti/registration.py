"""Dynamic registration: the platform says where its services are, and we say where ours are. One request each."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from course.domain.launch import Platform
from course.lti import claims as named
from course.lti.addresses import PlatformFault, is_safe, origin_of
from course.lti.connection import ask, fetch_object
from course.lti.messages import LONGEST_ID

_SCOPES = (named.SCORE_SCOPE, named.LINE_ITEM_SCOPE, named.MEMBERS_SCOPE)


@dataclass(frozen=True, slots=True)
class OwnAddresses:
    """Where a platform finds this course."""

    #: The course where it is mounted, without a slash at the end.
    base: str
    login: str
    launch: str
    deep_link: str
    keys: str
    icon: str = ""


@dataclass(frozen=True, slots=True)
class Registered:
    """What came of it."""

    platform: Platform
    #: The name of the platform's software, for the list.
    product: str
    #: Empty when the platform tells it only at the first launch.
    deployment_id: str


def register(
    configuration_url: str, registration_token: str, own: OwnAddresses, titles: Mapping[str, str], description: str
) -> Registered:
    """Fetch what the platform says of itself, send it what we say of ourselves, and read what it makes of it.

    `titles` are the course's, by language; the first one is used where a platform wants one only.
    """
    said = fetch_object(configuration_url)
    platform = _described(said, configuration_url)
    answer = ask(
        str(said["registration_endpoint"]),
        token=registration_token,
        content=json.dumps(_request(own, titles, description)).encode(),
    ).body
    client_id = answer.get("client_id") if isinstance(answer, dict) else None
    if not isinstance(client_id, str) or not 0 < len(client_id) <= LONGEST_ID:
        raise PlatformFault("gave us no client id", lasting=True)
    configuration = answer.get(named.TOOL_CONFIGURATION)
    deployment = configuration.get("deployment_id") if isinstance(configuration, dict) else None
    return Registered(
        replace(platform, client_id=client_id),
        _product(said),
        str(deployment)[:LONGEST_ID] if isinstance(deployment, (str, int)) else "",
    )


def _described(said: Mapping[str, Any], configuration_url: str) -> Platform:
    issuer = said.get("issuer")
    names = ("authorization_endpoint", "token_endpoint", "jwks_uri", "registration_endpoint")
    if any(not isinstance(said.get(name), str) or not is_safe(said[name]) for name in names):
        raise PlatformFault("describes itself without the addresses that are needed", lasting=True)
    if not isinstance(issuer, str) or not 0 < len(issuer) <= LONGEST_ID:
        raise PlatformFault("does not say what it is called", lasting=True)
    # The description of one platform must not come from another one's machine.
    if is_safe(issuer) and origin_of(issuer) != origin_of(configuration_url):
        raise PlatformFault("describes another platform than itself", lasting=True)
    audience = said.get("authorization_server")
    return Platform(
        issuer,
        "",
        said["authorization_endpoint"],
        said["token_endpoint"],
        said["jwks_uri"],
        audience[:LONGEST_ID] if isinstance(audience, str) else "",
    )


def _product(said: Mapping[str, Any]) -> str:
    configuration = said.get(named.PLATFORM_CONFIGURATION)
    found = configuration.get("product_family_code") if isinstance(configuration, dict) else None
    return found[:40] if isinstance(found, str) else ""


def _request(own: OwnAddresses, titles: Mapping[str, str], description: str) -> dict[str, Any]:
    title = next(iter(titles.values()))
    return {
        "application_type": "web",
        "response_types": ["id_token"],
        "grant_types": ["implicit", "client_credentials"],
        "initiate_login_uri": own.login,
        "redirect_uris": [own.launch, own.deep_link],
        "client_name": title,
        **{f"client_name#{language}": one for language, one in titles.items()},
        "client_uri": own.base,
        **({"logo_uri": own.icon} if own.icon else {}),
        "jwks_uri": own.keys,
        "token_endpoint_auth_method": "private_key_jwt",
        "scope": " ".join(_SCOPES),
        named.TOOL_CONFIGURATION: {
            "domain": origin_of(own.base).partition("://")[2],
            "target_link_uri": own.launch,
            "description": description,
            "custom_parameters": {},
            "claims": ["iss", "sub", "name", "given_name", "family_name"],
            "messages": [
                {"type": named.RESOURCE_LINK_REQUEST, "target_link_uri": own.launch, "label": title},
                {"type": named.DEEP_LINKING_REQUEST, "target_link_uri": own.deep_link, "label": title},
            ],
        },
    }
