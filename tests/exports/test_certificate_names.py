"""Every name is printed right: its letters, its order, its place on the page."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from fontTools import subset  # type: ignore[import-untyped]
from fontTools.ttLib import TTFont  # type: ignore[import-untyped]

from tests.exports.certificates import CERTIFICATES, TEMPLATE, TWELVE_MODULES, made, sample, text_lines, words
from tests.exports.drawn_names import ALIKE, difference, drawn, printed

FONTS = CERTIFICATES / "fonts"
PLAIN = "SourceSans3-Regular.ttf"

#: A name, the font that should set it, and the way it runs.
HARD_NAMES = [
    ("Aino Öhman", PLAIN, "ltr"),
    ("Áŋŋel Eŋŋa Šoŋ", PLAIN, "ltr"),
    ("Łukasz Žižek-Đorđević", PLAIN, "ltr"),
    ("Nguyễn Thị Phượng", PLAIN, "ltr"),
    ("Людмила Їжакевич", PLAIN, "ltr"),
    ("Ø", PLAIN, "ltr"),
    ("i", PLAIN, "ltr"),
    ("Ǩiõrǥǥ Ǩeässmuʹvddem", "NotoSans-Regular.ttf", "ltr"),
    ("ليلى عبد الرحمن علاء", "NotoNaskhArabic-Regular.ttf", "rtl"),
    ("ژیلا گلپایگانی", "NotoNaskhArabic-Regular.ttf", "rtl"),
    ("שרה לוי", "NotoSansHebrew-Regular.ttf", "rtl"),
    ("ሰላም ተስፋዬ", "NotoSansEthiopic-Regular.ttf", "ltr"),
    ("सीता श्रेष्ठ", "NotoSansDevanagari-Regular.ttf", "ltr"),
    ("สมศรี ใจดี", "NotoSansThai-Regular.ttf", "ltr"),
    ("Նարե Սարգսյան", "NotoSansArmenian-Regular.ttf", "ltr"),
    ("ნინო ბერიძე", "NotoSansGeorgian-Regular.ttf", "ltr"),
]

LONG_NAMES = [
    "W" * 120,
    "ŵ" * 120,
    "Wilhelmiina " * 10,
    "Maximiliana-Wilhelmiina Aleksandra von und zu Schwarzenberg-Mecklenburg Korhonen-Virtanen-Mäkeläinen de la Fuente",
    "الحسيني " * 15,
    "Nguyễn Thị Phượng Hữu Đặng",
    "Karl-Gustav Sjöström af Silfverschiöld",
]

#: Where the name may stand, in points: between the left margin and the path, above the table of facts.
LEFT, RIGHT, TABLE_TOP = 67.0, 520.0, 360.0


@pytest.mark.parametrize(("name", "font", "direction"), HARD_NAMES)
def test_the_printed_letters_are_those_of_the_font(name: str, font: str, direction: str) -> None:
    assert difference(printed(made(sample(name=name))), drawn(name, FONTS / font, direction=direction)) < ALIKE


@pytest.mark.parametrize(("name", "font", "direction"), HARD_NAMES)
def test_a_copied_name_has_its_letters_in_order(name: str, font: str, direction: str) -> None:
    assert name in text_lines(made(sample(name=name)))


@pytest.mark.parametrize(
    ("name", "mistaken"),
    [
        ("Łukasz Žižek", "Łukasz Žizek"),
        ("Šoŋ Eŋŋa", "Šoŋ Enŋa"),
        ("Phượng", "Phuợng"),
        ("Aino Öhman", "Aino Õhman"),
        ("Илья", "Ильи"),
    ],
)
def test_the_comparison_notices_a_single_wrong_letter(name: str, mistaken: str) -> None:
    assert difference(printed(made(sample(name=name))), drawn(mistaken, FONTS / PLAIN)) > ALIKE


def test_the_comparison_notices_a_font_split_by_alphabet(tmp_path: Path) -> None:
    """The fault it is there for: two files of one family, as fonts for web pages come."""
    shutil.copytree(CERTIFICATES, tmp_path / "certificates")
    template = tmp_path / "certificates" / TEMPLATE.name
    style = (template / "certificate.css").read_text(encoding="utf-8").splitlines()
    for part, letters in (("latin", range(0x100)), ("latin-ext", range(0x100, 0x2BA))):
        font, cutter = TTFont(FONTS / PLAIN), subset.Subsetter()
        cutter.populate(unicodes=letters)
        cutter.subset(font)
        font.save(template.parent / "fonts" / f"{part}.ttf")
        style.insert(0, f"@font-face {{ font-family: Certificate; src: url(fonts:{part}.ttf) }}")
    kept = [line for line in style if "SourceSans3" not in line]
    (template / "certificate.css").write_text("\n".join(kept), encoding="utf-8")
    name = "Áŋŋel Eŋŋa Šoŋ"
    pdf = made(sample(name=name), template)
    assert name in text_lines(pdf), "the text layer is right, and so no test of text can see this"
    assert difference(printed(pdf), drawn(name, FONTS / PLAIN)) > ALIKE


@pytest.mark.parametrize("name", LONG_NAMES, ids=lambda name: name[:12])
def test_a_long_name_stays_in_its_place(name: str) -> None:
    pdf = made(sample(name=name.strip(), modules=TWELVE_MODULES))
    # Poppler gives the letters of a word that runs from the right in the order of the page.
    pieces = {*name.split(), *(piece[::-1] for piece in name.split())}
    parts = [word for word in words(pdf) if any(word.text in piece for piece in pieces) and 150 < word.top < TABLE_TOP]
    assert sum(len(word.text) for word in parts) >= len(name.replace(" ", ""))
    assert min(word.left for word in parts) >= LEFT
    assert max(word.right for word in parts) <= RIGHT
    assert max(word.bottom for word in words(pdf) if word.left < RIGHT and word.top < TABLE_TOP) <= TABLE_TOP


@pytest.mark.parametrize("name", ["W" * 120, "Wilhelmiina " * 10], ids=["one-word", "ten-words"])
def test_no_letter_of_a_long_name_is_lost(name: str) -> None:
    joined = "".join("".join(text_lines(made(sample(name=name.strip())), "-raw")).split())
    assert "".join(name.split()) in joined


def test_a_long_name_is_set_smaller_than_a_short_one() -> None:
    short, long = printed(made(sample(name="Anna Hoo"))), printed(made(sample(name="Anna Hooooooooooooooooooooooo")))
    assert long.height < short.height
