"""Launches in a host: the mount has none, and the stand-alone site takes them below a path of the host's server."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlencode, urlsplit

import pytest
from flask import Flask
from werkzeug.middleware.dispatcher import DispatcherMiddleware

from course.extension import Course
from tests.site_fixtures import site_of
from tests.strict_client import StrictClient
from tests.web.journeys import QUIZ, hand_in, right_answers
from tests.web.lti_journeys import HOST, register
from tests.web.lti_platform import LEARNER, LtiPlatform

BELOW = "/training"


@pytest.fixture
def app(database_url, fixture_course, shared_folder, clock) -> Iterator[Flask]:
    """The stand-alone site, told where people see it: below the path."""
    with site_of(fixture_course, database_url, shared_folder / "instance", clock, HOST + BELOW) as made:
        yield made


@pytest.fixture
def host(app: Flask) -> Flask:
    """An application of somebody else, in whose server the stand-alone site stands below a path."""
    host = Flask("host")
    host.add_url_rule("/", "front", lambda: "The host's own page")
    host.wsgi_app = DispatcherMiddleware(host.wsgi_app, {BELOW: app.wsgi_app})  # type: ignore[method-assign]
    return host


@pytest.fixture
def platform_beside(site, host, clock) -> Iterator[LtiPlatform]:
    keys = StrictClient(host)
    made = LtiPlatform(now=lambda: clock().timestamp(), tool_keys=lambda: keys.raw.get(f"{BELOW}/lti/jwks.json").json)
    register(site, made)
    yield made
    made.close()


def test_a_launch_leads_to_the_site_below_the_hosts_path_and_its_score_arrives(app, host, platform_beside, library):
    client, target = StrictClient(host), f"{HOST}{BELOW}/lti/launch?quiz=tea"
    begun = client.raw.get(f"{BELOW}/lti/login?{urlencode(platform_beside.first_request(target))}")
    asked = platform_beside.asked(begun.location)
    assert asked.fields["redirect_uri"] == f"{HOST}{BELOW}/lti/launch"
    token = platform_beside.signed(platform_beside.claims(asked, LEARNER, target))
    sent = {"state": asked.state, "id_token": token}
    arrived = client.raw.post(f"{BELOW}/lti/launch", data=sent, headers={"Origin": platform_beside.issuer})
    assert (arrived.status_code, urlsplit(arrived.location).path) == (303, f"{BELOW}/fi/modules/tea/quiz/")
    page = client.submit(client.get(arrived.location), "form[action$='/quiz/start']")
    assert page.select(QUIZ)
    hand_in(client, page, right_answers(page, library, "tea"))
    assert app.extensions["course_worker"].run_due()[1] == 0
    assert [(one["userId"], one["scoreGiven"]) for one in platform_beside.scores] == [(LEARNER.subject, 100)]
    assert client.raw.get("/").text == "The host's own page"


def test_a_mount_in_a_host_takes_no_launches(database_url, fixture_course, shared_folder):
    app = Flask("host", instance_path=str(shared_folder / "instance"))
    app.config.update(
        SECRET_KEY="the host's own",
        COURSE_DATABASE_URL=database_url,
        COURSE_CONTENT_DIR=str(fixture_course),
        COURSE_BASE_URL=HOST,
    )
    Course(app, url_prefix=BELOW)
    assert [rule.rule for rule in app.url_map.iter_rules() if "lti" in rule.rule or "platforms" in rule.rule] == []
    assert app.test_client().get(f"{BELOW}/lti/login").status_code == 404
    app.extensions["course"].store.engine.dispose()
