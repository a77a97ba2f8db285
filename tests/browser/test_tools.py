"""The tools in a browser: nothing entered is left anywhere, and the checklist prints on one sheet."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import pikepdf
import pytest
from playwright.sync_api import expect

from course.content.library import Library
from tests.browser.driving import LANGUAGES
from tests.browser_fixtures import LiveSite, Opener, StartSite


def test_nothing_entered_in_the_navigator_is_in_a_request_line_a_cookie_a_store_a_log_or_the_database(
    open_page: Opener, start_site: StartSite
) -> None:
    # A site of its own: what other tests did may stand in its database under the same words.
    site = start_site()
    page = open_page()
    lines: list[str] = []
    page.on("request", lambda request: lines.append(f"{request.url} {request.header_value('referer')}"))
    page.goto(f"{site.url}/en/tools/referral/")
    for group in page.locator("#situation fieldset").all():
        group.locator("input").first.check()
    entered = [str(field.get_attribute("value")) for field in page.locator("#situation :checked").all()]
    page.locator("#situation .buttons button").click()
    expect(page.locator("#answer-title")).to_be_visible()
    page.locator(".languages [lang=sv]").click()
    expect(page.locator("html")).to_have_attribute("lang", "sv")
    # The answers came along: to another language in the body of a request.
    kept = [str(field.get_attribute("value")) for field in page.locator("#situation :checked").all()]
    assert kept == entered and "social-welfare" in entered

    traces = " ".join(lines) + page.url + str(page.context.cookies()) + site.log.read_text()
    traces += str(page.evaluate("() => JSON.stringify([{...localStorage}, {...sessionStorage}, history.state])"))
    assert "social-welfare" not in traces and "danger" not in traces
    database = Path(site.database_url.removeprefix("sqlite:///"))
    stored = b"".join(path.read_bytes() for path in database.parent.glob(f"{database.name}*"))
    assert b"social-welfare" not in stored


def test_ticks_of_the_checklist_are_sent_nowhere_and_gone_after_a_reload(
    open_page: Opener, real_site: LiveSite
) -> None:
    page = open_page()
    page.goto(f"{real_site.url}/en/tools/indicators/health-care/")
    after: list[str] = []
    page.on("request", lambda request: after.append(request.url))
    for box in page.locator("main input").all():
        box.check()
    page.wait_for_timeout(200)
    assert [url for url in after if "/assets/" not in url] == []
    page.reload()
    assert page.locator("main :checked").count() == 0


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_checklist_prints_on_one_sheet(
    open_page: Opener, real_site: LiveSite, real_library: Library, language: str
) -> None:
    page = open_page()
    indicators = real_library.practice.indicators
    assert indicators is not None
    sheets = {}
    for setting in indicators.settings:
        page.goto(f"{real_site.url}/{language}/tools/indicators/{setting.id}/")
        with pikepdf.open(BytesIO(page.pdf(prefer_css_page_size=True))) as printed:
            sheets[setting.id] = len(printed.pages)
    assert set(sheets.values()) == {1}, sheets
