"""A term says what it means where it stands: by mouse and by keyboard, and by its link where there is no script."""

from __future__ import annotations

from playwright.sync_api import expect

from course.content.library import Library
from tests.browser_fixtures import LiveSite, Opener


def lesson_with_a_term(library: Library) -> tuple[str, str]:
    """(path of a lesson, the id of its first term)"""
    for module in library.modules:
        for lesson_id in module.lesson_ids:
            terms = library.lesson("en", lesson_id).terms
            if terms:
                return f"/en/modules/{module.id}/{lesson_id}/", terms[0]
    raise LookupError("no lesson has a term")


def test_a_term_opens_its_meaning_and_escape_leads_back_to_it(
    open_page: Opener, real_site: LiveSite, real_library: Library
) -> None:
    path, term = lesson_with_a_term(real_library)
    page = open_page()
    page.goto(real_site.url + path)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    link = page.locator(f"a.term[href$='#{term}']").first
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
    assert asked == [f"{real_site.url}/en/glossary.json"], "one small file, once"
    assert page.url == real_site.url + path
    link.click()
    note.get_by_role("link", name="Open the glossary").click()
    expect(page).to_have_url(f"{real_site.url}/en/glossary/#{term}")


def test_without_a_network_the_link_leads_to_the_glossary(
    open_page: Opener, real_site: LiveSite, real_library: Library
) -> None:
    path, term = lesson_with_a_term(real_library)
    page = open_page()
    page.goto(real_site.url + path)
    page.route("**/glossary.json", lambda route: route.abort())
    page.locator(f"a.term[href$='#{term}']").first.click()
    expect(page).to_have_url(f"{real_site.url}/en/glossary/#{term}")
