"""The keys of this site: one signs PDF files, one signs badges and the statement in the code. Old ones stay known.

Everything lies in one folder. `document.p12` and `badge.p12` are the keys in use; `certificates/` has the certificate
of each key that was ever used, so that what it signed can be checked for ever. Whoever removes the file of a former key
stops trusting it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Generic, TypeVar
from urllib.parse import urlsplit

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509.oid import NameOID

from course.exports.kept_file import kept, replace

#: A certificate is to be checked ten years after it was issued, and a key may be used for some years before.
_YEARS = 25
_SMALLEST_RSA = 3072

DocumentKey = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey
Private = TypeVar("Private")
PublicKey = ec.EllipticCurvePublicKey | rsa.RSAPublicKey | ed25519.Ed25519PublicKey


class KeyFault(ValueError):
    """A key cannot be used; the message says what to mend."""


@dataclass(frozen=True, slots=True)
class SigningSettings:
    """Where the keys lie and what they sign for. It is handed to the process that signs."""

    folder: Path
    #: The address of the site: issuer of the badges, and part of the name in certificates that are made here.
    base_url: str
    #: PKCS#12 file for PDF files; without one a key is made in the folder.
    key_file: Path | None = None
    key_password: str = ""
    timestamp_url: str = ""


@dataclass(frozen=True, slots=True)
class OwnKey(Generic[Private]):
    """A key in use, with its certificate and those that vouch for it."""

    private: Private
    certificate: x509.Certificate
    chain: tuple[x509.Certificate, ...] = ()

    @property
    def id(self) -> str:
        return key_id(self.certificate)


@dataclass(frozen=True, slots=True)
class SigningKeys:
    document: OwnKey[DocumentKey]
    badge: OwnKey[ed25519.Ed25519PrivateKey]


@dataclass(frozen=True, slots=True)
class PublishedKey:
    """What everybody may know of a key, in use or former."""

    certificate: x509.Certificate
    current: bool

    @property
    def id(self) -> str:
        return key_id(self.certificate)

    @property
    def public(self) -> PublicKey:
        public = self.certificate.public_key()
        assert isinstance(public, PublicKey)
        return public

    @property
    def for_badges(self) -> bool:
        return isinstance(self.public, ed25519.Ed25519PublicKey)

    @property
    def self_signed(self) -> bool:
        return self.certificate.issuer == self.certificate.subject


def key_id(certificate: x509.Certificate) -> str:
    """Ten hex digits of the public key's hash: short enough for the code on paper, and for a file's name."""
    public = certificate.public_key().public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    return hashlib.sha256(public).hexdigest()[:10]


def signing_keys(settings: SigningSettings) -> SigningKeys:
    """The keys in use. What is missing is made; each certificate is published before its key signs anything."""
    document = document_key(settings)
    badge_file = settings.folder / "badge.p12"
    badge = _unpacked(kept(badge_file, lambda: _new_badge_key(settings)), "", badge_file)
    if not isinstance(badge.private, ed25519.Ed25519PrivateKey):
        raise KeyFault(f"{badge_file}: the key for badges must be Ed25519")
    keys = SigningKeys(document, OwnKey(badge.private, badge.certificate))
    for certificate in (keys.document.certificate, keys.badge.certificate):
        _publish(settings, certificate)
    return keys


def former_and_current(settings: SigningSettings) -> tuple[x509.Certificate, ...]:
    """The certificate of every key that was ever used here, the newest first. No private key is touched."""
    paths = sorted((settings.folder / "certificates").glob("*.pem"))
    certificates = [x509.load_pem_x509_certificate(path.read_bytes()) for path in paths]
    newest = sorted(certificates, key=lambda one: (one.not_valid_before_utc, one.serial_number), reverse=True)
    return tuple(newest)


def published_keys(settings: SigningSettings) -> tuple[PublishedKey, ...]:
    """Every key that was ever used here: those in use first, then the newest first."""
    keys = signing_keys(settings)
    current = {keys.document.id, keys.badge.id}
    all_keys = [PublishedKey(one, key_id(one) in current) for one in former_and_current(settings)]
    return tuple(sorted(all_keys, key=lambda key: not key.current))


def statement_keys(settings: SigningSettings) -> Mapping[str, ed25519.Ed25519PublicKey]:
    """Key id -> public key of each key that may have signed a statement."""
    return {key.id: key.public for key in published_keys(settings) if isinstance(key.public, ed25519.Ed25519PublicKey)}


def rotate_keys(settings: SigningSettings) -> tuple[str, ...]:
    """Begin to sign with new keys, and tell their ids. What the old ones signed stays valid.

    A key that a setting names is changed by changing that file; it is left alone here.
    """
    signing_keys(settings)
    makers: list[tuple[str, Callable[[SigningSettings], bytes]]] = [("badge.p12", _new_badge_key)]
    if settings.key_file is None:
        makers.append(("document.p12", _new_document_key))
    made = []
    for name, make in makers:
        packed = make(settings)
        certificate = _unpacked(packed, "", settings.folder / name).certificate
        _publish(settings, certificate)
        replace(settings.folder / name, packed)
        made.append(key_id(certificate))
    return tuple(made)


def document_key(settings: SigningSettings) -> OwnKey[DocumentKey]:
    """The key for PDF files: the given one, which is only read, or one that is made. Raises KeyFault."""
    if settings.key_file is None:
        path = settings.folder / "document.p12"
        found = _unpacked(kept(path, lambda: _new_document_key(settings)), "", path)
    else:
        path = settings.key_file
        try:
            packed = path.read_bytes()
        except OSError as error:
            raise KeyFault(f"the signing key {path} cannot be read: {error.strerror}") from error
        found = _unpacked(packed, settings.key_password, path)
    key = found.private
    if isinstance(key, ec.EllipticCurvePrivateKey) and isinstance(key.curve, ec.SECP256R1):
        return OwnKey(key, found.certificate, found.chain)
    if isinstance(key, rsa.RSAPrivateKey) and key.key_size >= _SMALLEST_RSA:
        return OwnKey(key, found.certificate, found.chain)
    raise KeyFault(f"{path}: PDF files are signed with ECDSA P-256, or RSA of {_SMALLEST_RSA} bits or more")


def _unpacked(packed: bytes, password: str, path: Path) -> OwnKey[object]:
    try:
        private, certificate, others = pkcs12.load_key_and_certificates(packed, password.encode() or None)
    except (ValueError, UnsupportedAlgorithm) as error:
        raise KeyFault(f"{path} cannot be opened: is it PKCS#12, and is the password right?") from error
    if private is None or certificate is None:
        raise KeyFault(f"{path} must have one private key and its certificate")
    if private.public_key() != certificate.public_key():
        raise KeyFault(f"{path}: the certificate belongs to another key")
    return OwnKey(private, certificate, tuple(others))


def _publish(settings: SigningSettings, certificate: x509.Certificate) -> None:
    written = certificate.public_bytes(serialization.Encoding.PEM)
    kept(settings.folder / "certificates" / f"{key_id(certificate)}.pem", lambda: written)


def _new_document_key(settings: SigningSettings) -> bytes:
    private = ec.generate_private_key(ec.SECP256R1())
    return _packed(private, _self_signed(private, hashes.SHA256(), settings, "PDF"))


def _new_badge_key(settings: SigningSettings) -> bytes:
    private = ed25519.Ed25519PrivateKey.generate()
    return _packed(private, _self_signed(private, None, settings, "badges"))


def _packed(private: ec.EllipticCurvePrivateKey | ed25519.Ed25519PrivateKey, certificate: x509.Certificate) -> bytes:
    # No password: it would lie beside the file. Only the owner may read it.
    return pkcs12.serialize_key_and_certificates(None, private, certificate, None, serialization.NoEncryption())


def _self_signed(
    private: ec.EllipticCurvePrivateKey | ed25519.Ed25519PrivateKey,
    hashed: hashes.SHA256 | None,
    settings: SigningSettings,
    what_for: str,
) -> x509.Certificate:
    host = urlsplit(settings.base_url).hostname or "course"
    # Whoever looks at the signature reads there that nobody else vouches for it.
    name = x509.Name(
        [
            x509.NameAttribute(NameOID.COMMON_NAME, host[:64]),
            x509.NameAttribute(NameOID.ORGANIZATIONAL_UNIT_NAME, f"self-signed, {what_for}"),
        ]
    )
    now = datetime.now(UTC).replace(microsecond=0)
    usage = {"digital_signature": True, "content_commitment": True}
    others = ("key_encipherment", "data_encipherment", "key_agreement", "key_cert_sign", "crl_sign")
    unused = dict.fromkeys((*others, "encipher_only", "decipher_only"), False)
    return (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(private.public_key())
        .serial_number(x509.random_serial_number())
        # A minute back, for machines whose clocks differ.
        .not_valid_before(now - timedelta(minutes=1))
        .not_valid_after(now + timedelta(days=365 * _YEARS))
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(x509.KeyUsage(**usage, **unused), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(private.public_key()), critical=False)
        .sign(private, hashed)
    )
