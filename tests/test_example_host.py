"""The example host: its own users, database, templates and languages, with the course inside and none of ours."""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import inspect, text
from werkzeug.security import generate_password_hash

from course.content.loading import load
from course.content.search.finders import finders_of
from course.storage.tables import Base
from examples.host import app as town
from tests.strict_client import StrictClient, text_of
from tests.web.journeys import READ

CHECKOUT = Path(__file__).parents[1]
PASSWORD = "town hall"


@pytest.fixture(scope="module")
def started(tmp_path_factory: pytest.TempPathFactory, fixture_course: Path) -> Path:
    """The folder of a host that has been started before, so that the content is not read for every test."""
    folder = tmp_path_factory.mktemp("started") / "instance"
    folder.mkdir()
    finders_of(load(fixture_course, keep=folder / "library.json"), keep=folder / "search.json")
    return folder


@pytest.fixture
def host(tmp_path: Path, started: Path, fixture_course: Path, database_url: str) -> Iterator[Flask]:
    """On a database of the host's, SQLite and PostgreSQL: `init` makes its tables and the course's."""
    app = town.create_app(
        {
            "TESTING": True,
            "INSTANCE": shutil.copytree(started, tmp_path / "instance"),
            "SQLALCHEMY_DATABASE_URI": database_url,
            "COURSE_CONTENT_DIR": str(fixture_course),
            "COURSE_BASE_URL": "http://localhost",
        }
    )
    assert app.test_cli_runner().invoke(args=["init"]).exit_code == 0
    with app.app_context():
        for user in town.database.session.execute(town.database.select(town.User)).scalars():
            user.password = generate_password_hash(PASSWORD, method="pbkdf2:sha256:1")
        town.database.session.commit()
    yield app
    with app.app_context():
        town.database.engine.dispose()
        app.extensions["course"].store.engine.dispose()


def sign_in(host: Flask, username: str) -> StrictClient:
    client = StrictClient(host)
    token = re.search(r'name="token" value="([^"]+)"', client.raw.get("/sign-in").text)[1]
    fields = {"token": token, "username": username, "password": PASSWORD}
    assert client.raw.post("/sign-in", data=fields).status_code == 302
    return client


def ask(host: Flask, sql: str) -> object:
    with host.app_context(), town.database.engine.connect() as connection:
        return connection.execute(text(sql)).scalar()


def test_a_users_record_follows_her_from_device_to_device_and_ends_with_her_sign_in(host):
    office = sign_in(host, "aino")
    office.submit(office.get("/training/fi/modules/tea/water/"), READ)
    assert office.raw.get_cookie("learner") is None
    home = sign_in(host, "aino")
    assert not home.get("/training/fi/modules/tea/water/").select(READ)
    somebody_else = sign_in(host, "elias")
    assert somebody_else.get("/training/fi/modules/tea/water/").select(READ)
    assert ask(host, "select count(*) from learner") == 1
    assert ask(host, "select count(*) from way_in where kind = 'host'") == 1


def test_somebody_who_is_not_signed_in_is_a_guest_with_a_cookie(host):
    guest = StrictClient(host)
    guest.submit(guest.get("/training/fi/modules/tea/water/"), READ)
    assert guest.raw.get_cookie("learner") is not None
    assert ask(host, "select count(*) from way_in where kind = 'cookie'") == 1


def test_there_are_none_of_our_users_and_no_sign_in_of_ours(host):
    client = sign_in(host, "aino")
    client.submit(client.get("/training/fi/modules/tea/water/"), READ)
    assert ask(host, "select count(*) from account") == 0
    assert ask(host, "select count(*) from password") == 0
    assert [rule.rule for rule in host.url_map.iter_rules() if "/account/" in rule.rule] == []
    assert client.raw.get("/training/fi/account/sign-in/").status_code == 404


def test_a_trainer_is_whom_the_host_calls_one_and_nobody_else(host):
    assert "Elias" not in sign_in(host, "aino").raw.get("/training/fi/trainer/", follow_redirects=True).text
    page = sign_in(host, "elias").get("/training/fi/trainer/")
    assert page.select("main h1")
    assert ask(host, "select name from account") == "Elias Niemi"
    assert ask(host, "select count(*) from password") == 0


def test_our_tables_stand_beside_the_hosts_with_a_version_table_of_their_own(host):
    with host.app_context():
        names = set(inspect(town.database.engine).get_table_names())
    assert names == {"user", "course_version", *Base.metadata.tables}
    assert "user" not in Base.metadata.tables and "learner" not in town.Base.metadata.tables


