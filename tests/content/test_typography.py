"""Quotation marks, spaces that do not break, and soft hyphens."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from course.content import formats
from course.content.typography import NBSP, SOFT_HYPHEN, break_points, hyphenated, plain, quoted, shaped, spaced


def word_list(language: str) -> list[tuple[str, set[int]]]:
    """(word, places where it may break) of every word in the list."""
    words = []
    lines = (Path(__file__).parent / f"hyphenation_{language}.txt").read_text(encoding="utf-8").splitlines()
    for line in lines:
        if not line.startswith("#"):
            parts = line.split("-")
            words.append(("".join(parts), {sum(map(len, parts[:end])) for end in range(1, len(parts))}))
    return words


@pytest.mark.parametrize(("language", "at_least"), [("fi", 200), ("sv", 40)])
def test_words_of_the_field_never_break_in_a_wrong_place(language: str, at_least: int):
    allowed: dict[str, set[int]] = {}
    for word, places in word_list(language):
        allowed[word] = allowed.get(word, set()) | places
    wrong = {word: set(break_points(word, language)) - places for word, places in allowed.items()}

    assert len(allowed) >= at_least
    assert {word: places for word, places in wrong.items() if places} == {}


@pytest.mark.parametrize("language", ["fi", "sv"])
def test_nearly_every_long_word_may_break_somewhere(language: str):
    words = {word for word, _ in word_list(language)}
    whole = [word for word in words if not break_points(word, language)]
    assert len(whole) <= len(words) / 50


@pytest.mark.parametrize(
    ("word", "broken"),
    [
        ("rikosilmoitus", "rikos-il-moitus"),
        ("toipumisaika", "toipu-mis-aika"),
        ("asianomistaja", "asian-omis-taja"),
        ("hyväksikäyttö", "hyväk-si-käyttö"),
    ],
)
def test_compounds_break_where_their_parts_meet(word: str, broken: str):
    assert hyphenated(word, "fi").replace(SOFT_HYPHEN, "-") == broken


@pytest.mark.parametrize(
    "address",
    [
        "ihmiskauppaasioita.migri.fi",
        "neuvonta@ihmiskaupanuhrit.fi",
        "example.org/ihmiskauppaohjeet",
        "ihmiskauppa_asioita",
    ],
)
def test_addresses_are_never_broken(address: str):
    assert hyphenated(address, "fi") == address


def test_a_short_word_and_a_third_language_stay_whole():
    assert hyphenated("ihmiskauppa", "fi") == "ihmiskauppa"
    assert hyphenated("misunderstanding", "en") == "misunderstanding"


def test_a_sentence_ends_without_keeping_its_last_word_whole():
    assert SOFT_HYPHEN in hyphenated("Tee rikosilmoitus.", "fi")


@pytest.mark.parametrize(
    ("language", "typed", "shown"),
    [
        ("fi", "\"Hei\", sanoi hän 'hiljaa'.", "”Hei”, sanoi hän ’hiljaa’."),
        ("sv", '"Hej", sade hon.', "”Hej”, sade hon."),
        ("en", "\"Hello,\" she said. 'It's me.'", "“Hello,” she said. ‘It’s me.’"),
        ("en", '("quoted")', "(“quoted”)"),
    ],
)
def test_quotation_marks_are_those_of_the_language(language: str, typed: str, shown: str):
    assert quoted(typed, language) == shown


def test_a_quotation_mark_behind_other_words_closes():
    assert quoted('"', "en", before="d") == "”"
    assert quoted('"', "en", before="") == "“"


@pytest.mark.parametrize(
    ("language", "typed"),
    [
        ("fi", "1~600 ihmistä"),
        ("fi", "1~234~567,5 ihmistä"),
        ("fi", "30~% ja 35~§ ja 4~kk ja klo~16.05"),
        ("fi", "§~35"),
        ("sv", "25~kap. 3~§, kl.~8, 5~mån"),
        ("en", "10~km and 3~h"),
    ],
)
def test_a_number_stays_with_its_thousands_and_its_unit(language: str, typed: str):
    assert spaced(typed.replace("~", " "), language) == typed.replace("~", NBSP)


@pytest.mark.parametrize(
    ("language", "typed"),
    [("fi", "29.1.2025 100 ihmistä"), ("sv", "29 januari 2025"), ("en", "29 January 2025"), ("fi", "vuonna 2025 tuli")],
)
def test_dates_are_left_alone(language: str, typed: str):
    assert NBSP not in spaced(typed, language)


def test_a_title_has_no_soft_hyphens_and_prose_has():
    assert plain('"Ihmiskauppailmoitus"', "fi") == "”Ihmiskauppailmoitus”"
    assert SOFT_HYPHEN in shaped("Ihmiskauppailmoitus", "fi")


def test_numbers_are_written_as_in_each_language():
    shown = [formats.number(1234567.5, language) for language in ("fi", "sv", "en")]
    assert shown == [f"1{NBSP}234{NBSP}567,5", f"1{NBSP}234{NBSP}567,5", "1,234,567.5"]
    assert [formats.percent(34, language) for language in ("fi", "sv", "en")] == [f"34{NBSP}%", f"34{NBSP}%", "34%"]


def test_dates_are_written_as_in_each_language():
    day = date(2026, 3, 2)
    assert [formats.short_date(day, language) for language in ("fi", "sv", "en")] == [
        "2.3.2026",
        "2.3.2026",
        "2 March 2026",
    ]
    assert formats.long_date(day, "fi") == "2. maaliskuuta 2026"
    assert formats.month(day, "sv") == "mars 2026"


def test_a_moment_is_shown_in_helsinki_time():
    late = datetime(2026, 3, 1, 22, 30, tzinfo=UTC)
    assert formats.moment(late, "fi") == f"2.3.2026 klo{NBSP}0.30"
    assert formats.short_date(late, "en") == "2 March 2026"
    assert formats.moment(late, "en") == "2 March 2026, 00:30"
