"""A term says what it means where it stands: by mouse and by keyboard, and by its link where there is no script."""

from __future__ import annotations

from playwright.sync_api import Locator, Page, expect

from course.content.library import Library
from tests.browser_fixtures import LiveSite, Opener


def lesson_with_a_term(library: Library) -> str:
    """The path of a lesson whose text has a term."""
    for module in library.modules:
        for lesson_id in module.lesson_ids:
            if library.lesson("en", lesson_id).terms:
                return f"/en/modules/{module.id}/{lesson_id}/"
    raise LookupError("no lesson has a term")


def first_term(page: Page) -> tuple[Locator, str]:
    """The first one that can be seen, and its id: one may stand in an answer that is still folded."""
    link = page.locator("a.term:visible").first
    return link, str(link.get_attribute("href")).partition("#")[2]


def test_a_term_opens_its_meaning_and_escape_leads_back_to_it(
    open_page: Opener, real_site: LiveSite, real_library: Library
) -> None:
    path = lesson_with_a_term(real_library)
    page = open_page()
    page.goto(real_site.url + path)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    link, term = first_term(page)
    link.focus()
    page.keyboard.press("Enter")
    note = page.get_by_role("dialog")
    expect(note).to_be_visible()
    expect(note).to_be_focused()
    expect(note).to_contain_text(real_library.terms[term].meaning["en"])
    page.keyboard.press("Escape")
    expect(note).to_be_hidden()
    expect(link).to_be_focused()
    link.click()
    page.get_by_role("button", name="Close").click()
    expect(note).to_be_hidden()
    assert [url for url in asked if "/assets/" not in url] == [f"{real_site.url}/en/glossary.json"], (
        "one small file, once"
    )
    assert page.url == real_site.url + path
    link.click()
    note.get_by_role("link", name="Open the glossary").click()
    expect(page).to_have_url(f"{real_site.url}/en/glossary/#{term}")


def test_where_the_file_does_not_come_the_link_leads_to_the_glossary(
    open_page: Opener, real_site: LiveSite, real_library: Library
) -> None:
    path = lesson_with_a_term(real_library)
    page = open_page()
    page.goto(real_site.url + path)
    page.route("**/glossary.json", lambda route: route.fulfill(body="<p>Welcome to the guest network</p>"))
    link, term = first_term(page)
    link.click()
    expect(page).to_have_url(f"{real_site.url}/en/glossary/#{term}")
