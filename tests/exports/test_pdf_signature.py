"""The signature in the file: valid for another program, over the whole file, and without harm to the file's form."""

from __future__ import annotations

import asyncio
import io
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import asn1crypto.keys
import asn1crypto.tsp
import asn1crypto.x509
import page
import pikepdf
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.timestamps import DummyTimeStamper

from course.domain.certificate_file import Finding
from course.domain.errors import PdfNotAvailable
from course.exports.certificate_template import Templates
from course.exports.jobs import MakeFile
from course.exports.pdf_signature import FIELD, _SameAttributes
from course.exports.rendering_process import InProcess, RenderingProcess
from course.exports.signing_keys import SigningSettings, former_and_current, rotate_keys
from course.exports.uploaded_pdf import check_pdf
from course.exports.workshop import Workshop
from tests.exports.certificates import LANGUAGES, TEMPLATE, made, sample
from tests.exports.signing import BASE_URL, pdfsig, settings, signed
from tests.exports.test_signing_keys import pkcs12_file
from tests.exports.verapdf import broken_rules

VALID = "Signature Validation: Signature is Valid."


def opened(pdf: bytes) -> pikepdf.Pdf:
    return pikepdf.open(io.BytesIO(pdf))


def signature_of(pdf: pikepdf.Pdf) -> pikepdf.Object:
    [field] = pdf.Root.AcroForm.Fields
    return field


class TestManyFilesOfOneKey:
    """What is signed beside the hash is put together once; each file must have its own hash in it."""

    def attributes(self, pdf: bytes) -> dict[str, bytes]:
        [signature] = PdfFileReader(io.BytesIO(pdf)).embedded_signatures
        return {one["type"].native: one["values"].dump() for one in signature.signer_info["signed_attrs"]}

    def test_they_say_what_pyhanko_says_and_differ_by_the_hash_alone(self, monkeypatch: pytest.MonkeyPatch) -> None:
        workshop = Workshop(Templates(TEMPLATE), settings())
        one, other, *_ = (workshop.do(MakeFile(sample(language), 0)) for language in LANGUAGES)
        monkeypatch.delattr(_SameAttributes, "signed_attrs")
        plain = workshop.do(MakeFile(sample("en"), 0))
        assert isinstance(one, bytes) and isinstance(other, bytes) and isinstance(plain, bytes)
        first, second, as_pyhanko_does = map(self.attributes, (one, other, plain))
        assert first.keys() == as_pyhanko_does.keys() == {"content_type", "message_digest", "signing_certificate_v2"}
        assert [name for name in first if first[name] != second[name]] == ["message_digest"]
        assert [name for name in first if first[name] != as_pyhanko_does[name]] == ["message_digest"]

    def test_each_is_valid(self, tmp_path: Path) -> None:
        workshop = Workshop(Templates(TEMPLATE), settings())
        for number in range(3):
            pdf = workshop.do(MakeFile(sample(name=f"Eva {'Ek' * number}"), number))
            assert isinstance(pdf, bytes)
            assert VALID in pdfsig(pdf, tmp_path)


class TestPoppler:
    @pytest.mark.parametrize("language", LANGUAGES)
    def test_it_calls_the_signature_valid_over_the_whole_file(self, language: str, tmp_path: Path) -> None:
        said = pdfsig(signed(sample(language)), tmp_path)
        assert VALID in said
        assert "Total document signed" in said
        assert "Signature Type: ETSI.CAdES.detached" in said
        assert "Signing Hash Algorithm: SHA-256" in said

    def test_one_flipped_byte_makes_it_invalid(self, tmp_path: Path) -> None:
        pdf = bytearray(signed(sample()))
        # Within a stream, so that the file can still be opened.
        pdf[pdf.index(b"stream") + 40] ^= 1
        said = pdfsig(bytes(pdf), tmp_path)
        assert VALID not in said
        assert "Signature Validation: Digest Mismatch." in said

    def test_what_the_previous_key_signed_still_verifies(self, tmp_path: Path) -> None:
        own = SigningSettings(tmp_path / "signing", BASE_URL)
        workshop = Workshop(Templates(TEMPLATE), own)
        before = workshop.do(MakeFile(sample(), 0))
        rotate_keys(own)
        after = workshop.do(MakeFile(sample(), 0))
        assert isinstance(before, bytes) and isinstance(after, bytes)
        serials = {signer_serial(before), signer_serial(after)}
        assert len(serials) == 2
        for pdf in (before, after):
            assert VALID in pdfsig(pdf, tmp_path)
            assert check_pdf(pdf, former_and_current(own)).finding is Finding.INTACT


