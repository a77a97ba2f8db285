"""What a template may do, and what it is told when it asks for more."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest
import yaml
from fontTools.ttLib import TTFont  # type: ignore[import-untyped]

from course.domain.certificate import normal_code, normal_name
from course.exports.certificate_pdf import render_certificate
from course.exports.certificate_template import CertificateTemplate, TemplateFault, hours_in_words
from course.exports.font_face import FontFace, width
from course.exports.trail import trail
from tests.exports.certificates import CERTIFICATES, LANGUAGES, TEMPLATE, sample, text_lines

FONTS = sorted((CERTIFICATES / "fonts").glob("*.ttf"))
Changed = Callable[..., Path]


@pytest.fixture
def changed(tmp_path: Path) -> Changed:
    """A copy of the template folder with something replaced in one of its files."""

    def change(file: str, old: str, new: str) -> Path:
        (tmp_path / "fonts").symlink_to(CERTIFICATES / "fonts")
        folder = tmp_path / "own"
        shutil.copytree(TEMPLATE, folder)
        before = (folder / file).read_text(encoding="utf-8")
        assert old in before
        (folder / file).write_text(before.replace(old, new, 1), encoding="utf-8")
        return folder

    return change


class TestWhatAPageMayLoad:
    @pytest.mark.parametrize(
        "address",
        [
            "file:///etc/hostname",
            "http://127.0.0.1:9/logo.png",
            "https://example.org/logo.png",
            "data:image/png;base64,AAAA",
            "template:../../pyproject.toml",
            "template:/etc/hostname",
            "fonts:../default/certificate.yaml",
            "template:no-such-picture.png",
            "drawing:../default/certificate.yaml",
            "qr:something-else",
        ],
    )
    def test_a_picture_from_elsewhere_or_missing_stops_the_work(self, changed: Changed, address: str) -> None:
        folder = changed("certificate.html", "qr:verify", address)
        with pytest.raises(TemplateFault):
            render_certificate(sample(), folder)

    def test_a_style_sheet_cannot_reach_out_either(self, changed: Changed) -> None:
        folder = changed("certificate.css", "drawing:trail.svg", "file:///etc/hostname")
        with pytest.raises(TemplateFault, match="may not load file:///etc/hostname"):
            render_certificate(sample(), folder)

    def test_a_font_that_is_missing_stops_the_work(self, changed: Changed) -> None:
        folder = changed("certificate.css", "fonts:SourceSans3-Regular.ttf", "fonts:SourceSans9.ttf")
        with pytest.raises(TemplateFault, match="SourceSans9"):
            render_certificate(sample(), folder)

    def test_a_file_of_its_own_folder_can_be_shown(self, changed: Changed) -> None:
        folder = changed("certificate.html", 'src="qr:verify"', 'src="template:seal.svg"')
        (folder / "seal.svg").write_text('<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"/>')
        assert render_certificate(sample(), folder).startswith(b"%PDF")


class TestWhatAPageMaySee:
    @pytest.mark.parametrize(
        "asked",
        [
            "{{ facts.minutes }}",
            "{{ facts.learner_id }}",
            "{{ facts.__class__.__mro__ }}",
            "{{ path.__init__.__globals__ }}",
            "{{ ''.__class__.__subclasses__() }}",
            "{% set _ = words.update(heading='x') %}",
            "{% include '../../pyproject.toml' %}",
        ],
    )
    def test_more_than_the_listed_facts_is_a_fault(self, changed: Changed, asked: str) -> None:
        with pytest.raises(TemplateFault, match=r"certificate\.html"):
            CertificateTemplate(changed("certificate.html", "{{ words.statement }}", asked)).page(sample())

    def test_a_listed_fact_can_be_shown(self, changed: Changed) -> None:
        folder = changed("certificate.yaml", "fields: [", "fields: [minutes, ")
        page = (folder / "certificate.html").read_text(encoding="utf-8")
        (folder / "certificate.html").write_text(
            page.replace("{{ hours }}", "{{ facts.minutes }} min"), encoding="utf-8"
        )
        assert "315 min" in CertificateTemplate(folder).page(sample())


class TestWhatIsRefused:
    @pytest.mark.parametrize(
        ("old", "new", "told"),
        [
            ("format: 1", "format: 2", "format"),
            ("fields: [", "fields: [shoe_size, ", "shoe_size"),
            ("name_fonts:", "fonts:", "name_fonts"),
            ("trail:", "path:", "trail"),
        ],
    )
    def test_settings_that_make_no_sense_are_told(self, changed: Changed, old: str, new: str, told: str) -> None:
        with pytest.raises(TemplateFault, match=told):
            CertificateTemplate(changed("certificate.yaml", old, new))

    @pytest.mark.parametrize(
        ("old", "new", "told"),
        [
            ('<html lang="{{ language }}">', '<html lang="et">', "language"),
            ("<title>{{ words.heading }}: {{ facts.name }}", "<title>{{ words.heading }}", "title"),
            ('alt="{{ words.qr }}"', "", "alt"),
            ("</body>", '<p style="break-before: page">more</p></body>', "one page"),
            ("{{ words.statement }}", "王", "王"),
            ("{{ words.statement }}", '<span style="colour: red">x</span>', "colour"),
        ],
    )
    def test_a_page_that_would_print_badly_is_not_printed(
        self, changed: Changed, old: str, new: str, told: str
    ) -> None:
        with pytest.raises(TemplateFault, match=told):
            render_certificate(sample(), changed("certificate.html", old, new))

    def test_a_name_that_no_font_has_is_not_printed_as_boxes(self) -> None:
        with pytest.raises(TemplateFault, match="王小明"):
            render_certificate(sample(name="王小明"), TEMPLATE)

    def test_a_language_without_words_has_no_certificate(self) -> None:
        with pytest.raises(TemplateFault, match="et"):
            render_certificate(replace(sample(), language="et"), TEMPLATE)


class TestTheDefaultTemplate:
    def test_every_language_has_the_same_words(self) -> None:
        languages = CertificateTemplate(TEMPLATE).languages
        assert set(languages) == set(LANGUAGES)
        assert len({frozenset(language.words) for language in languages.values()}) == 1

    @pytest.mark.parametrize("language", LANGUAGES)
    def test_the_sample_could_be_a_real_certificate(self, language: str) -> None:
        facts = sample(language)
        assert normal_name(facts.name) == facts.name
        assert normal_code(facts.code) == facts.code
        assert facts.verify_url.endswith(facts.code)

    def test_every_word_is_used(self) -> None:
        page = (TEMPLATE / "certificate.html").read_text(encoding="utf-8")
        used = set(re.findall(r"words\.(\w+)", page))
        assert used == set(CertificateTemplate(TEMPLATE).languages["fi"].words)

    def test_the_style_sheet_loads_the_fonts_that_names_are_measured_with(self) -> None:
        style = (TEMPLATE / "certificate.css").read_text(encoding="utf-8")
        settings = yaml.safe_load((TEMPLATE / "certificate.yaml").read_text(encoding="utf-8"))
        loaded = re.findall(r"fonts:([\w.-]+)", style)
        assert [name for name in loaded if name in settings["name_fonts"]] == settings["name_fonts"]
        assert {path.name for path in FONTS} == set(loaded)

    def test_the_fonts_come_with_their_licences(self) -> None:
        texts = [path.read_text(encoding="utf-8") for path in sorted((CERTIFICATES / "fonts").glob("OFL-*.txt"))]
        assert len(texts) == 2
        assert all("SIL OPEN FONT LICENSE Version 1.1" in text for text in texts)

    @pytest.mark.parametrize(
        ("minutes", "language", "words"),
        [
            (315, "fi", "5,5 tuntia"),
            (60, "fi", "1 tunti"),
            (30, "sv", "0,5 timmar"),
            (60, "sv", "1 timme"),
            (150, "en", "2.5 hours"),
            (60, "en", "1 hour"),
        ],
    )
    def test_hours_are_written_as_the_language_writes_them(self, minutes: int, language: str, words: str) -> None:
        assert hours_in_words(minutes, CertificateTemplate(TEMPLATE).languages[language]) == words

    @pytest.mark.parametrize(
        ("name", "direction", "plain"),
        [("Aino", "ltr", True), ("ليلى Hosseini", "rtl", False), ("Ǩiõrǥǥ", "ltr", False), ("'שרה", "rtl", False)],
    )
    def test_the_page_is_told_how_to_set_the_name(self, name: str, direction: str, plain: bool) -> None:
        holder = CertificateTemplate(TEMPLATE).holder(name)
        assert (holder.direction, holder.plain) == (direction, plain)

    def test_a_copied_folder_is_a_certificate_of_its_own(self, changed: Changed) -> None:
        folder = changed("certificate.yaml", "heading: Todistus", "heading: Kurssitodistus")
        assert "Kurssitodistus" in text_lines(render_certificate(sample(), folder))


class TestFontFace:
    @pytest.mark.parametrize("path", FONTS, ids=lambda path: path.stem)
    def test_letters_and_widths_are_those_of_the_file(self, path: Path) -> None:
        font = TTFont(path)
        units, advances = font["head"].unitsPerEm, font["hmtx"].metrics
        expected = {chr(code): advances[glyph][0] / units for code, glyph in font.getBestCmap().items()}
        assert FontFace.read(path).widths == expected

    def test_a_text_is_as_wide_as_its_letters_in_the_first_font_that_has_them(self) -> None:
        first, second = FontFace({"a": 0.5}), FontFace({"a": 0.9, "b": 0.25})
        assert width("aab", [first, second]) == 1.25
        assert width("aab", [second, first]) == 2.05
        assert not first.has("ab") and second.has("ab")


class TestTrail:
    @pytest.mark.parametrize("count", [1, 2, 9, 12, 40])
    def test_each_module_has_its_station_on_the_path_in_order(self, count: int) -> None:
        path = trail(count, x=200, swing=8, top=-6, first=40, last=180, bottom=216)
        assert len(path.stations) == count
        heights = [station.y for station in path.stations]
        assert heights == sorted(set(heights))
        assert heights[0] == 40 and (count == 1 or heights[-1] == pytest.approx(180))
        assert all(192 <= station.x <= 208 for station in path.stations)

    def test_the_line_runs_through_the_stations(self) -> None:
        path = trail(9, x=200, swing=8, top=-6, first=40, last=180, bottom=216)
        # The end of each curve of the line, joined by straight pieces, comes as near as the width of a hair.
        ends = [(float(x), float(y)) for x, y in re.findall(r"([\d.-]+) ([\d.-]+)(?=C|$)", path.line)]
        for station in path.stations:
            (x1, y1), (x2, y2) = next(pair for pair in pairwise(ends) if pair[1][1] >= station.y)
            assert x1 + (x2 - x1) * (station.y - y1) / (y2 - y1) == pytest.approx(station.x, abs=0.25)
        assert ends[0][1] == -6 and ends[-1][1] == 216
