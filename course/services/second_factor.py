"""The second factor: an app that shows codes, a passkey, or a code on paper that stands in for them."""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
from base64 import b32encode, urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from datetime import UTC, datetime
from ipaddress import ip_address
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor import InvalidToken as WrongCode
from cryptography.hazmat.primitives.twofactor.totp import TOTP
from sqlalchemy.orm import Session

from course.domain.account import new_recovery_codes, normal_code
from course.later import Later
from course.storage import credentials
from course.storage.credentials import PasskeyRow

if TYPE_CHECKING:
    import webauthn
    from webauthn import helpers
    from webauthn.helpers import exceptions, structs
else:
    webauthn = Later("webauthn")
    helpers, exceptions, structs = (
        Later(f"webauthn.{name}") for name in ("helpers", "helpers.exceptions", "helpers.structs")
    )

#: Apps everywhere know this kind only: SHA-1, six digits, thirty seconds.
DIGITS = 6
STEP = 30
#: A clock that is half a minute wrong, or a code typed slowly.
STEPS_ASIDE = 1
SECRET_BYTES = 20
CHALLENGE_BYTES = 32
LONGEST_CREDENTIAL = 1300
#: What a browser hands over for a passkey is a kilobyte or two.
LONGEST_ANSWER = 20_000


@dataclass(frozen=True, slots=True)
class SiteKeys:
    """What sign-ins stand on: the site's secret key, and its address, to which passkeys are bound."""

    secret_key: str
    base_url: str
    title: str

    @property
    def origin(self) -> str:
        address = urlsplit(self.base_url)
        return f"{address.scheme}://{address.netloc}"

    @property
    def host(self) -> str:
        return urlsplit(self.base_url).hostname or "localhost"

    @property
    def passkeys_work(self) -> bool:
        """Browsers make passkeys for a name only, and over HTTPS, or on this very machine."""
        if self.host == "localhost":
            return True
        try:
            ip_address(self.host)
        except ValueError:
            return self.base_url.startswith("https://")
        return False

    def hash_of(self, purpose: str, text: str) -> str:
        """A keyed hash: short codes cannot be guessed from a copy of the database alone."""
        digest = hmac.new(self.secret_key.encode(), f"{purpose}:{text}".encode(), hashlib.sha256).digest()
        return urlsafe_b64encode(digest).decode().rstrip("=")

    def seal(self, secret: bytes) -> str:
        return self._seal.encrypt(secret).decode()

    def unseal(self, sealed: str, *, lasts: int | None = None) -> bytes | None:
        """What was sealed; nothing when the site's key has changed since, or it is older than `lasts` seconds."""
        try:
            return self._seal.decrypt(sealed, ttl=lasts)
        except InvalidToken:
            return None

    @property
    def _seal(self) -> Fernet:
        return Fernet(urlsafe_b64encode(hashlib.sha256(f"{self.secret_key}:seal".encode()).digest()))


# An app that shows codes


def new_totp_secret(keys: SiteKeys) -> str:
    return keys.seal(secrets.token_bytes(SECRET_BYTES))


def totp_words(keys: SiteKeys, sealed: str, email: str) -> tuple[str, str]:
    """(the secret to type, the address for the QR code) of an app that is being set up."""
    secret = keys.unseal(sealed) or b""
    return b32encode(secret).decode(), _totp(secret).get_provisioning_uri(email, keys.title)


def current_code(secret: bytes, *, now: datetime) -> str:
    """What an app with this secret shows now."""
    return _totp(secret).generate(int(now.timestamp())).decode()


def code_ends(now: datetime) -> datetime:
    """When it shows the next one."""
    seconds = int(now.timestamp())
    return datetime.fromtimestamp(seconds - seconds % STEP + STEP, UTC)


def step_of_code(keys: SiteKeys, sealed: str, code: str, *, now: datetime) -> int | None:
    """The step of thirty seconds whose code was given; None when it is of none near now."""
    secret = keys.unseal(sealed)
    given = normal_code(code)
    if secret is None or len(given) != DIGITS or not (given.isascii() and given.isdigit()):
        return None
    step_now = int(now.timestamp()) // STEP
    for step in range(step_now - STEPS_ASIDE, step_now + STEPS_ASIDE + 1):
        try:
            _totp(secret).verify(given.encode(), step * STEP)
        except WrongCode:
            continue
        return step
    return None


def use_totp(session: Session, keys: SiteKeys, account_id: int, code: str, *, now: datetime) -> bool:
    """Whether the code is right and was not used before."""
    kept = credentials.totp_of(session.connection(), account_id)
    step = step_of_code(keys, kept.sealed_secret, code, now=now) if kept else None
    return step is not None and credentials.use_totp_step(session, account_id, step)


