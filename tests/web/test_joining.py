"""Learners join a group by themselves with its code, are told before what is seen of them, and leave with one click."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from course.storage.tables import Cohort, Learner
from tests.strict_client import text_of
from tests.web.journeys import pass_module
from tests.web.test_cohorts import code_of, join, make_cohort, rows_of


def test_the_joining_page_says_plainly_what_is_seen(trainer_client, client):
    code = code_of(trainer_client, make_cohort(trainer_client))
    words = text_of(client.get(f"/join/{code}?lang=en").main)
    assert "They never see your answers or your notes." in words
    assert "They do not see your scores." in words
    assert "the score with which you passed" not in words


def test_where_scores_are_seen_the_joining_page_says_so(trainer_client, client):
    code = code_of(trainer_client, make_cohort(trainer_client, scores="shown"))
    words = text_of(client.get(f"/join/{code}?lang=en").main)
    assert "the score with which you passed each quiz" in words and "do not see your scores" not in words


def test_scores_cannot_be_switched_on_once_somebody_has_joined(trainer_client, client, site):
    cohort = make_cohort(trainer_client)
    join(client, code_of(trainer_client, cohort), "Aino")
    trainer_client.submit(trainer_client.get(f"{cohort}edit"), scores="shown")
    with site.store.reading() as connection:
        assert connection.execute(select(Cohort.shows_scores)).scalar_one() is False


def test_a_learner_joins_by_code_and_her_trainer_sees_what_she_has_passed(trainer_client, client, library):
    cohort = make_cohort(trainer_client, due_on="2027-02-01")
    page = join(client, code_of(trainer_client, cohort), "Aino V.")
    words = text_of(page.main)
    assert "Spring group" in words and "1 February 2027" in words and "Aino V." in words
    pass_module(client, library, "tea")
    assert rows_of(trainer_client.get(cohort))["Aino V."][:3] == ["– 1/2", "✓ Done", "– Not yet"]
    pass_module(client, library, "bread")
    assert rows_of(trainer_client.get(cohort))["Aino V."][:3] == ["✓ 2/2", "✓ Done", "✓ Done"]
    assert "100" not in text_of(trainer_client.get(cohort).select_one("tbody")), "no score"


def test_scores_are_shown_where_the_group_says_so(trainer_client, client, library):
    cohort = make_cohort(trainer_client, scores="shown")
    join(client, code_of(trainer_client, cohort), "Aino")
    pass_module(client, library, "tea")
    assert rows_of(trainer_client.get(cohort))["Aino"][1] == "✓ 100%"


def test_a_code_is_taken_in_any_case_with_spaces_and_hyphens(trainer_client, client):
    code = code_of(trainer_client, make_cohort(trainer_client))
    assert client.get("/join/").select_one("form[method=get] input[name=code]")
    page = client.get("/join/", query_string={"code": f" {code[:4].lower()}-{code[4:]} "})
    assert "Spring group" in text_of(page.h1)


@pytest.mark.parametrize("name", ["", "   ", "x" * 121])
def test_a_name_is_needed_and_the_page_says_so(trainer_client, client, site, name):
    page = client.get(f"/join/{code_of(trainer_client, make_cohort(trainer_client))}?lang=en")
    page = client.submit(page, name=name, status=422)
    assert "A nickname will do" in text_of(page.select_one(".error-summary"))
    with site.store.reading() as connection:
        assert connection.execute(select(Learner.id)).all() == []


def test_joining_twice_changes_the_name_and_uses_the_code_once(trainer_client, client, site):
    cohort = make_cohort(trainer_client)
    code = code_of(trainer_client, cohort)
    join(client, code, "Aino")
    join(client, code, "Aino Virtanen")
    assert list(rows_of(trainer_client.get(cohort))) == ["Aino Virtanen"]


def test_a_withdrawn_and_an_ended_code_let_nobody_in(trainer_client, client, clock):
    cohort = make_cohort(trainer_client)
    code = code_of(trainer_client, cohort)
    clock.move(days=91)
    client.get(f"/join/{code}", status=404)
    clock.move(days=-91)
    trainer_client.submit(trainer_client.get(cohort), "form[action$='/revoke']")
    assert "No group has this code" in text_of(client.get(f"/join/{code}?lang=en", status=404).main)


def test_no_more_join_than_the_cap_allows(trainer_client, client, another_client):
    cohort = make_cohort(trainer_client)
    trainer_client.submit(trainer_client.get(f"{cohort}codes/"), cap="1", last_day="2026-12-24")
    code = code_of(trainer_client, cohort)
    assert "24 December 2026" in text_of(trainer_client.get(cohort).main)
    page = another_client.get(f"/join/{code}?lang=en")
    join(client, code, "Aino")
    another_client.submit(page, name="Bo", status=409)
    assert "This group is full" in text_of(another_client.get(f"/join/{code}?lang=en").main)
    assert list(rows_of(trainer_client.get(cohort))) == ["Aino"]


@pytest.mark.parametrize(("field", "value"), [("cap", "0"), ("cap", "many"), ("last_day", "soon")])
def test_a_limit_that_is_none_is_explained(trainer_client, field, value):
    cohort = make_cohort(trainer_client)
    page = trainer_client.submit(trainer_client.get(f"{cohort}codes/"), status=422, **{field: value})
    assert page.select_one(f".error-summary a[href='#{field}']")


def test_after_ten_wrong_codes_an_hour_even_the_right_one_waits(trainer_client, client, clock):
    code = code_of(trainer_client, make_cohort(trainer_client))
    for number in range(10):
        client.get(f"/join/AAAAAAA{number % 8 + 2}", status=404)
    client.get(f"/join/{code}", status=429)
    clock.move(hours=1)
    client.get(f"/join/{code}")


def test_right_codes_are_never_counted(trainer_client, client):
    code = code_of(trainer_client, make_cohort(trainer_client))
    for _ in range(12):
        client.get(f"/join/{code}")


def test_leaving_is_one_click_and_the_trainer_sees_nothing_more(trainer_client, client, library):
    cohort = make_cohort(trainer_client)
    page = join(client, code_of(trainer_client, cohort), "Aino")
    pass_module(client, library, "tea")
    page = client.submit(client.get("/en/progress/"), "form[action$='/leave']")
    assert "You are in no group." in text_of(page.main)
    assert "Nobody has joined yet" in text_of(trainer_client.get(cohort).main)
    assert "Aino" not in text_of(trainer_client.get(cohort).main)


def test_a_learner_may_be_in_several_groups(trainer_client, other_trainer_client, client):
    join(client, code_of(trainer_client, make_cohort(trainer_client)), "Aino")
    page = join(client, code_of(other_trainer_client, make_cohort(other_trainer_client, name="Evening")), "A.")
    assert {text_of(one) for one in page.select(".certificate-card h3")} == {"Spring group", "Evening"}


def test_what_she_tells_of_her_work_is_asked_once_and_can_be_changed(trainer_client, client, site):
    first = code_of(trainer_client, make_cohort(trainer_client))
    join(client, first, "Aino", profession="baker", organisation="", network="north")
    second = client.get(f"/join/{code_of(trainer_client, make_cohort(trainer_client, name='B'))}?lang=en")
    assert not second.select("select")
    page = client.get("/en/about-you/")
    assert page.select_one("#profession option[selected]")["value"] == "baker"
    client.submit(page, profession="cook", organisation="made-up")
    page = client.get("/en/about-you/")
    assert page.select_one("#profession option[selected]")["value"] == "cook"
    assert page.select_one("#organisation option[selected]")["value"] == ""


def test_a_trainer_takes_somebody_off(trainer_client, client):
    cohort = make_cohort(trainer_client)
    join(client, code_of(trainer_client, cohort), "Aino")
    trainer_client.submit(trainer_client.get(cohort), "form[action$='/members/remove']")
    assert "Nobody has joined yet" in text_of(trainer_client.get(cohort).main)


def test_the_code_is_shown_large_with_a_picture_of_the_link(trainer_client):
    cohort = make_cohort(trainer_client)
    code = code_of(trainer_client, cohort)
    page = trainer_client.get(trainer_client.get(cohort).select_one("a[href*='/codes/']")["href"])
    assert text_of(page.select_one(".big-code")).replace(" ", "") == code
    assert page.select_one(".qr svg") and f"http://localhost/join/{code}" in text_of(page.main)
