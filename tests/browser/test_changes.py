"""The page of what changed, with something on it: the course itself has one edition so far."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page
from sqlalchemy import update

from course.storage.engine import Store, make_engine
from course.storage.tables import LessonDone
from tests.browser.driving import LANGUAGES
from tests.browser.test_accessibility import look, sideways
from tests.browser_fixtures import LiveSite, Opener


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_changed_has_no_fault_that_axe_finds_and_does_not_scroll_sideways(
    open_page: Opener, live_server: LiveSite, axe_violations: Callable[[Page], list[str]], language: str
) -> None:
    page = open_page(bypass_csp=True, reduced_motion="reduce")
    page.goto(f"{live_server.url}/{language}/modules/tea/leaves/")
    page.locator("form[action$='/done'] button").click()
    with Store(make_engine(live_server.database_url)).writing() as session:
        session.execute(update(LessonDone).where(LessonDone.lesson_id == "leaves").values(edition="2029.1"))
    for address in ("progress/", "progress/changed/"):
        page.goto(f"{live_server.url}/{language}/{address}")
        # On the way there and on the page itself.
        assert page.locator("main a[href*='/progress/changed/'], main form[action$='/progress/changed/']").count() == 1
        for theme, width in (("light", 1280), ("dark", 320)):
            look(page, theme, width)
            assert axe_violations(page) == [], (address, theme, width)
            assert sideways(page) == ""
    page.locator("main form button").click()
    assert page.locator("main .notice.good").count() == 1
