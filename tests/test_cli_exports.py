"""The commands that make files for other programs say what they made, and refuse in words."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest
from flask import Flask

from course.extension import Course
from tests.exports.question_readers import links, read_gift, read_moodle, read_qti

READERS = {"moodle-xml": read_moodle, "gift": read_gift, "qti3": read_qti}


@pytest.fixture
def run(request: pytest.FixtureRequest, sqlite_url: str, shared_folder: Path, fixture_course: Path):
    """A command of the site with the fixture course, mounted below a prefix."""
    app = Flask("host", instance_path=str(shared_folder / "instance"))
    app.config.update(SECRET_KEY="tests only", COURSE_DATABASE_URL=sqlite_url, COURSE_CONTENT_DIR=str(fixture_course))
    app.config["COURSE_BASE_URL"] = getattr(request, "param", "https://town.example")
    Course(app, url_prefix="/training")
    yield lambda *words: app.test_cli_runner().invoke(args=["course", "export", *words])
    app.extensions["course"].store.engine.dispose()


@pytest.mark.parametrize("name", READERS)
def test_questions_are_written_with_addresses_below_the_mount_and_each_kind_is_told(run, tmp_path, library, name):
    file = tmp_path / "questions"
    done = run(name, "--lang", "sv", "-o", str(file))
    assert done.exit_code == 0, done.output
    read = READERS[name](file.read_bytes())
    assert {one.id for one in read} >= {one.id for module in library.modules for one in module.quiz.questions}
    found = {address for one in read for said in (one.general, *one.said.values()) for address in links(said)}
    assert "https://town.example/training/sv/modules/tea/water/#hot-water" in found
    for kind in ("one", "several", "true-false", "order", "match", "decisions of cases"):
        assert f" {kind}: " in done.output
    assert "this machine only" not in done.output


@pytest.mark.parametrize("run", ["http://127.0.0.1:8000"], indirect=True)
def test_questions_whose_links_would_lead_nowhere_elsewhere_are_written_with_a_warning(run, tmp_path):
    done = run("gift", "--lang", "fi", "-o", str(tmp_path / "questions"))
    assert done.exit_code == 0, done.output
    assert "lead to this machine only" in done.output and "FLASK_COURSE_BASE_URL" in done.output


def test_a_site_is_written_into_a_folder_or_a_file_and_never_over_another(run, tmp_path):
    folder, file = tmp_path / "site", tmp_path / "site.zip"
    assert run("site", "--lang", "all", "-o", str(folder)).exit_code == 0
    assert run("site", "--lang", "all", "-o", str(file)).exit_code == 0
    with zipfile.ZipFile(file) as archive:
        written = {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}
        assert set(archive.namelist()) == written and "fi/lessons/water.html" in written
    assert "https://town.example/training/" in (folder / "index.html").read_text()
    again = run("site", "--lang", "fi", "-o", str(folder))
    assert again.exit_code == 1 and "is there already" in again.output


@pytest.mark.parametrize("name", [*READERS, "site"])
def test_a_language_that_the_course_does_not_have_is_refused_with_those_it_has(run, tmp_path, name):
    done = run(name, "--lang", "et", "-o", str(tmp_path / "file"))
    assert done.exit_code == 1 and "fi, sv, en" in done.output
    assert not (tmp_path / "file").exists()
