"""The statement in the code on the page: it proves itself with the published key alone, and has no name in it."""

from __future__ import annotations

import base64
import io
import json
import subprocess
from dataclasses import replace
from datetime import date

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from PIL import Image

from course.domain.statement import (
    Statement,
    StatementFault,
    name_hash,
    statement_from_json,
    statement_json,
    statement_of,
)
from course.exports.published_keys import keys_json
from course.exports.signed_statement import UnknownKey, read_statement, sign_statement
from course.exports.signing_keys import (
    OwnKey,
    SigningSettings,
    published_keys,
    rotate_keys,
    signing_keys,
    statement_keys,
)
from tests.exports.certificates import LANGUAGES, sample
from tests.exports.other_programs import code_on, verified_token
from tests.exports.signing import settings, signed

FACTS = sample()
STATEMENT = statement_of(FACTS)


def token(statement: Statement = STATEMENT) -> str:
    return sign_statement(statement, signing_keys(settings()).badge)


def own_token(header: dict[str, object], payload: bytes = b"{}") -> str:
    """Any header and payload, signed with our own key: only what they say can be wrong."""
    key: OwnKey[Ed25519PrivateKey] = signing_keys(settings()).badge
    parts = [base64.urlsafe_b64encode(part).rstrip(b"=") for part in (json.dumps(header).encode(), payload)]
    signature = base64.urlsafe_b64encode(key.private.sign(b".".join(parts))).rstrip(b"=")
    return b".".join((*parts, signature)).decode()


class TestWhatItSays:
    def test_it_says_what_the_certificate_says(self) -> None:
        read = read_statement(token(), statement_keys(settings()))
        assert read == STATEMENT
        assert (read.code, read.issued_on, read.edition) == (FACTS.code, FACTS.issued_on, FACTS.edition)
        assert (read.course_id, read.track_id) == (FACTS.course_id, FACTS.track_id)

    def test_it_can_be_read_with_the_address_in_front_of_it(self) -> None:
        assert read_statement(f"{FACTS.verify_url}#{token()}\n", statement_keys(settings())) == STATEMENT

    def test_the_name_is_not_in_it_but_can_be_compared(self) -> None:
        body = base64.urlsafe_b64decode(token().split(".")[1] + "==").decode()
        assert not any(part.casefold() in body.casefold() for part in FACTS.name.split())
        assert STATEMENT.is_holder(FACTS.name.upper())
        assert not STATEMENT.is_holder("Somebody Else")

    def test_two_certificates_of_one_name_have_two_hashes(self) -> None:
        assert name_hash("0000", "Aino Öhman") != name_hash("0001", "Aino Öhman")

    def test_the_same_statement_is_signed_to_the_same_text(self) -> None:
        assert token() == token()

    def test_it_survives_a_change_of_keys(self, tmp_path_factory: pytest.TempPathFactory) -> None:
        own = SigningSettings(tmp_path_factory.mktemp("keys"), "https://course.example")
        old = sign_statement(STATEMENT, signing_keys(own).badge)
        rotate_keys(own)
        assert sign_statement(STATEMENT, signing_keys(own).badge) != old
        assert read_statement(old, statement_keys(own)) == STATEMENT


class TestWhatIsRefused:
    def test_a_change_of_any_letter(self) -> None:
        keys, text = statement_keys(settings()), token()
        for place, letter in enumerate(text):
            if letter != ".":
                with pytest.raises(StatementFault):
                    read_statement(f"{text[:place]}{'A' if letter != 'A' else 'B'}{text[place + 1 :]}", keys)

    def test_the_key_of_another_site_is_named_as_such(self, tmp_path_factory: pytest.TempPathFactory) -> None:
        other = SigningSettings(tmp_path_factory.mktemp("keys"), "https://other.example")
        with pytest.raises(UnknownKey):
            read_statement(sign_statement(STATEMENT, signing_keys(other).badge), statement_keys(settings()))

    @pytest.mark.parametrize("text", ["", "a.b", "a.b.c", "....", "é.é.é", "e30.e30.", "x" * 5_000, "[" * 900 + ".a.b"])
    def test_what_is_no_statement(self, text: str) -> None:
        with pytest.raises(StatementFault):
            read_statement(text, statement_keys(settings()))

    @pytest.mark.parametrize(
        "change", [{"alg": "none"}, {"alg": "HS256"}, {"crit": ["b64"], "b64": False}, {"jwk": {}}, {"kid": ["x"]}]
    )
    def test_a_header_that_asks_for_something_else(self, change: dict[str, object]) -> None:
        usual: dict[str, object] = {"alg": "EdDSA", "kid": signing_keys(settings()).badge.id}
        body = statement_json(STATEMENT)
        assert read_statement(own_token(usual, body), statement_keys(settings())) == STATEMENT
        with pytest.raises(StatementFault):
            read_statement(own_token({**usual, **change}, body), statement_keys(settings()))

    @pytest.mark.parametrize(
        "change",
        [{"v": 2}, {"v": True}, {"n": "000G"}, {"n": 5}, {"d": "22.11.2026"}, {"e": None}, {"x": "more"}, {"h": ["a"]}],
    )
    def test_a_statement_of_another_form(self, change: dict[str, object]) -> None:
        record = {**json.loads(statement_json(STATEMENT)), **change}
        with pytest.raises(StatementFault):
            statement_from_json(json.dumps(record).encode())

    @pytest.mark.parametrize("written", [b"[]", b"{}", b"\xff", b"[" * 100_000, b"null"])
    def test_what_is_no_record(self, written: bytes) -> None:
        with pytest.raises(StatementFault):
            statement_from_json(written)


class TestOtherPrograms:
    def test_jose_verifies_it_with_the_published_keys(self) -> None:
        answer = verified_token(token(), keys_json(published_keys(settings())))
        assert answer["verified"]
        assert answer["payload"]["n"] == FACTS.code.replace("-", "")
        assert date.fromisoformat(answer["payload"]["d"]) == FACTS.issued_on

    def test_jose_refuses_a_changed_one(self) -> None:
        other = token(replace(STATEMENT, edition="2099.1"))
        mixed = ".".join((*other.split(".")[:2], token().split(".")[2]))
        assert not verified_token(mixed, keys_json(published_keys(settings())))["verified"]

    @pytest.mark.parametrize("language", LANGUAGES)
    def test_a_reader_finds_it_on_the_page_as_a_telephone_would(self, language: str) -> None:
        facts = sample(language)
        # As fine as an office printer prints it; the part of the page where the code stands.
        part = ["-r", "300", "-x", "220", "-y", "1860", "-W", "480", "-H", "480"]
        command = ["pdftoppm", *part, "-singlefile", "-png", "-"]
        picture = subprocess.run(command, input=signed(facts), capture_output=True, check=True).stdout
        text = code_on(Image.open(io.BytesIO(picture)))
        assert text is not None
        assert text.startswith(f"{facts.verify_url}#")
        assert read_statement(text, statement_keys(settings())).code == facts.code
