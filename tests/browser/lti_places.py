"""The pages about learning platforms in their states, and those between a platform and the course."""

from __future__ import annotations

from datetime import UTC, datetime
from urllib.parse import urlencode

from playwright.sync_api import APIResponse, Page, Route

from course.content.library import Library
from course.domain.launch import Platform
from course.domain.permission import Staff
from course.services.people import start_learner
from course.services.platforms import TypedPlatform, add_platform, invite, turn
from course.services.sign_ins import open_sign_in
from course.storage.engine import Store
from course.storage.platforms import add_deployment
from course.storage.tables import Account
from tests.browser.staff_places import StaffPlace, World
from tests.browser_fixtures import LiveSite

LMS = "https://oppimisalusta.example"
KNOWN = Platform(LMS, "kurssi-2026", f"{LMS}/auth", f"{LMS}/token", f"{LMS}/keys")


def make_lti_world(site: LiveSite, library: Library) -> World:
    """An administrator with a platform whose deployment waits, and one that is disabled."""
    with site.store() as store:
        return _made(store, site, library, datetime.now(UTC))


def _made(store: Store, site: LiveSite, library: Library, now: datetime) -> World:
    with store.writing() as session:
        account = Account(email="aarne@office.example", name="Aarne", language="fi", administrator=True, created_at=now)
        session.add(account)
        session.flush()
        secret = open_sign_in(session, account.id, now=now, device="Firefox, Linux")
        staff = Staff(account.id, account.name, administrator=True)
    long_name = "Sosiaali- ja terveysalan lupa- ja valvontaviraston oppimisympäristö"
    first = add_platform(store, staff, _typed(long_name, "kurssi-2026"), now=now)
    second = add_platform(store, staff, _typed("Vanha alusta", "old"), now=now)
    assert first is not None and second is not None
    turn(store, staff, second, on=False, now=now)
    with store.writing() as session:
        add_deployment(session, first, "a-deployment-with-a-long-name-that-nobody-reads", allowed_at=None, now=now)
    learner = start_learner(store, language="fi", now=now)
    world = World(site.url, library, secret, learner.secret)
    asked = {"invitation": invite(store, staff, long_name, "", now=now), "openid_configuration": f"{LMS}/openid"}
    first_request = {
        "iss": LMS,
        "client_id": "kurssi-2026",
        "login_hint": "1",
        "target_link_uri": f"{site.url}/lti/launch",
        "cookie-sought": "1",
    }
    world.paths = {
        "platform": f"admin/platforms/{first}/",
        "disabled": f"admin/platforms/{second}/",
        "register": f"lti/register?{urlencode(asked)}",
        "window": f"lti/login?{urlencode(first_request)}",
    }
    return world


def _typed(name: str, client_id: str) -> TypedPlatform:
    return TypedPlatform(name, LMS, client_id, KNOWN.auth_url, KNOWN.token_url, KNOWN.jwks_url, "1", "", "")


class OutsidePlace(StaffPlace):
    """A page without a language in its address, and with arguments."""

    def go(self, page: Page, world: World, language: str) -> None:
        def framed(route: Route) -> None:
            # A page says of itself that it is in a frame, which it is not here: axe looks at whole pages.
            answer: APIResponse = page.context.request.get(
                route.request.url, headers={"Sec-Fetch-Dest": "iframe", "Accept-Language": language}, max_redirects=0
            )
            route.fulfill(response=answer)

        if self.path == "window":
            page.context.clear_cookies(name="lti-browser")
            page.context.clear_cookies(name="__Host-lti-browser")
            page.route("**/lti/login*", framed)
        path = world.paths.get(self.path, self.path)
        page.goto(f"{world.site}/{path}{'&' if '?' in path else '?'}lang={language}")


def _invite(page: Page) -> None:
    page.locator("#name").fill("Virasto")
    page.locator("form[action$='/invite'] button").click()
    page.wait_for_url("**/invite*")


LTI_PLACES = (
    StaffPlace("platforms", "admin/platforms/"),
    StaffPlace("platforms_with_an_address", "admin/platforms/", _invite),
    StaffPlace("new_platform", "admin/platforms/new"),
    StaffPlace(
        "new_platform_with_errors",
        "admin/platforms/new",
        lambda page: page.locator("main .buttons button").click(),
        "422",
    ),
    StaffPlace("platform", "platform"),
    StaffPlace("platform_disabled", "disabled"),
    OutsidePlace("registration", "register"),
    OutsidePlace("launch_refused", "lti/login", status="400"),
    OutsidePlace("opens_in_a_window", "window"),
)
