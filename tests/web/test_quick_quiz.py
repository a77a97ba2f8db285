"""A quiz taken before Flask wakes: the same pages, the same redirects, the same rules."""

from __future__ import annotations

import gzip

import pytest
from bs4 import BeautifulSoup
from flask import Flask

from course.extension import create_app
from tests.strict_client import StrictClient
from tests.web.journeys import QUIZ, hand_in, pass_module, right_answers, start_quiz, wrong_answers
from tests.web.woken import Woken

ADDRESS = "/fi/modules/tea/quiz/"
START = f"{ADDRESS}start"
REVIEW = f"{ADDRESS}attempts/1/"
FORM = "application/x-www-form-urlencoded"
VIEWS = ("quiz", "start_quiz", "answer_quiz", "attempt")


@pytest.fixture
def woken(app: Flask) -> Woken:
    return Woken(app, *VIEWS)


def fields_of(page: BeautifulSoup) -> dict[str, str]:
    return {field["name"]: field["value"] for field in page.select("form [type=hidden]")}


def same_twice(client: StrictClient, address: str) -> None:
    """The first look prepares the parts, the second is served without Flask."""
    first = client.raw.get(address)
    second = client.raw.get(address)
    assert first.status_code == 200
    assert second.data == first.data
    assert {**second.headers} == {**first.headers}
    packed = client.raw.get(address, headers={"Accept-Encoding": "gzip"})
    assert gzip.decompress(packed.data) == first.data


def test_each_page_of_a_quiz_is_the_same_without_flask(client, library, woken):
    same_twice(client, ADDRESS)
    page = start_quiz(client, "tea")
    same_twice(client, ADDRESS)
    # Handed in as it is, then with the first answers wrong: there is something to read again.
    hand_in(client, page, {}, status=422)
    fields = wrong_answers(page, library, "tea")
    hand_in(client, page, fields)
    same_twice(client, REVIEW)
    same_twice(client, ADDRESS)
    # The first page of somebody new, the page of an open attempt, the review, the first page with an attempt.
    assert (woken.by_view["quiz"], woken.by_view["attempt"]) == (3, 1)


def test_nothing_of_a_whole_attempt_wakes_flask_when_its_parts_are_there(client, library, woken):
    # Her record begins in Flask, and so does every part that nobody has seen; but there are not many of them.
    for _ in range(80):
        woken.by_view.clear()
        pass_module(client, library, "tea")
        if woken.by_view == {"attempt": 1}:
            # Only the number of this very attempt was new.
            return
    pytest.fail(f"Flask was still asked for {woken.by_view}")


def test_both_ways_start_and_hand_in_with_the_same_answer(client, another_client, library, woken):
    answers = []
    for learner, form in ((client, FORM), (another_client, "multipart/form-data")):
        pass_module(learner, library, "tea")
        woken.by_view.clear()
        fields = fields_of(learner.get(ADDRESS))
        started = learner.raw.post(START, data=fields, content_type=form)
        page = learner.get(ADDRESS)
        handed_in = learner.raw.post(
            ADDRESS,
            data={**fields_of(page), **right_answers(page, library, "tea"), "action": "submit"},
            content_type=form,
        )
        answers.append([(each.status, each.data, _without_vary(each.headers)) for each in (started, handed_in)])
    assert woken.by_view["start_quiz"] == woken.by_view["answer_quiz"] == 1
    assert answers[0] == answers[1]


def _without_vary(headers):
    # Nobody keeps the answer, so it does not matter what it would vary with.
    return {name: value for name, value in headers.items() if name != "Vary"}


@pytest.mark.parametrize("headers", [{"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://elsewhere.example"}])
@pytest.mark.parametrize("address", [START, ADDRESS])
def test_a_form_from_elsewhere_is_refused(client, address, headers):
    page = start_quiz(client, "tea")
    data = {**fields_of(page), "action": "submit", "confirm": "unanswered"}
    assert client.raw.post(address, data=data, headers=headers, content_type=FORM).status_code == 403
    assert client.get(ADDRESS).select(QUIZ), "it is still open"


@pytest.mark.parametrize("token", ["", "x" * 24])
def test_a_form_without_the_token_of_this_device_is_refused(client, token):
    page = start_quiz(client, "tea")
    data = {**fields_of(page), "action": "submit", "confirm": "unanswered", "csrf_token": token}
    assert client.send(ADDRESS, data).status_code == 400
    assert client.get(ADDRESS).select(QUIZ)


def test_what_cannot_be_handed_in_is_explained_and_what_was_answered_is_kept(client, library, woken):
    page = start_quiz(client, "tea")
    answers = right_answers(page, library, "tea")
    name, value = answers.popitem()
    page = hand_in(client, page, answers, status=422)
    assert woken.by_view["answer_quiz"] == 1
    assert page.select(".error-summary")
    review = hand_in(client, page, {name: value})
    assert review.select(".result.passed")


def test_an_attempt_of_somebody_else_is_not_there(client, another_client, library):
    pass_module(client, library, "tea")
    client.get(REVIEW)
    start_quiz(another_client, "tea")
    assert another_client.raw.get(REVIEW).status_code == 404
    assert StrictClient(client.raw.application).raw.get(REVIEW).status_code == 404


def test_a_locked_quiz_is_not_started(client, woken):
    start_quiz(client, "tea")
    fields = fields_of(client.get(ADDRESS))
    answer = client.send("/fi/modules/bread/quiz/start", {"csrf_token": fields["csrf_token"]})
    assert answer.status_code == 409
    assert woken.by_view["start_quiz"] == 2, "the first click of all, and this one"


def test_each_learner_sees_her_own_answers_and_versions(client, another_client, library):
    for learner in (client, another_client):
        start_quiz(learner, "tea")
        learner.get(ADDRESS)
    page = client.get(ADDRESS)
    client.submit(page, QUIZ, button="[name=action][value=save]", **right_answers(page, library, "tea"))
    marked = [len(learner.get(ADDRESS).select("[checked], option[selected]")) for learner in (client, another_client)]
    assert marked[0] > 0 == marked[1]
    versions = {field["value"] for field in client.get(ADDRESS).select("[name^='version.']")}
    assert versions == {"1"}


def test_a_host_name_that_is_not_trusted_is_refused(sqlite_url, fixture_course, shared_folder):
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
    fields = fields_of(start_quiz(client, "tea"))
    elsewhere = {"Host": "elsewhere.example"}
    for _ in range(2):
        client.get(ADDRESS)
        assert client.raw.get(ADDRESS, headers=elsewhere).status_code == 400
        assert client.raw.post(START, data=fields, headers=elsewhere).status_code == 400
    with app.app_context():
        app.extensions["sqlalchemy"].engine.dispose()
