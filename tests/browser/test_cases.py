"""Every place of every case of the course, seen in a browser without JavaScript and in three languages."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape

import pytest
from playwright.sync_api import Page, expect

from course.content.library import Library
from course.content.practice import Case
from course.domain.case import Walk
from tests.browser.driving import LANGUAGES
from tests.browser_fixtures import LiveSite, Opener
from tests.strict_client import INVISIBLE

TAGS = re.compile(r"<[^>]+>")


def words(text: str) -> str:
    """As a reader sees it."""
    return " ".join(text.translate(INVISIBLE).split())


def words_of(html: str) -> str:
    return words(unescape(TAGS.sub("", html)))


def places(case: Case) -> Iterator[Walk]:
    """A way to every place of the case, each place once; a way goes on from the one before where it can."""
    seen: set[str] = set()
    waiting = [case.graph.walk()]
    while waiting:
        walk = waiting.pop()
        if walk.node.id not in seen:
            seen.add(walk.node.id)
            yield walk
            waiting += [case.graph.after(walk, choice.id) for choice in reversed(walk.node.choices)]


def go_to(page: Page, there: Walk, here: Walk) -> None:
    """From one place to another: back to where the ways part, then on by the choices."""
    shared = 0
    while here.path[: shared + 1] == there.path[: shared + 1] and shared < min(len(here.path), len(there.path)):
        shared += 1
    if shared < len(here.steps):
        if not page.locator("#back details[open]").count():
            page.locator("#back summary").click()
        page.locator(f".decisions [name=keep][value='{shared}']").click()
    for step in there.steps[shared:]:
        page.locator(f"#decision [value='{step.choice.id}']").check()
        page.locator("#decision .buttons button").click()


def look_at(page: Page, case: Case, walk: Walk, language: str) -> None:
    """The page shows this place in this language, with the feedback of the last decision and what can be chosen."""
    said = case.words[language].nodes
    main = words(page.locator("main").inner_text())
    assert words_of(said[walk.node.id].text) in main, walk.path
    if walk.steps:
        last = walk.steps[-1]
        assert words_of(said[last.node_id].choices[last.choice.id].why) in main, walk.path
    if walk.node.end:
        assert words_of(said[walk.node.id].why) in main
        expect(page.locator("#summary-title")).to_be_visible()
    shown = [str(field.get_attribute("value")) for field in page.locator("#decision [name=choice]").all()]
    assert shown == [choice.id for choice in walk.node.choices]


@pytest.mark.parametrize("number", range(12))
def test_every_place_of_every_case_is_reached_and_a_change_of_language_keeps_it(
    open_page: Opener, real_site: LiveSite, real_library: Library, number: int
) -> None:
    case = list(real_library.practice.cases.values())[number]
    page = open_page(java_script_enabled=False)
    page.goto(f"{real_site.url}/{LANGUAGES[0]}/cases/{case.id}/")
    reached, here = set(), case.graph.walk()
    for turn, walk in enumerate(places(case)):
        go_to(page, walk, here)
        here = walk
        # Each place in every language, beginning with the one that the place before was left in.
        start = turn * (len(LANGUAGES) - 1) % len(LANGUAGES)
        for language in (*LANGUAGES[start:], *LANGUAGES[:start]):
            if page.locator("html").get_attribute("lang") != language:
                page.locator(f".languages [lang={language}]").click()
            look_at(page, case, walk, language)
            reached.add((walk.node.id, language))
    assert reached == {(node.id, language) for node in case.graph.nodes for language in LANGUAGES}


def test_no_case_is_left_out(real_library: Library) -> None:
    assert len(real_library.practice.cases) == 12
