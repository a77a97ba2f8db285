"""Keys made for the tests, and certificates signed with them."""

from __future__ import annotations

import atexit
import re
import shutil
import subprocess
import tempfile
from functools import cache
from pathlib import Path

from course.domain.certificate import CertificateFacts
from course.exports.certificate_template import Templates
from course.exports.jobs import MakeFile
from course.exports.signing_keys import SigningSettings
from course.exports.workshop import Workshop
from tests.exports.certificates import TEMPLATE

BASE_URL = "https://course.example"


@cache
def settings() -> SigningSettings:
    """One folder with keys for all the tests of a process that do not change them."""
    folder = Path(tempfile.mkdtemp(prefix="signing-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return SigningSettings(folder, BASE_URL)


@cache
def workshop(template: Path = TEMPLATE) -> Workshop:
    return Workshop(Templates(template), settings())


@cache
def signed(facts: CertificateFacts, template: Path = TEMPLATE) -> bytes:
    pdf = workshop(template).do(MakeFile(facts, 0))
    assert isinstance(pdf, bytes)
    return pdf


def pdfsig(pdf: bytes, tmp_path: Path) -> list[str]:
    """What poppler says of the file's signatures, line by line."""
    path = tmp_path / "signed.pdf"
    path.write_bytes(pdf)
    done = subprocess.run(["pdfsig", "-nocert", str(path)], capture_output=True, text=True, check=False)
    return [re.sub(r"^[\s-]+", "", line) for line in done.stdout.splitlines()]
