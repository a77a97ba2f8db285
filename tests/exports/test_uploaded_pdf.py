"""A file that somebody brings: ours and intact, ours but changed, or not ours. Whatever it is, nothing breaks."""

from __future__ import annotations

import io
import random
import zlib
from pathlib import Path

import pikepdf
import pytest
from cryptography import x509
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader

from course.domain.certificate_file import LARGEST_FILE, CheckedFile, Finding
from course.domain.errors import PdfNotAvailable
from course.exports.certificate_template import Templates
from course.exports.jobs import MakeFile
from course.exports.pdf_signature import CertificateSigner
from course.exports.rendering_process import CheckingProcess
from course.exports.signing_keys import SigningSettings, former_and_current, signing_keys
from course.exports.uploaded_pdf import check_pdf
from course.exports.workshop import Workshop
from tests.exports.certificates import TEMPLATE, made, sample
from tests.exports.signing import settings, signed

FACTS = sample()
FOREIGN, CHANGED = CheckedFile(Finding.FOREIGN), CheckedFile(Finding.CHANGED)


def ours() -> tuple[x509.Certificate, ...]:
    signed(FACTS)
    return former_and_current(settings())


def checked(pdf: bytes) -> CheckedFile:
    return check_pdf(pdf, ours())


def signature_place(pdf: bytes) -> range:
    """Where the signature itself stands in the file."""
    [signature] = PdfFileReader(io.BytesIO(pdf)).embedded_signatures
    return range(int(signature.byte_range[1]), int(signature.byte_range[2]))


def appended(pdf: bytes) -> bytes:
    """The file with another language written at its end: what the signature covers is not touched."""
    writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
    writer.root["/Lang"] = type(writer.root["/Lang"])("la")
    writer.update_root()
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def rewritten(pdf: bytes) -> bytes:
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        opened.save(out)
    return out.getvalue()


def signed_by_another_site(tmp_path: Path) -> bytes:
    pdf = Workshop(Templates(TEMPLATE), SigningSettings(tmp_path / "other", "https://course.example")).do(
        MakeFile(FACTS, 0)
    )
    assert isinstance(pdf, bytes)
    return pdf


class TestFindings:
    def test_a_certificate_as_we_made_it_is_intact_and_tells_its_number(self) -> None:
        assert checked(signed(FACTS)) == CheckedFile(Finding.INTACT, FACTS.code)

    def test_a_flipped_byte_is_a_change_wherever_it_is(self) -> None:
        pdf, chance = signed(FACTS), random.Random(4)
        hole = signature_place(pdf)
        places = [*chance.sample([at for at in range(len(pdf)) if at not in hole], 300), 0, len(pdf) - 1]
        found = set()
        for place in places:
            flipped = bytearray(pdf)
            flipped[place] ^= 1 << chance.randrange(8)
            found.add((checked(bytes(flipped)), flipped.startswith(b"%PDF-")))
        assert found <= {(CHANGED, True), (FOREIGN, False)}
        assert (CHANGED, True) in found

    def test_a_byte_of_the_signature_cannot_make_it_another_certificate(self) -> None:
        pdf = signed(FACTS)
        for place in signature_place(pdf)[::7]:
            flipped = bytearray(pdf)
            flipped[place] ^= 1
            assert checked(bytes(flipped)) in (CHANGED, CheckedFile(Finding.INTACT, FACTS.code))

    def test_something_written_into_the_room_behind_the_signature_is_a_change(self) -> None:
        pdf = bytearray(signed(FACTS))
        end = signature_place(bytes(pdf)).stop
        assert pdf[end - 12 : end - 1] == b"0" * 11
        pdf[end - 12 : end - 4] = b"DEADBEEF"
        assert checked(bytes(pdf)) == CHANGED

    @pytest.mark.parametrize(
        "change",
        [appended, rewritten, lambda pdf: pdf + b"\n", lambda pdf: pdf[:-1]],
        ids=["appended", "rewritten", "one byte more", "one byte less"],
    )
    def test_what_was_added_left_out_or_written_anew_is_a_change(self, change: object) -> None:
        assert callable(change)
        assert checked(change(signed(FACTS))) in (CHANGED, FOREIGN)
        assert checked(change(signed(FACTS))) != CheckedFile(Finding.INTACT, FACTS.code)

    def test_another_name_in_the_description_is_a_change(self) -> None:
        name, other = FACTS.name.encode(), FACTS.name.swapcase().encode()
        assert checked(signed(FACTS).replace(name, other)) == CHANGED

    def test_the_same_certificate_signed_by_another_site_is_not_ours(self, tmp_path: Path) -> None:
        assert checked(signed_by_another_site(tmp_path)) == FOREIGN

    def test_a_page_of_ours_that_another_site_signed_is_not_ours(self, tmp_path: Path) -> None:
        other = CertificateSigner(signing_keys(SigningSettings(tmp_path, "https://other.example")).document)
        assert checked(other.sign(made(FACTS), field_name="x")) == FOREIGN

    def test_an_unsigned_certificate_is_not_ours(self) -> None:
        assert checked(made(FACTS)) == FOREIGN


class TestHostileFiles:
    @pytest.mark.parametrize(
        "content",
        [
            b"",
            b"%PDF-",
            b"%PDF-1.7\n" + b"<<" * 50_000,
            b"%PDF-1.7\n" + b"[" * 100_000 + b"\nstartxref\n9\n%%EOF",
            b"%PDF-1.7\nxref\n0 99999999\ntrailer<</Size 99999999/Prev 9>>\nstartxref\n9\n%%EOF",
            b"%PDF-1.7\n1 0 obj<</Type/XRef/W[8 8 8]/Size 9/Filter/FlateDecode/Length 9>>stream\n"
            + zlib.compress(bytes(50_000_000))
            + b"\nendstream endobj\nstartxref\n9\n%%EOF",
            b"PK\3\4",
        ],
        ids=["empty", "only a head", "dictionaries", "lists", "a loop", "a bomb", "a zip"],
    )
    def test_they_are_not_ours(self, content: bytes) -> None:
        assert checked(content) == FOREIGN

    def test_what_is_far_too_large_is_not_even_opened(self) -> None:
        assert checked(signed(FACTS) + bytes(LARGEST_FILE)) == FOREIGN


class TestTheProcess:
    def test_it_checks_beside_and_says_the_same(self) -> None:
        signed(FACTS)
        process = CheckingProcess(settings())
        try:
            assert process.check(signed(FACTS)) == CheckedFile(Finding.INTACT, FACTS.code)
            assert process.check(appended(signed(FACTS))) == CHANGED
            assert process.check(b"%PDF-") == FOREIGN
        finally:
            process.close()

    def test_what_is_no_pdf_or_too_large_does_not_even_start_it(self) -> None:
        process = CheckingProcess(settings())
        assert process.check(b"PK\3\4") == FOREIGN
        assert process.check(b"%PDF-" + bytes(LARGEST_FILE)) == FOREIGN
        assert not process.running

    def test_a_file_that_takes_too_long_is_given_up(self) -> None:
        process = CheckingProcess(settings(), timeout=0.001)
        with pytest.raises(PdfNotAvailable, match=r"0\.001 seconds"):
            process.check(signed(FACTS))
        assert not process.running