def test_it_is_made_where_an_event_loop_runs_already(tmp_path: Path) -> None:
    async def make() -> bytes:
        return signed(sample("fi"))

    # In a thread of its own: the browser of other tests leaves a loop running in this one.
    with ThreadPoolExecutor(max_workers=1) as thread:
        pdf = thread.submit(asyncio.run, make()).result()
    assert VALID in pdfsig(pdf, tmp_path)


class TestTheFile:
    def test_what_was_written_before_the_signature_is_still_there_byte_for_byte(self) -> None:
        facts = sample()
        pdf = signed(facts)
        first = pdf[: pdf.index(b"%%EOF") + 6]
        assert page.validate_pdf_bytes(first, profile="ua1").is_compliant
        assert len(opened(first).pages) == 1

    def test_the_description_is_not_touched(self) -> None:
        pdf = signed(sample())
        whole, before = opened(pdf), opened(pdf[: pdf.index(b"%%EOF") + 6])
        assert whole.Root.Metadata.read_raw_bytes() == before.Root.Metadata.read_raw_bytes()
        assert pdf.count(b"<?xpacket begin") == 1

    @pytest.mark.parametrize(
        ("language", "name"),
        [("fi", "Sähköinen allekirjoitus"), ("sv", "Elektronisk underskrift"), ("en", "Electronic signature")],
    )
    def test_the_field_has_a_name_that_can_be_read_aloud_in_the_language_of_the_page(
        self, language: str, name: str
    ) -> None:
        pdf = opened(signed(sample(language)))
        field = signature_of(pdf)
        assert str(field.T) == FIELD
        assert str(field.TU) == name

    def test_the_field_is_not_on_the_page_and_yet_not_hidden(self) -> None:
        pdf = opened(signed(sample()))
        field, hidden, printed = signature_of(pdf), 2, 4
        assert int(field.F) & printed and not int(field.F) & hidden
        _, _, right, top = (float(edge) for edge in field.Rect)
        left_of_page, bottom_of_page, _, _ = (float(edge) for edge in pdf.pages[0].MediaBox)
        assert right < left_of_page and top < bottom_of_page

    def test_it_allows_no_change_at_all(self) -> None:
        pdf = opened(signed(sample()))
        [reference] = signature_of(pdf).V.Reference
        assert str(reference.TransformMethod) == "/DocMDP"
        assert int(reference.TransformParams.P) == 1

    def test_the_page_looks_the_same_as_without_a_signature_but_for_the_code(self) -> None:
        facts = sample()
        assert signed(facts) != made(facts)
        unsigned, whole = (opened(pdf) for pdf in (made(facts), signed(facts)))
        one, other = (pdf.pages[0].Contents.read_bytes() for pdf in (unsigned, whole))
        assert one == other

    def test_the_badge_lies_inside_as_data(self) -> None:
        pdf = opened(signed(sample()))
        [attached] = pdf.Root.AF
        assert str(attached.AFRelationship) == "/Data"
        assert str(attached.UF) == "open-badge.json"
        assert str(attached.EF.F.Subtype) == "/application/json"


