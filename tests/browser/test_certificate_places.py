"""No page about certificates has a fault that axe finds or scrolls sideways.

As with the pages of trainers, each page is looked at in every language and the looks take turns. `EVERY_LOOK=1` takes
all six looks in each language.
"""

from __future__ import annotations

import os
from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from course.content.library import Library
from tests.browser.certificate_places import CERTIFICATE_PLACES, make_certificate_world
from tests.browser.driving import LANGUAGES
from tests.browser.staff_places import StaffPlace, World
from tests.browser.test_accessibility import EVERY_LOOK, TEXT_SPACING, WIDTHS, look, sideways
from tests.browser.test_staff_accessibility import at_work
from tests.browser_fixtures import Opener, StartSite


@pytest.fixture(scope="module")
def world(start_site: StartSite, real_library: Library) -> World:
    return make_certificate_world(start_site(), real_library)


def looks_of(place: StaffPlace, language: str) -> list[tuple[str, int]]:
    if os.environ.get("EVERY_LOOK"):
        return EVERY_LOOK
    turn = CERTIFICATE_PLACES.index(place) + 2 * LANGUAGES.index(language)
    return [EVERY_LOOK[turn % len(EVERY_LOOK)]]


@pytest.mark.parametrize("place", CERTIFICATE_PLACES, ids=lambda place: place.name)
def test_a_page_about_certificates_has_no_fault_that_axe_finds_and_does_not_scroll_sideways(
    open_page: Opener, world: World, axe_violations: Callable[[Page], list[str]], place: StaffPlace
) -> None:
    page = at_work(open_page, world)
    for language in LANGUAGES:
        look(page, "light", WIDTHS[0])
        place.go(page, world, language)
        assert page.locator("html").get_attribute("lang") == language
        for theme, width in looks_of(place, language):
            look(page, theme, width)
            assert axe_violations(page) == [], (language, theme, width)
        for width in WIDTHS:
            look(page, "light", width)
            assert sideways(page) == "", (language, width)
    page.add_style_tag(content=TEXT_SPACING)
    assert sideways(page) == "", "with text spacing"
    if place.status:
        open_page.expect(place.status)


def test_every_look_is_taken_by_some_page() -> None:
    taken = {one for place in CERTIFICATE_PLACES for language in LANGUAGES for one in looks_of(place, language)}
    assert taken == set(EVERY_LOOK)
