"""Signing in at an organisation's own service with OpenID Connect. Off unless the setting names one."""

from __future__ import annotations

import hmac
import json
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

from course.domain.account import REQUEST_LASTS, normal_email
from course.domain.errors import SignInEnded, SignInRefused
from course.later import Later
from course.services.second_factor import SiteKeys
from course.services.sign_in import Browser, SignedIn
from course.services.sign_ins import open_sign_in
from course.storage import accounts, sign_in_requests
from course.storage.engine import Store

if TYPE_CHECKING:
    import requests
    from authlib.common import errors as authlib_errors
    from authlib.integrations import requests_client
    from joserfc import errors as joserfc_errors
    from joserfc import jwk, jwt
else:
    requests = Later("requests")
    authlib_errors, requests_client = Later("authlib.common.errors"), Later("authlib.integrations.requests_client")
    joserfc_errors, jwk, jwt = (Later(f"joserfc.{name}") for name in ("errors", "jwk", "jwt"))

PATIENCE = 10
#: Signed with the provider's private key; a key shared with it could sign for us as well.
ALGORITHMS = ["RS256", "PS256", "ES256", "EdDSA"]
LEEWAY = 60
LONGEST_SUBJECT = 255


class ProviderFault(Exception):
    """The sign-in service cannot be reached, or says something else than its own description."""


@dataclass(frozen=True)
class Provider:
    """A sign-in service, and what this site is called there."""

    issuer: str
    client_id: str
    client_secret: str

    @cached_property
    def description(self) -> Mapping[str, Any]:
        """What the service says of itself, asked once. The issuer in it must be the very one of the setting."""
        found = _fetch(f"{self.issuer.rstrip('/')}/.well-known/openid-configuration")
        if found.get("issuer") != self.issuer:
            raise ProviderFault(f"{self.issuer} calls itself {found.get('issuer')}")
        for name in ("authorization_endpoint", "token_endpoint", "jwks_uri"):
            if not _is_safe(str(found.get(name, ""))):
                raise ProviderFault(f"{self.issuer} has no safe {name}")
        return found

    def keys(self) -> jwk.KeySet:
        """Asked for at each sign-in: keys are changed without notice, and sign-ins are few."""
        return jwk.KeySet.import_key_set(_fetch(str(self.description["jwks_uri"])))  # type: ignore[arg-type]

    def session(self, redirect_uri: str, **options: Any) -> requests_client.OAuth2Session:
        return requests_client.OAuth2Session(
            self.client_id,
            self.client_secret,
            scope="openid email",
            redirect_uri=redirect_uri,
            code_challenge_method="S256",
            **options,
        )


def provider_of(setting: str) -> Provider | None:
    """The provider of the setting https://client:secret@issuer; None for an empty one."""
    if not setting:
        return None
    address = urlsplit(setting)
    host = address.hostname or ""
    issuer = address._replace(netloc=f"{host}:{address.port}" if address.port else host).geturl()
    if not address.username or not address.password or not _is_safe(issuer):
        raise ValueError("COURSE_OIDC_URL is https://client-id:client-secret@the-issuer, with both percent-encoded")
    return Provider(issuer, unquote(address.username), unquote(address.password))


def _is_safe(url: str) -> bool:
    """Over HTTPS, or on this very machine."""
    address = urlsplit(url)
    return bool(address.hostname) and (
        address.scheme == "https" or (address.scheme == "http" and address.hostname in ("127.0.0.1", "localhost"))
    )


def _fetch(url: str) -> dict[str, Any]:
    try:
        answer = requests.get(url, timeout=PATIENCE, allow_redirects=False)
        answer.raise_for_status()
        found = answer.json()
    except (requests.RequestException, ValueError) as error:
        raise ProviderFault(f"{url}: {error}") from error
    if answer.status_code != 200 or not isinstance(found, dict):
        raise ProviderFault(f"{url} answers something else")
    return found


