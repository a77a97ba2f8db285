"""The page of the search: what it shows, and that a search is kept nowhere."""

from __future__ import annotations

import logging

import pytest

from course.content.search.finding import snippet
from tests.strict_client import text_of
from tests.web.test_tools import rows_of

LANGUAGES = ["fi", "sv", "en"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_word_of_a_lesson_leads_to_it_with_the_word_marked(client, library, language):
    lesson = library.lesson(language, "water")
    page = client.get(f"/{language}/search?q={lesson.title}")
    links = [str(link["href"]) for link in page.select(".hits h3 a")]
    assert any("/modules/tea/water/" in link for link in links), links


@pytest.mark.parametrize("language", LANGUAGES)
def test_without_a_question_the_page_suggests_where_to_look(client, language):
    page = client.get(f"/{language}/search")
    assert page.select_one("form[role=search] input[type=search]")["value"] == ""
    assert page.select("main a[href*='/modules/']")


def test_nothing_found_is_said_and_ways_on_are_shown(client):
    page = client.get("/en/search?q=qwrtzpsdfg")
    assert "qwrtzpsdfg" in text_of(page.main)
    assert page.select("main a[href*='/modules/']") and page.select("main a[href='/en/contacts/']")


def test_a_number_shows_its_contact_first(client, library):
    contact = next(one for one in library.contacts.values() if one.phone)
    page = client.get(f"/en/search?q={contact.phone}")
    assert contact.name["en"] in text_of(page.select_one("#contacts-title ~ article"))


def test_the_question_goes_along_into_another_language(client):
    page = client.get("/fi/search?q=vesi")
    assert str(page.select_one(".languages a[lang=sv]")["href"]) == "/sv/search?q=vesi"


def test_what_was_typed_is_text_and_never_mark_up(client):
    page = client.get("/en/search?q=<script>alert(1)</script>")
    assert not page.select("main script")


def test_a_search_is_in_no_cookie_log_line_or_row_and_no_cache_keeps_its_page(client, site, caplog):
    caplog.set_level(logging.DEBUG)
    before = rows_of(site)
    client.get("/en/search?q=zanzibar")
    response = client.response
    assert response.headers["Cache-Control"] == "no-store" and response.headers["Referrer-Policy"] == "no-referrer"
    assert not response.headers.getlist("Set-Cookie")
    assert "zanzibar" not in caplog.text
    assert rows_of(site) == before


def test_a_very_long_question_is_cut(client):
    page = client.get("/en/search?q=" + "water+" * 2000)
    assert len(str(page.select_one("[type=search]")["value"])) <= 200


def test_a_snippet_is_a_piece_of_the_text_with_the_words_marked():
    text = "Nothing here. " * 40 + "Then the kettle sings. " + "Nothing more. " * 40
    pieces = snippet(text, {"kettle"})
    assert [words for words, marked in pieces if marked] == ["kettle"]
    assert 100 < sum(len(words) for words, _ in pieces) < 260
