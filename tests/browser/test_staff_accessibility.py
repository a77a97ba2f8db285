"""No page of trainers has a fault that axe finds or scrolls sideways, and the keyboard alone is enough for them.

Each page is looked at in every language, each language in one theme and width and the places taking turns, so that all
are seen. `EVERY_LOOK=1` takes all six looks in each language.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from course.content.library import Library
from tests.browser.staff_looks import all_looks, at_work, require_no_fault
from tests.browser.staff_places import STAFF_PLACES, StaffPlace, World, make_staff_world
from tests.browser.test_accessibility import EVERY_LOOK
from tests.browser.trainers import hours_of_now
from tests.browser_fixtures import Opener, StartSite


@pytest.fixture(scope="module")
def world(start_site: StartSite, real_library: Library) -> World:
    return make_staff_world(start_site(), real_library)


@pytest.mark.parametrize("place", STAFF_PLACES, ids=lambda place: place.name)
def test_a_page_of_trainers_has_no_fault_that_axe_finds_and_does_not_scroll_sideways(
    open_page: Opener, world: World, axe_violations: Callable[[Page], list[str]], place: StaffPlace
) -> None:
    require_no_fault(open_page, world, axe_violations, place, STAFF_PLACES)


def test_every_look_is_taken_by_some_page() -> None:
    assert all_looks(STAFF_PLACES) == set(EVERY_LOOK)


# By keyboard


def tab_to(page: Page, selector: str, most: int = 80) -> None:
    """Press Tab until the focus is there."""
    for _ in range(most):
        page.keyboard.press("Tab")
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
    raise AssertionError(f"{most} presses of Tab do not lead to {selector}")


def type_into(page: Page, selector: str, text: str) -> None:
    tab_to(page, selector)
    page.keyboard.press("Control+A")
    page.keyboard.type(text)


def test_a_group_is_made_shown_and_closed_by_keyboard_alone(open_page: Opener, world: World) -> None:
    page = at_work(open_page, world)
    page.goto(f"{world.site}/en/trainer/")
    tab_to(page, "main a[href$='/cohorts/new']")
    page.keyboard.press("Enter")
    expect(page.locator("#name")).to_be_visible()
    type_into(page, "#name", "By keyboard")
    tab_to(page, "#network")
    page.keyboard.press("ArrowDown")
    tab_to(page, "main form .buttons button")
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("By keyboard")
    cohort = page.url
    tab_to(page, "#codes-title ~ .data th a")
    page.keyboard.press("Enter")
    expect(page.locator(".big-code")).to_be_visible()
    page.goto(cohort)
    tab_to(page, "details:has(form[action$='/close']) summary")
    page.keyboard.press("Enter")
    tab_to(page, "form[action$='/close'] button")
    page.keyboard.press("Enter")
    expect(page.locator("form[action$='/reopen']")).to_be_visible()


def test_somebody_is_put_on_the_roster_and_taken_off_by_keyboard_alone(open_page: Opener, world: World) -> None:
    page = at_work(open_page, world)
    page.goto(f"{world.site}/en/{world.paths['empty']}roster/")
    type_into(page, "#person-name", "Kaisa Käsin")
    page.keyboard.press("Enter")
    expect(page.locator("tbody th")).to_have_text("Kaisa Käsin")
    tab_to(page, "form[action$='/remove'] button")
    page.keyboard.press("Enter")
    expect(page.locator("tbody th")).to_have_count(0)


def test_a_session_is_made_and_attendance_written_down_by_keyboard_alone(open_page: Opener, world: World) -> None:
    page = at_work(open_page, world)
    page.goto(f"{world.site}/en/trainer/sessions/new")
    type_into(page, "#title", "By keyboard")
    tab_to(page, "#network")
    page.keyboard.press("ArrowDown")
    day, begins, ends = hours_of_now()
    # A field for a day is filled as its parts stand, and they stand as the browser's language has them.
    for field, value in (("day", day), ("begins", begins), ("ends", ends)):
        tab_to(page, f"#{field}")
        page.locator(f"#{field}").fill(value)
    type_into(page, "#place", "Room 1")
    tab_to(page, "[name=topics]")
    page.keyboard.press("Space")
    tab_to(page, "main form .buttons button")
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("By keyboard")
    type_into(page, "#names", "Kalle Käynyt")
    tab_to(page, "form[action$='/attendance/'] button")
    page.keyboard.press("Enter")
    expect(page.locator("#attendance-title ~ .data tbody th")).to_have_text("Kalle Käynyt")


def test_a_mistake_is_named_and_leads_to_its_field_by_keyboard(open_page: Opener, world: World) -> None:
    page = at_work(open_page, world)
    page.goto(f"{world.site}/en/trainer/cohorts/new")
    tab_to(page, "main form .buttons button")
    page.keyboard.press("Enter")
    expect(page.locator(".error-summary")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("#name")).to_be_focused()
    open_page.expect("422")
