"""Launches that hold: who arrives, where, as what, and what the browser may show in a frame."""

from __future__ import annotations

import logging

from sqlalchemy import func, select

from course.domain.launch import LAUNCH_LASTS
from course.exports.launch_keys import rotate_launch_key
from course.services.platforms import turn
from course.storage.retention import empty_learner
from course.storage.tables import (
    Account,
    Cohort,
    CohortMember,
    Completion,
    Learner,
    LtiLogin,
    LtiUser,
    Tally,
    WayIn,
)
from course.web.launch_cookie import names_of
from tests.strict_client import StrictClient, text_of
from tests.web.journeys import READ, pass_module
from tests.web.lti_journeys import HOST, LAUNCH, admin, begin, launch, register, send
from tests.web.lti_platform import INSTRUCTOR, LEARNER, LTI, ROLE, LtiPlatform, User


def count(site, entity) -> int:
    with site.store.reading() as connection:
        return int(connection.execute(select(func.count()).select_from(entity)).scalar_one())


def test_a_launch_leads_to_the_course_and_what_is_done_there_is_kept_for_the_next_one(site, client, app, platform):
    register(site, platform)
    answer = launch(client, platform)
    assert (answer.status_code, answer.location) == (303, "/fi/")
    client.submit(client.get("/fi/modules/tea/water/"), READ)
    assert count(site, Learner) == 1
    elsewhere = StrictClient(app)
    assert launch(elsewhere, platform).status_code == 303
    assert count(site, Learner) == 1
    assert elsewhere.get("/fi/modules/tea/water/").select_one(READ) is None


def test_a_link_leads_to_the_course_to_a_module_or_to_a_quiz(site, client, platform):
    register(site, platform)
    pages = {"": "/fi/", "?module=tea": "/fi/modules/tea/", "?quiz=tea": "/fi/modules/tea/quiz/"}
    found = {query: launch(client, platform, target=f"{LAUNCH}{query}").location for query in pages}
    assert found == pages


def test_the_platforms_language_is_spoken(site, app, platform):
    register(site, platform)
    wanted = {"sv_FI": "/sv/", "en-GB": "/en/", "xx": "/fi/", "": "/fi/"}
    for locale, page in wanted.items():
        presentation = {f"{LTI}launch_presentation": {"locale": locale}}
        assert launch(StrictClient(app), platform, **presentation).location == page, locale


def test_the_login_may_be_posted_and_need_not_name_the_client(site, client, platform):
    register(site, platform)
    fields = platform.first_request(LAUNCH, client_id=None, lti_message_hint=None)
    answer = client.raw.post("/lti/login", data=fields, headers={"Sec-Fetch-Site": "cross-site"})
    asked = platform.asked(answer.location)
    assert "lti_message_hint" not in asked.fields
    assert send(client, asked.state, platform.signed(platform.claims(asked, LEARNER, LAUNCH))).status_code == 303


def test_cookies_of_a_launch_work_in_a_frame_and_are_kept_apart_there(site, client, platform):
    register(site, platform)
    answer = launch(client, platform)
    cookies = {one.partition("=")[0]: one for one in answer.headers.getlist("Set-Cookie")}
    kept = cookies["__Host-lti-learner"]
    assert all(word in kept for word in ("Secure", "HttpOnly", "SameSite=None", "Partitioned", "Path=/"))
    assert "Domain" not in kept


def test_over_https_no_plain_cookie_is_set():
    assert names_of("lti-learner", secure=True) == ("__Host-lti-learner",)


def test_only_a_registered_platform_may_show_the_pages_in_a_frame_and_only_after_a_launch(site, client, app, platform):
    made = register(site, platform)
    nobody = "frame-ancestors 'none'"
    assert nobody in client.raw.get("/fi/").headers["Content-Security-Policy"]
    launch(client, platform)
    for path in ("/fi/", "/fi/modules/tea/water/", "/fi/modules/tea/quiz/", "/fi/progress/", "/fi/no-such-page"):
        first = client.raw.get(path)
        assert f"frame-ancestors {platform.issuer}" in first.headers["Content-Security-Policy"], path
        if tag := first.headers.get("ETag"):
            again = client.raw.get(path, headers={"If-None-Match": tag})
            assert again.status_code == 304
            assert f"frame-ancestors {platform.issuer}" in again.headers["Content-Security-Policy"]
    assert nobody in StrictClient(app).raw.get("/fi/").headers["Content-Security-Policy"]
    turn(site.store, admin(site), made, on=False, now=site.now())
    assert nobody in client.raw.get("/fi/").headers["Content-Security-Policy"]


def test_a_made_up_cookie_opens_no_frame(site, client, platform):
    register(site, platform)
    for said in ("0", "99999", "x", "1 https://evil.example", "٣", "1" * 30):
        client.raw.set_cookie("lti-platform", said)
        assert "frame-ancestors 'none'" in client.raw.get("/fi/").headers["Content-Security-Policy"], said


