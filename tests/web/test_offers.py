"""What a learner is offered once and need not take: three questions about her work, and a code by mail."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from course.storage.tables import LearnerProfile
from tests.strict_client import StrictClient, text_of
from tests.web.accounts_journeys import learn_by_code
from tests.web.journeys import READ, pass_course

ABOUT, CODE = "/en/about-you/", "/en/account/code/"


@pytest.fixture
def holder(client, library) -> StrictClient:
    """Somebody who has just got her certificate."""
    pass_course(client, library)
    client.submit(client.get("/en/certificate/"), name="Aino Virtanen")
    return client


def offered(client: StrictClient) -> bool:
    return bool(client.get("/en/certificate/").select(f"main a[href='{ABOUT}']"))


def profiles(site) -> list[tuple[str | None, str | None, str | None]]:
    columns = (LearnerProfile.profession_id, LearnerProfile.organisation_id, LearnerProfile.network_id)
    with site.store.reading() as connection:
        return [tuple(row) for row in connection.execute(select(*columns))]


def test_the_questions_come_after_the_certificate_and_not_before(client, library):
    assert not offered(client)
    pass_course(client, library)
    assert not offered(client), "the certificate first"
    client.submit(client.get("/en/certificate/"), name="Aino Virtanen")
    assert offered(client)


def test_what_is_answered_is_kept_and_not_asked_again(holder, site):
    page = holder.get(ABOUT)
    assert {str(field["name"]) for field in page.select("main select")} == {"profession", "organisation", "network"}
    assert all(text_of(field.select_one("option[selected], option")) for field in page.select("main select"))
    after = holder.submit(page, profession="baker", network="north")
    assert holder.response.request.path == "/en/progress/" and after.select("main")
    assert profiles(site) == [("baker", None, "north")]
    assert not offered(holder)


def test_leaving_all_open_is_an_answer_too(holder, site):
    holder.submit(holder.get(ABOUT))
    assert profiles(site) == [(None, None, None)]
    assert not offered(holder)


def test_an_answer_that_is_none_of_ours_is_not_kept(holder, site):
    holder.submit(holder.get(ABOUT), profession="astronaut", organisation="nowhere", network="west")
    assert profiles(site) == [(None, None, None)]


def test_a_newcomer_who_answers_becomes_a_learner_of_her_own(client, another_client, site):
    client.submit(client.get(ABOUT), profession="cook")
    another_client.submit(another_client.get(ABOUT), profession="baker")
    assert sorted(profiles(site)) == [("baker", None, None), ("cook", None, None)]


# A code by mail


def test_somebody_new_on_a_device_is_offered_a_code_beside_the_link(client):
    notice = client.get("/en/progress/").select_one("main .notice.info")
    assert text_of(notice.select_one(f"a[href='{CODE}']")) == "Send me a code"
    assert client.get(CODE).select("main form [name=email]")


def test_who_has_begun_without_an_account_is_offered_one_and_who_has_one_is_not(client, site):
    client.submit(client.get("/fi/modules/tea/water/"), READ)
    page = client.get("/en/progress/")
    assert [text_of(link) for link in page.select(f"main a[href='{CODE}']")] == ["Send me a code"]
    assert page.select_one(f"main a[href='{CODE}']").find_parent("section")["aria-labelledby"] == "elsewhere-title"
    learn_by_code(client, site, "lea@example.org")
    assert not client.get("/en/progress/").select(f"main a[href='{CODE}']")


def test_the_code_that_the_progress_page_leads_to_brings_the_progress_along(client, another_client, site):
    client.submit(client.get("/fi/modules/tea/water/"), READ)
    learn_by_code(client, site, "lea@example.org")
    assert not another_client.get("/en/progress/").select(".module-row li .icon")
    learn_by_code(another_client, site, "lea@example.org")
    assert len(another_client.get("/en/progress/").select(".module-row li .icon")) == 1
