"""The keys: made once, kept for the owner alone, changed without losing the old ones, and published."""

from __future__ import annotations

import base64
import json
import multiprocessing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509.oid import NameOID

from course.exports.published_keys import did_address, did_document, issuer_did, keys_json
from course.exports.signing_keys import (
    KeyFault,
    SigningSettings,
    former_and_current,
    published_keys,
    rotate_keys,
    signing_keys,
)

Private = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey | ed25519.Ed25519PrivateKey


@pytest.fixture
def settings(tmp_path: Path) -> SigningSettings:
    return SigningSettings(tmp_path / "signing", "https://course.example")


def certificate_of(private: Private, name: str = "Ministry") -> x509.Certificate:
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    builder = x509.CertificateBuilder().subject_name(subject).issuer_name(subject).public_key(private.public_key())
    builder = builder.serial_number(x509.random_serial_number())
    builder = builder.not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(days=700))
    return builder.sign(private, None if isinstance(private, ed25519.Ed25519PrivateKey) else hashes.SHA256())


def pkcs12_file(path: Path, private: Private, password: str = "", certificate: x509.Certificate | None = None) -> Path:
    locked = serialization.BestAvailableEncryption(password.encode()) if password else serialization.NoEncryption()
    given = certificate or certificate_of(private)
    path.write_bytes(pkcs12.serialize_key_and_certificates(b"course", private, given, None, locked))
    return path


def ids_made_in(settings: SigningSettings) -> tuple[str, str]:
    keys = signing_keys(settings)
    return keys.document.id, keys.badge.id


class TestKeysThatAreMade:
    def test_they_are_made_once_and_stay(self, settings: SigningSettings) -> None:
        first, second = signing_keys(settings), signing_keys(settings)
        assert (first.document.id, first.badge.id) == (second.document.id, second.badge.id)
        assert isinstance(first.document.private, ec.EllipticCurvePrivateKey)
        assert isinstance(first.document.private.curve, ec.SECP256R1)

    def test_nobody_but_the_owner_can_read_them(self, settings: SigningSettings) -> None:
        signing_keys(settings)
        for name in ("document.p12", "badge.p12"):
            assert (settings.folder / name).stat().st_mode & 0o777 == 0o600
        assert settings.folder.stat().st_mode & 0o077 == 0

    def test_processes_that_start_at_once_get_the_same_ones(self, settings: SigningSettings) -> None:
        with multiprocessing.get_context("spawn").Pool(4) as pool:
            assert len(set(pool.map(ids_made_in, [settings] * 8))) == 1
        assert sorted(path.name for path in settings.folder.iterdir()) == ["badge.p12", "certificates", "document.p12"]

    def test_their_certificates_say_that_nobody_else_vouches_for_them(self, settings: SigningSettings) -> None:
        for key in published_keys(settings):
            assert key.self_signed
            [unit] = key.certificate.subject.get_attributes_for_oid(NameOID.ORGANIZATIONAL_UNIT_NAME)
            assert str(unit.value).startswith("self-signed")
            assert key.certificate.subject.rfc4514_string().endswith("CN=course.example")

    def test_they_last_longer_than_a_certificate_must_be_checked(self, settings: SigningSettings) -> None:
        for certificate in former_and_current(settings) or [signing_keys(settings).document.certificate]:
            assert certificate.not_valid_after_utc > datetime.now(UTC) + timedelta(days=20 * 365)


class TestAKeyThatIsGiven:
    def test_it_signs_pdf_files_and_is_published(self, settings: SigningSettings, tmp_path: Path) -> None:
        private = ec.generate_private_key(ec.SECP256R1())
        given = replace(settings, key_file=pkcs12_file(tmp_path / "own.p12", private, "secret"), key_password="secret")
        keys = signing_keys(given)
        assert keys.document.private.public_key() == private.public_key()
        assert [key.id for key in published_keys(given) if key.current and not key.for_badges] == [keys.document.id]
        assert not (settings.folder / "document.p12").exists()

    def test_the_one_before_it_stays_known(self, settings: SigningSettings, tmp_path: Path) -> None:
        before = signing_keys(settings).document.id
        own = pkcs12_file(tmp_path / "own.p12", rsa.generate_private_key(65537, 3072))
        former = [key.id for key in published_keys(replace(settings, key_file=own)) if not key.current]
        assert former == [before]

    @pytest.mark.parametrize(
        ("private", "told"),
        [
            (ec.generate_private_key(ec.SECP384R1()), "P-256"),
            (rsa.generate_private_key(65537, 2048), "3072"),
            (ed25519.Ed25519PrivateKey.generate(), "P-256"),
        ],
        ids=["P-384", "short RSA", "Ed25519"],
    )
    def test_a_key_of_another_kind_is_refused(
        self, settings: SigningSettings, tmp_path: Path, private: Private, told: str
    ) -> None:
        with pytest.raises(KeyFault, match=told):
            signing_keys(replace(settings, key_file=pkcs12_file(tmp_path / "own.p12", private)))

    def test_what_is_wrong_with_the_file_is_told(self, settings: SigningSettings, tmp_path: Path) -> None:
        private = ec.generate_private_key(ec.SECP256R1())
        locked = pkcs12_file(tmp_path / "locked.p12", private, "secret")
        other = pkcs12_file(tmp_path / "other.p12", private)
        other.write_bytes(b"not PKCS#12")
        for path, told in ((locked, "password"), (other, "PKCS#12"), (tmp_path / "none.p12", "cannot be read")):
            with pytest.raises(KeyFault, match=told):
                signing_keys(replace(settings, key_file=path, key_password="wrong"))


