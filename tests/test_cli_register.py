"""Commands that answer for personal data: the audit log, erasure, backups; and those that make people up."""

from __future__ import annotations

import json
import re
from base64 import b32decode
from pathlib import Path

import pytest
from sqlalchemy import delete, func, select

from course.extension import Course, create_app
from course.services.audit import OPERATOR, What, record_audit
from course.services.made_up.demo import PASSWORD
from course.services.people import start_learner
from course.services.second_factor import current_code
from course.storage.engine import Store, make_engine
from course.storage.tables import Account, AuditRow, Certificate, Learner, TrackCompletion
from tests.services.graduates import NOW, graduate, issue
from tests.strict_client import StrictClient


@pytest.fixture
def app_on(fixture_course: Path, tmp_path: Path):
    """The site on a database, with an instance folder of its own."""

    def app_on(url: str, instance: str = "instance"):
        return create_app(
            {
                "TESTING": True,
                "SECRET_KEY": "long enough for the commands",
                "COURSE_DATABASE_URL": url,
                "COURSE_CONTENT_DIR": str(fixture_course),
                "COURSE_INSTANCE_DIR": str(tmp_path / instance),
                "COURSE_BASE_URL": "http://localhost",
            },
            course=Course(),
        )

    return app_on


@pytest.fixture
def run(app_on, sqlite_url):
    """Run a command: (exit code, what it said)."""

    def run(*command: str, url: str = sqlite_url, instance: str = "instance", answer: str = "") -> tuple[int, str]:
        app = app_on(url, instance)
        done = app.test_cli_runner().invoke(args=["course", *command], input=answer)
        with app.app_context():
            app.extensions["sqlalchemy"].engine.dispose()
        assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
        return done.exit_code, done.output

    return run


@pytest.fixture
def store(sqlite_url) -> Store:
    return Store(make_engine(sqlite_url))


def learners(store: Store) -> int:
    with store.reading() as connection:
        return connection.execute(select(func.count()).select_from(Learner)).scalar_one()


# The audit log


def write_lines(store: Store, many: int) -> None:
    for number in range(1, many + 1):
        with store.writing() as session:
            record_audit(session, OPERATOR, What.ROLES, f"account:{number}", now=NOW)


def test_audit_verify_prints_the_end_of_a_whole_log_and_keeps_it(run, store, tmp_path):
    write_lines(store, 3)
    code, said = run("audit", "verify")
    end = re.search(r"3:[0-9a-f]{64}", said)
    assert (code, "whole: 3 lines" in said) == (0, True)
    assert (tmp_path / "instance/audit-anchors").read_text() == f"{end[0]}\n"
    write_lines(store, 1)
    assert run("audit", "verify", "--anchor", end[0])[0] == 0


def test_audit_verify_fails_and_names_the_line_that_is_gone(run, store):
    write_lines(store, 3)
    with store.writing() as session:
        session.execute(delete(AuditRow).where(AuditRow.number == 2))
    code, said = run("audit", "verify")
    assert code == 1
    assert "Line 2" in said


def test_audit_verify_finds_by_its_anchor_a_log_that_was_written_anew(run, store, tmp_path):
    write_lines(store, 2)
    _, said = run("audit", "verify")
    anchor = re.search(r"2:[0-9a-f]{64}", said)[0]
    forged = anchor[:-1] + ("0" if anchor[-1] != "0" else "1")
    code, said = run("audit", "verify", "--anchor", forged)
    assert (code, "Line 2" in said) == (1, True)
    assert run("audit", "verify", "--anchor", "nonsense")[0] == 1


# The register


def test_register_writes_all_that_is_kept_of_a_learner_and_the_audit_log_says_so(run, store, library, tmp_path):
    held = issue(store, library, graduate(store, library))
    file = tmp_path / "register.json"
    code, said = run("register", held.facts.code, "-o", str(file))
    assert (code, str(file) in said) == (0, True), said
    kept = json.loads(file.read_text())
    assert held.facts.name in json.dumps(kept, ensure_ascii=False)
    assert len(kept["modules"]) == len(library.modules)
    assert file.stat().st_mode & 0o077 == 0
    assert json.loads(run("register", "1")[1]) == kept
    assert run("register", "77")[0] == 1
    with store.reading() as connection:
        written = connection.execute(select(AuditRow.who, AuditRow.what, AuditRow.about)).all()
    assert [tuple(row) for row in written] == [("operator", "register-exported", "learner:1")] * 2


# Erasure


