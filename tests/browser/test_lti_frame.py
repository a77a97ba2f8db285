"""A launch in a real browser, in the frame of another site: with cookies, with those of others blocked, with none."""

from __future__ import annotations

import json
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

import pytest
from playwright.sync_api import Browser, BrowserContext, Error, FrameLocator, Page, Route, expect
from sqlalchemy import func, select

from course.domain.permission import Staff
from course.services.platforms import TypedPlatform, add_platform
from course.storage.engine import Store, make_engine
from course.storage.tables import Account, Learner, LessonDone, LtiUser
from tests.browser_fixtures import LiveSite, StartSite
from tests.web.lti_platform import INSTRUCTOR, LEARNER, LtiPlatform, User

READ = "form[action$='/done'] button"


@dataclass
class Classroom:
    """A platform on localhost whose pages frame the site on 127.0.0.1: two sites, as browsers see it."""

    site: LiveSite
    platform: LtiPlatform
    store: Store

    def page_with_frame(self, target: str = "", *, choosing: bool = False) -> str:
        """The address of a page of the platform that shows the tool in a frame."""
        launch = f"{self.site.url}/lti/launch{target}"
        self.platform.pages["target"] = "" if choosing else launch
        begin = self.platform.first_request(f"{self.site.url}/lti/deep-link" if choosing else launch)
        source = f"{self.site.url}/lti/login?{urlencode(begin)}".replace("&", "&amp;")
        frame = f'<iframe name="tool" title="Tool" width="1000" height="900" src="{source}"></iframe>'
        self.platform.pages["/page"] = f"<h1>Course on the platform</h1>{frame}"
        return f"{self.platform.issuer}/page"

    def count(self, entity: Any) -> int:
        with self.store.reading() as connection:
            return int(connection.execute(select(func.count()).select_from(entity)).scalar_one())


@pytest.fixture(scope="module")
def classroom(start_site: StartSite, fixture_course: Any) -> Iterator[Classroom]:
    site = start_site(fixture_course)

    def tool_keys() -> dict[str, Any]:
        with urllib.request.urlopen(f"{site.url}/lti/jwks.json") as answer:
            return dict(json.load(answer))

    platform = LtiPlatform(host="localhost", tool_keys=tool_keys)
    engine = make_engine(site.database_url)
    store, now = Store(engine), datetime.now(UTC)
    with store.writing() as session:
        account = Account(email="aarne@office.example", name="Aarne", language="fi", administrator=True, created_at=now)
        session.add(account)
        session.flush()
        staff = Staff(account.id, account.name, administrator=True)
    addresses = (f"{platform.issuer}/{one}" for one in ("auth", "token", "keys"))
    add_platform(
        store, staff, TypedPlatform("LMS", platform.issuer, platform.client_id, *addresses, "1", "", ""), now=now
    )
    yield Classroom(site, platform, store)
    platform.close()
    engine.dispose()


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    made = browser.new_context(bypass_csp=False)
    made.set_default_timeout(15_000)
    yield made
    made.close()


def block_cookies_of_others(page: Page) -> None:
    """As browsers do by default, or will: a cookie of another site is kept only where it is kept apart."""
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    session.send(
        "Network.setCookieControls",
        {
            "enableThirdPartyCookieRestriction": True,
            "disableThirdPartyCookieMetadata": True,
            "disableThirdPartyCookieHeuristics": True,
        },
    )


def keep_no_cookies_in_frames(context: BrowserContext) -> None:
    """As a browser does that keeps no cookies of other sites at all."""

    def answer(route: Route) -> None:
        try:
            framed = route.request.frame.parent_frame is not None
        except Error:
            # The first request of a new window, which has no frame yet.
            framed = False
        if not framed:
            route.continue_()
            return
        # The browser says where it shows a page only when it asks by itself.
        found = route.fetch(max_redirects=0, headers={**route.request.headers, "sec-fetch-dest": "iframe"})
        headers = {name: value for name, value in found.headers.items() if name.lower() != "set-cookie"}
        route.fulfill(status=found.status, headers=headers, body=found.body())

    context.route("**/lti/**", answer)


