"""The Open Badges 3.0 credential: valid for Digital Bazaar's verifier and for jose, with the keys we publish."""

from __future__ import annotations

import hashlib
import io
import json
import socket
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from openbadgeslib.ob3 import OB3Verifier
from openbadgeslib.ob3.status import decode_encoded_list, set_indices

from course.domain.certificate import comparable_name
from course.exports.badge import LIST_SIZE, BadgeMaker, status_list_address
from course.exports.published_keys import did_document, issuer_did, keys_json, verification_method
from course.exports.signing_keys import SigningSettings, published_keys, rotate_keys, signing_keys
from tests.exports.certificates import LANGUAGES, sample
from tests.exports.other_programs import verified_credential, verified_token
from tests.exports.signing import BASE_URL, settings, signed

FACTS = sample()


def badges(own: SigningSettings | None = None) -> BadgeMaker:
    return BadgeMaker(signing_keys(own or settings()).badge, BASE_URL)


def issuer(own: SigningSettings | None = None) -> dict[str, Any]:
    return did_document(BASE_URL, published_keys(own or settings()))


def document(index: int = 7) -> dict[str, Any]:
    made: dict[str, Any] = json.loads(badges().embedded(FACTS, index))
    return made


def token_keys(own: SigningSettings | None = None) -> dict[str, object]:
    """The published keys under the names that tokens call them by."""
    published: Any = keys_json(published_keys(own or settings()))["keys"]
    return {"keys": [{**key, "kid": verification_method(BASE_URL, key["kid"])} for key in published]}


class TestWhatItSays:
    @pytest.mark.parametrize("language", LANGUAGES)
    def test_the_file_carries_it_and_it_verifies(self, language: str) -> None:
        facts = sample(language)
        with pikepdf.open(io.BytesIO(signed(facts))) as pdf:
            inside = json.loads(pdf.attachments["open-badge.json"].get_file().read_bytes())
        assert verified_credential(inside, issuer()) == {"verified": True, "errors": []}
        assert inside["id"] == facts.verify_url
        assert inside["issuer"]["id"] == issuer_did(BASE_URL)
        assert inside["validFrom"].startswith(facts.issued_on.isoformat())

    def test_the_name_is_not_in_it_but_can_be_compared(self) -> None:
        made = document()
        assert not any(part in json.dumps(made, ensure_ascii=False) for part in FACTS.name.split())
        [identity] = made["credentialSubject"]["identifier"]
        expected = hashlib.sha256((comparable_name(FACTS.name) + identity["salt"]).encode()).hexdigest()
        assert identity["identityHash"] == f"sha256${expected}"
        assert identity["hashed"] is True

    def test_one_achievement_has_one_address_in_every_language(self) -> None:
        addresses = {
            json.loads(badges().embedded(sample(language, track_id=FACTS.track_id), 0))["credentialSubject"][
                "achievement"
            ]["id"]
            for language in LANGUAGES
        }
        assert addresses == {f"{BASE_URL}/#{FACTS.course_id}/{FACTS.track_id}/{FACTS.edition}"}

    @pytest.mark.parametrize(
        ("index", "number", "bit"), [(0, 0, 0), (LIST_SIZE - 1, 0, LIST_SIZE - 1), (LIST_SIZE, 1, 0)]
    )
    def test_it_names_its_place_in_a_status_list(self, index: int, number: int, bit: int) -> None:
        status = document(index)["credentialStatus"]
        assert status["statusListCredential"] == status_list_address(BASE_URL, number)
        assert status["statusListIndex"] == str(bit)


