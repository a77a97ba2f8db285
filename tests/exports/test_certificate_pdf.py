"""The certificate as a file: valid, readable by people and programs, the same every time."""

from __future__ import annotations

import io
import shutil
import subprocess
import sys
from pathlib import Path
from typing import cast

import page
import pikepdf
import pytest
import segno

from course.domain.certificate import CertificateFacts
from course.domain.errors import PdfNotAvailable
from course.exports import certificate_pdf
from course.exports.certificate_pdf import available, letters_without_font, render_certificate
from course.exports.certificate_template import Templates
from tests.exports.certificates import LANGUAGES, TEMPLATE, TWELVE_MODULES, heard, made, sample, text_lines

EVERY_KIND_OF_PAGE = [
    *(sample(language) for language in LANGUAGES),
    sample(name="ليلى عبد الرحمن", modules=TWELVE_MODULES),
    sample(name="Ǩiõrǥǥ " * 15, modules=TWELVE_MODULES[:1]),
]


def opened(pdf: bytes) -> pikepdf.Pdf:
    return pikepdf.open(io.BytesIO(pdf))


def tags(element: pikepdf.Object) -> list[pikepdf.Dictionary]:
    """All elements of a structure tree, in reading order."""
    found = []
    for kid in element.get("/K", []) if isinstance(element.get("/K"), pikepdf.Array) else [element.get("/K")]:
        if isinstance(kid, pikepdf.Dictionary) and "/S" in kid:
            found += [kid, *tags(kid)]
    return found


def tags_of(pdf: pikepdf.Pdf, kind: str) -> list[pikepdf.Dictionary]:
    return [tag for tag in tags(pdf.Root.StructTreeRoot) if str(tag.S) == f"/{kind}"]


@pytest.mark.parametrize("facts", EVERY_KIND_OF_PAGE, ids=lambda facts: f"{facts.language}-{facts.name[:5]}")
@pytest.mark.parametrize("profile", ["ua1", "3a"])
def test_one_file_is_accessible_and_made_to_last(facts: CertificateFacts, profile: str) -> None:
    report = page.validate_pdf_bytes(made(facts), profile=profile)
    assert [(failure.rule_id, failure.message) for failure in report.failures] == []
    assert report.is_compliant


@pytest.mark.parametrize("language", LANGUAGES)
class TestStructure:
    def test_the_file_says_its_language_and_that_it_is_tagged(self, language: str) -> None:
        pdf = opened(made(sample(language)))
        assert str(pdf.Root.Lang) == language
        assert bool(pdf.Root.MarkInfo.Marked)
        assert bool(pdf.Root.ViewerPreferences.DisplayDocTitle)

    def test_its_title_names_the_holder_wherever_a_program_looks(self, language: str) -> None:
        facts = sample(language)
        pdf = opened(made(facts))
        with pdf.open_metadata(set_pikepdf_as_editor=False) as xmp:
            assert xmp["dc:title"] == str(pdf.docinfo.Title)
            assert facts.name in xmp["dc:title"]
        # An archive reads the description of the file without unpacking anything.
        assert facts.name.encode() in made(facts)

    def test_it_has_one_heading_a_table_with_headers_and_a_list_of_modules(self, language: str) -> None:
        facts = sample(language)
        pdf = opened(made(facts))
        assert len(tags_of(pdf, "H1")) == 1
        assert len(tags_of(pdf, "H2")) == 1
        assert len(tags_of(pdf, "TH")) == 4
        assert len(tags_of(pdf, "LI")) == len(facts.modules)
        assert all(len(cell.A.Headers) == 1 for cell in tags_of(pdf, "TD"))

    def test_the_only_picture_is_the_code_and_it_says_what_it_is(self, language: str) -> None:
        pdf = opened(made(sample(language)))
        [figure] = tags_of(pdf, "Figure")
        assert "QR" in str(figure.Alt)

    def test_the_link_goes_to_the_check_page_and_says_so(self, language: str) -> None:
        facts = sample(language)
        pdf = opened(made(facts))
        [link] = pdf.pages[0].Annots
        assert str(link.A.URI) == facts.verify_url
        assert str(link.Contents)

    def test_every_font_is_inside_the_file(self, language: str) -> None:
        pdf = opened(made(sample(language, name="Ǩ ليلى")))
        fonts = pdf.pages[0].Resources.Font
        assert len(fonts) == 4
        for font in fonts.values():
            assert "/FontFile2" in font.DescendantFonts[0].FontDescriptor
            assert "/ToUnicode" in font

    def test_a_screen_reader_hears_it_in_the_order_of_the_page(self, language: str, tmp_path: Path) -> None:
        facts = sample(language)
        text = heard(made(facts), tmp_path)
        titles = [title for _, title in facts.modules]
        expected = [facts.issuer, facts.name, facts.track_title, facts.edition, *titles, f" {facts.code}"]
        places = [text.index(words) for words in expected]
        assert places == sorted(places)