def study(frame: FrameLocator) -> None:
    """Open the first lesson and mark it as read, in the frame."""
    frame.locator("a[href='/fi/modules/tea/']").first.click()
    frame.locator("a[href='/fi/modules/tea/water/']").first.click()
    frame.locator(READ).first.click()
    expect(frame.locator("a[href='/fi/modules/tea/leaves/']").first).to_be_visible()


@pytest.mark.parametrize("blocked", [False, True], ids=["cookies", "cookies of others blocked"])
def test_a_learner_studies_in_the_frame_of_her_platform_and_it_is_kept(
    classroom: Classroom, context: BrowserContext, blocked: bool
) -> None:
    classroom.platform.visitor = User(f"learner-{blocked}", LEARNER.name, LEARNER.roles)
    page = context.new_page()
    if blocked:
        block_cookies_of_others(page)
    before, done = classroom.count(Learner), classroom.count(LessonDone)
    page.goto(classroom.page_with_frame())
    study(page.frame_locator("iframe"))
    assert (classroom.count(Learner), classroom.count(LessonDone)) == (before + 1, done + 1)
    page.goto(classroom.page_with_frame("?module=tea"))
    frame = page.frame_locator("iframe")
    expect(frame.locator("h1")).to_be_visible()
    assert classroom.count(Learner) == before + 1
    # What the frame was given is worth nothing in a window of our own.
    window = context.new_page()
    window.goto(f"{classroom.site.url}/fi/modules/tea/water/")
    expect(window.locator(READ).first).to_be_visible()


def deny_storage_in_frames(context: BrowserContext) -> None:
    """As browsers do that keep nothing of other sites: to ask for the store of a window is an error there."""
    context.add_init_script(
        """if (window !== window.top) for (const name of ["sessionStorage", "localStorage"]) {
          Object.defineProperty(window, name, { get() { throw new DOMException("denied", "SecurityError"); } });
        }"""
    )


def test_in_a_frame_without_storage_answers_are_saved_as_they_are_given(
    classroom: Classroom, context: BrowserContext
) -> None:
    classroom.platform.visitor = User("learner-no-storage", LEARNER.name, LEARNER.roles)
    deny_storage_in_frames(context)
    page, errors = context.new_page(), []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto(classroom.page_with_frame("?quiz=tea"))
    frame = page.frame_locator("iframe")
    frame.locator("main form button").last.click()
    question = frame.locator("[data-question]:has(input[type=radio])").first
    question.locator("input[type=radio]").first.check()
    expect(question.locator(".status")).to_contain_text("Tallennettu")
    frame.locator("[name=action][value=submit]").click()
    expect(frame.locator("[data-question]").first).to_be_visible()
    assert errors == []


@pytest.mark.parametrize("denied", [False, True], ids=["storage", "no storage"])
@pytest.mark.parametrize("scripts", [True, False], ids=["with JavaScript", "without JavaScript"])
def test_the_quick_exit_leaves_the_page_of_the_platform_too(
    classroom: Classroom, browser: Browser, denied: bool, scripts: bool
) -> None:
    context = browser.new_context()
    try:
        if denied:
            deny_storage_in_frames(context)
        page = context.new_page()
        page.route("https://**", lambda route: route.fulfill(body="elsewhere", content_type="text/plain"))
        if not scripts:
            page.route("**/app.*.js", lambda route: route.abort())
        page.goto(classroom.page_with_frame())
        exit_link = page.frame_locator("iframe").locator(".exit")
        address = exit_link.get_attribute("href")
        exit_link.click()
        page.wait_for_url(str(address))
    finally:
        context.close()


