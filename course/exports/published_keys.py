"""How others learn our public keys: as a JSON Web Key Set, and as the DID document of the badges' issuer."""

from __future__ import annotations

import base64
from collections.abc import Iterable
from urllib.parse import quote, urlsplit

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519

from course.exports.signing_keys import PublicKey, PublishedKey

_BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
#: What the multibase form of an Ed25519 public key begins with.
_ED25519 = b"\xed\x01"


def keys_json(keys: Iterable[PublishedKey]) -> dict[str, object]:
    """A JSON Web Key Set (RFC 7517) of all keys, for `/verify/keys.json`."""
    return {"keys": [_entry(key) for key in keys]}


def _entry(key: PublishedKey) -> dict[str, object]:
    der = key.certificate.public_bytes(serialization.Encoding.DER)
    return {
        **public_jwk(key.public),
        "kid": key.id,
        "use": "sig",
        "status": "current" if key.current else "former",
        "signs": "badges and statements" if key.for_badges else "PDF files",
        "self_signed": key.self_signed,
        "valid_from": key.certificate.not_valid_before_utc.isoformat(),
        "valid_to": key.certificate.not_valid_after_utc.isoformat(),
        "x5c": [base64.b64encode(der).decode()],
        "x5t#S256": base64url(key.certificate.fingerprint(hashes.SHA256())),
    }


def public_jwk(public: PublicKey) -> dict[str, str]:
    """The key itself as a JSON Web Key."""
    if isinstance(public, ed25519.Ed25519PublicKey):
        return {"kty": "OKP", "crv": "Ed25519", "x": base64url(public.public_bytes_raw()), "alg": "EdDSA"}
    if isinstance(public, ec.EllipticCurvePublicKey):
        point = public.public_numbers()
        return {"kty": "EC", "crv": "P-256", "x": _number(point.x, 32), "y": _number(point.y, 32), "alg": "ES256"}
    numbers = public.public_numbers()
    return {"kty": "RSA", "n": _number(numbers.n), "e": _number(numbers.e), "alg": "RS256"}


def issuer_did(base_url: str) -> str:
    """The issuer of the badges: the site's own address, as did:web says it."""
    parts = urlsplit(base_url)
    pieces = [parts.netloc.rpartition("@")[2], *(piece for piece in parts.path.split("/") if piece)]
    return "did:web:" + ":".join(quote(piece, safe="") for piece in pieces)


def did_address(base_url: str) -> str:
    """Where whoever reads `issuer_did` looks for the document."""
    base = base_url.rstrip("/")
    return f"{base}/did.json" if urlsplit(base).path else f"{base}/.well-known/did.json"


def verification_method(base_url: str, id_of_key: str) -> str:
    return f"{issuer_did(base_url)}#{id_of_key}"


def did_document(base_url: str, keys: Iterable[PublishedKey]) -> dict[str, object]:
    """The issuer's keys for badges, former ones too: a badge names the key that signed it."""
    did = issuer_did(base_url)
    methods = [
        {
            "id": verification_method(base_url, key.id),
            "type": "Multikey",
            "controller": did,
            "publicKeyMultibase": multibase(key.public),
        }
        for key in keys
        if isinstance(key.public, ed25519.Ed25519PublicKey)
    ]
    return {
        "@context": ["https://www.w3.org/ns/did/v1", "https://w3id.org/security/multikey/v1"],
        "id": did,
        "verificationMethod": methods,
        "assertionMethod": [method["id"] for method in methods],
    }


def multibase(public: ed25519.Ed25519PublicKey) -> str:
    number, letters = int.from_bytes(_ED25519 + public.public_bytes_raw()), ""
    while number:
        number, digit = divmod(number, 58)
        letters = _BASE58[digit] + letters
    return f"z{letters}"


def base64url(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


def _number(value: int, length: int | None = None) -> str:
    return base64url(value.to_bytes(length or (value.bit_length() + 7) // 8))
