"""Whatever goes wrong, the page says what happened and what to do, in the reader's language, and never how we work."""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Iterator
from http import HTTPStatus

import pytest
from flask import Flask
from sqlalchemy.exc import OperationalError

from course.domain import errors
from course.domain.launch import LaunchRefused, Refusal
from course.extension import LARGEST_REQUEST, Course, create_app
from course.storage import engine
from course.web.errors import STATUS, explained
from course.web.guard import StaleForm
from tests.strict_client import StrictClient, text_of
from tests.web.journeys import READ

LANGUAGES = ["fi", "sv", "en"]
REFUSALS: list[Exception] = [
    errors.NotThere("water"),
    errors.ModuleLocked("bread", ("tea",)),
    errors.NoOpenAttempt("tea"),
    errors.UnknownOption("which-first"),
    errors.NotEarnedYet("core", ("tea",)),
    errors.NameNeeded(),
    errors.LinkNotValid("abcd"),
    errors.TooManyTries(60),
    errors.PdfNotAvailable("no pango"),
    errors.SignInRefused(),
    errors.SignInEnded(),
    errors.LastAdministrator("account 4711"),
    errors.LastSecondFactor("account 4711"),
    errors.HasRole(4711),
    errors.RoleMissing(),
    errors.SessionNotOpen("session 4711"),
    errors.CertificateClosed("certificate 4711"),
    errors.CohortFull("code 4711"),
    errors.RosterChanged("import 4711"),
    errors.LaunchOver(),
    LaunchRefused(Refusal.STATE_USED),
    StaleForm(),
    OperationalError("select secret", {}, Exception("database is locked")),
]


def subclasses(kind: type) -> Iterator[type]:
    for one in kind.__subclasses__():
        yield one
        yield from subclasses(one)


def english(text: str) -> str:
    return text


def without_a_page(kinds: Iterator[type] | list[type]) -> list[str]:
    """The refusals of the rules that no page explains."""
    general = explained("nothing of ours", english)
    return [kind.__name__ for kind in kinds if kind not in STATUS or explained(kind.__name__, english) == general]


def of_the_rules() -> list[type]:
    return [kind for kind in subclasses(errors.CourseError) if kind.__module__.startswith("course.")]


def test_every_refusal_of_the_rules_has_a_status_and_a_page():
    assert len(of_the_rules()) >= 9
    assert without_a_page(of_the_rules()) == []


def test_a_refusal_without_a_page_is_noticed():
    class Planted(errors.CourseError):
        """A refusal that somebody forgot to explain."""

    assert without_a_page([*of_the_rules(), Planted]) == ["Planted"]


def test_every_refusal_is_tried_below():
    assert set(of_the_rules()) <= {type(error) for error in REFUSALS}


def planted(app: Flask, error: Exception, language: str = "fi", **options: object) -> StrictClient:
    """A browser for a site whose page /<language>/fault raises."""

    def fault() -> str:
        raise error

    app.add_url_rule(f"/{language}/fault", "fault", fault, **options)  # type: ignore[arg-type]
    return StrictClient(app)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("error", REFUSALS, ids=lambda error: type(error).__name__)
def test_every_refusal_is_explained_in_the_readers_language(app, site, language, error):
    client = planted(app, error, language)
    page = client.get(f"/{language}/fault", status=STATUS[type(error)])
    words = explained(type(error).__name__, lambda text: site.say(language, text))
    shown = text_of(page.main)
    for sentence in (words.title, words.what, words.todo):
        assert " ".join(sentence.replace("\u00a0", " ").split()) in shown
    assert page.select("main a[href]")
    assert str(error) not in client.response.text or not str(error)


@pytest.mark.parametrize("language", ["fi", "sv"])
def test_no_error_page_falls_back_to_english(site, language):
    names = [type(error).__name__ for error in REFUSALS] + ["403", "404", "405", "413", "500", "418"]
    for name in names:
        theirs, ours = explained(name, english), explained(name, lambda text: site.say(language, text))
        assert not {theirs.title, theirs.what, theirs.todo} & {ours.title, ours.what, ours.todo}, name


def test_a_refused_try_says_when_to_come_back(app):
    client = planted(app, errors.TooManyTries(77))
    client.get("/fi/fault", status=429)
    assert client.response.headers["Retry-After"] == "77"


def test_an_address_that_takes_only_forms_says_so(client):
    client.get("/fi/modules/tea/water/done", status=405)
    assert client.response.headers["Allow"] == "OPTIONS, POST"


@pytest.mark.parametrize("address", ["/fi/", "/fi/modules/tea/water/done", "/nowhere"])
def test_a_method_that_nobody_uses_is_refused_with_a_page(client, address):
    answer = client.raw.put(address)
    assert answer.status_code in (404, 405)
    assert answer.mimetype == "text/html"