def test_a_page_stands_inside_the_hosts_look_and_keeps_what_is_ours(host):
    page = sign_in(host, "aino").get("/training/en/modules/tea/water/")
    assert [text_of(bar) for bar in page.select(".town-bar")] == ["Town of Harjula Aino Laine", "Staff pages"]
    assert page.select("head link[href='/static/host.css']")
    assert page.select_one("body a")["class"] == ["exit"]
    assert page.select("a.skip") and page.select("main#main h1")


def test_what_stands_around_a_page_is_never_another_users(host):
    aino, elias, guest = sign_in(host, "aino"), sign_in(host, "elias"), StrictClient(host)
    for address in ("/training/fi/modules/tea/water/", "/training/fi/modules/tea/quiz/", "/training/fi/"):
        for _ in range(2):
            assert "Aino Laine" in aino.raw.get(address).text
            assert "Elias Niemi" in (page := elias.raw.get(address).text) and "Aino" not in page
            assert "Aino" not in (page := guest.raw.get(address).text) and "Elias" not in page
    tag = aino.raw.get("/training/fi/modules/tea/water/").headers["ETag"]
    assert aino.raw.get("/training/fi/modules/tea/water/", headers={"If-None-Match": tag}).status_code == 304
    assert guest.raw.get("/training/fi/modules/tea/water/", headers={"If-None-Match": tag}).status_code == 200


def test_the_hosts_language_is_the_courses(host):
    client = sign_in(host, "aino")
    assert client.raw.get("/training/", headers={"Accept-Language": "sv"}).location == "/training/fi/"
    token = re.search(r'name="token" value="([^"]+)"', client.raw.get("/").text)[1]
    client.raw.post("/language/en", data={"token": token})
    assert client.raw.get("/training/", headers={"Accept-Language": "sv"}).location == "/training/en/"
    assert "Staff pages" in client.raw.get("/").text


def test_the_hosts_pages_are_as_they_were(host):
    page = StrictClient(host).raw.get("/")
    assert "Content-Security-Policy" not in page.headers and page.text.startswith("<!doctype html>")
    assert host.jinja_env.globals.get("frame") is None
    assert "town" not in StrictClient(host).raw.get("/training/fi/", headers={"Accept": "text/html"}).headers
    assert host.login_manager.login_view == "sign_in"


def test_a_form_of_one_user_is_refused_from_another(host):
    page = sign_in(host, "aino").get("/training/fi/modules/tea/water/")
    form = page.select_one(READ)
    stolen = {"csrf_token": form.select_one("[name=csrf_token]")["value"]}
    elias = sign_in(host, "elias")
    elias.raw.get("/training/fi/")
    assert elias.send(form["action"], stolen).status_code in (400, 403)
    assert ask(host, "select count(*) from lesson_done") == 0


def test_a_page_that_looks_up_its_user_can_be_written_from(host):
    # The host's session has read its user within the request that writes ours: neither may wait for the other.
    client = sign_in(host, "aino")
    began = time.monotonic()
    client.submit(client.get("/training/fi/modules/tea/water/"), READ)
    assert time.monotonic() - began < 4
    assert ask(host, "select count(*) from lesson_done") == 1


def test_the_two_commands_of_its_readme_serve_it(tmp_path, fixture_course):
    readme = (CHECKOUT / "examples/host/README.md").read_text()
    commands = re.findall(r"^\.venv/bin/flask (.+)$", readme, flags=re.MULTILINE)
    assert commands == ["--app examples.host.app init", "--app examples.host.app run"]
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("FLASK_", "COURSE_"))}
    environment |= {"TOWN_INSTANCE": str(tmp_path / "instance")}
    flask = [sys.executable, "-m", "flask"]
    done = subprocess.run(
        [*flask, *commands[0].split()], cwd=CHECKOUT, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert re.search(r"^aino: \S{8,}$", done.stdout, flags=re.MULTILINE)
    with (tmp_path / "log").open("w") as log:
        server = subprocess.Popen(
            [*flask, *commands[1].split(), "--port", str(port)],
            cwd=CHECKOUT,
            env=environment,
            stdout=log,
            stderr=log,
        )
    try:
        assert "Harjulan kaupunki" in page_of(f"http://127.0.0.1:{port}/", server, tmp_path / "log")
        page = page_of(f"http://127.0.0.1:{port}/training/fi/", server, tmp_path / "log")
        assert "Tunnista ja ohjaa" in page and "town-bar" in page
    finally:
        server.terminate()
        server.wait(20)


def page_of(address: str, server: subprocess.Popen[bytes], log: Path) -> str:
    """What the server answers, as soon as it does."""
    for _ in range(300):
        assert server.poll() is None, log.read_text()
        try:
            with urllib.request.urlopen(address, timeout=10) as answer:
                return answer.read().decode()
        except OSError:
            time.sleep(0.1)
    raise AssertionError(f"no answer from {address}\n{log.read_text()}")
