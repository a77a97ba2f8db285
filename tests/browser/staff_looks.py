"""How the pages of people who are signed in are looked at: each in every language, the looks taking turns.

`EVERY_LOOK=1` takes all six looks in each language.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence

from playwright.sync_api import Page

from tests.browser.driving import LANGUAGES
from tests.browser.staff_places import StaffPlace, World
from tests.browser.test_accessibility import EVERY_LOOK, HEIGHT, TEXT_SPACING, WIDTHS, look, sideways
from tests.browser_fixtures import Opener


def looks_of(place: StaffPlace, places: Sequence[StaffPlace], language: str) -> list[tuple[str, int]]:
    if os.environ.get("EVERY_LOOK"):
        return EVERY_LOOK
    turn = places.index(place) + 2 * LANGUAGES.index(language)
    return [EVERY_LOOK[turn % len(EVERY_LOOK)]]


def all_looks(places: Sequence[StaffPlace]) -> set[tuple[str, int]]:
    """The looks that are taken of some place in some language."""
    return {one for place in places for language in LANGUAGES for one in looks_of(place, places, language)}


def at_work(open_page: Opener, world: World, **options: object) -> Page:
    """A browser in which the trainer is signed in, who is the first member of her group as well."""
    page = open_page(bypass_csp=True, reduced_motion="reduce", viewport={"width": 1280, "height": HEIGHT}, **options)
    cookies = {"session": world.sign_in, "learner": world.learner}
    page.context.add_cookies([{"name": name, "value": value, "url": world.site} for name, value in cookies.items()])
    return page


def require_no_fault(
    open_page: Opener,
    world: World,
    axe_violations: Callable[[Page], list[str]],
    place: StaffPlace,
    places: Sequence[StaffPlace],
) -> None:
    """axe finds nothing in the looks whose turn it is, and nothing scrolls sideways at any width."""
    page = at_work(open_page, world)
    for language in LANGUAGES:
        look(page, "light", WIDTHS[0])
        place.go(page, world, language)
        assert page.locator("html").get_attribute("lang") == language
        for theme, width in looks_of(place, places, language):
            look(page, theme, width)
            assert axe_violations(page) == [], (language, theme, width)
        for width in WIDTHS:
            look(page, "light", width)
            assert sideways(page) == "", (language, width)
    page.add_style_tag(content=TEXT_SPACING)
    assert sideways(page) == "", "with text spacing"
    if place.status:
        open_page.expect(place.status)
