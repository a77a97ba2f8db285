"""No page about certificates has a fault that axe finds or scrolls sideways.

As with the pages of trainers, each page is looked at in every language and the looks take turns. `EVERY_LOOK=1` takes
all six looks in each language.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from course.content.library import Library
from tests.browser.certificate_places import CERTIFICATE_PLACES, make_certificate_world
from tests.browser.staff_looks import all_looks, require_no_fault
from tests.browser.staff_places import StaffPlace, World
from tests.browser.test_accessibility import EVERY_LOOK
from tests.browser_fixtures import Opener, StartSite


@pytest.fixture(scope="module")
def world(start_site: StartSite, real_library: Library) -> World:
    return make_certificate_world(start_site(), real_library)


@pytest.mark.parametrize("place", CERTIFICATE_PLACES, ids=lambda place: place.name)
def test_a_page_about_certificates_has_no_fault_that_axe_finds_and_does_not_scroll_sideways(
    open_page: Opener, world: World, axe_violations: Callable[[Page], list[str]], place: StaffPlace
) -> None:
    require_no_fault(open_page, world, axe_violations, place, CERTIFICATE_PLACES)


def test_every_look_is_taken_by_some_page() -> None:
    assert all_looks(CERTIFICATE_PLACES) == set(EVERY_LOOK)
