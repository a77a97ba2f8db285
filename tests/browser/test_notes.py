"""Notes and bookmarks: kept by the browser, shown again, saved as a file, deleted, and never on the wire."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from course.content.library import Library
from tests.browser.driving import LANGUAGES
from tests.browser_fixtures import LiveSite, Opener

TYPED = "Zebrakirahvi 4711"
BUTTON = ".note-button"
PANEL = ".note-panel"


def lesson(site: LiveSite, library: Library, language: str = "en") -> str:
    module = library.modules[0]
    return f"{site.url}/{language}/modules/{module.id}/{module.lesson_ids[0]}/"


def write_note(page: Page, text: str = TYPED) -> None:
    page.locator(BUTTON).first.click()
    page.locator(f"{PANEL} textarea").fill(text)
    page.locator(f"{PANEL} [type=checkbox]").check()
    expect(page.locator(f"{PANEL} [role=status]")).to_be_visible()


def test_nothing_of_what_is_typed_is_in_a_request_a_cookie_a_log_or_the_database(
    open_page: Opener, live_server: LiveSite, library: Library
) -> None:
    page = open_page()
    sent: list[str] = []
    page.on("request", lambda one: sent.append(f"{one.url} {one.all_headers()} {one.post_data}"))
    page.goto(lesson(live_server, library))
    # Somebody who has begun: from now on the page tells the server where she reads.
    page.locator(".actions form button").first.click()
    page.goto(lesson(live_server, library))
    write_note(page)
    page.locator(f"{PANEL} button").first.click()
    page.goto(f"{live_server.url}/en/notes/")
    expect(page.locator("#notes-list")).to_contain_text(TYPED)
    page.goto(f"{live_server.url}/en/progress/")
    page.reload()
    traces = " ".join(sent) + str(page.context.cookies()) + live_server.log.read_text()
    assert len(sent) > 10 and "notes.json" in traces
    assert "Zebra" not in traces and "4711" not in traces
    # Only there.
    assert TYPED in str(page.evaluate("() => JSON.stringify({...localStorage})"))
    database = Path(live_server.database_url.removeprefix("sqlite:///"))
    assert b"Zebra" not in b"".join(path.read_bytes() for path in database.parent.glob(f"{database.name}*"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_note_is_there_again_warns_about_clients_and_can_be_taken_out(
    open_page: Opener, live_server: LiveSite, library: Library, language: str
) -> None:
    page = open_page()
    page.goto(lesson(live_server, library, language))
    assert page.locator(f"{BUTTON}.kept").count() == 0
    page.locator(BUTTON).first.focus()
    page.keyboard.press("Enter")
    warning = {"fi": "asiakkaista", "sv": "klienter", "en": "clients"}[language]
    expect(page.locator(f"{PANEL} .hint")).to_contain_text(warning)
    expect(page.locator(f"{PANEL} textarea")).to_be_focused()
    page.keyboard.type(TYPED)
    page.reload()
    expect(page.locator(f"{BUTTON}.kept")).to_have_count(1)
    page.locator(f"{BUTTON}.kept").click()
    expect(page.locator(f"{PANEL} textarea")).to_have_value(TYPED)
    page.locator(f"{PANEL} .buttons button").last.click()
    assert page.evaluate("localStorage.length") == 0
    expect(page.locator(f"{BUTTON}.kept")).to_have_count(0)


def test_the_page_of_notes_leads_to_the_section_saves_a_file_and_deletes_all(
    open_page: Opener, live_server: LiveSite, library: Library
) -> None:
    page = open_page()
    page.goto(lesson(live_server, library))
    write_note(page, f"{TYPED}\n<img src=x onerror=alert(1)>")
    title = page.locator(".text h2").first.inner_text().replace("\u00ad", "")
    page.goto(f"{live_server.url}/en/notes/")
    expect(page.locator(".note-card")).to_have_count(1)
    assert page.locator("main img").count() == 0
    with page.expect_download() as saved:
        page.locator("#notes-file").click()
    text = Path(saved.value.path()).read_text()
    assert saved.value.suggested_filename == "notes.txt"
    assert title in text and TYPED in text and f"{lesson(live_server, library)}#" in text
    page.locator(".note-card a").click()
    expect(page.locator(f"{BUTTON}.kept")).to_have_count(1)
    page.goto(f"{live_server.url}/en/notes/")
    page.locator("#notes-tools summary").click()
    page.locator("#notes-delete").click()
    expect(page.locator("#notes-list")).to_contain_text("no notes")
    assert page.evaluate("localStorage.length") == 0
    expect(page.locator("#notes-tools")).to_be_hidden()


def test_without_a_script_there_is_no_note_and_the_page_says_why(
    open_page: Opener, live_server: LiveSite, library: Library
) -> None:
    page = open_page(java_script_enabled=False)
    page.goto(lesson(live_server, library))
    assert page.locator(BUTTON).count() == 0
    page.goto(f"{live_server.url}/en/progress/")
    expect(page.locator("#notes-title")).to_be_hidden()
    page.goto(f"{live_server.url}/en/notes/")
    expect(page.locator("#notes-tools")).to_be_hidden()
    expect(page.locator("main")).to_contain_text("Notes need JavaScript")


def test_where_the_browser_keeps_nothing_no_note_is_offered(
    open_page: Opener, live_server: LiveSite, library: Library
) -> None:
    page = open_page()
    page.add_init_script("Storage.prototype.getItem = () => { throw new DOMException('off', 'SecurityError'); }")
    page.goto(lesson(live_server, library))
    assert page.locator(".text h2").count() > 0
    assert page.locator(BUTTON).count() == 0
