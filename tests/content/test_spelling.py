"""The check of spelling: what counts as a word, what the dictionaries are asked, and what a list may add to them."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import pytest

from course.content import spelling
from course.content.check import check
from course.content.findings import Finding
from course.content.spelling import Speller, kept_words, misspelt, parts_of, words_in
from course.content.typography import SOFT_HYPHEN

FIXTURE = Path(__file__).parent.parent / "fixture_course"
TODAY = date(2026, 11, 22)
WATER = "modules/{}/010-tea/010-water.md"


@pytest.fixture
def package(tmp_path: Path) -> Path:
    return Path(shutil.copytree(FIXTURE, tmp_path / "package"))


def change(package: Path, path: str, old: str, new: str) -> int:
    """Change a text of the package; the line on which the new words stand."""
    text = (package / path).read_text(encoding="utf-8")
    assert old in text
    (package / path).write_text(text.replace(old, new, 1), encoding="utf-8")
    return text.count("\n", 0, text.index(old)) + 1


def found(package: Path) -> list[Finding]:
    return [finding for finding in check(package, today=TODAY) if finding.rule in ("spelling", "kept-word")]


@pytest.mark.usefixtures("dictionaries")
class TestWithDictionaries:
    @pytest.mark.parametrize(
        ("path", "old", "new", "word"),
        [
            (WATER.format("fi"), "Keitä vesi ja", "Keitä vessi ja", "vessi"),
            (WATER.format("sv"), "vattnet", "vattnett", "vattnett"),
            (WATER.format("en"), "Boil the water", "Boil the watter", "watter"),
            (WATER.format("fi"), "title: Vesi ensin", "title: Vesi enssin", "enssin"),
            (WATER.format("fi"), "- Odota.", "- Odotta.", "Odotta"),
            ("quizzes/fi/tea.yaml", "Lehdet tulevat", "Lehdett tulevat", "Lehdett"),
            ("modules/fi/course.yaml", "Keität teetä", "Keittät teetä", "Keittät"),
            ("modules/glossary.yaml", "A sour start for bread", "A sour stahrt for bread", "stahrt"),
            ("modules/contacts.yaml", "en: Tea line", "en: Tea linne", "linne"),
        ],
    )
    def test_a_misspelt_word_is_found_on_its_line_wherever_readers_meet_it(
        self, package: Path, path: str, old: str, new: str, word: str
    ) -> None:
        line = change(package, path, old, new)
        assert [(one.path, one.line, one.what) for one in found(package)] == [
            (path, line, f"{word} is in no dictionary.")
        ]

    def test_the_fixture_course_is_spelt_right(self) -> None:
        assert found(FIXTURE) == []

    def test_a_word_is_found_once_in_a_file_and_on_the_line_of_the_paragraph_that_has_it(self, package: Path) -> None:
        line = change(package, WATER.format("fi"), "Keitä vesi ja odota", "Keitä vesi\nja odota vessi ja vessi ja")
        assert [finding.line for finding in found(package)] == [line + 1]

    def test_a_title_of_a_source_may_be_in_any_language(self, package: Path) -> None:
        path = "modules/sources.yaml"
        text = (package / path).read_text(encoding="utf-8")
        (package / path).write_text(text.replace("title: {fi: ", "title: {fi: Zwölf Teebücher "), encoding="utf-8")
        assert found(package) == []

    def test_a_kept_word_is_right_and_the_list_says_in_which_language(self, package: Path) -> None:
        change(package, WATER.format("fi"), "Keitä vesi ja", "Keitä vesi ja migriläinen ja")
        change(package, WATER.format("sv"), "vattnet", "vattnet migriläinen")
        (package / "modules/words-fi.txt").write_text("karvastua\nmigriläi*\nmin\n", encoding="utf-8")
        assert [finding.path for finding in found(package)] == [WATER.format("sv")]

    def test_a_name_is_right_in_every_language(self, package: Path) -> None:
        change(package, WATER.format("fi"), "Keitä vesi ja", "Keitä vesi ja Qwertylle ja")
        change(package, WATER.format("sv"), "vattnet", "vattnet Qwertys")
        (package / "modules/words.txt").write_text("Qwerty*\nTetelefonen\n", encoding="utf-8")
        assert found(package) == []

    @pytest.mark.parametrize(
        ("language", "right", "wrong"),
        [
            ("fi", "18-vuotias", "18-vuotiass"),
            ("fi", "sosiaali-", "yhteisk-"),
            ("fi", "EU:n", "EUU:n"),
            ("sv", "15-åring", "15-åringg"),
            ("sv", "välfärdsområde", "välfärdområdde"),
            ("en", "victim's", "vicctim's"),
            ("en", "well-being", "well-beinng"),
            ("en", "recognise", "recogniize"),
            ("en", "don't", "donn't"),
        ],
    )
    def test_words_of_the_field_are_told_from_their_misspelling(self, language: str, right: str, wrong: str) -> None:
        assert misspelt({right, wrong}, language, []) == {wrong}

    def test_a_word_with_a_hyphen_is_right_when_its_parts_are(self) -> None:
        kept = kept_words("IKV\nPro-tukipiste")
        assert misspelt({"IKV-verkosto", "IKW-verkosto"}, "fi", kept) == {"IKW-verkosto"}
        assert misspelt({"IKV-network", "IKV-netwwork", "Pro-tukipiste"}, "en", kept) == {"IKV-netwwork"}


def test_missing_programs_are_one_warning_with_the_line_that_installs_them(
    package: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for language, needs in (("fi", ("voice", "words")), ("sv", ("hun", "words"))):
        monkeypatch.setitem(spelling.SPELLERS, language, Speller(("no-such-program-here",), needs))
    (finding,) = found(package)
    assert (finding.path, finding.level, finding.rule) == ("modules/course.yaml", "warning", "spelling")
    assert "fi, sv" in finding.what
    assert finding.fix == "Install it:  sudo apt-get install voice words hun"


def test_a_missing_program_does_not_keep_the_other_languages_from_being_read(
    package: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(spelling.SPELLERS, "fi", Speller(("no-such-program-here",), ()))
    # This one knows no word at all.
    monkeypatch.setitem(spelling.SPELLERS, "en", Speller(("cat",), ()))
    paths = {finding.path for finding in found(package)}
    assert {"modules/course.yaml", WATER.format("en")} <= paths
    assert WATER.format("fi") not in paths


def test_a_program_without_its_dictionary_counts_as_missing(package: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(spelling.SPELLERS, "fi", Speller(("false",), ("dictionary",)))
    assert [finding.fix for finding in found(package)] == ["Install it:  sudo apt-get install dictionary"]


def test_a_language_is_one_question_to_one_program(package: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    calls = []
    real = spelling.subprocess.run
    monkeypatch.setattr(spelling.subprocess, "run", lambda *args, **named: calls.append(args) or real(*args, **named))
    for language in ("fi", "sv", "en"):
        monkeypatch.setitem(spelling.SPELLERS, language, Speller(("grep", "-c", language), ()))
    found(package)
    assert len(calls) == 3


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (f"Ihmis{SOFT_HYPHEN}kauppa on rikos.", ["Ihmiskauppa", "on", "rikos"]),
        ("Hän sanoi: ”En tiedä.”", ["Hän", "sanoi", "En", "tiedä"]),
        ("It’s 'hers', isn't it?", ["It's", "hers", "isn't", "it"]),
        ("sosiaali- ja terveyspalvelut", ["sosiaali-", "ja", "terveyspalvelut"]),
        ("alle 18-vuotias, 112:n ja 18 §:n", ["alle", "18-vuotias", "ja"]),
        ("EU:n laki 2020s K4", ["EU:n", "laki"]),
        ("Katso ihmiskauppa.fi, https://a.b/huoli tai apu@ihmis.fi nyt.", ["Katso", "tai", "nyt"]),
        ("ja/tai – niin.Sitten", ["ja", "tai"]),
    ],
)
def test_words_are_what_a_dictionary_can_know(text: str, words: list[str]) -> None:
    assert list(words_in(text)) == words


def test_an_ending_and_a_number_are_no_parts_of_a_word() -> None:
    assert [parts_of(word) for word in ("THL:n", "Sanni's", "18-vuotias", "IKV-verkosto", "sosiaali-")] == [
        ["THL"],
        ["Sanni"],
        ["vuotias"],
        ["IKV", "verkosto"],
        ["sosiaali"],
    ]


def test_a_kept_word_covers_what_it_says_and_no_more() -> None:
    tea, line, name = kept_words("# comment\ntee*  # with any ending\n\npuhelin\nMina\n")
    assert [entry.line for entry in (tea, line, name)] == [2, 4, 5]
    assert tea.covers("teetä") and tea.covers("Teehen") and not tea.covers("te")
    assert line.covers("Puhelin") and not line.covers("puhelimen")
    assert name.covers("Mina") and not name.covers("mina") and not name.covers("Minä")


@pytest.mark.parametrize(
    ("path", "text", "line", "what"),
    [
        ("modules/words-fi.txt", "karvastua\nlentokone\nmin\n", 2, "No text has the word lentokone."),
        ("modules/words-fi.txt", "min\nkarvastua\n", 2, "karvastua stands below min."),
        ("modules/words-fi.txt", "karvastua\nmin\nmin\n", 3, "min stands below min."),
        ("modules/words.txt", "Tetelefonen\nTomi*\n", 2, "No text has the word Tomi*."),
    ],
)
def test_a_kept_list_is_sorted_and_holds_nothing_idle(
    package: Path, path: str, text: str, line: int, what: str
) -> None:
    (package / path).write_text(text, encoding="utf-8")
    assert [(one.path, one.line, one.what) for one in found(package)] == [(path, line, what)]
