"""The contents page of a package says when the modules that count are done, and which of the others are left."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from playwright.sync_api import Locator, Page, expect

from course.content.library import Library
from tests.browser_fixtures import Opener
from tests.packages.hosting import platform_with
from tests.packages.making import unpacked
from tests.packages.run import go, record_of, take_quiz_at_once

DONE = {"fi": "Olet suorittanut kurssin", "sv": "Du har klarat kursen", "en": "You have completed the course"}
OPTIONAL = {"fi": "Vapaaehtoinen", "sv": "Frivillig", "en": "Optional"}
#: A telephone in each language, light and dark, and a wide screen.
LOOKS = [("fi", "light", 320), ("sv", "dark", 360), ("en", "light", 1280)]


@pytest.fixture(scope="module")
def with_optional(library: Library) -> Library:
    """The fixture course, with the track first that asks for the module "tea" alone: "bread" is optional."""
    core, drinks = library.tracks
    return replace(library, tracks=(drinks, core))


@pytest.fixture(scope="module")
def served(with_optional: Library) -> Iterator[str]:
    with platform_with(unpacked(with_optional, "scorm12")) as platform:
        yield f"{platform.url}/package/index.html"


def done_box(page: Page) -> Locator:
    return page.locator("main .notice.good")


@pytest.mark.parametrize(("language", "scheme", "width"), LOOKS)
def test_who_has_passed_what_counts_is_told_so_and_what_is_left_is_called_optional(
    open_page: Opener,
    with_optional: Library,
    served: str,
    axe_violations: Callable[[Page], list[str]],
    language: str,
    scheme: str,
    width: int,
) -> None:
    page = open_page(bypass_csp=True, color_scheme=scheme, viewport={"width": width, "height": 800})
    page.goto(f"{served}#/{language}")
    tea, bread = with_optional.modules
    page.wait_for_selector("main h1")
    expect(done_box(page)).to_have_count(0)
    stations = page.locator(".station .facts")
    expect(stations.nth(1)).to_contain_text(OPTIONAL[language])
    expect(stations.nth(0)).not_to_contain_text(OPTIONAL[language])
    take_quiz_at_once(page, tea, language)
    go(page, f"#/{language}")
    assert record_of(page)["completed"]
    expect(done_box(page)).to_contain_text(DONE[language])
    expect(done_box(page).get_by_role("link")).to_have_text([f"2. {bread.title[language]}"])
    expect(page.locator(".go-on small")).to_contain_text(OPTIONAL[language])
    assert axe_violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    done_box(page).get_by_role("link").click()
    expect(page.locator("main h1")).to_have_text(bread.title[language])
    take_quiz_at_once(page, bread, language)
    go(page, f"#/{language}")
    expect(done_box(page)).to_contain_text(DONE[language])
    expect(done_box(page).get_by_role("link")).to_have_count(0)


def test_a_package_of_one_module_says_it_on_the_page_of_the_module(open_page: Opener, library: Library) -> None:
    with platform_with(unpacked(library, "scorm2004", ("en",), "bread")) as platform:
        page = open_page()
        page.goto(f"{platform.url}/package/index.html#/en")
        page.wait_for_selector("main h1")
        expect(done_box(page)).to_have_count(0)
        take_quiz_at_once(page, library.module("bread"), "en")
        go(page, "#/en")
        expect(done_box(page)).to_contain_text("You have completed this module")
