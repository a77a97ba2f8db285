"""The course mounted in somebody else's application, below a prefix, beside the host's own pages and users."""

from __future__ import annotations

import pytest
from flask import Flask
from flask_login import LoginManager
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import text
from sqlalchemy.orm import DeclarativeBase

from course.extension import Course
from course.storage.migrations import upgrade
from tests.strict_client import StrictClient
from tests.web.journeys import READ


@pytest.fixture
def host(tmp_path, fixture_course) -> Flask:
    """An application that has a database, users and a page of its own."""

    class HostBase(DeclarativeBase): ...

    app = Flask("host", instance_path=str(tmp_path))
    app.config.update(
        TESTING=True,
        SECRET_KEY="the host's own",
        SQLALCHEMY_DATABASE_URI=f"sqlite:///{tmp_path / 'host.sqlite3'}",
        COURSE_CONTENT_DIR=str(fixture_course),
        COURSE_BASE_URL="http://localhost",
    )
    database = SQLAlchemy(app, model_class=HostBase)
    manager = LoginManager(app)
    manager.user_loader(lambda _: None)
    app.add_url_rule("/", "front", lambda: "the host's front page")
    Course(app, url_prefix="/training")
    with app.app_context():
        upgrade(database.engine)
        yield app
        database.engine.dispose()


def test_the_course_lives_below_its_prefix_and_the_host_keeps_its_pages(host):
    client = StrictClient(host)
    assert client.raw.get("/").text == "the host's front page"
    page = client.get("/training/fi/")
    outside = [link["href"] for link in page.select("main a[href^='/']") if not link["href"].startswith("/training/")]
    assert outside == []


def test_a_learner_of_the_mounted_course_passes_a_module(host, library):
    client = StrictClient(host)
    page = client.get("/training/fi/modules/tea/water/")
    page = client.submit(page, READ)
    page = client.get("/training/fi/modules/tea/quiz/")
    client.submit(page, "form[action$='/quiz/start']")
    assert client.get("/training/fi/progress/").select("main a[href='/training/fi/modules/tea/quiz/']")


def test_the_records_are_in_the_hosts_database(host):
    client = StrictClient(host)
    client.submit(client.get("/training/fi/modules/tea/water/"), READ)
    with host.app_context():
        engine = host.extensions["sqlalchemy"].engine
        with engine.connect() as connection:
            assert connection.execute(text("SELECT count(*) FROM lesson_done")).scalar_one() == 1


def test_the_hosts_missing_pages_stay_the_hosts(host):
    response = StrictClient(host).raw.get("/nothing-here")
    assert response.status_code == 404
    assert "Content-Security-Policy" not in response.headers


def test_an_unchanged_page_of_the_mounted_course_is_answered_with_304(host):
    client = StrictClient(host)
    tag = client.raw.get("/training/fi/modules/tea/water/").headers["ETag"]
    again = client.raw.get("/training/fi/modules/tea/water/", headers={"If-None-Match": tag})
    assert (again.status_code, again.data) == (304, b"")


def test_the_hosts_command_line_has_the_courses_commands(host):
    result = host.test_cli_runner().invoke(args=["course", "init-db"])
    assert result.exit_code == 0, result.output
