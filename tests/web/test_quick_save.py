"""An answer saved before Flask wakes is saved as it would be after; what is not ordinary goes on to Flask."""

from __future__ import annotations

from pathlib import Path

import pytest
from bs4 import BeautifulSoup, Tag

from course.extension import Course, create_app
from tests.strict_client import StrictClient
from tests.web.journeys import start_quiz
from tests.web.woken import Woken

SAVE = "/fi/modules/tea/quiz/save"
FORM = "application/x-www-form-urlencoded"


@pytest.fixture
def woken(app) -> Woken:
    return Woken(app, "save_answer")


def box_of(page: BeautifulSoup) -> Tag:
    box = page.select_one("[data-kind=one], [data-kind=true-false], [data-kind=several]")
    assert isinstance(box, Tag)
    return box


def fields_of(page: BeautifulSoup, version: int = 0) -> dict[str, str]:
    box = box_of(page)
    name = str(box["data-question"])
    return {
        "csrf_token": str(page.select_one("form [name=csrf_token]")["value"]),
        "attempt": "1",
        f"version.{name}": str(version),
        name: str(box.select_one("input:not([type=hidden])")["value"]),
    }


def is_stored(client: StrictClient, fields: dict[str, str]) -> bool:
    name, value = list(fields.items())[-1]
    return bool(start_quiz(client, "tea").select(f"[name='{name}'][value='{value}'][checked]"))


def test_an_ordinary_answer_is_saved_without_waking_flask(client, woken):
    fields = fields_of(start_quiz(client, "tea"))
    assert client.send(SAVE, fields).json == {"version": 1}
    assert woken.times == 0
    assert is_stored(client, fields)


@pytest.mark.parametrize("headers", [{}, {"Sec-Fetch-Site": "none"}, {"Origin": "http://localhost"}])
def test_a_browser_that_says_less_of_itself_is_served_as_quickly(client, woken, headers):
    fields = fields_of(start_quiz(client, "tea"))
    answer = client.raw.post(SAVE, data=fields, headers=headers, content_type=FORM)
    assert answer.json == {"version": 1}
    assert woken.times == 0
    assert is_stored(client, fields)


@pytest.mark.parametrize("headers", [{"Sec-Fetch-Site": "same-site"}, {"Origin": "https://elsewhere.example"}])
def test_an_answer_that_comes_from_elsewhere_is_left_to_flask_which_refuses_it(client, headers):
    fields = fields_of(start_quiz(client, "tea"))
    assert client.raw.post(SAVE, data=fields, headers=headers, content_type=FORM).status_code == 403
    assert not is_stored(client, fields)


def test_another_form_of_sending_is_saved_by_flask_with_the_same_answer(client, woken):
    fields = fields_of(start_quiz(client, "tea"))
    answer = client.raw.post(SAVE, data=fields, content_type="multipart/form-data")
    assert answer.json == {"version": 1}
    assert woken.times == 1
    assert is_stored(client, fields)


def test_both_ways_answer_with_the_same_headers(client, woken):
    page = start_quiz(client, "tea")
    quick = client.send(SAVE, fields_of(page))
    slow = client.raw.post(SAVE, data=fields_of(page, version=1), content_type="multipart/form-data")
    assert woken.times == 1
    # Nobody keeps the answer, so it does not matter what it would vary with.
    assert {**quick.headers} == {name: value for name, value in slow.headers.items() if name != "Vary"}
    assert quick.data.replace(b"1", b"2") == slow.data


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"csrf_token": "x" * 24}, 400),
        ({"csrf_token": ""}, 400),
        ({"attempt": "2"}, 410),
        ({"attempt": "x"}, 410),
        ({"version.made-up": "0"}, 404),
    ],
)
def test_what_is_wrong_is_refused_and_nothing_is_saved(client, change, status):
    fields = fields_of(start_quiz(client, "tea"))
    assert client.send(SAVE, {**change, **fields, **change}).status_code == status
    assert not is_stored(client, fields)


def test_another_sites_script_is_refused(client):
    fields = fields_of(start_quiz(client, "tea"))
    answer = client.raw.post(SAVE, data=fields, headers={"Sec-Fetch-Site": "cross-site"})
    assert answer.status_code == 403
    assert not is_stored(client, fields)


def test_a_device_without_a_cookie_saves_nothing(client, another_client):
    fields = fields_of(start_quiz(client, "tea"))
    assert another_client.send(SAVE, fields).status_code == 400
    assert not is_stored(client, fields)


def test_a_stale_answer_is_told_with_what_is_stored(client, woken):
    page = start_quiz(client, "tea")
    client.send(SAVE, fields_of(page))
    name, first = list(fields_of(page).items())[-1]
    other = next(one["value"] for one in box_of(page).select("input:not([type=hidden])") if one["value"] != first)
    answer = client.send(SAVE, {**fields_of(page), name: str(other)})
    assert answer.status_code == 409
    assert answer.json["saved"] == [first] and answer.json["saved_text"]
    assert woken.times == 1


def test_a_body_too_long_for_an_answer_goes_to_flask_unread(client, woken):
    fields = {**fields_of(start_quiz(client, "tea")), "padding": "x" * 9000}
    assert client.send(SAVE, fields).json == {"version": 1}
    assert woken.times == 1


def test_a_host_name_that_is_not_trusted_is_refused_here_too(
    sqlite_url: str, fixture_course: Path, shared_folder: Path, clock
):
    app = create_app(
        {
            "SECRET_KEY": "tests only",
            "COURSE_DATABASE_URL": sqlite_url,
            "COURSE_CONTENT_DIR": str(fixture_course),
            "COURSE_INSTANCE_DIR": str(shared_folder / "instance"),
            "COURSE_BASE_URL": "http://localhost",
            "COURSE_TRUSTED_HOSTS": "localhost",
        },
        course=Course(now=clock),
    )
    client = StrictClient(app)
    fields = fields_of(start_quiz(client, "tea"))
    cookie = client.raw.get_cookie("learner")
    stranger = app.test_client(use_cookies=False)
    headers = {"Sec-Fetch-Site": "same-origin", "Cookie": f"learner={cookie.value}"}
    answer = stranger.post(SAVE, data=fields, headers=headers, base_url="http://evil.example")
    assert answer.status_code == 400
    assert stranger.post(SAVE, data=fields, headers=headers).json == {"version": 1}
    with app.app_context():
        app.extensions["sqlalchemy"].engine.dispose()


def test_an_option_that_the_question_does_not_have_is_refused_as_what_it_is(client):
    page = start_quiz(client, "tea")
    question = page.select_one("[data-kind=one]")["data-question"]
    form = {field["name"]: field["value"] for field in page.select("#quiz input[type=hidden]")}
    fields = {name: form[name] for name in ("csrf_token", "attempt", f"version.{question}")}
    answer = client.send(SAVE, {**fields, question: "made-up"})
    assert answer.status_code == 400
    assert answer.json["error"]