class TestDigitalBazaar:
    @pytest.mark.parametrize(
        "change",
        [
            lambda made: made["credentialSubject"]["achievement"].update(name="Another"),
            lambda made: made.update(validFrom="2020-01-01T00:00:00Z"),
            lambda made: made["credentialSubject"]["identifier"][0].update(identityHash="sha256$00"),
            lambda made: made["credentialStatus"].update(statusListIndex="8"),
            lambda made: made.update(somethingElse="added"),
        ],
        ids=["achievement", "day", "holder", "status", "an unknown member"],
    )
    def test_a_changed_credential_is_refused(self, change: Any) -> None:
        made = document()
        change(made)
        assert not verified_credential(made, issuer())["verified"]

    def test_a_badge_signed_with_the_previous_key_still_verifies(self, tmp_path: Path) -> None:
        own = SigningSettings(tmp_path, BASE_URL)
        old = json.loads(badges(own).embedded(FACTS, 0))
        rotate_keys(own)
        new = json.loads(badges(own).embedded(FACTS, 0))
        assert old["proof"]["verificationMethod"] != new["proof"]["verificationMethod"]
        for made in (old, new):
            assert verified_credential(made, issuer(own))["verified"]

    def test_the_key_of_another_site_is_refused(self, tmp_path: Path) -> None:
        made = json.loads(badges(SigningSettings(tmp_path, BASE_URL)).embedded(FACTS, 0))
        assert not verified_credential(made, issuer())["verified"]

    def test_the_status_list_verifies_and_a_changed_one_does_not(self) -> None:
        made = json.loads(badges().status_list(0, (1, 5)))
        assert verified_credential(made, issuer())["verified"]
        made["credentialSubject"]["statusPurpose"] = "suspension"
        assert not verified_credential(made, issuer())["verified"]


class TestTheToken:
    def test_jose_verifies_it_and_it_says_the_same(self) -> None:
        answer = verified_token(badges().token(FACTS, 7), token_keys())
        assert answer["verified"]
        assert answer["header"]["typ"] == "vc+jwt"
        claims = ("iss", "jti", "nbf", "sub")
        said = {name: value for name, value in answer["payload"].items() if name not in claims}
        expected = document()
        del expected["proof"]
        assert said == expected

    def test_openbadgeslib_verifies_it_too(self) -> None:
        key = signing_keys(settings()).badge.private.public_key()
        verified = OB3Verifier(pubkey_pem=key).verify(badges().token(FACTS, 7))
        assert verified.id == FACTS.verify_url

    def test_jose_refuses_a_changed_one(self) -> None:
        head, _, signature = badges().token(FACTS, 7).split(".")
        other = badges().token(sample(edition="2099.1"), 7).split(".")[1]
        assert not verified_token(f"{head}.{other}.{signature}", token_keys())["verified"]

    def test_one_signed_with_the_previous_key_still_verifies(self, tmp_path: Path) -> None:
        own = SigningSettings(tmp_path, BASE_URL)
        old = badges(own).token(FACTS, 0)
        rotate_keys(own)
        assert verified_token(old, token_keys(own))["verified"]


class TestTheStatusList:
    def test_exactly_the_revoked_ones_are_marked(self) -> None:
        revoked = (0, 5, LIST_SIZE - 1, LIST_SIZE, LIST_SIZE + 9)
        for number, expected in ((0, {0, 5, LIST_SIZE - 1}), (1, {0, 9}), (2, set())):
            made = json.loads(badges().status_list(number, revoked))
            assert made["id"] == status_list_address(BASE_URL, number)
            assert set(set_indices(decode_encoded_list(made["credentialSubject"]["encodedList"]))) == expected

    def test_it_hides_among_how_many_a_certificate_is(self) -> None:
        bits = decode_encoded_list(json.loads(badges().status_list(0, ()))["credentialSubject"]["encodedList"])
        assert len(bits) * 8 == LIST_SIZE == 131_072


def test_nothing_is_fetched(monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_: object, **__: object) -> None:
        raise AssertionError("a badge asked the network for something")

    monkeypatch.setattr(socket.socket, "connect", refused)
    monkeypatch.setattr(socket, "getaddrinfo", refused)
    assert badges().embedded(FACTS, 1)
    assert badges().status_list(0, (1,))
