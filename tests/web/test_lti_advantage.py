"""The services of a platform: members come from there, and it registers itself."""

from __future__ import annotations

import re
from urllib.parse import urlencode, urlsplit

import pytest
from sqlalchemy import select

from course.services.platforms import invite, turn
from course.storage.tables import LtiPlatform as PlatformRow
from course.storage.tables import RosterRow
from tests.strict_client import StrictClient, text_of
from tests.web.lti_journeys import DEEP_LINK, HOST, LAUNCH, admin, launch, register
from tests.web.lti_platform import INSTRUCTOR, LEARNER, ROLE, LtiPlatform


@pytest.fixture
def worker(app):
    return app.extensions["course_worker"]


# Members


def member(number: int, **changes: object) -> dict[str, object]:
    return {
        "user_id": f"user-{number}",
        "name": f"Person {number}",
        "roles": [f"{ROLE}Learner"],
        "status": "Active",
        **changes,
    }


def roster(site) -> dict[str, bool]:
    with site.store.reading() as connection:
        rows = connection.execute(select(RosterRow.name, RosterRow.learner_id, RosterRow.email))
        return {row[0]: row[1] is not None for row in rows if row[2] == ""}


def test_the_roster_of_the_group_follows_the_platforms_list_page_by_page(site, client, platform, worker, clock, app):
    register(site, platform)
    platform.members = [
        member(17, name="Lauri Launched"),
        member(20),
        member(21),
        member(22, status="Inactive"),
        member(23, roles=[f"{ROLE}Instructor"]),
        member(24, name=None),
        member(25),
    ]
    launch(client, platform)
    worker.run_due()
    assert roster(site) == {"Lauri Launched": True, "Person 20": False, "Person 21": False, "Person 25": False}
    assert platform.requests.count("GET /members") == 4
    platform.members = [member(17, name="Lauri Launched"), member(20, name="Person Twenty"), member(30)]
    clock.move(hours=1)
    late = StrictClient(app)
    platform.visitor = LEARNER
    launch(late, platform, INSTRUCTOR)
    worker.run_due()
    assert roster(site) == {"Lauri Launched": True, "Person Twenty": False, "Person 30": False}


def test_who_was_expected_and_comes_by_a_launch_is_expected_no_more(site, client, app, platform, worker):
    register(site, platform)
    platform.members = [member(17, name="Lauri Launched")]
    teacher = StrictClient(app)
    group = launch(teacher, platform, INSTRUCTOR).location
    worker.run_due()
    assert roster(site) == {"Lauri Launched": False}
    launch(client, platform)
    assert roster(site) == {"Lauri Launched": True}
    assert "Lauri Launched" in text_of(teacher.get(group))


# Registration


def registration_url(site, platform: LtiPlatform, **changes: str) -> str:
    secret = invite(site.store, admin(site), "Toinen virasto", "north", now=site.now())
    asked = {
        "invitation": secret,
        "openid_configuration": f"{platform.issuer}/configuration",
        "registration_token": platform.registration_token,
        **changes,
    }
    return f"/lti/register?{urlencode(asked)}"


def test_a_platform_registers_itself_and_launches(site, client, platform):
    page = client.get(registration_url(site, platform))
    assert f"frame-ancestors {platform.issuer}" in client.response.headers["Content-Security-Policy"]
    client.submit(page)
    said = platform.registered
    assert said["redirect_uris"] == [LAUNCH, DEEP_LINK]
    assert said["initiate_login_uri"] == f"{HOST}/lti/login" and said["jwks_uri"] == f"{HOST}/lti/jwks.json"
    assert said["token_endpoint_auth_method"] == "private_key_jwt" and said["response_types"] == ["id_token"]
    tool = said["https://purl.imsglobal.org/spec/lti-tool-configuration"]
    assert tool["domain"] == "localhost" and tool["target_link_uri"] == LAUNCH
    assert {one["type"] for one in tool["messages"]} == {"LtiResourceLinkRequest", "LtiDeepLinkingRequest"}
    with site.store.reading() as connection:
        assert connection.execute(select(PlatformRow.name, PlatformRow.network_id)).all() == [
            ("Toinen virasto", "north")
        ]
    assert launch(client, platform).status_code == 303


def test_an_invitation_counts_once_and_for_some_days(site, client, platform, clock):
    url = registration_url(site, platform)
    client.submit(client.get(url))
    client.get(url, status=410)
    url = registration_url(site, platform)
    clock.move(days=8)
    client.get(url, status=410)
    client.get("/lti/register", status=410)


def test_a_platform_that_brings_its_registration_up_to_date_is_the_same_platform(site, client, platform):
    # Moodle offers it where the course is among its tools already, and keeps the client id.
    first = client.submit(client.get(registration_url(site, platform)))
    again = client.submit(client.get(registration_url(site, platform)))
    assert f"frame-ancestors {platform.issuer}" in client.response.headers["Content-Security-Policy"]
    assert text_of(again.select_one("main")) == text_of(first.select_one("main"))
    with site.store.reading() as connection:
        [known] = connection.execute(select(PlatformRow.id)).scalars().all()
    # One that was disabled is let in by an administrator only.
    turn(site.store, admin(site), known, on=False, now=site.now())
    client.submit(client.get(registration_url(site, platform)), status=400)


def test_a_refused_registration_is_explained_in_the_frame_of_the_platform_that_was_invited(site, client, platform):
    page = client.get(registration_url(site, platform, registration_token="wrong"))
    client.submit(page, status=400)
    assert f"frame-ancestors {platform.issuer}" in client.response.headers["Content-Security-Policy"]


def test_a_registration_that_does_not_fit_is_refused_and_leaves_nothing(site, client, platform):
    faults = [
        {"registration_token": "wrong"},
        {"openid_configuration": f"{platform.issuer}/nowhere"},
        # It describes another platform than the machine that it comes from.
        {"openid_configuration": f"http://localhost:{platform.port}/configuration"},
    ]
    for changes in faults:
        page = client.get(registration_url(site, platform, **changes))
        client.submit(page, status=400)
    for address in ("ftp://x.example/a", "http://platform.example/a", "javascript:x", ""):
        client.get(registration_url(site, platform, openid_configuration=address), status=400)
    with site.store.reading() as connection:
        assert connection.execute(select(PlatformRow.id)).all() == []


# Cookies that are kept nowhere


def test_in_a_frame_without_cookies_the_page_says_why_it_opens_a_window(site, client, app, platform):
    register(site, platform)
    framed = {"Sec-Fetch-Dest": "iframe", "Sec-Fetch-Site": "cross-site"}
    first = platform.first_request(LAUNCH)
    answer = client.raw.get(f"/lti/login?{urlencode(first)}", headers=framed)
    assert answer.status_code == 302 and urlsplit(answer.location).path == "/lti/login"
    with_cookie = client.raw.get(answer.location, headers=framed)
    assert platform.asked(with_cookie.location)
    blocked = StrictClient(app)
    page = blocked.get(answer.location, headers={**framed, "Accept-Language": "en"})
    assert "keeps no cookies" in text_of(page)
    assert f"frame-ancestors {platform.issuer}" in blocked.response.headers["Content-Security-Policy"]
    link = page.select_one("main a[target=_blank]")
    assert re.match(r"/lti/login\?iss=", str(link["href"]))
    window = blocked.raw.get(str(link["href"]), headers={"Sec-Fetch-Dest": "document"})
    assert platform.asked(window.location)
