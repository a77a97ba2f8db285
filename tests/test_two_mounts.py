"""Two content packages in one application, side by side: nothing of one is seen, counted or believed in the other.

They have the same ids of modules, lessons and questions on purpose, so that whatever mixes shows.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select

from course.content.library import Library
from course.content.loading import load
from course.content.search.finders import finders_of
from course.domain.certificate import facts_from_json
from course.domain.refresher import round_of_token, round_token
from course.domain.statement import statement_of
from course.exports.signed_statement import sign_statement
from course.exports.signing_keys import signing_keys
from course.extension import Course
from course.mounting import CannotMount
from course.services.certificate_checks import StatementFinding, check_statement
from course.services.mail import put_mail
from course.services.people import start_learner
from course.storage.migrations import current, newest, upgrade
from course.storage.tables import Certificate, Learner, LessonDone, Task
from course.web.site import Site
from tests.services.graduates import Press
from tests.strict_client import StrictClient, text_of
from tests.web.journeys import READ, hand_in, right_answers

MODULES = ("tea", "bread")


@pytest.fixture(scope="module")
def second_package(tmp_path_factory: pytest.TempPathFactory, fixture_course: Path) -> Path:
    """The fixture course once more, with another name and other words."""
    folder = shutil.copytree(fixture_course, tmp_path_factory.mktemp("packages") / "second")
    spine = folder / "modules/course.yaml"
    spine.write_text(spine.read_text().replace("id: small-kitchen", "id: great-kitchen"))
    for words in folder.glob("modules/*/course.yaml"):
        lines = words.read_text().splitlines()
        title = next(number for number, line in enumerate(lines) if line.startswith("title:"))
        lines[title] = "title: Great kitchen"
        words.write_text("\n".join(lines) + "\n")
    return folder


@pytest.fixture(scope="module")
def instance(tmp_path_factory: pytest.TempPathFactory, fixture_course: Path, second_package: Path) -> Path:
    """The folder of a site that has been started before, so that the packages are not read for every test."""
    folder = tmp_path_factory.mktemp("started") / "instance"
    (folder / "second").mkdir(parents=True)
    for package, own in ((fixture_course, folder), (second_package, folder / "second")):
        finders_of(load(package, keep=own / "library.json"), keep=own / "search.json")
    return folder


@pytest.fixture
def second_url(database_url: str, sqlite_template: Path, tmp_path: Path) -> str:
    """On SQLite another file; on PostgreSQL a schema in the same database, which nobody has made yet."""
    if database_url.startswith("sqlite"):
        return f"sqlite:///{shutil.copy(sqlite_template, tmp_path / 'second.sqlite3')}"
    return f"{database_url}&options=-csearch_path%3Dsecond"


@pytest.fixture
def both(
    database_url: str, second_url: str, second_package: Path, fixture_course: Path, instance: Path, tmp_path: Path
) -> Iterator[Flask]:
    app = Flask("host", instance_path=str(shutil.copytree(instance, tmp_path / "instance")))
    app.config.update(
        TESTING=True,
        SECRET_KEY="the host's own",
        COURSE_DATABASE_URL=database_url,
        COURSE_CONTENT_DIR=str(fixture_course),
        COURSE_BASE_URL="http://localhost",
    )
    Course(app, url_prefix="/first", renderer=Press())
    settings = {"COURSE_CONTENT_DIR": str(second_package), "COURSE_DATABASE_URL": second_url}
    Course(app, url_prefix="/second", name="second", settings=settings, renderer=Press())
    sites = [app.extensions["course"], app.extensions["second"]]
    for site in sites:
        upgrade(site.store.engine)
    yield app
    for site in sites:
        site.store.engine.dispose()


@pytest.fixture
def first(both: Flask) -> Site:
    return both.extensions["course"]


@pytest.fixture
def second(both: Flask) -> Site:
    return both.extensions["second"]


@pytest.fixture
def client(both: Flask) -> StrictClient:
    return StrictClient(both)


def count(site: Site, table: type) -> int:
    with site.store.reading() as connection:
        return connection.execute(select(func.count()).select_from(table)).scalar_one()


def pass_all(client: StrictClient, library: Library, prefix: str) -> None:
    for module_id in MODULES:
        page = client.get(f"{prefix}/fi/modules/{module_id}/quiz/")
        page = client.submit(page, "form[action$='/quiz/start']")
        hand_in(client, page, right_answers(page, library, module_id))


def test_what_is_read_in_one_is_not_read_in_the_other(client, first, second):
    client.submit(client.get("/first/fi/modules/tea/water/"), READ)
    assert (count(first, LessonDone), count(second, LessonDone)) == (1, 0)
    assert (count(first, Learner), count(second, Learner)) == (1, 0)
    client.submit(client.get("/second/fi/modules/tea/leaves/"), READ)
    with first.store.reading() as connection:
        assert connection.execute(select(LessonDone.lesson_id)).scalars().all() == ["water"]
    with second.store.reading() as connection:
        assert connection.execute(select(LessonDone.lesson_id)).scalars().all() == ["leaves"]


def test_each_has_a_cookie_of_its_own_which_is_worth_nothing_in_the_other(client, both):
    client.submit(client.get("/first/fi/modules/tea/water/"), READ)
    client.submit(client.get("/second/fi/modules/tea/water/"), READ)
    mine, other = client.raw.get_cookie("learner"), client.raw.get_cookie("learner-second")
    assert mine and other and mine.value != other.value
    stranger = StrictClient(both)
    stranger.raw.set_cookie("learner-second", mine.value)
    assert not stranger.get("/second/fi/progress/").select("main .state-done, main a[href*='resume']")
    with both.test_request_context("/second/fi/", headers={"Cookie": f"learner-second={mine.value}"}):
        assert both.extensions["second"].visitor() is None
    with both.test_request_context("/second/fi/", headers={"Cookie": f"learner-second={other.value}"}):
        assert both.extensions["second"].visitor() is not None


def test_each_shows_its_own_pages_however_often_the_reader_goes_to_and_fro(client):
    for _ in range(2):
        assert "Great kitchen" not in client.get("/first/en/modules/tea/water/").title.string
        assert "Great kitchen" in client.get("/second/en/modules/tea/water/").title.string
    page = client.get("/second/en/")
    inside = [
        str(link.get("href") or link["action"])
        for link in page.select("a[href^='/'], link[href^='/'], form[action^='/']")
    ]
    assert inside and [address for address in inside if not address.startswith("/second/")] == []


def test_the_tag_of_a_page_of_one_brings_the_page_of_the_other(client):
    # The first learner of each has the same number and the same version of her record.
    client.submit(client.get("/first/fi/modules/tea/water/"), READ)
    client.submit(client.get("/second/fi/modules/tea/water/"), READ)
    tag = client.raw.get("/first/fi/modules/tea/water/").headers["ETag"]
    assert client.raw.get("/first/fi/modules/tea/water/", headers={"If-None-Match": tag}).status_code == 304
    assert client.raw.get("/second/fi/modules/tea/water/", headers={"If-None-Match": tag}).status_code == 200


def test_the_same_package_mounted_twice_has_other_tags_too(tmp_path, fixture_course):
    app = Flask("host", instance_path=str(tmp_path / "instance"))
    app.config.update(SECRET_KEY="the host's own", COURSE_CONTENT_DIR=str(fixture_course))
    for name in ("one", "two"):
        settings = {"COURSE_DATABASE_URL": f"sqlite:///{tmp_path / name}.sqlite3"}
        Course(app, url_prefix=f"/{name}", name=name, settings=settings)
    assert app.extensions["one"].build != app.extensions["two"].build


def test_a_certificate_of_one_is_unknown_in_the_other_and_signed_with_another_key(client, first, second, library):
    pass_all(client, library, "/first")
    client.submit(client.get("/first/fi/certificate/"), "main form", name="Aino Laine")
    assert (count(first, Certificate), count(second, Certificate)) == (1, 0)
    with first.store.reading() as connection:
        code, facts = connection.execute(select(Certificate.code, Certificate.facts)).one()
    assert "on aito ja voimassa" in text_of(client.get(f"/first/verify/{code}").main)
    assert "on aito" not in text_of(client.get(f"/second/verify/{code}", status=404).main)
    statement = sign_statement(statement_of(facts_from_json(facts.encode())), signing_keys(first.signing).badge)
    assert check_statement(statement, first.signing)[0] is StatementFinding.GENUINE
    signing_keys(second.signing)
    assert check_statement(statement, second.signing)[0] is StatementFinding.FOREIGN


def test_what_one_has_signed_is_not_believed_by_the_other(client, first, second):
    token = round_token(first.secret_key, 1)
    assert round_of_token(first.secret_key, token) == 1
    assert round_of_token(second.secret_key, token) is None
    learner = start_learner(first.store, language="fi", now=first.now())
    from_first = StrictClient(client.raw.application)
    from_first.raw.set_cookie("learner", learner.secret)
    page = from_first.get("/first/fi/progress/")
    made = from_first.submit(page, "main form[action*='resume']")
    token = str(made.select_one("#resume-link")["value"]).rstrip("/").rpartition("/")[2]
    client.get(f"/first/resume/{token}")
    client.get(f"/second/resume/{token}", status=410)


def test_each_worker_does_what_its_own_course_has_put_out(both, first, second):
    with second.store.writing() as session:
        put_mail(session, to="aino@example.fi", subject="Hello", text="From the second.", now=second.now())
    assert both.extensions["course_worker"].run_due() == (0, 0)
    assert count(first, Task) == 0
    assert both.extensions["second_worker"].run_due() == (1, 0)
    assert list((second.instance / "outbox").glob("*.eml"))
    assert not (first.instance / "outbox").exists()
    assert first.instance != second.instance


@pytest.mark.parametrize(("name", "prefix"), [("course", "/first/"), ("second", "/second/")])
def test_each_has_its_commands_under_its_own_name(both, name, prefix):
    run = both.test_cli_runner()
    routes = run.invoke(args=[name, "routes"])
    addresses = [line.split("│")[1].strip() for line in routes.output.splitlines() if line.startswith("│")]
    assert routes.exit_code == 0 and len(addresses) > 60
    assert [address for address in addresses if not address.startswith(prefix)] == []
    assert run.invoke(args=[name, "init-db"]).output.startswith("The database is ready")
    assert run.invoke(args=[name, "work", "--once"]).exit_code == 0


def test_commands_of_one_do_not_touch_the_other(both, first, second):
    learner = start_learner(second.store, language="fi", now=second.now()).learner_id
    refused = both.test_cli_runner().invoke(args=["course", "erase", str(learner), "--yes"])
    assert refused.exit_code != 0
    assert count(second, Learner) == 1
    done = both.test_cli_runner().invoke(args=["second", "erase", str(learner), "--yes"])
    assert done.exit_code == 0, done.output
    assert count(second, Learner) == 0


def test_the_version_table_stands_beside_the_tables_of_each(first, second):
    assert current(first.store.engine) == current(second.store.engine) == newest()


def host(tmp_path: Path, **config: object) -> Flask:
    app = Flask("host", instance_path=str(tmp_path / "instance"))
    app.config.update({"SECRET_KEY": "the host's own", **config})
    return app


def test_two_courses_in_the_same_tables_are_refused_with_what_to_do(tmp_path, fixture_course):
    app = host(tmp_path, COURSE_CONTENT_DIR=str(fixture_course))
    app.config["COURSE_DATABASE_URL"] = f"sqlite:///{tmp_path / 'one.sqlite3'}"
    Course(app, url_prefix="/first")
    with pytest.raises(CannotMount, match="would mix in one database"):
        Course(app, url_prefix="/second", name="second")


@pytest.mark.parametrize(
    ("config", "options", "said"),
    [
        ({"SECRET_KEY": None}, {}, "SECRET_KEY"),
        ({}, {"name": "Second course"}, "lower-case"),
        ({}, {"name": "sqlalchemy"}, "called sqlalchemy already"),
        ({}, {"settings": {"COURSE_CONTENT": "x"}}, "COURSE_CONTENT"),
        ({"COURSE_DATABASE_URL": ""}, {}, "Name a database"),
    ],
)
def test_a_mount_that_cannot_be_says_why(tmp_path, fixture_course, config, options, said):
    app = host(tmp_path, **{"COURSE_DATABASE_URL": "sqlite://", "COURSE_CONTENT_DIR": str(fixture_course)} | config)
    app.extensions.setdefault("sqlalchemy", None) if options.get("name") == "sqlalchemy" else None
    with pytest.raises(CannotMount, match=said):
        Course(app, **options)


def test_libraries_of_the_two_are_kept_apart(first, second, fixture_course):
    assert first.library.id == "small-kitchen" and second.library.id == "great-kitchen"
    assert (second.instance / "library.json").exists()
    assert load(fixture_course, keep=first.instance / "library.json").id == "small-kitchen"
