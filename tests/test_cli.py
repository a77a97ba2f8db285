"""The commands say what they found, what they did and what to do next; a failure ends with a number of its own."""

from __future__ import annotations

import shutil
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import Flask

from course.domain.certificate import CODE_BYTES, new_code
from course.domain.cohort import CohortPlan
from course.exports.certificate_pdf import available
from course.extension import Course, create_app
from course.services import doctor
from course.storage.cohorts import add_cohort
from course.storage.engine import Store, make_engine
from course.storage.tables import Account
from tests.web.journeys import pass_course


@pytest.fixture
def package(fixture_course: Path, tmp_path: Path) -> Path:
    """A copy of the fixture course that a test may spoil."""
    return Path(shutil.copytree(fixture_course, tmp_path / "package"))


def site_of(package: Path, database_url: str, tmp_path: Path, **settings: object) -> Flask:
    return create_app(
        {
            "SECRET_KEY": "long enough for the doctor",
            "COURSE_DATABASE_URL": database_url,
            "COURSE_CONTENT_DIR": str(package),
            "COURSE_INSTANCE_DIR": str(tmp_path / "instance"),
            "COURSE_BASE_URL": "https://course.example",
            **settings,
        },
        course=Course(),
    )


@pytest.fixture
def run(package: Path, sqlite_url: str, tmp_path: Path):
    """Run a command on the copied package: (exit code, what it said)."""

    def run(*command: str, **settings: object) -> tuple[int, str]:
        app = site_of(package, str(settings.pop("database_url", sqlite_url)), tmp_path, **settings)
        done = app.test_cli_runner().invoke(args=["course", *command])
        assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
        return done.exit_code, done.output

    return run


def replace(file: Path, old: str, new: str) -> None:
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new), encoding="utf-8")


# check


def test_check_passes_on_a_package_in_order(run):
    code, said = run("check")
    assert code == 0
    assert "0 errors" in said


def test_check_names_file_line_fault_and_fix_and_fails(run, package):
    replace(package / "quizzes/tea.yaml", "correct: [tea-line]", "correct: [kettle-line]")
    code, said = run("check")
    assert code == 1
    line = next(line for line in said.splitlines() if line.startswith("quizzes/tea.yaml:"))
    assert "kettle-line" in line
    assert "0 errors" not in said


def test_strict_check_fails_on_a_warning(run, package):
    shutil.copy(package / "modules/fi/010-tea/010-water.md", package / "modules/fi/010-tea/090-in-no-list.md")
    assert run("check")[0] == 0
    code, said = run("check", "--strict")
    assert code == 1
    assert "0 errors" in said and "0 warnings" not in said


def test_the_summary_counts_what_the_package_holds(run):
    code, said = run("check", "--summary")
    assert code == 0
    assert "Edition 2030.1" in said
    assert "tea" in said and "bread" in said


# stamp


def test_stamp_marks_only_the_translations_whose_source_has_changed(run, package):
    run("stamp")
    replace(package / "modules/fi/010-tea/010-water.md", "Hyvä tee alkaa vedestä.", "Hyvä tee alkaa aina vedestä.")
    code, said = run("stamp")
    assert code == 0
    assert "modules/sv/010-tea/010-water.md" in said and "modules/en/010-tea/010-water.md" in said
    assert "leaves" not in said
    assert "0 files stamped" in run("stamp")[1]


def test_stamp_takes_the_files_that_were_read(run, package):
    run("stamp")
    replace(package / "modules/fi/010-tea/010-water.md", "Hyvä tee alkaa vedestä.", "Hyvä tee alkaa aina vedestä.")
    said = run("stamp", "modules/sv/010-tea/010-water.md")[1]
    assert "modules/sv" in said and "modules/en" not in said
    assert "1 files stamped" in said


# init-db


def test_init_db_makes_the_tables_and_a_second_time_changes_nothing(run, tmp_path):
    url = f"sqlite:///{tmp_path / 'new.sqlite3'}"
    code, said = run("init-db", database_url=url)
    assert (code, "from nothing" in said) == (0, True)
    code, said = run("init-db", database_url=url)
    assert (code, said.strip()) == (0, "The database is ready.")