def test_two_people_on_one_computer_stay_apart(site, client, platform):
    register(site, platform)
    launch(client, platform)
    client.submit(client.get("/fi/modules/tea/water/"), READ)
    launch(client, platform, User("user-18", "Olga Other", [f"{ROLE}Learner"]))
    assert client.get("/fi/modules/tea/water/").select_one(READ) is not None
    assert count(site, LtiUser) == 2


def test_what_was_done_on_the_device_before_stays_with_the_device(site, client, platform):
    """Nobody knows whose it is: the computer may be shared. A resume link joins the two when she wants."""
    client.submit(client.get("/fi/modules/tea/water/"), READ)
    register(site, platform)
    launch(client, platform)
    assert client.get("/fi/modules/tea/water/").select_one(READ) is not None
    assert count(site, Learner) == 2


def test_a_resume_link_joins_a_launched_learner_with_the_one_on_the_site(site, client, app, platform, library):
    register(site, platform)
    at_home = StrictClient(app)
    pass_module(at_home, library, "tea")
    made = at_home.submit(at_home.get("/fi/progress/"), "form[action$='/resume-link']")
    link = str(made.select_one("input[readonly]")["value"]).removeprefix(HOST)
    launch(client, platform)
    client.submit(client.get(link))
    assert count(site, Learner) == 1
    launch(client, platform)
    with site.store.reading() as connection:
        learner = connection.execute(select(LtiUser.learner_id)).scalar_one()
        assert connection.execute(select(Completion.learner_id)).scalars().all() == [learner]


def test_counts_know_who_came_by_a_launch(site, client, platform, library):
    register(site, platform, network_id="north")
    launch(client, platform)
    pass_module(client, library, "tea")
    with site.store.reading() as connection:
        rows = connection.execute(select(Tally.kind, Tally.way_in, Tally.network)).all()
        ways = connection.execute(select(WayIn.kind)).scalars().all()
    assert {("started", "lti", "north"), ("completed", "lti", "north")} <= {tuple(row) for row in rows}
    assert {row[1] for row in rows} == {"lti"}
    assert sorted(ways) == ["cookie", "lti"]


def test_a_learner_becomes_a_member_of_the_group_of_her_course_and_one_who_left_is_not_put_in_again(
    site, client, platform
):
    register(site, platform)
    launch(client, platform)
    with site.store.reading() as connection:
        assert connection.execute(select(Cohort.name, CohortMember.name).join(CohortMember)).all() == [
            ("Perehdytys 2026", "Lauri Launched")
        ]
    page = client.get("/fi/progress/")
    client.submit(page, "form[action$='/leave']")
    launch(client, platform)
    assert count(site, CohortMember) == 0


def test_somebody_without_a_name_is_a_number_in_the_group(site, client, platform):
    register(site, platform)
    launch(client, platform, name=None)
    with site.store.reading() as connection:
        assert connection.execute(select(CohortMember.name)).scalar_one().startswith("#")


def test_a_launch_without_a_course_leads_to_no_group(site, client, platform):
    register(site, platform)
    assert launch(client, platform, **{f"{LTI}context": None}).status_code == 303
    assert count(site, Cohort) == 0


# Who teaches


def test_an_instructor_sees_the_group_of_her_course_and_nothing_else(site, client, app, platform, trainer_client):
    trainer_client.submit(trainer_client.get("/en/trainer/cohorts/new"), name="Ours", track="core")
    other = trainer_client.response.request.path
    register(site, platform)
    launch(client, platform)
    teacher = StrictClient(app)
    answer = launch(teacher, platform, INSTRUCTOR)
    page = teacher.get(answer.location)
    assert "Lauri Launched" in text_of(page)
    assert page.select("main form[method=post]") == []
    assert "Perehdytys 2026" in text_of(teacher.get("/fi/trainer/"))
    assert teacher.raw.get(other).status_code == 404
    for path in ("/fi/trainer/sessions/", "/fi/counts/", "/fi/admin/", "/fi/account/", "/fi/admin/platforms/"):
        assert teacher.raw.get(path).status_code in (403, 404), path
    assert teacher.raw.get("/fi/account/").status_code == 403
    # And a learner of the course is nobody who may look.
    assert client.raw.get(answer.location).status_code == 302


def test_an_administrator_of_the_platform_is_never_one_here(site, client, platform):
    register(site, platform)
    elsewhere = "http://purl.imsglobal.org/vocab/lis/v2"
    for roles in (
        [f"{elsewhere}/system/person#Administrator"],
        [f"{elsewhere}/institution/person#Administrator", f"{ROLE}Instructor"],
        [f"{elsewhere}/system/person#SysAdmin", f"{ROLE}Administrator"],
    ):
        answer = launch(client, platform, User("user-1", "Anna Admin", roles))
        assert "/trainer/cohorts/" in answer.location
        assert client.raw.get("/fi/admin/").status_code == 403
    with site.store.reading() as connection:
        rows = connection.execute(select(Account.name, Account.administrator).order_by(Account.id)).all()
    assert rows == [("Aarne", True), ("Anna Admin", False)]