def test_without_cookies_in_frames_the_page_says_why_and_the_course_opens_in_a_window(
    classroom: Classroom, context: BrowserContext
) -> None:
    classroom.platform.visitor = User("learner-window", LEARNER.name, LEARNER.roles)
    keep_no_cookies_in_frames(context)
    page = context.new_page()
    before = classroom.count(Learner)
    page.goto(classroom.page_with_frame())
    frame = page.frame_locator("iframe")
    button = frame.locator("main a[target=_blank]")
    expect(button).to_be_visible()
    assert classroom.count(Learner) == before
    with context.expect_page() as opened:
        button.click()
    window = opened.value
    window.wait_for_url(f"{classroom.site.url}/fi/")
    window.goto(f"{classroom.site.url}/fi/modules/tea/water/")
    window.locator(READ).first.click()
    window.wait_for_url("**/leaves/")
    with classroom.store.reading() as connection:
        learner = connection.execute(select(LtiUser.learner_id).where(LtiUser.subject == "learner-window")).scalar_one()
        assert connection.execute(select(LessonDone.learner_id)).scalars().all()[-1] == learner


def test_a_page_that_nobody_launched_is_not_shown_in_a_frame(classroom: Classroom, context: BrowserContext) -> None:
    page, said = context.new_page(), []
    page.on("console", lambda message: said.append(message.text))
    classroom.platform.pages["/page"] = f'<iframe title="Tool" src="{classroom.site.url}/fi/"></iframe>'
    page.goto(f"{classroom.platform.issuer}/page")
    page.wait_for_timeout(500)
    assert any("frame-ancestors" in one for one in said)


@pytest.mark.parametrize("scripts", [True, False], ids=["with JavaScript", "without JavaScript"])
def test_a_teacher_chooses_a_link_in_the_frame(
    classroom: Classroom, browser: Browser, scripts: bool, axe_violations: Callable[[Page], list[str]]
) -> None:
    classroom.platform.visitor = INSTRUCTOR
    classroom.platform.received.clear()
    context = browser.new_context()
    try:
        page = context.new_page()
        page.goto(classroom.page_with_frame(choosing=True))
        frame = page.frame_locator("iframe")
        frame.locator("nav.languages button[lang=en]").click()
        expect(frame.locator("h1")).to_have_text("What shall the link lead to?")
        frame.locator("input[value='quiz:tea']").check()
        if not scripts:
            context.route("**/lti.*.js", lambda route: route.abort())
        frame.locator("button[name=send]").click()
        if not scripts:
            frame.locator("form[data-send-at-once] button").click()
        expect(frame.locator("h1")).to_have_text("Received")
    finally:
        context.close()
    [received] = classroom.platform.received
    said = classroom.platform.read_choice(received["JWT"])
    [item] = said["https://purl.imsglobal.org/spec/lti-dl/claim/content_items"]
    assert item["url"] == f"{classroom.site.url}/lti/launch?quiz=tea"


def test_the_page_of_the_choice_has_no_fault_that_axe_finds(
    classroom: Classroom, browser: Browser, axe_violations: Callable[[Page], list[str]]
) -> None:
    classroom.platform.visitor = INSTRUCTOR
    context = browser.new_context(bypass_csp=True, viewport={"width": 320, "height": 700})
    try:
        page = context.new_page()
        classroom.page_with_frame(choosing=True)
        begin = classroom.platform.first_request(f"{classroom.site.url}/lti/deep-link")
        page.goto(f"{classroom.site.url}/lti/login?{urlencode(begin)}")
        for language in ("sv", "en", "fi"):
            page.locator(f"nav.languages button[lang={language}]").click()
            page.wait_for_load_state()
            assert page.locator("html").get_attribute("lang") == language
            assert axe_violations(page) == []
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        context.route("**/lti.*.js", lambda route: route.abort())
        page.locator("button[name=send]").click()
        expect(page.locator("form[data-send-at-once]")).to_be_visible()
        assert axe_violations(page) == []
    finally:
        context.close()
