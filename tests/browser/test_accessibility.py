"""No page of the journey has a fault that axe finds, scrolls sideways, or hides where the keyboard is.

Every page is looked at in each theme at each width, each language taking two of the six; sideways scroll is looked for
in each language at each width. `EVERY_LOOK=1 ./run test tests/browser/test_accessibility.py` takes all six in each
language, which takes three times as long.
"""

from __future__ import annotations

import os
from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from course.content.library import Library
from tests.browser.driving import LANGUAGES
from tests.browser.places import PLACES, STATUSES, Way, glossary, handbook, long_lesson, quiz_with_errors, sources
from tests.browser.study_places import STUDY_PLACES, STUDY_STATUSES
from tests.browser_fixtures import LiveSite, Opener

WIDTHS = [1280, 360, 320]
HEIGHT = 740
THEMES = ["light", "dark"]
#: Theme and width that axe sees in each language: together all six.
LOOKS = {
    "fi": [("light", 1280), ("dark", 320)],
    "sv": [("dark", 360), ("light", 320)],
    "en": [("light", 360), ("dark", 1280)],
}
EVERY_LOOK = [(theme, width) for theme in THEMES for width in WIDTHS]
#: Pages on which axe takes seconds, and which are the same from top to bottom: one look in each language.
LONG = (handbook, glossary, sources)
#: WCAG 1.4.12: what a reader may set, and nothing may be lost by it.
TEXT_SPACING = """
* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important }
p { margin-bottom: 2em !important }
"""
#: Whether any part of what has the focus can be seen, and is not under something else.
SEEN = """() => {
  const one = document.activeElement;
  if (one === document.body || one.matches("main")) return "";
  const seen = [...one.getClientRects()].some((box) => [0.02, 0.25, 0.5, 0.75, 0.98].some((x) =>
    [0.05, 0.5, 0.95].some((y) => {
      const at = document.elementFromPoint(box.left + box.width * x, box.top + box.height * y);
      return at && (one.contains(at) || (one.labels || [])[0]?.contains(at));
    })));
  return seen ? "" : one.outerHTML.slice(0, 200);
}"""


def look(page: Page, theme: str, width: int) -> None:
    page.emulate_media(color_scheme=theme)  # type: ignore[arg-type]
    page.set_viewport_size({"width": width, "height": HEIGHT})


def sideways(page: Page) -> str:
    """What sticks out of the page, or nothing."""
    return str(
        page.evaluate("""() => {
          const root = document.documentElement;
          if (root.scrollWidth <= root.clientWidth) return "";
          const wide = [...document.body.querySelectorAll("*")].filter((one) =>
            one.getBoundingClientRect().right > root.clientWidth + 0.5 && !one.closest(".table-wrap, svg"));
          return `${root.scrollWidth} > ${root.clientWidth}: ${wide.map((one) => one.outerHTML.slice(0, 80))}`;
        }""")
    )


def reach(open_page: Opener, site: LiveSite, library: Library, language: str, place: Callable[[Way], None]) -> Page:
    page = open_page(
        bypass_csp=True, reduced_motion="reduce", locale=f"{language}-FI", viewport={"width": 1280, "height": HEIGHT}
    )
    place(Way(page, site.url, library, language, site.database_url))
    statuses = STATUSES | STUDY_STATUSES
    if place in statuses:
        open_page.expect(statuses[place])
    assert page.locator("html").get_attribute("lang") == language
    return page


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("place", [*PLACES, *STUDY_PLACES], ids=lambda place: place.__name__)
def test_a_page_has_no_fault_that_axe_finds_and_does_not_scroll_sideways(
    open_page: Opener,
    real_site: LiveSite,
    real_library: Library,
    axe_violations: Callable[[Page], list[str]],
    place: Callable[[Way], None],
    language: str,
) -> None:
    page = reach(open_page, real_site, real_library, language, place)
    looks = LOOKS[language][: 1 if place in LONG else 2]
    for theme, width in EVERY_LOOK if os.environ.get("EVERY_LOOK") else looks:
        look(page, theme, width)
        assert axe_violations(page) == [], (theme, width)
    for width in WIDTHS:
        look(page, "light", width)
        assert sideways(page) == "", width
    page.add_style_tag(content=TEXT_SPACING)
    assert sideways(page) == "", "with text spacing"


def test_every_theme_is_seen_at_every_width() -> None:
    assert {look for looks in LOOKS.values() for look in looks} == set(EVERY_LOOK)


@pytest.mark.parametrize("width", [1280, 320])
@pytest.mark.parametrize("place", [long_lesson, quiz_with_errors, handbook], ids=lambda place: place.__name__)
def test_what_has_the_focus_is_never_hidden_under_something_that_stays_in_its_place(
    open_page: Opener, real_site: LiveSite, real_library: Library, place: Callable[[Way], None], width: int
) -> None:
    page = reach(open_page, real_site, real_library, "fi", place)
    look(page, "light", width)
    page.evaluate("document.activeElement.blur(); window.scrollTo(0, 0)")
    hidden: dict[str, list[str]] = {}
    for key, most in (("Tab", 60), ("Shift+Tab", 60)):
        for _ in range(most):
            page.keyboard.press(key)
            if fault := page.evaluate(SEEN):
                hidden.setdefault(key, []).append(fault)
    assert hidden == {}
