"""Every certificate is PDF/UA-1 and PDF/A-3a at once, signed and unsigned: two validators, forty names, 3 languages."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

import page
import pikepdf
import pytest

from tests.exports.certificates import CERTIFICATES, LANGUAGES, TEMPLATE, TWELVE_MODULES, made, sample
from tests.exports.hard_names import HARD_NAMES, HardName
from tests.exports.signing import signed
from tests.exports.verapdf import broken_rules

FLAVOURS = ("ua1", "3a")
WORKPLACE = CERTIFICATES / "workplace"
#: A rule of page-validation that is wrong: when the packed data of a stream happen to end with a carriage return, it
#: takes that for a part of the line end that follows. veraPDF counts as the file says, and passes the same files.
FALSE_ALARM = "PDFA3A-STREAM-LENGTH-001"


def written(folder: Path, name: str, pdf: bytes) -> Path:
    path = folder / f"{name}.pdf"
    path.write_bytes(pdf)
    return path


def faults_seen_by_page(pdf: bytes) -> list[str]:
    """Rule and message of each fault, in both flavours."""
    reports = [page.validate_pdf_bytes(pdf, profile=flavour) for flavour in FLAVOURS]
    failures = [failure for report in reports for failure in report.failures]
    assert all(report.is_compliant or report.failures for report in reports)
    ignored = {FALSE_ALARM} if b"\r\nendstream" in pdf else set()
    return [f"{one.rule_id} {one.message}" for one in failures if one.rule_id not in ignored]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("template", "names"), [(TEMPLATE, HARD_NAMES), (WORKPLACE, HARD_NAMES[::6])])
def test_certificates_of_hard_names_comply_signed_and_unsigned(
    template: Path, names: Sequence[HardName], language: str, tmp_path: Path
) -> None:
    questions, faults = [], {}
    for number, hard in enumerate(names):
        modules = TWELVE_MODULES if number % 2 else sample(language).modules
        end = date(2029, 11, 22) if number % 3 else None
        facts = sample(language, name=hard.name, modules=modules, valid_until=end)
        for kind, pdf in (("unsigned", made(facts, template)), ("signed", signed(facts, template))):
            path = written(tmp_path, f"{number}-{kind}", pdf)
            questions += [(flavour, path) for flavour in FLAVOURS]
            faults[f"{hard} {kind}"] = faults_seen_by_page(pdf)
    assert {name: found for name, found in faults.items() if found} == {}
    assert len(questions) == 4 * len(names) and len(HARD_NAMES) == 40
    assert broken_rules(questions) == {}


class TestTheValidatorsAreAwake:
    """A validator that passes everything would pass every test above."""

    @pytest.mark.parametrize("flavour", FLAVOURS)
    def test_a_file_without_tags_and_description_is_refused(self, flavour: str, tmp_path: Path) -> None:
        path = written(tmp_path, "certificate", made(sample()))
        with pikepdf.open(path, allow_overwriting_input=True) as pdf:
            del pdf.Root.StructTreeRoot
            del pdf.Root.Metadata
            pdf.save(path)
        assert list(broken_rules([(flavour, path)])) == [(flavour, path)]
        assert faults_seen_by_page(path.read_bytes())

    def test_an_attachment_that_does_not_say_how_it_belongs_to_the_file_is_refused(self, tmp_path: Path) -> None:
        path = written(tmp_path, "certificate", signed(sample()))
        with pikepdf.open(path, allow_overwriting_input=True) as pdf:
            del pdf.Root.AF[0].AFRelationship
            pdf.save(path)
        assert "AFRelationship" in broken_rules([("3a", path)])["3a", path]


def test_no_signed_certificate_is_larger_than_thirty_kilobytes() -> None:
    sizes = {
        f"{language} {hard}": len(
            signed(sample(language, name=hard.name, modules=TWELVE_MODULES, valid_until=date(2029, 11, 22)))
        )
        for language in LANGUAGES
        for hard in HARD_NAMES
    }
    assert {name: size for name, size in sizes.items() if size > 30_000} == {}
