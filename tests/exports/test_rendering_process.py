"""Certificates made beside the web process are those made here, and the web process stays light."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from course.domain.certificate_file import CheckedFile, Finding
from course.domain.errors import PdfNotAvailable
from course.exports.certificate_template import Templates
from course.exports.rendering_process import InProcess, RenderingProcess
from course.exports.signing_keys import SigningSettings, former_and_current, rotate_keys, signing_keys
from course.exports.uploaded_pdf import check_pdf
from tests.exports.certificates import TEMPLATE, sample
from tests.exports.signing import BASE_URL, settings
from tests.exports.test_pdf_signature import signer_serial


@pytest.fixture
def process(tmp_path: Path) -> Iterator[RenderingProcess]:
    process = RenderingProcess(Templates(TEMPLATE), SigningSettings(tmp_path / "signing", BASE_URL))
    yield process
    process.close()


def test_the_file_made_beside_is_a_certificate_of_ours_and_nothing_else_is_left(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # WeasyPrint copies the fonts into the temporary folder, and only a process that ends in good order removes them.
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    process = RenderingProcess(Templates(TEMPLATE), settings())
    try:
        # The second one of a kind leaves a form behind, and with it the fonts.
        pdf = [process.render(sample(), 0) for _ in range(3)][-1]
        assert list(tmp_path.glob("weasyprint-*/*"))
    finally:
        process.close()
    assert check_pdf(pdf, former_and_current(settings())) == CheckedFile(Finding.INTACT, sample().code)
    assert list(tmp_path.iterdir()) == []


def test_nothing_is_started_and_no_key_is_made_before_the_first_certificate(tmp_path: Path) -> None:
    process = RenderingProcess(Templates(TEMPLATE), SigningSettings(tmp_path / "signing", BASE_URL))
    assert not process.running
    assert not (tmp_path / "signing").exists()


def test_a_process_woken_ahead_is_running_before_the_first_certificate_is_asked_for(process: RenderingProcess) -> None:
    process.wake()
    assert process.running


def test_a_process_that_lives_signs_with_the_new_key_as_soon_as_there_is_one(
    process: RenderingProcess, tmp_path: Path
) -> None:
    own = SigningSettings(tmp_path / "signing", BASE_URL)
    first = process.render(sample(), 0)
    rotate_keys(own)
    second = process.render(sample(), 0)
    assert signer_serial(first) != signer_serial(second) == signing_keys(own).document.certificate.serial_number


def test_badges_and_status_lists_are_made_there_too(process: RenderingProcess) -> None:
    assert process.badge(sample(), 3).count(".") == 2
    assert b"BitstringStatusListCredential" in process.status_list(0, (3,))


def test_a_key_that_cannot_be_used_is_told_in_words(tmp_path: Path) -> None:
    given = SigningSettings(tmp_path / "signing", BASE_URL, key_file=tmp_path / "none.p12")
    process = RenderingProcess(Templates(TEMPLATE), given)
    try:
        with pytest.raises(PdfNotAvailable, match="cannot be read"):
            process.render(sample(), 0)
    finally:
        process.close()


def test_here_too_a_fault_of_the_template_means_that_there_is_no_pdf() -> None:
    with pytest.raises(PdfNotAvailable, match="王"):
        InProcess(Templates(TEMPLATE), settings()).render(sample(name="王"), 0)


def test_the_web_process_loads_none_of_what_makes_the_files() -> None:
    program = (
        "import sys; from course.extension import Course; import course.exports.rendering_process;"
        "heavy = {'weasyprint', 'pyhanko', 'asn1crypto', 'openbadgeslib', 'pyld', 'PIL'} & set(sys.modules);"
        "sys.exit(', '.join(heavy) or 0)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=TEMPLATE.parents[1], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
