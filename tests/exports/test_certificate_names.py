"""Every name is printed right: its letters, its order, its place on the page."""

from __future__ import annotations

import shutil
from itertools import combinations
from pathlib import Path

import pytest
from fontTools import subset  # type: ignore[import-untyped]
from fontTools.ttLib import TTFont  # type: ignore[import-untyped]

from tests.exports.certificates import (
    CERTIFICATES,
    LANGUAGES,
    TEMPLATE,
    TWELVE_MODULES,
    made,
    sample,
    text_lines,
    words,
)
from tests.exports.drawn_names import ALIKE, difference, drawn, printed
from tests.exports.hard_names import HARD_NAMES, LONG, PLAIN, SHORT, HardName

FONTS = CERTIFICATES / "fonts"

#: Where the name may stand, in points: between the left margin and the path, above the table of facts.
LEFT, RIGHT, TABLE_TOP = 67.0, 520.0, 360.0


def lines_of(name: str, pdf: bytes) -> list[str]:
    """The lines that the name takes in the copied text, its letters in their order; a fault when it is not there."""
    whole = "".join(name.split())
    # As the page is read, poppler drops a hyphen at the end of a line; as it was written, it does not.
    for lines in (text_lines(pdf), text_lines(pdf, "-raw")):
        for first, last in combinations(range(len(lines) + 1), 2):
            if "".join("".join(lines[first:last]).split()) == whole:
                return lines[first:last]
    raise AssertionError(f"{name} is not in the text")


def test_there_are_forty_hard_names() -> None:
    assert len(set(HARD_NAMES)) == 40
    assert sum(len(hard.name) == 120 for hard in HARD_NAMES) >= 2


@pytest.mark.parametrize("hard", HARD_NAMES, ids=str)
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_printed_letters_are_those_of_the_font_and_copied_they_are_in_order(hard: HardName, language: str) -> None:
    pdf = made(sample(language, name=hard.name))
    lines = lines_of(hard.name, pdf)
    expected = drawn(lines, FONTS / hard.font, direction=hard.direction, line_height=hard.line_height)
    assert difference(printed(pdf), expected, lines=len(lines)) < ALIKE


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


def test_the_comparison_notices_a_wrong_letter_in_a_name_of_several_lines() -> None:
    name = ("Wilhelmiina " * 10).strip()
    pdf = made(sample(name=name))
    lines = lines_of(name, pdf)
    assert len(lines) == 3
    lines[1] = lines[1].replace("n", "ñ", 1)
    assert difference(printed(pdf), drawn(lines, FONTS / PLAIN), lines=3) > ALIKE


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


@pytest.mark.parametrize("hard", [*LONG, *SHORT[-2:]], ids=str)
def test_a_long_name_stays_in_its_place(hard: HardName) -> None:
    name = hard.name
    pdf = made(sample(name=name, modules=TWELVE_MODULES))
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
