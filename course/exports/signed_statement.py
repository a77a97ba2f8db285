"""The signed statement that stands in the code on a certificate, as a compact JWS (RFC 7515).

The code holds the address of the check page with the statement behind `#`: a telephone opens the page as always, and
whoever has the published keys needs no page. Ed25519, because its signature is short and the same each time.
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Mapping

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from course.domain.statement import Statement, StatementFault, statement_from_json, statement_json
from course.exports.published_keys import base64url
from course.exports.signing_keys import OwnKey

#: Ours have about 330 letters; what is far longer is not looked at.
_LONGEST = 2_000


class UnknownKey(StatementFault):
    """It may be genuine, but the key that signed it is not among those given."""


def sign_statement(statement: Statement, key: OwnKey[Ed25519PrivateKey]) -> str:
    """The same statement and key always give the same text."""
    header = json.dumps({"alg": "EdDSA", "kid": key.id}, separators=(",", ":")).encode()
    signed = f"{base64url(header)}.{base64url(statement_json(statement))}"
    return f"{signed}.{base64url(key.private.sign(signed.encode()))}"


def read_statement(text: str, keys: Mapping[str, Ed25519PublicKey]) -> Statement:
    """What a statement says, when one of the keys signed it. `text` may be all that the code on the certificate holds.

    Raises StatementFault, and UnknownKey when the key was made after the list was fetched, or is another site's.
    """
    if len(text) > _LONGEST:
        raise StatementFault("this is no statement of a certificate")
    parts = text.strip().rpartition("#")[2].split(".")
    if len(parts) != 3:
        raise StatementFault("this is no statement of a certificate")
    header, payload, signature = (_decoded(part) for part in parts)
    key = keys.get(_key_id(header))
    if key is None:
        raise UnknownKey("the key that signed this statement is not known here")
    try:
        key.verify(signature, f"{parts[0]}.{parts[1]}".encode())
    except InvalidSignature as error:
        raise StatementFault("the statement was changed, or is not ours") from error
    return statement_from_json(payload)


def _key_id(header: bytes) -> str:
    try:
        said = json.loads(header)
    except (ValueError, RecursionError) as error:
        raise StatementFault("this is no statement of a certificate") from error
    # The algorithm is ours to choose and not the text's; anything else it may ask for is refused too.
    if not isinstance(said, dict) or said.get("alg") != "EdDSA" or said.keys() != {"alg", "kid"}:
        raise StatementFault("this is no statement of a certificate")
    return str(said["kid"])


def _decoded(part: str) -> bytes:
    try:
        decoded = base64.b64decode(part + "=" * (-len(part) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError) as error:
        raise StatementFault("this is no statement of a certificate") from error
    if base64url(decoded) != part:
        raise StatementFault("the statement was changed, or is not ours")
    return decoded
