"""The list of released ids."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

from course.content.check import check
from course.content.loading import load
from course.content.releasing import release_ids

FIXTURE = Path(__file__).parent.parent / "fixture_course"


def released(package: Path) -> list[str]:
    lines = (package / "modules" / "released-ids.txt").read_text(encoding="utf-8").splitlines()
    return [line for line in lines if not line.startswith("#")]


def test_a_release_lists_every_id_that_records_point_at_and_the_check_accepts_it(tmp_path: Path):
    package = Path(shutil.copytree(FIXTURE, tmp_path / "package"))

    new = release_ids(package, load(package))

    assert released(package) == new
    assert {"module tea", "lesson water", "section hot-water", "question how-long", "track core"} <= set(new)
    assert check(package, today=date(2026, 11, 22)) == []
    assert release_ids(package, load(package)) == []


def test_what_was_retired_stays_retired_in_the_next_release(tmp_path: Path):
    package = Path(shutil.copytree(FIXTURE, tmp_path / "package"))
    (package / "modules" / "released-ids.txt").write_text("lesson old retired\nmodule tea\n", encoding="utf-8")

    new = release_ids(package, load(package))

    assert "module tea" not in new
    assert released(package)[:2] == ["lesson old retired", "module tea"]


def test_an_id_that_was_released_and_is_gone_is_an_error(tmp_path: Path):
    package = Path(shutil.copytree(FIXTURE, tmp_path / "package"))
    release_ids(package, load(package))
    for language in ("fi", "sv", "en"):
        lesson = package / f"modules/{language}/020-bread/020-oven.md"
        lesson.write_text(lesson.read_text(encoding="utf-8").replace("id: oven", "id: stove"), encoding="utf-8")

    found = [finding for finding in check(package, today=date(2026, 11, 22)) if finding.rule == "released-id"]

    assert ["lesson oven" in finding.what for finding in found] == [True]
