"""Every address that leaves the site is the whole public one, wherever the course hangs and whoever makes it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select
from werkzeug.middleware.dispatcher import DispatcherMiddleware

import course
from course.exports.badge import status_list_address
from course.extension import Course, create_app
from course.services.mail import MAIL
from course.services.retention import RETENTION
from course.storage.tables import Account, Certificate, Task
from course.web.lti_base import own_addresses
from course.web.refreshers import refresher_site
from course.web.reminders import reminder_site
from course.web.site import Site
from tests.exports.question_readers import links, read_moodle
from tests.services.graduates import Press, graduate
from tests.staff_fixtures import make_account, sign_in
from tests.strict_client import StrictClient, text_of
from tests.web.journeys import READ

TOWN = "https://town.example"


@dataclass(frozen=True)
class Mounted:
    """One course somewhere: `whole` is where people see it, `below` where the test's client asks for it."""

    app: Flask
    client: StrictClient
    whole: str
    below: str

    @property
    def site(self) -> Site:
        found: Site = self.app.extensions["course"]
        return found


def below_path(inner: Flask, path: str) -> Flask:
    """A server that has the application below a path: SCRIPT_NAME says so."""
    server = Flask("server")
    server.wsgi_app = DispatcherMiddleware(server.wsgi_app, {path: inner.wsgi_app})  # type: ignore[method-assign]
    return server


def a_host(settings: dict[str, object], instance: Path, base_url: str) -> Flask:
    app = Flask("host", instance_path=str(instance))
    app.config.update(settings, COURSE_BASE_URL=base_url)
    Course(app, url_prefix="/training", renderer=Press())
    return app


def alone(settings: dict[str, object], instance: Path, base_url: str) -> Flask:
    course_of_site = Course(renderer=Press())
    return create_app(
        {**settings, "COURSE_BASE_URL": base_url, "COURSE_INSTANCE_DIR": str(instance)}, course=course_of_site
    )


#: How it hangs -> who makes the application, the path of the server, and where people see the course.
MOUNTS = {
    "alone": (alone, "", TOWN),
    "below a prefix": (a_host, "", f"{TOWN}/training"),
    "below a path": (alone, "/staff", f"{TOWN}/staff"),
    "below a path and a prefix": (a_host, "/staff", f"{TOWN}/staff/training"),
}


@pytest.fixture(params=MOUNTS)
def mounted(
    request: pytest.FixtureRequest, sqlite_url: str, fixture_course: Path, shared_folder: Path
) -> Iterator[Mounted]:
    make, path, whole = MOUNTS[request.param]
    settings: dict[str, object] = {
        "TESTING": True,
        "SECRET_KEY": "tests only",
        "COURSE_DATABASE_URL": sqlite_url,
        "COURSE_CONTENT_DIR": str(fixture_course),
    }
    app = make(settings, shared_folder / "instance", TOWN + path)
    client = StrictClient(below_path(app, path) if path else app)
    yield Mounted(app, client, whole, whole.removeprefix(TOWN))
    app.extensions["course"].store.engine.dispose()


def made_by(site: Site) -> dict[str, str]:
    """What the makers of letters, links and codes say, each with a value that shows where it begins."""
    letters, reminders = refresher_site(site).letters, reminder_site(site)
    made = {
        "certificate": site.verify_url("CODE"),
        "resume": site.outside("resume", token="t"),
        "join": site.outside("join", code="c"),
        "attend": site.outside("attend", code="c"),
        "refreshers stop": letters.stop("t"),
        "refresher": letters.questions("t"),
        "refreshers confirm": letters.confirm("s"),
        "reminder home": reminders.home("fi"),
        "reminder stop": reminders.stop("t"),
    }
    if site.has("lti_login"):
        own = own_addresses(site)
        made |= {
            "lti": own.login,
            "lti base": own.base,
            "lti launch": own.launch,
            "sign-in": site.outside("sign_in", lang="fi"),
        }
    return made


BELOW = {
    "certificate": "/verify/CODE",
    "resume": "/resume/t",
    "join": "/join/c",
    "attend": "/attend/c",
    "refreshers stop": "/stop/t",
    "refresher": "/refresher/t",
    "refreshers confirm": "/refreshers/s",
    "reminder home": "/fi/",
    "reminder stop": "/stop/t",
    "lti": "/lti/login",
    "lti base": "",
    "lti launch": "/lti/launch",
    "sign-in": "/fi/account/sign-in/",
}


def test_an_address_is_whole_in_the_worker_and_in_a_request(mounted):
    with mounted.app.app_context():
        of_the_worker = made_by(mounted.site)
    assert of_the_worker == {name: mounted.whole + BELOW[name] for name in of_the_worker}
    script = {"SCRIPT_NAME": mounted.below.removesuffix("/training")}
    with mounted.app.test_request_context(f"{mounted.below}/fi/", environ_overrides=script):
        assert made_by(mounted.site) == of_the_worker


def test_a_host_name_that_a_request_claims_is_in_no_address(mounted):
    with mounted.app.test_request_context("/", base_url="https://evil.example/elsewhere/"):
        assert all(address.startswith(mounted.whole) for address in made_by(mounted.site).values())


