"""A lesson served before Flask wakes is the same lesson, for the same reader, with the same headers."""

from __future__ import annotations

import gzip

import pytest
from flask import Flask

from course.extension import create_app
from tests.strict_client import StrictClient
from tests.web.journeys import READ, pass_module
from tests.web.woken import Woken

LESSON = "/fi/modules/tea/water/"


@pytest.fixture
def woken(app: Flask) -> Woken:
    return Woken(app, "lesson")


def test_the_second_look_at_a_page_does_not_wake_flask_and_is_the_same_page(client, woken):
    first = client.raw.get(LESSON)
    second = client.raw.get(LESSON)
    assert woken.times == 1
    assert second.data == first.data
    assert {**second.headers} == {**first.headers}


def test_it_is_packed_for_a_browser_that_unpacks(client, woken):
    plain = client.raw.get(LESSON)
    packed = client.raw.get(LESSON, headers={"Accept-Encoding": "gzip, br"})
    assert woken.times == 1
    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.data) == plain.data


def test_each_reader_gets_her_own_page_and_token(client, another_client, woken):
    for reader in (client, another_client):
        reader.submit(reader.get("/fi/modules/tea/leaves/"), READ)
    mine, hers = client.get(LESSON), another_client.get(LESSON)
    tokens = {page.select_one("[name=csrf_token]")["value"] for page in (mine, hers)}
    assert len(tokens) == 2
    assert client.response.headers["ETag"] != another_client.response.headers["ETag"]
    assert mine.select(".trail .done")


def test_the_page_follows_the_record(client, woken):
    for _ in range(2):
        client.get(LESSON)
    client.submit(client.get(LESSON), READ)
    page = client.get(LESSON)
    assert not page.select(READ)
    assert page.select_one(".actions a")


def test_passing_the_module_before_opens_the_lessons_of_the_next(client, library, woken):
    locked = "/fi/modules/bread/dough/"
    for _ in range(2):
        assert not client.get(locked).select(READ)
    pass_module(client, library, "tea")
    for _ in range(2):
        assert client.get(locked).select(READ)


def test_a_page_that_has_not_changed_is_still_answered_with_304(client, woken):
    tag = client.raw.get(LESSON).headers["ETag"]
    again = client.raw.get(LESSON, headers={"If-None-Match": tag})
    assert (again.status_code, again.data) == (304, b"")
    assert client.raw.get(LESSON, headers={"If-None-Match": 'W/"old"'}).status_code == 200


@pytest.mark.parametrize("address", ["/fi/modules/bread/water/", "/fi/modules/tea/none/", "/de/modules/tea/water/"])
def test_an_address_of_no_lesson_is_left_to_flask(client, address):
    assert client.raw.get(address).status_code == 404


def test_a_host_name_that_is_not_trusted_is_refused_the_second_time_too(sqlite_url, fixture_course, shared_folder):
    app = create_app(
        {
            "COURSE_DATABASE_URL": sqlite_url,
            "COURSE_CONTENT_DIR": str(fixture_course),
            "COURSE_INSTANCE_DIR": str(shared_folder / "instance"),
            "COURSE_TRUSTED_HOSTS": "localhost",
            "SECRET_KEY": "tests only",
        }
    )
    client = StrictClient(app)
    for _ in range(2):
        client.get(LESSON)
        assert client.raw.get(LESSON, headers={"Host": "elsewhere.example"}).status_code == 400
    with app.app_context():
        app.extensions["sqlalchemy"].engine.dispose()