def begin(provider: Provider, keys: SiteKeys, redirect_uri: str) -> tuple[str, str]:
    """(where to send the browser, what its cookie keeps meanwhile). Nothing is written: anybody may look at this."""
    state, nonce, verifier = (secrets.token_urlsafe(32) for _ in range(3))
    with provider.session(redirect_uri) as session:
        url, _ = session.create_authorization_url(
            provider.description["authorization_endpoint"], state=state, nonce=nonce, code_verifier=verifier
        )
    kept = json.dumps({"state": state, "nonce": nonce, "verifier": verifier})
    return str(url), keys.seal(kept.encode())


def finish(
    store: Store,
    provider: Provider,
    keys: SiteKeys,
    browser: Browser,
    *,
    kept: str,
    answer: Mapping[str, str],
    redirect_uri: str,
    now: datetime,
) -> SignedIn:
    """The browser came back: exchange its code, check who it is, and sign in the account that this person has here."""
    opened = keys.unseal(kept, lasts=int(REQUEST_LASTS.total_seconds())) if kept else None
    if opened is None:
        raise SignInEnded
    begun: dict[str, str] = json.loads(opened)
    if not hmac.compare_digest(answer.get("state", "").encode(), begun["state"].encode()):
        raise SignInEnded
    if "code" not in answer or answer.get("iss", provider.issuer) != provider.issuer:
        raise SignInRefused
    claims = _claims(provider, code=answer["code"], begun=begun, redirect_uri=redirect_uri, now=now)
    return _sign_in(store, browser, provider, claims, now=now)


def _claims(
    provider: Provider, *, code: str, begun: Mapping[str, str], redirect_uri: str, now: datetime
) -> Mapping[str, Any]:
    try:
        with provider.session(redirect_uri) as session:
            token = session.fetch_token(
                provider.description["token_endpoint"],
                code=code,
                code_verifier=begun["verifier"],
                grant_type="authorization_code",
                timeout=PATIENCE,
            )
    except (authlib_errors.AuthlibBaseError, requests.RequestException, ValueError) as error:
        raise SignInRefused from error
    return checked_claims(
        str(token.get("id_token", "")),
        provider.keys(),
        issuer=provider.issuer,
        client_id=provider.client_id,
        nonce=begun["nonce"],
        now=lambda: int(now.timestamp()),
    )


def checked_claims(
    id_token: str, keys: jwk.KeySet, *, issuer: str, client_id: str, nonce: str, now: Callable[[], int]
) -> Mapping[str, Any]:
    """What a token says, when it is signed by the issuer, for us alone, for this very sign-in, and still counts."""
    rules = jwt.JWTClaimsRegistry(
        now=now,
        leeway=LEEWAY,
        iss={"essential": True, "value": issuer},
        sub={"essential": True},
        exp={"essential": True},
        iat={"essential": True},
        nonce={"essential": True, "value": nonce},
    )
    try:
        claims = jwt.decode(id_token, keys, algorithms=ALGORITHMS).claims
        rules.validate(claims)
    except (joserfc_errors.JoseError, ValueError) as error:
        raise SignInRefused from error
    # A token for several is one that another of them could hand on to us.
    if claims.get("aud") not in (client_id, [client_id]) or claims.get("azp", client_id) != client_id:
        raise SignInRefused
    return claims


def _sign_in(
    store: Store, browser: Browser, provider: Provider, claims: Mapping[str, Any], *, now: datetime
) -> SignedIn:
    """An account known by its subject; or one that was invited at this very address, which the service has verified."""
    subject = f"{provider.issuer} {claims['sub']}"
    email = normal_email(str(claims.get("email", ""))) if claims.get("email_verified") is True else ""
    if len(subject) > LONGEST_SUBJECT:
        raise SignInRefused
    with store.writing() as session:
        connection = session.connection()
        known = accounts.by_subject(connection, subject)
        account = accounts.by_id(connection, known) if known else accounts.by_email(connection, email)
        if account is None or account.disabled or not account.is_staff:
            raise SignInRefused
        if known is None:
            if sign_in_requests.open_invitation(connection, account.id, now=now) is None:
                raise SignInRefused
            accounts.change(session, account.id, host_subject=subject)
            sign_in_requests.end_links(session, account.id, kind=sign_in_requests.INVITATION, now=now)
        secret = open_sign_in(session, account.id, now=now, device=browser.device, replaces=browser.replaces)
    return SignedIn(secret, account.id, account.language)
