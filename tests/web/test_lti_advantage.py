"""The services of a platform: scores go there, members come from there, links are chosen, and it registers itself."""

from __future__ import annotations

import re
from urllib.parse import urlencode, urlsplit

import pytest
from bs4 import BeautifulSoup
from sqlalchemy import delete, select

from course.exports.launch_keys import rotate_launch_key
from course.services.platforms import invite, turn
from course.storage import learning
from course.storage.host_scores import schedule_scores
from course.storage.tables import Completion, LtiUser, RosterRow, Task
from course.storage.tables import LtiPlatform as PlatformRow
from tests.strict_client import StrictClient, text_of, values_of
from tests.web.journeys import hand_in, pass_module, start_quiz, wrong_answers
from tests.web.lti_journeys import DEEP_LINK, HOST, LAUNCH, admin, begin, launch, register, send
from tests.web.lti_platform import AGS, DL, INSTRUCTOR, LEARNER, LTI, ROLE, LtiPlatform

RETURN = "main form[data-send-at-once]"


@pytest.fixture
def worker(app):
    return app.extensions["course_worker"]


def errors(site) -> list[tuple[str, str]]:
    with site.store.reading() as connection:
        rows = connection.execute(select(Task.state, Task.error).where(Task.kind.like("lti-%"), Task.error != ""))
        return [(row[0], row[1]) for row in rows]


# Scores


def test_a_module_passed_is_told_to_the_platform_with_the_best_score(site, client, platform, library, worker):
    register(site, platform)
    launch(client, platform, target=f"{LAUNCH}?module=tea")
    assert worker.run_due()[1] == 0
    assert platform.scores == []
    pass_module(client, library, "tea")
    assert worker.run_due() == (1, 0)
    [score] = platform.scores
    assert score == {
        "userId": LEARNER.subject,
        "scoreGiven": 100,
        "scoreMaximum": 100,
        "activityProgress": "Completed",
        "gradingProgress": "FullyGraded",
        "timestamp": "2026-11-22T09:30:00.000000+00:00",
        "line": "7",
    }


def test_the_course_counts_the_mean_of_its_modules_and_each_link_is_told_of_its_own(
    site, client, platform, library, worker
):
    register(site, platform)
    launch(client, platform)
    platform.link_id = "link-6"
    launch(client, platform, target=f"{LAUNCH}?quiz=tea")
    told = []
    for module_id in library.tracks[0].module_ids:
        pass_module(client, library, module_id)
        worker.run_due()
        told += [(one["scoreGiven"], one["scoreMaximum"], one["activityProgress"]) for one in platform.scores]
        platform.scores.clear()
    assert sorted(told) == [(50, 100, "InProgress"), (100, 100, "Completed"), (100, 100, "Completed")]


def test_a_score_arrives_after_an_outage_of_the_platform(site, client, platform, library, worker, clock):
    register(site, platform)
    launch(client, platform)
    worker.run_due()
    platform.outage = 503
    pass_module(client, library, "tea")
    assert worker.run_due() == (0, 1)
    assert errors(site) == [("open", "PlatformFault: Virasto: answered with status 503.")]
    clock.move(minutes=2)
    assert worker.run_due() == (0, 1)
    platform.outage = 0
    clock.move(minutes=11)
    assert worker.run_due() == (1, 0)
    assert [one["scoreGiven"] for one in platform.scores] == [50]
    assert errors(site) == []


def test_a_platform_that_does_not_answer_at_all_is_tried_again(site, client, platform, library, worker, clock):
    register(site, platform)
    launch(client, platform)
    worker.run_due()
    platform.close()
    pass_module(client, library, "tea")
    assert worker.run_due() == (0, 1)
    again = LtiPlatform(now=platform.now, tool_keys=platform.tool_keys, port=platform.port)
    try:
        clock.move(minutes=2)
        assert worker.run_due() == (1, 0)
        assert len(again.scores) == 1
    finally:
        again.close()


def test_a_score_that_the_platform_will_never_take_is_given_up_with_a_sentence(
    site, client, platform, library, worker, admin_client
):
    """Moodle answers so for somebody who is no learner of its course."""
    register(site, platform)
    launch(client, platform)
    worker.run_due()
    platform.outage = 403
    pass_module(client, library, "tea")
    assert worker.run_due() == (0, 1)
    page = text_of(admin_client.get("/en/admin/outbox/"))
    assert "Only people whom its course lists as learners have grades" in page


def test_the_same_score_is_told_once_and_a_later_one_has_a_later_moment(site, client, platform, library, worker):
    register(site, platform)
    launch(client, platform)
    pass_module(client, library, "tea")
    worker.run_due()
    launch(client, platform)
    worker.run_due()
    assert len(platform.scores) == 1
    pass_module(client, library, "bread")
    worker.run_due()
    first, second = (one["timestamp"] for one in platform.scores)
    assert second > first


