"""A page is sent again only when something that it shows may have changed."""

from __future__ import annotations

import pytest

from course.web.site import SAID_ON_PAGES, build_of
from course.web.unchanged import page_tag
from tests.strict_client import StrictClient
from tests.web.journeys import READ, hand_in, pass_course, right_answers, start_quiz, wrong_answers

PAGE = "/fi/modules/tea/water/"
KEPT = ["/fi/", "/sv/modules/tea/", PAGE, "/en/handbook/", "/fi/glossary/", "/fi/contacts/", "/fi/sources/"]
KEPT += ["/fi/accessibility/", "/sv/privacy/", "/en/quick-exit/"]


def tag_of(client: StrictClient, address: str = PAGE) -> str:
    answer = client.raw.get(address)
    assert answer.status_code == 200
    return answer.headers["ETag"]


def ask_again(client: StrictClient, tag: str, address: str = PAGE):
    return client.raw.get(address, headers={"If-None-Match": tag})


@pytest.mark.parametrize("address", KEPT)
def test_a_page_that_has_not_changed_is_not_sent_again(client, address):
    answer = ask_again(client, tag_of(client, address), address)
    assert answer.status_code == 304
    assert answer.data == b""
    assert "Content-Length" not in answer.headers and "Content-Type" not in answer.headers


@pytest.mark.parametrize("address", KEPT)
def test_ones_own_page_that_has_not_changed_is_not_sent_again(client, address):
    client.submit(client.get(PAGE), READ)
    assert ask_again(client, tag_of(client, address), address).status_code == 304


def test_the_answer_304_says_what_the_page_said(client):
    page, answer = client.raw.get(PAGE), ask_again(client, tag_of(client))
    for name in ("ETag", "Cache-Control", "Vary", "Content-Security-Policy"):
        assert answer.headers[name] == page.headers[name]


def test_the_tag_is_found_among_others_and_for_head(client):
    tag = tag_of(client)
    assert ask_again(client, f'"other", {tag}').status_code == 304
    assert client.raw.head(PAGE, headers={"If-None-Match": tag}).status_code == 304


@pytest.mark.parametrize("tag", ['"other"', 'W/"000000000000-all"', "*", ""])
def test_a_tag_that_is_not_ours_brings_the_page(client, tag):
    assert ask_again(client, tag).status_code == 200


def test_a_tag_never_keeps_a_form_from_being_taken(client):
    page = client.raw.get(PAGE)
    token = page.text.partition('name="csrf_token" value="')[2].partition('"')[0]
    answer = client.raw.post(f"{PAGE}done", data={"csrf_token": token}, headers={"If-None-Match": page.headers["ETag"]})
    assert answer.status_code == 303


def test_every_change_of_the_record_gives_its_pages_another_tag(client, library):
    """From the first click to the certificate: after each step the page made before is out of date."""
    tags = [tag_of(client)]

    def changed() -> None:
        tags.append(tag_of(client))
        assert len(set(tags)) == len(tags)
        assert all(ask_again(client, old).status_code == 200 for old in tags[:-1])

    page = client.submit(client.get(PAGE), READ)
    changed()
    token = page.select_one("[name=csrf_token]")["value"]
    place = {"csrf_token": token, "place": library.lesson("fi", "leaves").sections[0].id}
    assert client.send("/fi/progress/place", place).status_code == 204
    changed()
    page = start_quiz(client, "tea")
    changed()
    hand_in(client, page, wrong_answers(page, library, "tea"))
    changed()
    page = start_quiz(client, "tea")
    changed()
    hand_in(client, page, right_answers(page, library, "tea"))
    changed()
    pass_course(client, library)
    changed()
    client.submit(client.get("/fi/certificate/"), name="Aino")
    changed()


def test_joining_another_record_gives_another_tag(client, another_client):
    client.submit(client.get(PAGE), READ)
    another_client.submit(another_client.get("/fi/modules/tea/leaves/"), READ)
    before = tag_of(client)
    made = another_client.submit(another_client.get("/fi/progress/"), "form[action$='/resume-link']")
    link = made.select_one("input[readonly]")["value"].removeprefix("http://localhost")
    client.submit(client.get(link), "main form")
    assert ask_again(client, before).status_code == 200
    assert "leaves" in str(client.get("/fi/modules/tea/").select("main .done, main li.done"))


def test_a_second_click_that_changes_nothing_leaves_the_tag(client):
    client.submit(client.get(PAGE), READ)
    before = tag_of(client)
    token = client.get("/fi/modules/tea/leaves/").select_one("[name=csrf_token]")["value"]
    client.send(f"{PAGE}done", {"csrf_token": token})
    assert tag_of(client) == before


def test_two_learners_and_nobody_have_three_tags(client, another_client, app):
    for one in (client, another_client):
        one.submit(one.get(PAGE), READ)
    tags = {tag_of(client), tag_of(another_client), tag_of(StrictClient(app))}
    assert len(tags) == 3


def test_the_tag_of_another_learner_brings_ones_own_page(client, another_client):
    for one in (client, another_client):
        one.submit(one.get(PAGE), READ)
    assert ask_again(client, tag_of(another_client)).status_code == 200


def test_a_cookie_that_leads_to_nobody_gets_the_page_of_everybody(client, app):
    public = tag_of(StrictClient(app))
    client.raw.set_cookie("learner", "made-up")
    assert tag_of(client) == public
    assert ask_again(client, public).status_code == 304


def test_other_content_or_code_makes_every_tag_another():
    assert page_tag("build-one", (1, 7)) != page_tag("build-two", (1, 7))
    assert page_tag("build-one", None) != page_tag("build-two", None)
    assert page_tag("build", (1, 11)) != page_tag("build", (11, 1))


@pytest.mark.parametrize("setting", SAID_ON_PAGES)
def test_another_setting_that_pages_speak_of_makes_every_tag_another(library, app, setting):
    assert build_of(library, app.config) != build_of(library, {**app.config, setting: "another"})


@pytest.mark.parametrize("address", ["/fi/progress/", "/fi/certificate/", "/fi/modules/tea/quiz/", "/verify/"])
def test_a_page_that_is_kept_nowhere_has_no_tag(client, address):
    assert "ETag" not in client.raw.get(address).headers
