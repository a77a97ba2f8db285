"""Who may change a record: only pages of ours, for the device they were made for. Looking changes nothing."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy import select
from werkzeug.http import parse_cookie

from course.extension import Course, create_app
from course.services.counts import close_months
from course.storage.tables import Base, Learner, Throttle
from tests.strict_client import StrictClient, values_of
from tests.web.journeys import QUIZ, READ, pass_module, start_quiz
from tests.web.world import World, make_world

DONE = "/fi/modules/tea/water/done"


def token_for(client: StrictClient) -> str:
    return str(client.get("/fi/modules/tea/quiz/").select_one("[name=csrf_token]")["value"])


def learners(site) -> int:
    with site.store.reading() as connection:
        return len(connection.execute(select(Learner.id)).all())


def record(site) -> dict[str, list[tuple[object, ...]]]:
    """Every row of every table, but the counts of tries: to look at a certificate's check page is a try."""
    with site.store.reading() as connection:
        return {
            table.name: sorted((tuple(row) for row in connection.execute(select(table))), key=repr)
            for table in Base.metadata.sorted_tables
            if table.name != Throttle.__tablename__
        }


def test_a_form_of_ours_is_taken(client, site):
    assert client.send(DONE, {"csrf_token": token_for(client)}).status_code == 303
    assert learners(site) == 1


@pytest.mark.parametrize("fields", [{}, {"csrf_token": ""}, {"csrf_token": "x" * 24}, {"csrf_token": "ä"}])
def test_a_form_without_our_token_is_not_taken_and_can_be_sent_again_by_a_button(client, site, fields):
    page = client.post(DONE, fields, status=400)
    assert learners(site) == 0
    client.submit(page, "main form")
    assert learners(site) == 1


def test_the_token_of_another_device_is_not_taken(client, another_client, site):
    client.submit(client.get("/fi/modules/tea/water/"), READ)
    stolen = token_for(client)
    before = record(site)
    assert another_client.send(DONE, {"csrf_token": stolen}).status_code == 400
    assert record(site) == before


def test_a_page_opened_before_the_first_click_offers_to_send_all_its_answers_again(client):
    """Two tabs of someone new: the cookie that the first click sets makes the form of the other tab stale."""
    start_quiz(client, "tea")
    form = start_quiz(client, "tea").select_one(QUIZ)
    fields = {**values_of(form), "csrf_token": "of-a-guest", "action": "save", "what-you-need": ["hot-water", "flour"]}
    page = client.post(form["action"], fields, status=400)
    kept = values_of(page.select_one("main form"))
    assert {name for name in fields if name.startswith("version.")} <= set(kept)
    sent_again = page.select("main form [name=what-you-need]")
    assert [field["value"] for field in sent_again] == ["hot-water", "flour"]
    assert kept["csrf_token"] == form.select_one("[name=csrf_token]")["value"]


def test_what_a_stale_form_brought_is_stored_when_it_is_sent_again(client, library):
    page = start_quiz(client, "tea")
    form = page.select_one(QUIZ)
    box = page.select_one("[data-kind=one], [data-kind=true-false], [data-kind=several]")
    name, chosen = box["data-question"], box.select_one("input:not([type=hidden])")["value"]
    fields = {**values_of(form), "csrf_token": "of-a-guest", "action": "save", name: chosen}
    client.submit(client.post(form["action"], fields, status=400), "main form")
    stored = start_quiz(client, "tea").select_one(f"[name='{name}'][checked]")
    assert stored["value"] == chosen


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "cross-site", "Origin": "http://localhost"},
        {"Origin": "http://evil.example"},
        {"Origin": "http://localhost.evil.example"},
        {"Origin": "http://localhost:81"},
        {"Origin": "null"},
    ],
)
def test_what_another_site_sends_is_refused_even_with_the_right_token(client, site, headers):
    token = token_for(client)
    answer = client.raw.post(DONE, data={"csrf_token": token}, headers=headers)
    assert answer.status_code == 403
    assert learners(site) == 0


