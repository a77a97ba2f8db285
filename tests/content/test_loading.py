"""From the files of the fixture course to the library."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from course.content import folders, loading
from course.content.findings import ContentError
from course.content.folders import content_root
from course.content.library import Library
from course.content.loading import load
from course.content.reading import lix, reading_minutes
from course.content.stamping import stamp
from course.content.summary import Row, summary
from course.domain.quiz import Kind

FIXTURE = Path(__file__).parent.parent / "fixture_course"
WATER = "modules/fi/010-tea/010-water.md"


@pytest.fixture(scope="module")
def library() -> Library:
    return load(FIXTURE)


@pytest.fixture
def package(tmp_path: Path) -> Path:
    return Path(shutil.copytree(FIXTURE, tmp_path / "package"))


def replace(file: Path, old: str, new: str) -> None:
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_modules_with_text_are_numbered_and_the_others_are_planned(library: Library):
    assert [(module.id, module.number) for module in library.modules] == [("tea", 1), ("bread", 2)]
    assert [(module.id, module.number, module.quiz) for module in library.planned] == [("soup", 0, None)]


def test_a_track_has_the_modules_that_have_text(library: Library):
    assert library.track("core").module_ids == ("tea", "bread")


def test_a_track_may_name_the_template_of_its_certificate(tmp_path: Path, library: Library):
    package = shutil.copytree(FIXTURE, tmp_path / "package")
    spine = package / "modules" / "course.yaml"
    text = spine.read_text(encoding="utf-8")
    spine.write_text(text.replace("  - id: drinks\n", "  - id: drinks\n    certificate: workplace\n"), encoding="utf-8")
    assert [track.certificate for track in load(package).tracks] == ["", "workplace"]
    assert [track.certificate for track in library.tracks] == ["", ""]


def test_a_lesson_is_there_in_every_language(library: Library):
    titles = [library.lesson(language, "water").title for language in library.languages]
    assert titles == ["Vesi ensin", "Först vattnet", "Water first"]
    assert library.lesson("fi", "water").sources == ("tea-book",)
    assert library.lesson("fi", "leaves").terms == ("steep",)
    assert library.lesson("fi", "oven").contacts == ("bakery", "tea-line")
    assert library.lesson_of_section("let-it-steep") == ("tea", "leaves")


def test_every_kind_of_question_has_its_key_as_answers_are_stored(library: Library):
    quiz = library.quiz("tea")
    keys = {question.kind: question.correct for question in quiz.questions}
    assert keys[Kind.SEVERAL] == ("hot-water", "tea-leaves")
    assert keys[Kind.ORDER] == ("boil", "pour", "steep")
    assert keys[Kind.MATCH] == ("black=hotter", "green=cooler")
    assert keys[Kind.TRUE_FALSE] == ("no",)
    assert all(question.is_right(question.correct) for question in quiz.questions)


def test_every_question_has_words_and_a_reason_in_every_language(library: Library):
    for module in library.modules:
        quiz = library.quiz(module.id)
        for language in library.languages:
            for question in quiz.questions:
                words = quiz.words[language][question.id]
                assert set(words.options) == set(question.options)
                assert set(words.targets) == set(question.targets)
                assert words.ask and all(option.text and option.why for option in words.options.values())


def test_the_hash_follows_the_words_and_not_the_line_endings(library: Library, package: Path):
    assert load(package).hash == library.hash
    for path in [*package.rglob("*.md"), *package.rglob("*.yaml")]:
        path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b"\r\n"))
    assert load(package) == library
    replace(package / WATER, "Keitä vesi", "Kuumenna vesi")
    assert load(package).hash != library.hash


def test_the_hash_follows_the_names_of_the_files(library: Library, package: Path):
    (package / "quizzes" / "extra.yaml").write_text("{}\n")
    assert load(package).hash != library.hash


@pytest.mark.parametrize(
    ("path", "old", "new", "rule"),
    [
        (WATER, "{tea-line}", "{nobody}", "unknown-contact"),
        ("modules/course.yaml", "minutes: 5", "minutes: many", "schema"),
        ("modules/fi/course.yaml", "subtitle:", "subtitel:", "schema"),
        ("quizzes/tea.yaml", "correct: [water]", "correct: [milk]", "key-not-an-option"),
        ("quizzes/tea.yaml", '["yes", "no"]', "[yes, no]", "schema"),
        ("quizzes/sv/tea.yaml", "  how-long:", "  how-short:", "question-words"),
        ("modules/contacts.yaml", "  name: {fi: Teepuhelin, sv:", "  name: {fi: Teepuhelin, se:", "contact-words"),
        ("modules/fi/020-bread/010-dough.md", "section:hot-water", "section:cold-water", "unknown-link"),
    ],
)
def test_a_package_that_cannot_be_used_says_where_and_what_to_do(
    package: Path, path: str, old: str, new: str, rule: str
):
    replace(package / path, old, new)

    with pytest.raises(ContentError) as refused:
        load(package)

    text = (package / path).read_text(encoding="utf-8")
    line = text.count("\n", 0, text.index(new)) + 1
    found = [finding for finding in refused.value.findings if finding.rule == rule and finding.path == path]
    assert line in [finding.line for finding in found]
    assert all(finding.fix in str(refused.value) for finding in found)


def test_a_warning_keeps_no_package_from_being_used(package: Path):
    replace(package / "quizzes" / "tea.yaml", "    situation: true\n", "")
    assert load(package).quiz("tea").draw == 3


def test_a_folder_without_a_spine_is_refused(tmp_path: Path):
    with pytest.raises(ContentError, match="There is no spine"):
        load(tmp_path)


def test_a_library_that_was_kept_is_the_same_library(library: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    keep = tmp_path / "kept" / "library.json"
    first = load(FIXTURE, keep=keep)
    monkeypatch.setattr(loading, "read", lambda _: pytest.fail("the kept library was not used"))
    assert load(FIXTURE, keep=keep) == first == library


@pytest.mark.parametrize("damage", [b"", b"other\n{}", b"\xff\xff"])
def test_a_kept_library_that_does_not_fit_is_made_anew(library: Library, tmp_path: Path, damage: bytes):
    keep = tmp_path / "library.json"
    keep.write_bytes(damage)
    assert load(FIXTURE, keep=keep) == library
    assert keep.read_bytes().startswith(library.hash.encode())


def test_a_kept_library_is_not_used_for_another_text(package: Path, tmp_path: Path):
    keep = tmp_path / "library.json"
    before = load(package, keep=keep)
    replace(package / WATER, "Vesi ensin", "Vesi aina")
    after = load(package, keep=keep)
    assert (before.lesson("fi", "water").title, after.lesson("fi", "water").title) == ("Vesi ensin", "Vesi aina")


def test_a_half_written_kept_library_is_made_anew(library: Library, tmp_path: Path):
    keep = tmp_path / "library.json"
    load(FIXTURE, keep=keep)
    keep.write_bytes(keep.read_bytes()[:-100])
    assert load(FIXTURE, keep=keep) == library


def test_a_place_that_cannot_be_written_to_costs_only_the_shortcut(library: Library, tmp_path: Path):
    (tmp_path / "file").write_text("in the way")
    assert load(FIXTURE, keep=tmp_path / "file" / "library.json") == library


def test_the_content_is_where_it_is_said_to_be_or_in_the_wheel_or_in_the_checkout(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(folders, "_PACKAGE", tmp_path / "course")
    assert content_root(str(FIXTURE)) == FIXTURE.resolve()
    assert content_root(None) == tmp_path
    (tmp_path / "course" / "_bundled").mkdir(parents=True)
    assert content_root(None) == tmp_path / "course" / "_bundled"


def test_a_finnish_text_takes_longer_than_an_english_one_of_as_many_words():
    assert [reading_minutes(1800, language) for language in ("fi", "sv", "en")] == [12, 10, 9]
    assert reading_minutes(3, "fi") == 1


def test_the_readability_index_is_words_a_sentence_and_long_words():
    assert lix(["Kissa istuu matolla. Koira nukkuu."]) == 5 / 2 + 100 / 5
    assert lix([]) == 0


def test_the_summary_has_a_row_for_each_module_and_language(library: Library):
    rows = list(summary(library))
    lessons = [library.lesson("sv", lesson_id) for lesson_id in ("water", "leaves")]
    assert [(row.module, row.language) for row in rows] == [
        (module, language) for module in ("tea", "bread") for language in ("fi", "sv", "en")
    ]
    assert rows[1] == Row("tea", "sv", 2, sum(lesson.words for lesson in lessons), 2, 9, 2, 0, "2026-11-01")


def test_a_stamp_changes_one_line_and_nothing_else(package: Path):
    before = (package / "modules/sv/010-tea/010-water.md").read_bytes()
    replace(package / WATER, "Keitä vesi", "Kuumenna vesi")

    assert stamp(package) == [
        "modules/sv/010-tea/010-water.md",
        "modules/en/010-tea/010-water.md",
        "quizzes/read-against.txt",
    ]

    after = (package / "modules/sv/010-tea/010-water.md").read_bytes()
    changed = [pair for pair in zip(before.split(b"\n"), after.split(b"\n"), strict=True) if pair[0] != pair[1]]
    assert [old.split(b":")[0] for old, new in changed] == [b"translated_from"]
    assert stamp(package) == []


def test_a_stamp_keeps_the_line_endings_of_a_file(package: Path):
    quiz, lesson = package / "quizzes/en/tea.yaml", package / "modules/en/010-tea/010-water.md"
    for file in (quiz, lesson):
        text = b"\n".join(line for line in file.read_bytes().split(b"\n") if not line.startswith(b"translated_from"))
        file.write_bytes(text.replace(b"\n", b"\r\n"))

    assert set(stamp(package)) == {"quizzes/en/tea.yaml", "modules/en/010-tea/010-water.md"}

    for file in (quiz, lesson):
        text = file.read_bytes()
        assert text.count(b"\n") == text.count(b"\r\n")
        assert text.count(b"translated_from: ") == 1
    assert load(package).lesson("en", "water").title == "Water first"


def test_only_the_translations_that_were_compared_are_stamped(package: Path):
    replace(package / WATER, "Keitä vesi", "Kuumenna vesi")
    assert stamp(package, only=["modules/sv/010-tea/010-water.md"]) == ["modules/sv/010-tea/010-water.md"]


def test_the_same_words_in_the_prose_are_no_stamp(package: Path):
    lesson = package / "modules/en/010-tea/010-water.md"
    text = lesson.read_text(encoding="utf-8").replace("translated_from", "x", 1)
    lesson.write_text(
        "\n".join(line for line in text.split("\n") if not line.startswith("x:")) + "\ntranslated_from: me\n"
    )

    stamp(package, only=["modules/en/010-tea/010-water.md"])

    assert lesson.read_text(encoding="utf-8").endswith("\ntranslated_from: me\n")
