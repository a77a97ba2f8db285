"""The commands for certificates: issue, check by number, file and statement, revoke, and make the files."""

from __future__ import annotations

import pytest
from flask import Flask

from course.domain.statement import statement_of
from course.exports.signed_statement import sign_statement
from course.exports.signing_keys import signing_keys
from course.services.certificate_batch import missing_files
from tests.services.graduates import checked, graduate
from tests.web.certificate_pages import issued


@pytest.fixture
def run(app: Flask):
    def run(*words: str) -> tuple[int, str]:
        done = app.test_cli_runner().invoke(args=["course", "certificate", *words])
        return done.exit_code, done.output

    return run


def test_a_certificate_is_issued_to_whoever_has_earned_it_and_to_nobody_else(run, site):
    learner_id = graduate(site.store, site.library)
    code, said = run("issue", str(learner_id), "--name", "Aino Vaara", "--lang", "sv")
    assert code == 0 and "Aino Vaara" in said
    number = said.split()[0]
    assert checked(site.store, number, site.now())[1].facts.language == "sv"
    assert run("issue", str(learner_id), "--name", "Other")[1].split()[0] == number
    code, said = run("issue", str(learner_id + 1), "--name", "Aino")
    assert code == 1 and "still missing: tea" in said


def test_a_revoked_certificate_is_told_with_its_day_and_reason(run, app, site):
    one = issued(app, site)
    assert run("revoke", one.facts.code)[0] == 2
    assert run("revoke", one.facts.code.lower(), "--reason", "mistake", "--note", "x") == (
        0,
        f"{one.facts.code} is revoked.\n",
    )
    code, said = run("verify", one.facts.code)
    assert code == 1 and said.startswith("Revoked on ") and "(mistake)" in said
    assert run("revoke", one.facts.code, "--reason", "misuse")[0] == 1


def test_the_statement_in_the_code_is_checked(run, app, site):
    one = issued(app, site)
    text = sign_statement(statement_of(one.facts), signing_keys(site.signing).badge)
    code, said = run("verify", f"{one.facts.verify_url}#{text}")
    assert code == 0 and "The statement is genuine" in said and "Valid: " in said
    head, _, signature = text.rpartition(".")
    code, said = run("verify", f"{head}.{signature[::-1]}")
    assert code == 2 and "changed" in said


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_the_file_of_a_certificate_is_made_checked_and_a_changed_one_is_noticed(run, app, site, tmp_path):
    one = issued(app, site)
    file = tmp_path / "one.pdf"
    assert run("render", one.facts.code, "-o", str(file))[0] == 0
    code, said = run("verify", str(file))
    assert code == 0 and "as this site made it" in said and one.facts.code not in said
    changed = bytearray(file.read_bytes())
    changed[len(changed) // 3] ^= 1
    file.write_bytes(changed)
    code, said = run("verify", str(file))
    assert code == 2 and "changed afterwards" in said


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_all_missing_files_are_made_once_and_the_figures_are_told(run, app, site):
    held = [issued(app, site, f"Aino {letter}") for letter in "abc"]
    code, said = run("render", "--all", "--jobs", "1")
    assert code == 0, said
    assert "3 files in" in said and "MB in the largest" in said and "ms each" in said
    assert run("render", "--all") == (0, "Every certificate has its file.\n")
    with site.store.reading() as connection:
        rows = dict(connection.exec_driver_sql("select certificate_id, sha256 from certificate_file").all())
    assert set(rows) == {one.id for one in held}


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_missing_files_that_are_alike_are_made_one_after_another(app, site):
    for language in ("fi", "sv", "fi", "sv", "en", "fi"):
        issued(app, site, language=language)
    made = [(facts.language, number) for facts, number in missing_files(site.store)]
    assert [language for language, _ in made] == ["en", "fi", "fi", "fi", "sv", "sv"]
    assert len({number for _, number in made}) == 6


def test_a_sample_of_a_template_is_written_and_an_unknown_one_refused(run, tmp_path):
    file = tmp_path / "sample.pdf"
    assert run("render", "--template", "workplace", "--lang", "sv", "-o", str(file))[0] == 0
    assert file.read_bytes().startswith(b"%PDF")
    code, said = run("render", "--template", "none", "-o", str(file))
    assert code == 1 and "no certificate template none" in said