def test_what_is_done_by_now_is_told_also_when_the_score_is_what_it_was(site, client, platform, library, worker):
    register(site, platform)
    launch(client, platform, target=f"{LAUNCH}?quiz=tea")
    page = start_quiz(client, "tea")
    hand_in(client, page, wrong_answers(page, library, "tea"))
    worker.run_due()
    with site.store.writing() as session:
        learner_id = session.execute(select(LtiUser.learner_id)).scalar_one()
        # Passed by attending a session.
        learning.add_completion(
            session, learner_id, "tea", attempt_id=None, edition="2030.1", language="fi", now=site.now()
        )
        schedule_scores(session, learner_id, now=site.now())
    worker.run_due()
    worker.run_due()
    told = [(one["scoreGiven"], one["activityProgress"]) for one in platform.scores]
    assert [progress for _, progress in told] == ["InProgress", "Completed"]
    assert len({given for given, _ in told}) == 1


def test_what_is_taken_back_is_taken_back_from_the_platform(site, client, platform, worker):
    register(site, platform)
    launch(client, platform, target=f"{LAUNCH}?module=tea")
    with site.store.writing() as session:
        learner_id = session.execute(select(LtiUser.learner_id)).scalar_one()
        learning.add_completion(
            session, learner_id, "tea", attempt_id=None, edition="2030.1", language="fi", now=site.now()
        )
        schedule_scores(session, learner_id, now=site.now())
    worker.run_due()
    with site.store.writing() as session:
        session.execute(delete(Completion))
        schedule_scores(session, learner_id, now=site.now())
    worker.run_due()
    told = [(one["scoreGiven"], one["activityProgress"]) for one in platform.scores]
    assert told == [(100, "Completed"), (0, "InProgress")]


def test_what_was_done_before_the_link_existed_is_told_at_its_first_launch(site, client, platform, library, worker):
    register(site, platform)
    platform.gives_line_item = True
    launch(client, platform, **{f"{AGS}claim/endpoint": None})
    pass_module(client, library, "tea")
    worker.run_due()
    assert platform.scores == []
    launch(client, platform)
    worker.run_due()
    assert len(platform.scores) == 1


def test_a_link_without_a_line_of_grades_gets_one(site, client, platform, library, worker):
    register(site, platform)
    platform.gives_line_item = False
    launch(client, platform)
    pass_module(client, library, "tea")
    worker.run_due()
    [line] = platform.line_items
    assert line["resourceLinkId"] == platform.link_id and line["label"] == "Ihmiskauppa"
    assert [one["line"] for one in platform.scores] == ["70"]
    pass_module(client, library, "bread")
    worker.run_due()
    assert len(platform.line_items) == 1 and len(platform.scores) == 2


def test_who_teaches_gets_no_score_and_a_disabled_platform_is_told_nothing(site, client, platform, library, worker):
    made = register(site, platform)
    launch(client, platform, INSTRUCTOR)
    pass_module(client, library, "tea")
    worker.run_due()
    assert platform.scores == []
    launch(client, platform)
    pass_module(client, library, "tea")
    turn(site.store, admin(site), made, on=False, now=site.now())
    platform.requests.clear()
    worker.run_due()
    assert platform.requests == []
    assert ("failed", "GiveUp: The platform is disabled.") in errors(site)


def test_our_key_is_changed_in_the_middle_and_scores_go_on(site, client, platform, library, worker):
    register(site, platform)
    launch(client, platform)
    pass_module(client, library, "tea")
    worker.run_due()
    rotate_launch_key(site.signing.folder)
    pass_module(client, library, "bread")
    assert worker.run_due() == (1, 0)
    assert [one["scoreGiven"] for one in platform.scores] == [50, 100]


def test_an_erased_learner_is_told_of_no_more(site, client, platform, library, worker):
    register(site, platform)
    launch(client, platform)
    pass_module(client, library, "tea")
    client.submit(client.get("/fi/progress/my-data/erase"))
    assert worker.run_due()[1] == 0
    assert platform.scores == []


# Members


def member(number: int, **changes: object) -> dict[str, object]:
    return {
        "user_id": f"user-{number}",
        "name": f"Person {number}",
        "roles": [f"{ROLE}Learner"],
        "status": "Active",
        **changes,
    }


def roster(site) -> dict[str, bool]:
    with site.store.reading() as connection:
        rows = connection.execute(select(RosterRow.name, RosterRow.learner_id, RosterRow.email))
        return {row[0]: row[1] is not None for row in rows if row[2] == ""}


def test_the_roster_of_the_group_follows_the_platforms_list_page_by_page(site, client, platform, worker, clock, app):
    register(site, platform)
    platform.members = [
        member(17, name="Lauri Launched"),
        member(20),
        member(21),
        member(22, status="Inactive"),
        member(23, roles=[f"{ROLE}Instructor"]),
        member(24, name=None),
        member(25),
    ]
    launch(client, platform)
    worker.run_due()
    assert roster(site) == {"Lauri Launched": True, "Person 20": False, "Person 21": False, "Person 25": False}
    assert platform.requests.count("GET /members") == 4
    platform.members = [member(17, name="Lauri Launched"), member(20, name="Person Twenty"), member(30)]
    clock.move(hours=1)
    late = StrictClient(app)
    platform.visitor = LEARNER
    launch(late, platform, INSTRUCTOR)
    worker.run_due()
    assert roster(site) == {"Lauri Launched": True, "Person Twenty": False, "Person 30": False}


