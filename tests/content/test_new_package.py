"""Another country begins its own handbook with a package that is in order."""

from __future__ import annotations

from datetime import date

import pytest

from course.content.check import check
from course.content.loading import load
from course.content.new_package import CannotBegin, make_package
from course.content.stamping import stamp

TODAY = date(2026, 11, 22)


@pytest.mark.parametrize("languages", [["en"], ["fi", "sv", "en"], ["et", "en"], ["sv", "lv"]])
def test_a_new_package_passes_the_check_without_a_warning(tmp_path, languages):
    make_package(tmp_path / "new", course_id="small-handbook", languages=languages, today=TODAY)
    stamp(tmp_path / "new", None)
    assert check(tmp_path / "new", today=TODAY) == []
    library = load(tmp_path / "new")
    assert (library.id, list(library.languages), library.source_language) == ("small-handbook", languages, languages[0])


def test_the_check_is_not_asleep_on_it(tmp_path):
    make_package(tmp_path / "new", course_id="small-handbook", languages=["en"], today=TODAY)
    lesson = tmp_path / "new/modules/en/010-first-module/010-first-lesson.md"
    lesson.write_text(lesson.read_text().replace("[@content-format]", "[@nowhere]"))
    assert check(tmp_path / "new", today=TODAY)


@pytest.mark.parametrize(
    ("course_id", "languages", "said"),
    [
        ("Small Handbook", ["en"], "lower-case"),
        ("a", [], "at least one"),
        ("a", ["english"], "code"),
        ("a", ["en", "en"], "once"),
        ("a", ["../x"], "code"),
    ],
)
def test_a_name_that_cannot_be_used_is_refused_in_words_and_nothing_is_written(tmp_path, course_id, languages, said):
    with pytest.raises(CannotBegin, match=said):
        make_package(tmp_path / "new", course_id=course_id, languages=languages, today=TODAY)
    assert not (tmp_path / "new").exists()


def test_a_folder_with_something_in_it_is_left_alone(tmp_path):
    (tmp_path / "mine.txt").write_text("mine")
    with pytest.raises(CannotBegin, match="not empty"):
        make_package(tmp_path, course_id="a", languages=["en"], today=TODAY)
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]