def test_more_than_any_form_of_ours_has_is_not_read(client):
    page = client.post("/fi/modules/tea/water/done", {"csrf_token": "x" * LARGEST_REQUEST}, status=413)
    assert page.select("main a[href]")


@pytest.mark.parametrize(
    ("path", "wish", "language"), [("/sv/nowhere", "fi", "sv"), ("/nowhere", "sv-SE", "sv"), ("/nowhere", "de", "fi")]
)
def test_an_unknown_address_is_answered_in_the_language_of_its_path_or_of_the_browser(client, path, wish, language):
    page = client.get(path, status=404, headers={"Accept-Language": wish})
    assert page.html["lang"] == language


def test_an_unexpected_error_shows_a_reference_and_nothing_of_its_cause_and_is_logged(app, caplog):
    client = planted(app, KeyError("a secret of ours"))
    with caplog.at_level(logging.ERROR, "course"):
        page = client.get("/fi/fault", status=500)
    assert "secret of ours" not in client.response.text
    assert "Traceback" not in client.response.text and "KeyError" not in client.response.text
    [logged] = [one for one in caplog.records if one.name == "course"]
    reference = logged.getMessage().split()[-1]
    assert reference in text_of(page.main)
    assert logged.exc_info is not None and "a secret of ours" in str(logged.exc_info[1])


def test_two_unexpected_errors_have_two_references(app, caplog):
    client = planted(app, KeyError("fault"))
    for _ in range(2):
        client.get("/fi/fault", status=500)
    assert len({one.getMessage() for one in caplog.records if one.name == "course"}) == 2


def test_the_general_page_covers_what_has_no_words_of_its_own(site):
    for name in ("406", "418", "Unheard"):
        assert explained(name, english).title == "This did not work"


@pytest.fixture
def busy_client(monkeypatch, sqlite_url, fixture_course, shared_folder, clock) -> Iterator[StrictClient]:
    """A site on SQLite that waits for a lock for a tenth of a second only."""
    quick = tuple("busy_timeout=100" if one.startswith("busy") else one for one in engine.SQLITE_PRAGMAS)
    monkeypatch.setattr(engine, "SQLITE_PRAGMAS", quick)
    settings = {
        "TESTING": True,
        "SECRET_KEY": "tests only",
        "COURSE_DATABASE_URL": sqlite_url,
        "COURSE_CONTENT_DIR": str(fixture_course),
        "COURSE_INSTANCE_DIR": str(shared_folder / "instance"),
        "COURSE_BASE_URL": "http://localhost",
    }
    app = create_app(settings, course=Course(now=clock))
    yield StrictClient(app)
    with app.app_context():
        app.extensions["sqlalchemy"].engine.dispose()


@pytest.fixture
def write_lock(sqlite_url) -> Iterator[sqlite3.Connection]:
    """Somebody else who writes into the database and does not come to an end."""
    connection = sqlite3.connect(sqlite_url.removeprefix("sqlite:///"), isolation_level=None)
    connection.execute("BEGIN IMMEDIATE")
    yield connection
    connection.close()


def test_while_the_database_is_locked_writing_waits_with_a_page_and_reading_goes_on(busy_client, write_lock):
    page = busy_client.get("/fi/modules/tea/water/")
    busy_client.submit(page, READ, status=HTTPStatus.SERVICE_UNAVAILABLE)
    assert busy_client.response.headers["Retry-After"] == "5"
    for address in ("/fi/", "/fi/modules/tea/water/", "/fi/modules/tea/quiz/", "/fi/progress/"):
        busy_client.get(address)
    write_lock.rollback()
    busy_client.submit(page, READ)


def test_a_locked_database_does_not_lose_an_answer_silently(busy_client, sqlite_url, library):
    page = busy_client.submit(busy_client.get("/fi/modules/tea/quiz/"), "form[action$='/quiz/start']")
    box = page.select_one("[data-kind=one], [data-kind=true-false], [data-kind=several]")
    token = page.select_one("[name=csrf_token]")["value"]
    name, chosen = box["data-question"], box.select_one("input:not([type=hidden])")["value"]
    fields = {"csrf_token": token, "attempt": "1", f"version.{name}": "0", name: chosen}
    connection = sqlite3.connect(sqlite_url.removeprefix("sqlite:///"), isolation_level=None)
    connection.execute("BEGIN IMMEDIATE")
    assert busy_client.send("/fi/modules/tea/quiz/save", fields).status_code == 503
    connection.close()
    assert busy_client.send("/fi/modules/tea/quiz/save", fields).json == {"version": 1}