# doctor


def test_doctor_finds_nothing_wrong_where_nothing_is(run, monkeypatch):
    monkeypatch.setattr(doctor, "available", lambda: None)
    code, said = run("doctor")
    assert code == 0
    assert "✗" not in said and "!" not in said
    assert run("doctor", "--brief") == (0, "")


@pytest.mark.parametrize(
    ("settings", "words", "stops"),
    [
        ({"COURSE_BASE_URL": "course.example"}, "is no web address", True),
        ({"COURSE_BASE_URL": "http://127.0.0.1:8000"}, "works on this machine only", False),
        ({"COURSE_BASE_URL": "http://course.example"}, "is not encrypted", False),
        ({"SECRET_KEY": "short"}, "secret key is missing or short", True),
        ({"COURSE_BASE_URI": "https://course.example"}, "COURSE_BASE_URI", False),
    ],
    ids=lambda value: next(iter(value)) if isinstance(value, dict) else None,
)
def test_doctor_says_which_setting_is_wrong_and_whether_the_site_can_work(run, settings, words, stops):
    code, said = run("doctor", "--brief", **settings)
    assert words in said
    assert code == int(stops)
    assert ("✗" in said) is stops


def test_doctor_says_that_the_content_is_missing(run, package):
    shutil.rmtree(package / "modules")
    code, said = run("doctor", "--brief")
    assert code == 1
    assert "content" in said and "course check" in said


def test_doctor_says_that_the_database_has_no_tables(run, tmp_path):
    code, said = run("doctor", "--brief", database_url=f"sqlite:///{tmp_path / 'empty.sqlite3'}")
    assert code == 1
    assert "no tables yet" in said and "init-db" in said


def test_doctor_says_that_the_database_does_not_answer(run, tmp_path):
    nowhere = tmp_path / "nowhere"
    code, said = run("doctor", "--brief", database_url=f"postgresql+psycopg://nobody@/course?host={nowhere}")
    assert code == 1
    assert "does not answer" in said and "FLASK_COURSE_DATABASE_URL" in said


def test_doctor_says_that_the_certificate_template_is_missing(run):
    code, said = run("doctor", "--brief", COURSE_CERTIFICATE="gold")
    assert code == 1
    assert "no certificate template" in said


def test_doctor_says_that_pdf_files_cannot_be_made_and_the_site_works_all_the_same(run, monkeypatch):
    monkeypatch.setattr(doctor, "available", lambda: "PDF files cannot be made here: a library is missing.")
    code, said = run("doctor", "--brief")
    assert code == 0
    assert "a library is missing" in said


# routes


def test_routes_lists_every_address_with_who_may_use_it(run):
    code, said = run("routes")
    assert code == 0
    assert "/verify/<code>" in said and "/healthz" in said
    assert "anyone" in said and "own-record" in said


# certificate verify


@pytest.fixture
def issued_code(client, library) -> str:
    pass_course(client, library)
    page = client.submit(client.get("/fi/certificate/"), name="Aino")
    return str(page.select_one("a[href*='/verify/']")["href"]).rpartition("/")[2]


def test_verify_tells_a_genuine_number_an_unknown_and_a_mistyped_one_apart(app, issued_code):
    def verify(code: str) -> tuple[int, str]:
        done = app.test_cli_runner().invoke(args=["course", "certificate", "verify", code])
        return done.exit_code, done.output

    code, said = verify(issued_code.lower())
    assert (code, said.startswith("Valid: ")) == (0, True)
    assert "2030.1" in said and "Aino" not in said
    assert verify(new_code(bytes(CODE_BYTES)))[0] == 1
    assert verify(issued_code[:-2])[0] == 2


def test_a_broken_package_leaves_the_commands_working_and_pages_that_say_why(package, sqlite_url, tmp_path):
    replace(package / "quizzes/tea.yaml", "correct: [tea-line]", "correct: [kettle-line]")
    app = site_of(package, sqlite_url, tmp_path)
    answer = app.test_client().get("/fi/")
    assert answer.status_code == 503
    assert "course check" in answer.text


