"""Accounts in a real browser: a passkey made and used under our content security policy, and pages without faults."""

from __future__ import annotations

import re
from base64 import b32decode
from datetime import UTC, datetime

import pytest
from axe_playwright_python.sync_playwright import Axe
from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP
from playwright.sync_api import Page, expect

from course.services.invitations import make_administrator
from tests.browser.test_accessibility import sideways
from tests.browser_fixtures import LiveSite, Opener, StartSite

PASSWORD = "a long train to Oulu"


@pytest.fixture(scope="module")
def named_site(start_site: StartSite, fixture_course) -> LiveSite:
    """The fixture course under a name: browsers make no passkey for an address of numbers."""
    site = start_site(fixture_course, FLASK_COURSE_BASE_URL="http://localhost:{port}")
    return LiveSite(site.url.replace("127.0.0.1", "localhost"), site.database_url, site.log, site.pid)


def one_time_password(site: LiveSite, email: str) -> str:
    with site.store() as store:
        return make_administrator(store, email=email, language="fi", now=datetime.now(UTC))


def begin(page: Page, site: LiveSite, email: str, password: str, language: str = "fi") -> None:
    page.goto(f"{site.url}/{language}/account/sign-in/")
    page.locator("#email").fill(email)
    page.locator("#password").fill(password)
    page.locator("#password").press("Enter")


def to_set_up(page: Page, site: LiveSite, email: str, language: str = "fi") -> None:
    begin(page, site, email, one_time_password(site, email), language)
    page.locator("#new_password").fill(PASSWORD)
    page.locator("#new_password").press("Enter")
    expect(page.locator("#code")).to_be_visible()


def with_device(page: Page) -> None:
    """Give the browser a device that makes passkeys and says yes."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
    }
    session.send("WebAuthn.addVirtualAuthenticator", {"options": options})


def test_a_passkey_is_made_and_signs_in(open_page: Opener, named_site: LiveSite) -> None:
    page = open_page()
    with_device(page)
    to_set_up(page, named_site, "passkey@office.example")
    page.locator("form[data-passkey=create] button").click()
    expect(page.locator(".codes code")).to_have_count(10)
    page.goto(f"{named_site.url}/fi/account/")
    page.locator("nav form[action$='/sign-out'] button").click()
    begin(page, named_site, "passkey@office.example", PASSWORD)
    page.locator("form[data-passkey=get] button").click()
    expect(page.locator("nav.staff-nav")).to_be_visible()


def test_a_device_that_says_no_leaves_the_other_way_open(open_page: Opener, named_site: LiveSite) -> None:
    page = open_page()
    to_set_up(page, named_site, "no@office.example")
    page.evaluate("() => { navigator.credentials.create = () => Promise.reject(new Error('no')); }")
    page.locator("form[data-passkey=create] button").click()
    expect(page.locator("form[data-passkey] [role=status]")).not_to_be_empty()
    secret = re.sub(r"\s", "", page.locator("main p code").inner_text())
    code = TOTP(b32decode(secret), 6, SHA1(), 30).generate(int(datetime.now(UTC).timestamp())).decode()
    page.locator("#code").fill(code)
    page.locator("#code").press("Enter")
    expect(page.locator(".codes code")).to_have_count(10)


@pytest.mark.parametrize(
    ("language", "theme", "width"), [("fi", "light", 320), ("sv", "dark", 360), ("en", "light", 1280)]
)
def test_the_pages_of_accounts_have_no_fault_that_axe_finds_and_do_not_scroll_sideways(
    open_page: Opener, named_site: LiveSite, language: str, theme: str, width: int
) -> None:
    page = open_page(
        bypass_csp=True,
        color_scheme=theme,
        viewport={"width": width, "height": 800},
        reduced_motion="reduce",
        java_script_enabled=True,
    )
    faults: dict[str, object] = {}

    def look(name: str) -> None:
        found = Axe().run(page).response["violations"]
        if found or sideways(page):
            faults[name] = (
                [(one["id"], one["nodes"][0]["html"], one["nodes"][0]["failureSummary"]) for one in found],
                sideways(page),
            )

    for path in ("sign-in", "code", "recovery"):
        page.goto(f"{named_site.url}/{language}/account/{path}/")
        look(path)
    page.locator("main form button").click()
    expect(page.locator(".error-summary")).to_be_focused()
    open_page.expect("422")
    look("error")
    with_device(page)
    to_set_up(page, named_site, f"{language}@office.example", language)
    look("set-up")
    page.locator("form[data-passkey=create] button").click()
    expect(page.locator(".codes code")).to_have_count(10)
    look("codes")
    for path in ("account/", "account/password/", "account/factors/", "admin/people/", "admin/people/invite/"):
        page.goto(f"{named_site.url}/{language}/{path}")
        look(path)
    page.goto(f"{named_site.url}/{language}/admin/people/")
    page.locator("tbody th a").first.click()
    look("person")
    page.locator("nav form[action$='/sign-out'] button").click()
    begin(page, named_site, f"{language}@office.example", PASSWORD, language)
    look("second-factor")
    assert faults == {}