def test_who_teaches_no_more_sees_the_group_no_more(site, client, platform):
    register(site, platform)
    cohort = launch(client, platform, INSTRUCTOR).location
    kept = client.raw.get_cookie("lti-staff").value
    assert client.raw.get(cohort).status_code == 200
    launch(client, platform, User(INSTRUCTOR.subject, INSTRUCTOR.name, [f"{ROLE}Learner"]))
    client.raw.set_cookie("lti-staff", kept)
    assert client.raw.get(cohort).status_code == 403


def test_the_secret_of_a_launch_signs_nobody_in_as_on_our_own_site(site, client, app, platform):
    register(site, platform)
    launch(client, platform, INSTRUCTOR)
    thief = StrictClient(app)
    thief.raw.set_cookie("session", client.raw.get_cookie("lti-staff").value)
    assert thief.raw.get("/fi/account/").status_code == 302


# Its end, and others beside it


def test_after_twelve_hours_the_page_says_that_the_link_must_be_opened_again(site, client, platform, clock):
    register(site, platform)
    launch(client, platform)
    form = client.get("/fi/modules/tea/water/")
    clock.move(seconds=LAUNCH_LASTS.total_seconds() + 1)
    page = client.submit(form, READ, status=410)
    assert "Avaa" in text_of(page)
    assert count(site, Learner) == 1
    assert count(site, WayIn) == 2
    client.submit(client.get("/fi/modules/tea/water/"), READ)
    assert count(site, Learner) == 2


def test_two_platforms_with_the_same_deployment_and_the_same_names_do_not_meet(site, client, app, platform, clock):
    other = LtiPlatform(now=lambda: clock().timestamp())
    try:
        register(site, platform)
        register(site, other, name="Toinen")
        launch(client, platform)
        elsewhere = StrictClient(app)
        assert launch(elsewhere, other).status_code == 303
        assert (count(site, Learner), count(site, Cohort), count(site, LtiUser)) == (2, 2, 2)
        asked = begin(client, platform)
        forged = other.signed(platform.claims(asked, LEARNER, LAUNCH))
        # Both have the same key in these tests: the issuer alone tells them apart.
        swapped = other.signed(other.claims(asked, LEARNER, LAUNCH))
        assert send(client, asked.state, swapped).status_code == 401
        assert send(client, asked.state, forged).status_code == 303
    finally:
        other.close()


def test_one_platform_may_have_several_deployments_and_one_that_is_new_waits_to_be_allowed(
    site, client, platform, admin_client
):
    made = register(site, platform)
    platform.deployment = "2"
    assert launch(client, platform).status_code == 403
    page = admin_client.get(f"/en/admin/platforms/{made}/")
    assert "Waits to be allowed" in text_of(page)
    admin_client.submit(page, "form.inline-form:has(input[value='2'])")
    assert launch(client, platform).status_code == 303
    platform.deployment = "1"
    assert launch(client, platform).status_code == 303


def test_the_platform_changes_its_keys_in_the_middle_of_a_launch(site, client, platform):
    register(site, platform)
    asked = begin(client, platform)
    platform.rotate()
    assert send(client, asked.state, platform.signed(platform.claims(asked, LEARNER, LAUNCH))).status_code == 303


def test_our_keys_are_published_the_old_one_as_well(site, client):
    [first] = client.raw.get("/lti/jwks.json").json["keys"][:1]
    made = rotate_launch_key(site.signing.folder)
    keys = client.raw.get("/lti/jwks.json").json["keys"]
    assert [key["kid"] for key in keys] == [made, first["kid"]]
    assert all(set(key) == {"kty", "n", "e", "kid", "use", "alg"} for key in keys)


def test_the_log_names_nobody_and_tells_no_secret(site, client, platform, caplog):
    caplog.set_level(logging.DEBUG, "course")
    register(site, platform)
    asked = begin(client, platform)
    token = platform.signed(platform.claims(asked, LEARNER, LAUNCH))
    send(client, asked.state, token)
    send(client, asked.state, token)
    assert "launched, platform" in caplog.text and "state-used" in caplog.text
    for secret in (LEARNER.name, LEARNER.subject, asked.state, asked.fields["nonce"], token[:40], "hint-1"):
        assert secret not in caplog.text


def test_launches_that_ran_out_are_forgotten(site, client, platform, clock):
    register(site, platform)
    begin(client, platform)
    clock.move(hours=1)
    begin(client, platform)
    assert count(site, LtiLogin) == 1


def test_whose_time_is_over_is_led_back_to_by_no_launch(site, client, app, platform, library):
    """Her record stays in the counts and is nobody's; the next launch of the same person begins a new one."""
    register(site, platform)
    launch(client, platform)
    pass_module(client, library, "tea")
    with site.store.writing() as session:
        learner = session.execute(select(LtiUser.learner_id)).scalar_one()
        empty_learner(session, learner, now=site.now())
    assert count(site, LtiUser) == 0
    launch(StrictClient(app), platform)
    assert count(site, Learner) == 2
    with site.store.reading() as connection:
        assert connection.execute(select(LtiUser.learner_id)).scalar_one() != learner
