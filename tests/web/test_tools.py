"""The tools answer, and what is entered in them is kept nowhere and goes nowhere."""

from __future__ import annotations

import logging

import pytest
from sqlalchemy import MetaData, select

from course.domain.referral import situations
from tests.strict_client import text_of

ADDRESS = "/fi/tools/referral/"


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_every_combination_has_an_answer_with_a_contact_a_source_and_all_its_parts(client, library, language):
    referral = library.practice.referral
    page = client.get(f"/{language}/tools/referral/")
    for situation in situations(referral.questions):
        page = client.submit(page, "#situation", **situation)
        assert len(page.select("#answer-title ~ section")) == 5
        assert page.select("#part-call ~ ul strong"), situation
        assert page.select(".sources li"), situation
        assert {str(field["value"]) for field in page.select("[type=radio][checked]")} == set(situation.values())


def test_what_is_not_answered_is_asked_for_and_the_rest_is_kept_on_the_page(client):
    page = client.submit(client.get(ADDRESS), "#situation", status=422, who="cook")
    assert [str(link["href"]) for link in page.select(".error-summary a")] == ["#f-guest"]
    assert page.select_one("[name=who][checked]")["value"] == "cook"
    assert not page.select("#answer-title")


def test_an_answer_that_is_none_of_the_options_is_not_repeated(client):
    token = client.get(ADDRESS).select_one("[name=csrf_token]")["value"]
    page = client.post(ADDRESS, {"csrf_token": token, "who": "<b>me</b>", "guest": "hungry"}, status=422)
    assert "me</b>" not in str(page)


def test_a_change_of_language_takes_the_answers_along_in_the_body(client):
    page = client.submit(client.get(ADDRESS), "#situation", who="cook", guest="hungry")
    button = page.select_one(".languages button[lang=sv]")
    assert button["formaction"] == "/sv/tools/referral/" and button["form"] == "situation"
    fields = {"csrf_token": str(page.select_one("[name=csrf_token]")["value"]), "who": "cook", "guest": "hungry"}
    swedish = client.post(str(button["formaction"]), fields)
    assert "Ring när brödet är slut." in text_of(swedish.main)


def test_nothing_entered_is_in_a_cookie_an_address_a_log_line_or_a_row_of_the_database(client, site, caplog):
    caplog.set_level(logging.DEBUG)
    before = rows_of(site)
    page = client.submit(client.get(ADDRESS), "#situation", who="baker", guest="thirsty")
    assert page.select("#answer-title")

    response = client.response
    assert response.request.path == ADDRESS and not response.request.query_string
    assert response.headers["Cache-Control"] == "no-store"
    assert not response.headers.getlist("Set-Cookie")
    for form in page.select("form"):
        assert form["method"] == "post" and "?" not in str(form["action"])
    assert not [link for link in page.select("[href], [formaction]") if "thirsty" in str(link.attrs)]
    # SQL and everything else that logs speaks here: none of it may have heard of the answers.
    assert "thirsty" not in caplog.text and "baker" not in caplog.text
    assert rows_of(site) == before


def test_a_refused_or_unreadable_entry_leaves_no_trace_either(client, site, caplog):
    caplog.set_level(logging.DEBUG)
    before = rows_of(site)
    client.post(ADDRESS, {"csrf_token": "stale", "who": "baker", "guest": "thirsty"}, status=400)
    assert "thirsty" not in caplog.text
    assert rows_of(site) == before


def rows_of(site) -> dict[str, list[object]]:
    """Every row of every table."""
    meta = MetaData()
    meta.reflect(site.store.engine)
    with site.store.reading() as connection:
        return {table.name: [tuple(row) for row in connection.execute(select(table))] for table in meta.tables.values()}


def test_the_boxes_of_the_checklist_belong_to_no_form_and_have_no_name(client, library):
    for setting in library.practice.indicators.settings:
        page = client.get(f"/fi/tools/indicators/{setting.id}/")
        boxes = page.select("main input")
        assert len(boxes) == len(setting.signs) + 1
        for box in boxes:
            assert not box.get("name") and not box.find_parent("form")
            assert box["autocomplete"] == "off"
        assert client.response.headers["Cache-Control"] == "no-store"
        assert not client.response.headers.getlist("Set-Cookie")


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_the_checklist_says_what_a_pattern_means_and_what_it_does_not(client, language):
    for address in ("tools/indicators/", "tools/indicators/kitchen/"):
        page = client.get(f"/{language}/{address}")
        assert page.select("#means-title ~ ul > li") and page.select("#not-title ~ ul > li")


def test_an_unknown_setting_is_not_there(client):
    client.get("/fi/tools/indicators/cellar/", status=404)


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_every_page_leads_to_the_tools_and_they_to_each_tool(client, language):
    links = {str(link["href"]) for link in client.get(f"/{language}/modules/tea/water/").select("nav a")}
    assert f"/{language}/tools/" in links
    wanted = {f"/{language}/tools/referral/", f"/{language}/tools/indicators/", f"/{language}/cases/"}
    for address in ("tools/", ""):
        assert wanted <= {str(link["href"]) for link in client.get(f"/{language}/{address}").select("main a")}
