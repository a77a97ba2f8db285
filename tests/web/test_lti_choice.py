"""Who teaches on a platform chooses there what a link of theirs opens here."""

from __future__ import annotations

from bs4 import BeautifulSoup

from course.services.platforms import turn
from tests.strict_client import StrictClient, values_of
from tests.web.lti_journeys import DEEP_LINK, LAUNCH, admin, begin, launch, register, send
from tests.web.lti_platform import DL, INSTRUCTOR, LTI, LtiPlatform

RETURN = "main form[data-send-at-once]"


def choose(client: StrictClient, platform: LtiPlatform, **settings: object) -> BeautifulSoup:
    asked = begin(client, platform, DEEP_LINK)
    answer = send(client, asked.state, platform.signed(platform.choosing_claims(asked, INSTRUCTOR, **settings)))
    assert answer.status_code == 200, answer.text
    [policy] = answer.headers.getlist("Content-Security-Policy")
    assert f"frame-ancestors {platform.issuer}" in policy
    return BeautifulSoup(answer.text, "html.parser")


def post(client: StrictClient, page: BeautifulSoup, button: bool = True, **fields: object) -> BeautifulSoup:
    form = page.select_one("form#choose")
    sent = {**values_of(form), **({"send": "1"} if button else {}), **fields}
    answer = client.send(str(form["action"]), sent)
    client.response = answer
    return BeautifulSoup(answer.text, "html.parser")


def items_in(client: StrictClient, platform: LtiPlatform, page: BeautifulSoup) -> list[dict[str, object]]:
    """What arrives at the platform, and where the browser may take it."""
    form = page.select_one(RETURN)
    assert form["action"] == f"{platform.issuer}/return"
    assert f"form-action 'self' {platform.issuer};" in client.response.headers["Content-Security-Policy"]
    assert form.select_one("[name=csrf_token]") is None
    said = platform.read_choice(str(form.select_one("[name=JWT]")["value"]))
    assert said[f"{LTI}message_type"] == "LtiDeepLinkingResponse"
    assert said[f"{LTI}deployment_id"] == platform.deployment and said[f"{LTI}version"] == "1.3.0"
    assert said[f"{DL}data"] == "give-me-back"
    return said[f"{DL}content_items"]


def test_a_module_is_chosen_and_the_link_leads_to_it(site, client, app, platform):
    register(site, platform)
    page = post(client, choose(client, platform), target="module:tea")
    [item] = items_in(client, platform, page)
    assert item["type"] == "ltiResourceLink" and item["url"] == f"{LAUNCH}?module=tea"
    assert item["lineItem"]["scoreMaximum"] == 100
    learner = StrictClient(app)
    assert launch(learner, platform, target=str(item["url"])).location == "/fi/modules/tea/"


def test_the_course_is_what_is_chosen_at_first_and_several_may_be_where_the_platform_takes_them(site, client, platform):
    register(site, platform)
    [item] = items_in(client, platform, post(client, choose(client, platform)))
    assert item["url"] == LAUNCH
    # The course is told in percent, as its modules are: a line of grades with another most would be scaled.
    assert item["lineItem"]["scoreMaximum"] == 100
    page = choose(client, platform, accept_multiple=True, accept_lineitem=False)
    both = items_in(client, platform, post(client, page, target=["quiz:tea", "course"]))
    assert [one["url"] for one in both] == [LAUNCH, f"{LAUNCH}?quiz=tea"]
    assert all("lineItem" not in one for one in both)
    one = items_in(client, platform, post(client, choose(client, platform), target=["quiz:tea", "course"]))
    assert len(one) == 1


def test_where_several_may_be_chosen_nothing_is_ticked_that_was_not_asked_for(site, client, platform):
    # A teacher who ticks one module must not get a link to the whole course beside it.
    register(site, platform)
    page = choose(client, platform, accept_multiple=True)
    assert page.select("input[checked]") == []
    assert [box["value"] for box in choose(client, platform).select("input[checked]")] == ["course"]


def test_the_page_of_the_choice_brings_the_style_of_its_boxes(site, client, platform):
    register(site, platform)
    page = choose(client, platform)
    sheets = [client.raw.get(str(link["href"])).text for link in page.select("link[rel=stylesheet]")]
    classes = {name for box in page.select("form#choose fieldset, form#choose label") for name in box["class"]}
    assert classes
    for name in classes:
        assert any(f".{name}{{" in sheet.replace(" ", "") for sheet in sheets), name


def test_the_choice_is_made_in_three_languages_and_what_is_ticked_stays(site, client, platform):
    register(site, platform)
    page = choose(client, platform)
    assert page.html["lang"] == "fi"
    button = page.select_one("nav.languages button[lang=sv]")
    form = page.select_one("form#choose")
    answer = client.send(str(button["formaction"]), {**values_of(form), "target": "quiz:tea"})
    page = BeautifulSoup(answer.text, "html.parser")
    assert page.html["lang"] == "sv"
    assert [box["value"] for box in page.select("input[checked]")] == ["quiz:tea"]
    [item] = items_in(client, platform, post(client, page))
    assert item["url"] == f"{LAUNCH}?quiz=tea"


def test_nothing_chosen_is_said_above_the_form(site, client, platform):
    register(site, platform)
    page = post(client, choose(client, platform, accept_multiple=True), target=[])
    assert client.response.status_code == 422
    assert page.select_one(".error-summary a[href='#target-1']")


def test_a_choice_that_was_open_too_long_or_was_changed_is_refused(site, client, platform):
    made = register(site, platform)
    page = choose(client, platform)
    post(client, page, choice="made up")
    assert client.response.status_code == 410
    turn(site.store, admin(site), made, on=False, now=site.now())
    post(client, page)
    assert client.response.status_code == 403


def test_another_site_cannot_choose(site, client, platform):
    register(site, platform)
    form = choose(client, platform).select_one("form#choose")
    headers = {"Sec-Fetch-Site": "cross-site", "Origin": "https://evil.example"}
    assert client.raw.post("/lti/deep-link", data=values_of(form), headers=headers).status_code == 403