@pytest.mark.parametrize("headers", [{}, {"Origin": "http://localhost"}, {"Sec-Fetch-Site": "same-origin"}])
def test_browsers_that_say_less_are_let_in_by_the_token(client, site, headers):
    answer = client.raw.post(DONE, data={"csrf_token": token_for(client)}, headers=headers)
    assert answer.status_code == 303
    assert learners(site) == 1


def cookie_set_by(app: Flask, base_url: str) -> str:
    browser = app.test_client()
    page = browser.get("/fi/modules/tea/water/", base_url=base_url).text
    token = page.partition('name="csrf_token" value="')[2].partition('"')[0]
    answer = browser.post(DONE, base_url=base_url, data={"csrf_token": token})
    assert answer.status_code == 303
    return answer.headers["Set-Cookie"]


def test_the_cookie_is_out_of_reach_for_scripts_and_other_sites(app):
    cookie = cookie_set_by(app, "http://localhost")
    assert "HttpOnly" in cookie and "SameSite=Lax" in cookie and "Path=/" in cookie
    assert "Secure" not in cookie and "Domain" not in cookie
    assert "learner" in parse_cookie(cookie)


@pytest.fixture
def https_app(database_url, fixture_course, shared_folder, clock) -> Iterator[Flask]:
    settings = {
        "TESTING": True,
        "SECRET_KEY": "tests only",
        "COURSE_DATABASE_URL": database_url,
        "COURSE_CONTENT_DIR": str(fixture_course),
        "COURSE_INSTANCE_DIR": str(shared_folder / "instance"),
        "COURSE_BASE_URL": "https://course.example",
    }
    app = create_app(settings, course=Course(now=clock))
    yield app
    with app.app_context():
        app.extensions["sqlalchemy"].engine.dispose()


def test_over_https_the_cookie_is_secure_and_bound_to_the_host(https_app):
    cookie = cookie_set_by(https_app, "https://course.example")
    assert cookie.startswith("__Host-learner=")
    assert "Secure" in cookie and "HttpOnly" in cookie and "Domain" not in cookie


def test_over_https_the_browser_is_told_to_stay_there(https_app, app):
    secure = https_app.test_client().get("/fi/", base_url="https://course.example")
    assert secure.headers["Strict-Transport-Security"].startswith("max-age=")
    assert "Strict-Transport-Security" not in app.test_client().get("/fi/").headers


def addresses(app: Flask, world: World) -> list[str]:
    """Every address that can be looked at, in the three languages, filled in with what there is one of."""
    found = set()
    for rule in app.url_map.iter_rules():
        if "GET" in (rule.methods or ()):
            for language in ("fi", "sv", "en") if "lang" in rule.arguments else ("fi",):
                found.add(world.address(app, rule, language))
    return sorted(found)


@pytest.mark.parametrize("who", ["client", "trainer_client", "admin_client"])
def test_looking_at_every_address_twice_changes_nothing(
    client, trainer_client, admin_client, app, site, library, request, who
):
    world = make_world(site, library, client, trainer_client)
    looker = request.getfixturevalue(who)
    crawled = addresses(app, world)
    assert len(crawled) > 40
    # For programs with a key, and for nobody who is signed in: without one it says 401 to everybody.
    assert "/api/v1/counts" in crawled and looker.raw.get("/api/v1/counts").status_code == 401
    # The worker does it every day; otherwise the first look at counts publishes the months that are over.
    close_months(site.store, key=site.counts_key, small=site.small_count, now=site.now())
    before = record(site)
    for _ in range(2):
        for one in crawled:
            # Whether an address is open to somebody is the matter of test_permissions.py.
            # 400 is for who opens by herself what only a platform can open.
            right = (200, 302, 401, 403, 404, 410, *((400,) if one == "/lti/login" else ()))
            assert looker.raw.get(one).status_code in right, one
            assert looker.raw.head(one).status_code in right, one
    assert record(site) == before


def test_the_guard_sees_an_address_that_changes_something(client, site, library):
    """The fault that the crawl looks for: a page that writes."""
    before = record(site)
    pass_module(client, library, "tea")
    assert record(site) != before
