"""An organisation makes its own certificate: another folder, other words, another sheet, the same guarantees."""

from __future__ import annotations

from dataclasses import replace
from io import BytesIO

import pikepdf
import pytest

from course.domain.certificate import normal_code
from course.exports.certificate_template import CertificateTemplate, Sample, Templates
from course.exports.jobs import MakeFile
from course.exports.workshop import Workshop
from tests.exports.certificates import CERTIFICATES, LANGUAGES, TEMPLATE, TWELVE_MODULES, made, sample, text_lines
from tests.exports.signing import settings

WORKPLACE = CERTIFICATES / "workplace"


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_says_its_own_words_in_every_language_and_all_the_facts(language):
    facts = Sample(WORKPLACE, language).facts()
    words = CertificateTemplate(WORKPLACE).language(language).words
    text = " ".join(text_lines(made(facts, WORKPLACE)))
    for expected in (words["organisation"], words["heading"], words["valid_until"], facts.name, facts.code):
        assert expected in text
    assert text.index(facts.name) < text.index(facts.course_title) < text.index(facts.modules[0][1])


def test_it_is_another_sheet_and_holds_the_longest_name_and_every_module():
    facts = replace(Sample(WORKPLACE, "fi").facts(), name="Ŋ" * 60 + " " + "Å" * 59, modules=TWELVE_MODULES)
    with pikepdf.open(BytesIO(made(facts, WORKPLACE))) as pdf:
        [page] = pdf.pages
        width, height = (float(side) for side in page.mediabox[2:])
    assert (round(width), round(height)) == (595, 842)


def test_both_templates_have_the_same_languages_and_a_sample_with_a_right_number():
    default, workplace = CertificateTemplate(CERTIFICATES / "default"), CertificateTemplate(WORKPLACE)
    assert default.languages.keys() == workplace.languages.keys() == set(LANGUAGES)
    for language in LANGUAGES:
        assert normal_code(Sample(WORKPLACE, language).facts().code)


def test_an_end_is_printed_where_there_is_one_and_nothing_where_there_is_none():
    end = Sample(WORKPLACE, "en").facts().valid_until
    for folder in (CERTIFICATES / "default", WORKPLACE):
        with_end = " ".join(text_lines(made(sample("en", valid_until=end), folder)))
        without = " ".join(text_lines(made(sample("en"), folder)))
        assert "Valid until" in with_end and "22 November 2029" in with_end
        assert "Valid until" not in without


def test_a_track_that_names_a_template_has_its_certificates_made_with_it_and_the_others_do_not():
    workshop = Workshop(Templates(TEMPLATE, {"health-care": WORKPLACE}), settings())
    printed = {}
    for track in ("core", "health-care"):
        pdf = workshop.do(MakeFile(sample("en", track_id=track), 0))
        assert isinstance(pdf, bytes)
        printed[track] = "Example Hospital" in " ".join(text_lines(pdf))
    assert printed == {"core": False, "health-care": True}