# roster


@pytest.fixture
def cohort(sqlite_url) -> int:
    """A cohort in the database that the commands work on."""
    store = Store(make_engine(sqlite_url))
    now = datetime(2026, 11, 22, tzinfo=UTC)
    with store.writing() as session:
        account = Account(name="Tuuli", language="fi", administrator=False, created_at=now)
        session.add(account)
        session.flush()
        return add_cohort(session, CohortPlan("north", "Group", "core", "fi"), created_by=account.id, now=now)


def test_a_roster_is_planned_imported_exported_and_taken_back(run, cohort, tmp_path):
    file = tmp_path / "people.csv"
    file.write_text("nimi;sähköposti\nVäinö;v@x.fi\n;nobody@x.fi\n", encoding="cp1252")
    code, said = run("roster", "import", str(cohort), str(file))
    assert code == 0 and "1 new" in said and "line 3: The name is missing." in said and "--apply" in said
    assert "1 new" in run("roster", "import", str(cohort), str(file), "--apply")[1]
    for name in ("out.csv", "out.xlsx"):
        written = tmp_path / name
        assert run("roster", "export", str(cohort), "-o", str(written), "--lang", "sv") == (
            0, f"1 people written to {written}\n",
        )  # fmt: skip
        assert (
            "0 new, 0 changed, 1 as they were, 0 rows left out" in run("roster", "import", str(cohort), str(written))[1]
        )
    assert "people.csv was taken back" in run("roster", "undo", str(cohort))[1]
    assert run("roster", "undo", str(cohort))[0] == 1
    assert "0 people" in run("roster", "export", str(cohort), "-o", str(tmp_path / "empty.csv"))[1]


def test_a_file_that_is_no_roster_and_a_cohort_that_is_none_end_with_a_number_of_their_own(run, cohort, tmp_path):
    file = tmp_path / "people.csv"
    file.write_text("email\na@x.fi\n")
    code, said = run("roster", "import", str(cohort), str(file))
    assert code == 1 and "one of them must be the name" in said
    assert run("roster", "undo", str(cohort + 1)) == (2, f"There is no cohort {cohort + 1}.\n")


@pytest.mark.skipif(available() is not None, reason=str(available()))
def test_a_session_kit_is_written_in_a_language_of_the_course(run, tmp_path: Path):
    file = tmp_path / "kit.pdf"
    code, said = run("export", "session-kit", "--lang", "sv", "-o", str(file))
    assert (code, file.read_bytes()[:5]) == (0, b"%PDF-") and "kit.pdf" in said


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("--lang", "de"), "The course has no language de. It has fi, sv, en."),
        (("--lang", "fi", "--track", "x"), "There are core, drinks."),
    ],
)
def test_a_session_kit_of_nothing_is_refused_with_what_there_is(run, tmp_path: Path, options, words):
    file = tmp_path / "kit.pdf"
    code, said = run("export", "session-kit", *options, "-o", str(file))
    assert code == 1 and words in said and not file.exists()


# packages


@pytest.mark.parametrize("kind", ["scorm12", "scorm2004", "cmi5"])
def test_a_package_is_written_and_its_size_and_state_are_said(run, tmp_path, kind):
    file = tmp_path / "package.zip"
    code, said = run("export", kind, "--lang", "all", "-o", str(file))
    assert code == 0
    assert f"{file}: {file.stat().st_size // 1024} kB, " in said
    assert "characters for a learner" in said
    assert zipfile.ZipFile(file).testzip() is None


@pytest.mark.parametrize(
    ("options", "named"), [(("--lang", "de"), "fi, sv, en"), (("--lang", "fi", "--module", "x"), "tea")]
)
def test_a_package_of_what_is_not_there_is_refused_and_what_there_is_is_named(run, tmp_path, options, named):
    file = tmp_path / "package.zip"
    code, said = run("export", "scorm12", *options, "-o", str(file))
    assert code == 1
    assert named in said
    assert not file.exists()