class TestWords:
    @pytest.mark.parametrize(
        ("language", "expected"),
        [
            ("fi", ["Todistus", "on suorittanut avoimen verkkokurssin", "5,5 tuntia", "22. marraskuuta 2026"]),
            ("sv", ["Intyg", "har genomfört den öppna nätkursen", "6 timmar", "22 november 2026"]),
            ("en", ["Certificate", "has completed the open online course", "1 hour", "22 November 2026"]),
        ],
    )
    def test_it_speaks_the_language_of_its_facts(self, language: str, expected: list[str]) -> None:
        facts = sample(language)
        text = " ".join(text_lines(made(facts), "-raw"))
        for words in (*expected, facts.name, facts.course_title, facts.edition, facts.code, facts.issuer):
            assert words in text

    def test_letters_that_could_join_come_back_one_by_one(self) -> None:
        facts = sample(name="Steffi Pfiffner-Flink", course_title="Office fjord")
        assert {"Steffi Pfiffner-Flink", "Office fjord"} <= set(text_lines(made(facts)))

    def test_a_name_with_markup_is_printed_as_it_was_typed(self) -> None:
        name = '<b>Aino</b> & "Öhman" {{ facts }}'
        pdf = made(sample(name=name))
        assert name in text_lines(pdf)
        assert name in str(opened(pdf).docinfo.Title)


def test_the_code_on_the_page_is_the_address_of_the_check_page() -> None:
    facts = sample()
    pdf = opened(made(facts))
    [picture] = [found for found in pdf.pages[0].Resources.XObject.values() if str(found.Subtype) == "/Image"]
    pixels = (
        pikepdf.PdfImage(cast("pikepdf.Stream", picture))
        .as_pil_image()
        .convert("L")
        .point(lambda value: 255 if value < 128 else 0)
    )
    rows = segno.make_qr(facts.verify_url, error="m", mask=3, boost_error=False).matrix
    size = pixels.width // len(rows)
    middles = range(size // 2, pixels.width, size)
    seen = [[bool(pixels.getpixel((x, y))) for x in middles] for y in middles]
    assert seen == [[bool(module) for module in row] for row in rows]
    assert not bool(picture.Interpolate)


def test_the_same_facts_give_the_same_bytes() -> None:
    facts = sample("sv")
    assert made(facts) == render_certificate(facts, TEMPLATE) == render_certificate(facts, TEMPLATE)


def test_another_fact_gives_other_bytes() -> None:
    assert made(sample("sv")) != made(sample("sv", edition="2026.2"))


def test_the_file_carries_the_day_of_issue_and_not_the_day_of_printing() -> None:
    facts = sample()
    pdf = opened(made(facts))
    assert str(pdf.docinfo.CreationDate).startswith(f"D:{facts.issued_on:%Y%m%d}")
    assert str(pdf.docinfo.CreationDate) == str(pdf.docinfo.ModDate)


def test_a_certificate_is_small_enough_to_mail_by_the_hundred() -> None:
    assert max(len(made(facts)) for facts in EVERY_KIND_OF_PAGE) < 30_000


class TestLetters:
    def test_the_form_can_ask_which_letters_cannot_be_printed(self) -> None:
        assert letters_without_font("Áŋŋel Ǩ Łukasz Їжакевич ليلى Phượng", Templates(TEMPLATE)) == ""
        assert letters_without_font("王小明 Wang 王", Templates(TEMPLATE)) == "王小明"

    def test_the_unseen_joiner_of_persian_names_needs_no_letter(self) -> None:
        assert letters_without_font("می\u200cنا", Templates(TEMPLATE)) == ""

    def test_a_name_must_be_printable_on_the_certificate_of_every_track(self, tmp_path):
        # A template that has one typeface only, beside the shared ones.
        own = tmp_path / "latin"
        shutil.copytree(TEMPLATE, own)
        (tmp_path / "fonts").symlink_to(TEMPLATE.parent / "fonts")
        settings = (own / "certificate.yaml").read_text(encoding="utf-8")
        fonts = [line for line in settings.splitlines() if line.startswith("  - Noto")]
        (own / "certificate.yaml").write_text("\n".join(x for x in settings.splitlines() if x not in fonts), "utf-8")
        assert letters_without_font("ليلى", Templates(TEMPLATE, {"core": own})) == "ليى"


class TestWithoutTheLibraries:
    def test_this_machine_can_make_pdf_files(self) -> None:
        assert available() is None

    def test_a_missing_library_is_told_with_the_packages_that_bring_it(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(certificate_pdf, "_LIBRARIES", ("libno-such-thing.so.0",))
        available.cache_clear()
        try:
            reason = available()
            assert reason is not None
            for package in ("libpango-1.0-0", "libpangoft2-1.0-0", "libharfbuzz-subset0"):
                assert package in reason
            with pytest.raises(PdfNotAvailable, match="libno-such-thing"):
                render_certificate(sample(), TEMPLATE)
        finally:
            available.cache_clear()

    def test_weasyprint_is_not_loaded_until_a_file_is_made(self) -> None:
        program = (
            "import sys; from course.exports import rendering_process as beside;"
            "beside.available(); sys.exit('weasyprint' in sys.modules)"
        )
        subprocess.run([sys.executable, "-c", program], check=True, cwd=TEMPLATE.parents[1])