class TestRotation:
    def test_new_keys_sign_and_the_old_ones_stay_published(self, settings: SigningSettings) -> None:
        before = ids_made_in(settings)
        made = rotate_keys(settings)
        after = ids_made_in(settings)
        assert set(made) == set(after)
        assert not set(before) & set(after)
        keys = published_keys(settings)
        assert {key.id for key in keys if key.current} == set(after)
        assert {key.id for key in keys if not key.current} == set(before)
        assert [key.current for key in keys] == [True, True, False, False]

    def test_a_key_that_a_setting_names_is_left_alone(self, settings: SigningSettings, tmp_path: Path) -> None:
        own = pkcs12_file(tmp_path / "own.p12", ec.generate_private_key(ec.SECP256R1()))
        given = replace(settings, key_file=own)
        before = ids_made_in(given)
        assert len(rotate_keys(given)) == 1
        after = ids_made_in(given)
        assert after[0] == before[0] and after[1] != before[1]

    def test_a_former_key_whose_file_was_removed_is_not_known_any_more(self, settings: SigningSettings) -> None:
        document, _ = ids_made_in(settings)
        rotate_keys(settings)
        (settings.folder / "certificates" / f"{document}.pem").unlink()
        assert document not in {key.id for key in published_keys(settings)}


class TestWhatIsPublished:
    def test_the_key_set_has_every_key_and_nothing_private(self, settings: SigningSettings) -> None:
        rotate_keys(settings)
        published = json.loads(json.dumps(keys_json(published_keys(settings))))["keys"]
        assert [key["status"] for key in published] == ["current", "current", "former", "former"]
        assert len({key["kid"] for key in published}) == 4
        assert not any({"d", "p", "q", "dp", "dq", "qi"} & key.keys() for key in published)

    def test_each_entry_is_the_key_of_its_certificate(self, settings: SigningSettings, tmp_path: Path) -> None:
        own = pkcs12_file(tmp_path / "own.p12", rsa.generate_private_key(65537, 3072))
        signing_keys(settings)
        kinds = set()
        for entry in keys_json(published_keys(replace(settings, key_file=own)))["keys"]:  # type: ignore[attr-defined]
            public = x509.load_der_x509_certificate(base64.b64decode(entry["x5c"][0])).public_key()
            kinds.add(entry["kty"])
            if isinstance(public, ed25519.Ed25519PublicKey):
                assert number(entry["x"]) == int.from_bytes(public.public_bytes_raw())
            elif isinstance(public, ec.EllipticCurvePublicKey):
                point = public.public_numbers()
                assert (number(entry["x"]), number(entry["y"])) == (point.x, point.y)
            else:
                assert isinstance(public, rsa.RSAPublicKey)
                assert (number(entry["n"]), number(entry["e"])) == (public.public_numbers().n, 65537)
        assert kinds == {"OKP", "EC", "RSA"}

    @pytest.mark.parametrize(
        ("base_url", "did", "address"),
        [
            ("https://a.example", "did:web:a.example", "https://a.example/.well-known/did.json"),
            ("https://a.example/", "did:web:a.example", "https://a.example/.well-known/did.json"),
            ("https://a.example/course/", "did:web:a.example:course", "https://a.example/course/did.json"),
            ("https://a.example:8443", "did:web:a.example%3A8443", "https://a.example:8443/.well-known/did.json"),
        ],
    )
    def test_the_issuer_of_badges_is_the_site(self, base_url: str, did: str, address: str) -> None:
        assert issuer_did(base_url) == did
        assert did_address(base_url) == address

    def test_the_did_document_has_the_keys_for_badges_former_ones_too(self, settings: SigningSettings) -> None:
        _, former = ids_made_in(settings)
        rotate_keys(settings)
        _, current = ids_made_in(settings)
        document = did_document(settings.base_url, published_keys(settings))
        methods = [f"did:web:course.example#{key}" for key in (current, former)]
        assert document["assertionMethod"] == methods
        assert [method["id"] for method in document["verificationMethod"]] == methods  # type: ignore[attr-defined]


def number(text: str) -> int:
    return int.from_bytes(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
