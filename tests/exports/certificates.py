"""Certificates made for the tests, and what other programs see in them."""

from __future__ import annotations

import re
import subprocess
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from course.domain.certificate import CertificateFacts
from course.exports.certificate_pdf import render_certificate
from course.exports.certificate_template import Sample

CERTIFICATES = Path(__file__).parents[2] / "certificates"
TEMPLATE = CERTIFICATES / "default"
LANGUAGES = ("fi", "sv", "en")

#: Marks that poppler puts around text that runs from right to left.
_DIRECTION_MARKS = re.compile("[\u200e\u200f\u202a-\u202e\u2066-\u2069]")

TWELVE_MODULES = tuple((f"module-{number}", f"Suostumus, salassapito ja kirjaaminen {number}") for number in range(12))


class Word(NamedTuple):
    """A word on the page and the box it stands in, in points from the top left corner."""

    left: float
    top: float
    right: float
    bottom: float
    text: str


def sample(language: str = "fi", **changes: Any) -> CertificateFacts:
    """The facts that the template's own sample states, with some of them changed."""
    return replace(Sample(TEMPLATE, language).facts(), **changes)


@cache
def made(facts: CertificateFacts, template: Path = TEMPLATE) -> bytes:
    """The certificate of these facts, made once for all the tests of a process."""
    return render_certificate(facts, template)


def text_lines(pdf: bytes, *options: str) -> list[str]:
    """The text of the file as poppler copies it, line by line, without empty ones."""
    text = _run(["pdftotext", *options, "-", "-"], pdf)
    lines = (_DIRECTION_MARKS.sub("", line).strip() for line in text.replace("\f", "").splitlines())
    return [line for line in lines if line]


def words(pdf: bytes) -> list[Word]:
    """Each word with its place on the page."""
    found = re.findall(
        r'<word xMin="([\d.-]+)" yMin="([\d.-]+)" xMax="([\d.-]+)" yMax="([\d.-]+)">([^<]*)</word>',
        _run(["pdftotext", "-bbox", "-", "-"], pdf),
    )
    return [
        Word(float(left), float(top), float(right), float(bottom), text) for left, top, right, bottom, text in found
    ]


def heard(pdf: bytes, tmp_path: Path) -> str:
    """The text of the structure tree: what a screen reader goes through, in its order."""
    path = tmp_path / "certificate.pdf"
    path.write_bytes(pdf)
    return " ".join(re.findall(r'^ *"(.*)"$', _run(["pdfinfo", "-struct-text", str(path)], b""), re.MULTILINE))


def _run(command: list[str], given: bytes) -> str:
    return subprocess.run(command, input=given, capture_output=True, check=True).stdout.decode()