def test_a_letter_of_the_worker_carries_it_on_a_site_that_answers_to_its_own_name_only(mounted):
    # What README advises for a server. The worker is asked by nobody, and so under no name.
    mounted.app.config["TRUSTED_HOSTS"] = ["town.example"]
    with mounted.site.store.writing() as session:
        session.add(Account(email="a@town.example", language="fi", created_at=datetime(2020, 1, 1, tzinfo=UTC)))
    mounted.app.extensions["course_worker"].handlers[RETENTION]({})
    with mounted.site.store.reading() as connection:
        letter = connection.execute(select(Task.payload).where(Task.kind == MAIL)).scalar_one()
    assert re.findall(r"https?://\S+", letter["text"]) == [f"{mounted.whole}/fi/"]


def test_a_reader_sees_the_whole_address_of_her_resume_link(mounted):
    client, below = mounted.client, mounted.below
    client.submit(client.get(f"{below}/fi/modules/tea/water/"), READ)
    made = client.submit(client.get(f"{below}/fi/progress/"), "main form[action*='resume']")
    link = str(made.select_one("#resume-link")["value"])
    assert link.startswith(f"{mounted.whole}/resume/")
    assert client.raw.get(link.removeprefix(TOWN)).status_code in (200, 303)


def test_a_badge_and_its_issuer_are_found_below_the_whole_address(mounted):
    assert mounted.site.signing.base_url == mounted.whole
    name = "did:web:" + mounted.whole.removeprefix("https://").replace("/", ":")
    where = f"{mounted.below}/did.json" if mounted.below else "/.well-known/did.json"
    assert mounted.client.raw.get(where).json["id"] == name
    revoked = status_list_address(mounted.site.signing.base_url, 0)
    assert revoked.startswith(f"{mounted.whole}/verify/status/")
    assert mounted.client.raw.get(revoked.removeprefix(TOWN)).mimetype == "application/vc"


def test_the_command_that_issues_a_certificate_prints_its_whole_address(mounted):
    learner = graduate(mounted.site.store, mounted.site.library)
    done = mounted.app.test_cli_runner().invoke(
        args=["course", "certificate", "issue", str(learner), "--name", "Aino", "--track", "core"]
    )
    assert done.exit_code == 0, done.output
    with mounted.site.store.reading() as connection:
        code = connection.execute(select(Certificate.code)).scalar_one()
    assert f"{mounted.whole}/verify/{code}" in done.output


def test_files_for_other_programs_lead_to_the_whole_address(mounted, tmp_path):
    file = tmp_path / "questions.xml"
    done = mounted.app.test_cli_runner().invoke(
        args=["course", "export", "moodle-xml", "--lang", "fi", "-o", str(file)]
    )
    assert done.exit_code == 0, done.output
    found = {
        address
        for one in read_moodle(file.read_bytes())
        for said in (one.general, *one.said.values())
        for address in links(said)
    }
    inside = {address for address in found if address.startswith(TOWN)}
    assert inside and [address for address in inside if not address.startswith(f"{mounted.whole}/fi/")] == []


def test_the_description_of_the_api_leads_to_the_api(mounted):
    described = mounted.client.raw.get(f"{mounted.below}/api/v1/openapi.json").json
    [path] = described["paths"]
    assert described["servers"][0]["url"].rstrip("/") + path == f"{mounted.whole}/api/v1/counts"


@pytest.mark.parametrize(("setting", "good"), [(f"{TOWN}/staff/", True), (TOWN, False), (f"{TOWN}/other", False)])
def test_an_administrator_is_told_when_the_setting_lacks_the_path_of_the_server(
    sqlite_url, fixture_course, shared_folder, setting, good
):
    given = {"SECRET_KEY": "tests only", "COURSE_DATABASE_URL": sqlite_url, "COURSE_CONTENT_DIR": str(fixture_course)}
    app = alone(given, shared_folder / "instance", setting)
    client = StrictClient(below_path(app, "/staff"))
    site: Site = app.extensions["course"]
    sign_in(client, site, make_account(site, "a@town.example", administrator=True))
    # A site with an https address reads its cookies under a name that only https can set.
    client.raw.set_cookie("__Host-session", client.raw.get_cookie("session").value)
    said = text_of(client.get("/staff/en/admin/").main)
    assert ("Set FLASK_COURSE_BASE_URL" not in said) is good
    site.store.engine.dispose()


def test_the_setting_is_joined_to_a_page_in_one_place_only():
    code = Path(course.__file__).parent
    joined = re.compile(r"(?<!signing\.)base_url.*\+|outside \+|\{base_url\}/|\+ (self\.)?(site|course)\.url\(")
    found = [
        f"{path.relative_to(code)}: {line.strip()}"
        for folder in ("web", "cli")
        for path in sorted((code / folder).glob("*.py"))
        for line in path.read_text().splitlines()
        if joined.search(line)
    ]
    assert found == ["web/site.py: return self.base_url + self.path(endpoint, **values)"]