def _totp(secret: bytes) -> TOTP:
    return TOTP(secret, DIGITS, SHA1(), STEP, enforce_key_length=False)  # noqa: S303 - what authenticator apps know


# Codes on paper


def renew_recovery_codes(session: Session, keys: SiteKeys, account_id: int) -> list[str]:
    """Ten new codes, to be shown once."""
    codes = new_recovery_codes()
    hashes = [_recovery_hash(keys, account_id, code) for code in codes]
    credentials.set_recovery_codes(session, account_id, hashes)
    return codes


def use_recovery_code(session: Session, keys: SiteKeys, account_id: int, code: str) -> bool:
    return credentials.use_recovery_code(session, account_id, _recovery_hash(keys, account_id, code))


def _recovery_hash(keys: SiteKeys, account_id: int, code: str) -> str:
    return keys.hash_of(f"recovery:{account_id}", normal_code(code))


# Passkeys


def new_challenge() -> str:
    return helpers.bytes_to_base64url(secrets.token_bytes(CHALLENGE_BYTES))


def registration_options(
    keys: SiteKeys, *, account_id: int, email: str, challenge: str, known: list[PasskeyRow]
) -> str:
    """What the browser needs to make a passkey, as JSON."""
    options = webauthn.generate_registration_options(
        rp_id=keys.host,
        rp_name=keys.title,
        user_name=email,
        # The key holder shows it to nobody, and it says nothing of the person.
        user_id=webauthn.base64url_to_bytes(keys.hash_of("passkey-user", str(account_id))),
        challenge=webauthn.base64url_to_bytes(challenge),
        exclude_credentials=_descriptors(known),
        authenticator_selection=structs.AuthenticatorSelectionCriteria(
            resident_key=structs.ResidentKeyRequirement.DISCOURAGED,
            user_verification=structs.UserVerificationRequirement.PREFERRED,
        ),
    )
    return webauthn.options_to_json(options)


def authentication_options(keys: SiteKeys, *, challenge: str, known: list[PasskeyRow]) -> str:
    """What the browser needs to use a passkey, as JSON."""
    return webauthn.options_to_json(
        webauthn.generate_authentication_options(
            rp_id=keys.host, challenge=webauthn.base64url_to_bytes(challenge), allow_credentials=_descriptors(known)
        )
    )


def _descriptors(known: list[PasskeyRow]) -> list[structs.PublicKeyCredentialDescriptor]:
    return [structs.PublicKeyCredentialDescriptor(id=webauthn.base64url_to_bytes(one.credential_id)) for one in known]


def add_passkey(
    session: Session, keys: SiteKeys, account_id: int, *, answer: str, challenge: str, now: datetime
) -> bool:
    """Keep the passkey that a browser has just made; False when its answer does not hold."""
    if len(answer) > LONGEST_ANSWER:
        return False
    try:
        made = webauthn.verify_registration_response(
            credential=answer,
            expected_challenge=webauthn.base64url_to_bytes(challenge),
            expected_rp_id=keys.host,
            expected_origin=keys.origin,
        )
    except (exceptions.WebAuthnException, ValueError, KeyError, TypeError):
        return False
    credential_id = helpers.bytes_to_base64url(made.credential_id)
    if len(credential_id) > LONGEST_CREDENTIAL:
        return False
    return credentials.add_passkey(
        session,
        account_id,
        credential_id=credential_id,
        public_key=made.credential_public_key,
        sign_count=made.sign_count,
        now=now,
    )


def use_passkey(
    session: Session, keys: SiteKeys, account_id: int, *, answer: str, challenge: str, now: datetime
) -> bool:
    """Whether a passkey of this account signed the challenge."""
    credential_id = _credential_id(answer)
    for known in credentials.passkeys_of(session.connection(), account_id):
        if known.credential_id == credential_id:
            try:
                used = webauthn.verify_authentication_response(
                    credential=answer,
                    expected_challenge=webauthn.base64url_to_bytes(challenge),
                    expected_rp_id=keys.host,
                    expected_origin=keys.origin,
                    credential_public_key=known.public_key,
                    credential_current_sign_count=known.sign_count,
                )
            except (exceptions.WebAuthnException, ValueError, KeyError, TypeError):
                return False
            credentials.use_passkey(session, known.id, sign_count=used.new_sign_count, now=now)
            return True
    return False


def _credential_id(answer: str) -> str:
    if len(answer) > LONGEST_ANSWER:
        return ""
    try:
        found = json.loads(answer)
        raw = urlsafe_b64decode(str(found["id"]) + "==")
    except (ValueError, KeyError, TypeError):
        return ""
    return helpers.bytes_to_base64url(raw)
