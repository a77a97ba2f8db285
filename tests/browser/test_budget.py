"""What a first look at a lesson costs someone on a slow connection, counted by the browser."""

from __future__ import annotations

import gzip
import http.client
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import ConsoleMessage

from course.content.library import Library
from tests.browser.traffic import Traffic
from tests.browser_fixtures import LiveSite, Opener

LANGUAGES = ["fi", "sv", "en"]
FIRST_LOAD = 45_000
REPEAT = 1_000
REQUESTS = 5


def heaviest_lesson(site: LiveSite, library: Library, language: str) -> str:
    """The address of the lesson with the most bytes: what holds for it holds for all."""
    host = http.client.HTTPConnection(urlsplit(site.url).netloc)
    sizes = {}
    for module in library.modules:
        for lesson_id in module.lesson_ids:
            path = f"/{language}/modules/{module.id}/{lesson_id}/"
            host.request("GET", path, headers={"Accept-Encoding": "gzip"})
            body = host.getresponse().read()
            assert gzip.decompress(body)
            sizes[path] = len(body)
    host.close()
    return max(sizes, key=lambda path: sizes[path])


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_first_load_of_the_heaviest_lesson_keeps_to_the_budget_and_the_next_costs_one_question(
    open_page: Opener, real_site: LiveSite, real_library: Library, language: str
) -> None:
    address = real_site.url + heaviest_lesson(real_site, real_library, language)
    page = open_page()
    heard: list[ConsoleMessage] = []
    page.on("console", lambda message: heard.append(message))  # noqa: PLW0108 - Playwright marks what it is given
    first = Traffic(page)
    page.goto(address, wait_until="networkidle")
    assert page.locator(".contents .quiz a").count() == 1
    assert page.evaluate("document.fonts.check('1em \"Polku Sans\"')")
    assert len(first.received) <= REQUESTS, first.received
    assert all(url.startswith(real_site.url) for url in first.received), first.received
    assert first.total <= FIRST_LOAD, f"{first.total} bytes: {first.received}"

    page.goto("about:blank")
    again = Traffic(page)
    page.goto(address, wait_until="networkidle")
    assert again.statuses == {address: 304}
    assert list(again.received) == [address], again.received
    assert again.total <= REPEAT
    assert [message.text for message in heard] == []