def test_who_was_expected_and_comes_by_a_launch_is_expected_no_more(site, client, app, platform, worker):
    register(site, platform)
    platform.members = [member(17, name="Lauri Launched")]
    teacher = StrictClient(app)
    group = launch(teacher, platform, INSTRUCTOR).location
    worker.run_due()
    assert roster(site) == {"Lauri Launched": False}
    launch(client, platform)
    assert roster(site) == {"Lauri Launched": True}
    assert "Lauri Launched" in text_of(teacher.get(group))


# Choosing a link


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
    page = choose(client, platform, accept_multiple=True, accept_lineitem=False)
    both = items_in(client, platform, post(client, page, target=["quiz:tea", "course"]))
    assert [one["url"] for one in both] == [LAUNCH, f"{LAUNCH}?quiz=tea"]
    assert all("lineItem" not in one for one in both)
    one = items_in(client, platform, post(client, choose(client, platform), target=["quiz:tea", "course"]))
    assert len(one) == 1


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


# Registration


def registration_url(site, platform: LtiPlatform, **changes: str) -> str:
    secret = invite(site.store, admin(site), "Toinen virasto", "north", now=site.now())
    asked = {
        "invitation": secret,
        "openid_configuration": f"{platform.issuer}/configuration",
        "registration_token": platform.registration_token,
        **changes,
    }
    return f"/lti/register?{urlencode(asked)}"


def test_a_platform_registers_itself_and_launches(site, client, platform):
    page = client.get(registration_url(site, platform))
    assert f"frame-ancestors {platform.issuer}" in client.response.headers["Content-Security-Policy"]
    client.submit(page)
    said = platform.registered
    assert said["redirect_uris"] == [LAUNCH, DEEP_LINK]
    assert said["initiate_login_uri"] == f"{HOST}/lti/login" and said["jwks_uri"] == f"{HOST}/lti/jwks.json"
    assert said["token_endpoint_auth_method"] == "private_key_jwt" and said["response_types"] == ["id_token"]
    tool = said["https://purl.imsglobal.org/spec/lti-tool-configuration"]
    assert tool["domain"] == "localhost" and tool["target_link_uri"] == LAUNCH
    assert {one["type"] for one in tool["messages"]} == {"LtiResourceLinkRequest", "LtiDeepLinkingRequest"}
    with site.store.reading() as connection:
        assert connection.execute(select(PlatformRow.name, PlatformRow.network_id)).all() == [
            ("Toinen virasto", "north")
        ]
    assert launch(client, platform).status_code == 303


def test_an_invitation_counts_once_and_for_some_days(site, client, platform, clock):
    url = registration_url(site, platform)
    client.submit(client.get(url))
    client.get(url, status=410)
    url = registration_url(site, platform)
    clock.move(days=8)
    client.get(url, status=410)
    client.get("/lti/register", status=410)


def test_a_registration_that_does_not_fit_is_refused_and_leaves_nothing(site, client, platform):
    faults = [
        {"registration_token": "wrong"},
        {"openid_configuration": f"{platform.issuer}/nowhere"},
        # It describes another platform than the machine that it comes from.
        {"openid_configuration": f"http://localhost:{platform.port}/configuration"},
    ]
    for changes in faults:
        page = client.get(registration_url(site, platform, **changes))
        client.submit(page, status=400)
    for address in ("ftp://x.example/a", "http://platform.example/a", "javascript:x", ""):
        client.get(registration_url(site, platform, openid_configuration=address), status=400)
    with site.store.reading() as connection:
        assert connection.execute(select(PlatformRow.id)).all() == []


# Cookies that are kept nowhere


def test_in_a_frame_without_cookies_the_page_says_why_it_opens_a_window(site, client, app, platform):
    register(site, platform)
    framed = {"Sec-Fetch-Dest": "iframe", "Sec-Fetch-Site": "cross-site"}
    first = platform.first_request(LAUNCH)
    answer = client.raw.get(f"/lti/login?{urlencode(first)}", headers=framed)
    assert answer.status_code == 302 and urlsplit(answer.location).path == "/lti/login"
    with_cookie = client.raw.get(answer.location, headers=framed)
    assert platform.asked(with_cookie.location)
    blocked = StrictClient(app)
    page = blocked.get(answer.location, headers={**framed, "Accept-Language": "en"})
    assert "keeps no cookies" in text_of(page)
    assert f"frame-ancestors {platform.issuer}" in blocked.response.headers["Content-Security-Policy"]
    link = page.select_one("main a[target=_blank]")
    assert re.match(r"/lti/login\?iss=", str(link["href"]))
    window = blocked.raw.get(str(link["href"]), headers={"Sec-Fetch-Dest": "document"})
    assert platform.asked(window.location)