def test_erase_finds_a_learner_by_number_mail_and_certificate_and_the_number_still_verifies(run, store, library):
    by_number = start_learner(store, language="fi", now=NOW).learner_id
    by_mail = start_learner(store, language="fi", now=NOW).learner_id
    with store.writing() as session:
        session.add(Account(email="aino@home.example", language="fi", created_at=NOW, learner_id=by_mail))
    held = issue(store, library, graduate(store, library))
    for wanted in (str(by_number), "aino@home.example", held.facts.code):
        code, said = run("erase", wanted, "--yes")
        assert code == 0, said
        assert "is erased" in said
    assert learners(store) == 0
    code, said = run("certificate", "verify", held.facts.code)
    assert code == 0
    assert "erased" in said


def test_erase_asks_first_and_knows_who_is_not_there(run, store):
    start_learner(store, language="fi", now=NOW)
    code, said = run("erase", "1", answer="n\n")
    assert (code, learners(store)) == (1, 1)
    assert "Erase learner 1 for good?" in said
    code, said = run("erase", "77", "--yes")
    assert (code, "no such learner" in said) == (1, True)


# Backups


def test_backup_and_restore_from_the_command_line_bring_back_what_was_there(run, store, tmp_path):
    start_learner(store, language="fi", now=NOW)
    archive = tmp_path / "course-backup.tar.gz"
    code, said = run("backup", str(archive))
    assert (code, "MB" in said) == (0, True)
    start_learner(store, language="fi", now=NOW)
    run("erase", "1", "--yes")
    store.engine.dispose()
    code, said = run("restore", str(archive), answer="n\n")
    assert (code, learners(store)) == (1, 1)
    code, said = run("restore", str(archive), "--yes")
    assert code == 0, said
    assert "Restored as of" in said
    # She was erased since, and is erased again.
    assert "1 learners were erased again" in said
    assert learners(store) == 0


def test_restore_refuses_what_is_no_backup(run, store, tmp_path):
    (tmp_path / "nothing.tar.gz").write_text("not an archive")
    code, said = run("restore", str(tmp_path / "nothing.tar.gz"), "--yes")
    assert code == 1
    assert said.startswith("Error: ")


# Made-up people


def test_seed_adds_learners_and_stays_away_from_others(run, store):
    code, said = run("seed", "--learners", "30")
    assert (code, learners(store)) == (0, 30), said
    assert "30 learners in" in said
    code, said = run("seed", "--learners", "30")
    assert (code, learners(store)) == (1, 30)
    assert "may be real" in said
    assert run("seed", "--learners", "5", "--add")[0] == 0
    assert learners(store) == 35
    assert run("counts", "--verify")[0] == 0


def test_demo_prints_sign_ins_that_work_as_printed(app_on, run, sqlite_url, store):
    code, said = run("demo")
    assert code == 0, said
    secret = re.search(r"authenticator app: ([A-Z2-7]{32})", said)[1]
    assert PASSWORD in said
    app = app_on(sqlite_url)
    client = StrictClient(app)
    page = client.submit(client.get("/en/account/sign-in/"), email="admin@demo.example", password=PASSWORD)
    now = app.extensions["course"].now()
    page = client.submit(page, "form:has([name=code])", code=current_code(b32decode(secret), now=now))
    assert client.get("/en/admin/").select_one("h1")
    link = re.search(r"http://localhost(/resume/\S+)", said)[1]
    assert StrictClient(app).get(link).select_one("form")
    assert run("counts", "--verify")[0] == 0
    assert "The demonstration is in this database" in run("doctor")[1]
    with store.reading() as connection:
        assert connection.execute(select(func.count(TrackCompletion.learner_id.distinct()))).scalar_one() == 1_600
        assert connection.execute(select(func.count()).select_from(Certificate)).scalar_one() > 100


def test_demo_refuses_a_database_with_people_and_says_what_to_do(run, store):
    start_learner(store, language="fi", now=NOW)
    code, said = run("demo")
    assert code == 1
    assert "FLASK_COURSE_DATABASE_URL" in said
    with store.reading() as connection:
        assert connection.execute(select(Account.id)).all() == []


def test_the_commands_work_on_postgresql_too(run, postgresql_url):
    assert run("seed", "--learners", "20", url=postgresql_url)[0] == 0
    assert run("erase", "3", "--yes", url=postgresql_url)[0] == 0
    assert run("audit", "verify", url=postgresql_url)[0] == 0
    assert run("register", "4", url=postgresql_url)[0] == 0
