"""No page about learning platforms has a fault that axe finds or scrolls sideways."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from course.content.library import Library
from tests.browser.lti_places import LTI_PLACES, make_lti_world
from tests.browser.staff_looks import all_looks, require_no_fault
from tests.browser.staff_places import StaffPlace, World
from tests.browser.test_accessibility import EVERY_LOOK
from tests.browser_fixtures import Opener, StartSite


@pytest.fixture(scope="module")
def world(start_site: StartSite, real_library: Library) -> World:
    return make_lti_world(start_site(), real_library)


@pytest.mark.parametrize("place", LTI_PLACES, ids=lambda place: place.name)
def test_a_page_about_learning_platforms_has_no_fault_that_axe_finds_and_does_not_scroll_sideways(
    open_page: Opener, world: World, axe_violations: Callable[[Page], list[str]], place: StaffPlace
) -> None:
    require_no_fault(open_page, world, axe_violations, place, LTI_PLACES)


def test_every_look_is_taken_by_some_page() -> None:
    assert all_looks(LTI_PLACES) == set(EVERY_LOOK)