class TestAKeyOfAnAuthority:
    @pytest.mark.parametrize("kind", ["P-256", "RSA"])
    def test_a_given_key_signs(self, kind: str, tmp_path: Path) -> None:
        private = ec.generate_private_key(ec.SECP256R1()) if kind == "P-256" else rsa.generate_private_key(65537, 3072)
        own = SigningSettings(
            tmp_path / "signing", BASE_URL, key_file=pkcs12_file(tmp_path / "own.p12", private, "s"), key_password="s"
        )
        pdf = InProcess(Templates(TEMPLATE), own).render(sample(), 0)
        said = pdfsig(pdf, tmp_path)
        assert VALID in said
        assert "Signer Certificate Common Name: Ministry" in said
        assert check_pdf(pdf, former_and_current(own)).finding is Finding.INTACT
        assert len(pdf) < 30_000


class Authority(BaseHTTPRequestHandler):
    """A time stamp authority by RFC 3161 that runs in the test."""

    stamper: DummyTimeStamper
    asked: list[bytes]

    def do_POST(self) -> None:
        question = self.rfile.read(int(self.headers["Content-Length"]))
        self.asked.append(question)
        answer = self.stamper.request_tsa_response(asn1crypto.tsp.TimeStampReq.load(question)).dump()
        self.send_response(200)
        self.send_header("Content-Type", "application/timestamp-reply")
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *_: object) -> None:
        """A test prints nothing."""


STAMPED = datetime(2026, 11, 22, 10, 30, tzinfo=UTC)


@pytest.fixture
def authority() -> Iterator[tuple[str, list[bytes]]]:
    """Its address, and the questions it was asked."""
    # pyHanko's own authority for tests signs with RSA only.
    private = rsa.generate_private_key(65537, 2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Time stamps of the test")])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(private.public_key())
        .serial_number(7)
        .not_valid_before(datetime(2026, 1, 1, tzinfo=UTC))
        .not_valid_after(datetime(2046, 1, 1, tzinfo=UTC))
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING]), critical=True)
        .sign(private, hashes.SHA256())
    )
    der = serialization.Encoding.DER
    packed = private.private_bytes(der, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    asked: list[bytes] = []
    stamper = DummyTimeStamper(
        asn1crypto.x509.Certificate.load(certificate.public_bytes(der)),
        asn1crypto.keys.PrivateKeyInfo.load(packed),
        fixed_dt=STAMPED,
    )
    server = HTTPServer(("127.0.0.1", 0), type("Own", (Authority,), {"stamper": stamper, "asked": asked}))
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/", asked
    server.shutdown()
    thread.join()
    server.server_close()


class TestTimeStamps:
    def test_an_authority_confirms_the_time_and_the_file_stays_as_valid(
        self, authority: tuple[str, list[bytes]], tmp_path: Path
    ) -> None:
        address, asked = authority
        own = replace(settings(), timestamp_url=address)
        process = RenderingProcess(Templates(TEMPLATE), own)
        try:
            pdf = process.render(sample(), 0)
        finally:
            process.close()
        assert asked
        assert VALID in pdfsig(pdf, tmp_path)
        [signature] = PdfFileReader(io.BytesIO(pdf)).embedded_signatures
        token = signature.signer_info["unsigned_attrs"][0]["values"][0]["content"]["encap_content_info"]["content"]
        assert token.parsed["gen_time"].native == STAMPED
        assert check_pdf(pdf, former_and_current(own)).finding is Finding.INTACT
        (tmp_path / "stamped.pdf").write_bytes(pdf)
        assert broken_rules([(flavour, tmp_path / "stamped.pdf") for flavour in ("ua1", "3a")]) == {}

    def test_without_the_authority_there_is_no_file_rather_than_one_without_a_time(self) -> None:
        process = RenderingProcess(Templates(TEMPLATE), replace(settings(), timestamp_url="http://127.0.0.1:9/"))
        try:
            with pytest.raises(PdfNotAvailable, match="timestamp server"):
                process.render(sample(), 0)
        finally:
            process.close()


def signer_serial(pdf: bytes) -> int:
    [signature] = PdfFileReader(io.BytesIO(pdf)).embedded_signatures
    return int(signature.signer_cert.serial_number)
