"""The pages of a package, opened from a disk: for everybody, in every language, light and dark, on a telephone."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from course.content.library import Library
from tests.browser_fixtures import Opener
from tests.packages.hosting import platform_with
from tests.packages.making import unpacked, write_out
from tests.packages.run import frame_of, go, record_of, take_quiz_at_once, walk_case

LOOKS = [("fi", "light", 1280), ("sv", "dark", 360), ("en", "light", 320)]


@pytest.fixture(scope="module")
def on_disk(library: Library, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The address of a package that lies unpacked on this disk."""
    return (write_out(unpacked(library, "scorm12"), tmp_path_factory.mktemp("package")) / "index.html").as_uri()


@pytest.fixture(scope="module")
def served(library: Library) -> Iterator[str]:
    """The same from a server: axe looks into style sheets, and from a disk it may not."""
    with platform_with(unpacked(library, "scorm12")) as platform:
        yield f"{platform.url}/package/index.html"


def open_on_disk(page: Page, address: str, place: str = "#/en") -> None:
    page.goto(f"{address}{place}")
    page.wait_for_selector("main h1")


def places(library: Library) -> list[str]:
    module = library.modules[0]
    case = next(iter(library.practice.cases))
    lessons = [f"lessons/{one}" for one in module.lesson_ids]
    quiz = [f"modules/{module.id}", f"quiz/{module.id}"]
    return ["", *quiz, *lessons, "cases", f"cases/{case}", "glossary", "contacts", "about"]


@pytest.mark.parametrize(("language", "scheme", "width"), LOOKS)
def test_axe_finds_nothing_and_nothing_scrolls_sideways(
    open_page: Opener,
    library: Library,
    served: str,
    axe_violations: Callable[[Page], list[str]],
    language: str,
    scheme: str,
    width: int,
) -> None:
    page = open_page(bypass_csp=True, color_scheme=scheme, viewport={"width": width, "height": 800})
    open_on_disk(page, served, f"#/{language}")
    module = library.modules[0]
    for place in places(library):
        go(page, f"#/{language}{'/' if place else ''}{place}")
        look(page, axe_violations, place)
    go(page, f"#/{language}/quiz/{module.id}")
    page.locator("main [data-act=start]").click()
    look(page, axe_violations, "open quiz")
    page.locator("[data-act=submit]").click()
    expect(page.locator(".error-summary")).to_be_focused()
    look(page, axe_violations, "unanswered")
    page.locator("[data-act=submit-anyway]").click()
    page.wait_for_selector(".result")
    look(page, axe_violations, "result")
    walk_case(page, next(iter(library.practice.cases)), language)
    look(page, axe_violations, "end of a case")
    assert page.locator("html").get_attribute("lang") == language


def look(page: Page, axe_violations: Callable[[Page], list[str]], where: str) -> None:
    page.wait_for_selector("main h1")
    assert axe_violations(page) == [], where
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), where


def test_from_a_disk_the_course_is_gone_through_and_kept_in_the_browser(
    open_page: Opener, library: Library, on_disk: str
) -> None:
    page = open_page()
    open_on_disk(page, on_disk)
    expect(page.locator("#notices .warn")).to_contain_text("outside a learning platform")
    for module in library.modules:
        take_quiz_at_once(page, module, "en")
    assert record_of(page)["completed"]
    page.goto("about:blank")
    open_on_disk(page, on_disk)
    assert record_of(page)["completed"]
    expect(page.locator(".station.passed")).to_have_count(len(library.modules))


def test_the_language_is_changed_inside_an_open_quiz_and_nothing_is_lost(
    open_page: Opener, library: Library, on_disk: str
) -> None:
    page = open_page()
    module = library.modules[0]
    open_on_disk(page, on_disk, f"#/en/quiz/{module.id}")
    page.locator("main [data-act=start]").click()
    box = page.locator("[data-question]").first
    chosen = box.locator("input, option:not([value=''])").first
    value = chosen.get_attribute("value")
    if box.locator("input").count():
        chosen.check()
    else:
        box.locator("select").first.select_option(value)
    asked = page.locator("[data-question]").evaluate_all("all => all.map((one) => one.dataset.question)")
    for language in ("sv", "fi"):
        page.locator(f".languages a[lang={language}]").click()
        expect(page.locator("html")).to_have_attribute("lang", language)
        again = page.locator("[data-question]").evaluate_all("all => all.map((one) => one.dataset.question)")
        assert again == asked
        kept = page.locator("[data-question]").first.locator("input:checked, option:checked:not([value=''])").first
        assert kept.get_attribute("value") == value


def test_everything_is_reached_with_the_keyboard_and_focus_follows_the_page(
    open_page: Opener, library: Library, on_disk: str
) -> None:
    page = open_page()
    open_on_disk(page, on_disk)
    page.keyboard.press("Tab")
    expect(page.locator(".exit")).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.locator(".skip")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#main")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/lessons/"))
    expect(page.locator("main h1")).to_be_focused()
    page.locator("[data-act=read]").focus()
    page.keyboard.press("Enter")
    expect(page.locator("main h1")).to_be_focused()
    assert len(record_of(page)["modules"][0]["lessons"]) == 1


def test_the_quick_exit_leaves_the_whole_window_and_not_the_frame(
    open_page: Opener, on_disk: str, tmp_path: Path
) -> None:
    outside = tmp_path / "platform.html"
    outside.write_text(f'<!doctype html><title>Platform</title><iframe title="Package" src="{on_disk}#/en"></iframe>')
    page = open_page()
    page.route("https://**", lambda route: route.fulfill(body="elsewhere", content_type="text/plain"))
    page.goto(outside.as_uri())
    frame = frame_of(page)
    frame.evaluate("document.querySelector('.exit').click()")
    page.wait_for_url("https://**")
    open_page.complaints = [one for one in open_page.complaints if "request to another host: https://" not in one]


def test_without_javascript_the_page_says_what_it_needs(open_page: Opener, on_disk: str) -> None:
    page = open_page(java_script_enabled=False)
    page.goto(on_disk)
    said = page.locator("noscript p")
    assert said.evaluate_all("all => all.map((one) => [one.lang, one.checkVisibility()])") == [
        ["fi", True],
        ["sv", True],
        ["en", True],
    ]
    assert "JavaScript" in (said.last.text_content() or "")
