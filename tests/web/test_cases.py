"""Cases: every place is reached with plain forms, the place is kept, and errors of two kinds are told apart."""

from __future__ import annotations

import pytest
from bs4 import BeautifulSoup
from sqlalchemy import select

from course.domain.case import Harm
from course.storage.cases import paths_of
from course.storage.tables import CasePath
from tests.strict_client import StrictClient, text_of

ADDRESS = "/fi/cases/cold-guest/"
BEST = ["let-in", "pour", "steep", "offer", "give-line"]


def decide(client: StrictClient, page: BeautifulSoup, choice: str) -> BeautifulSoup:
    return client.submit(page, "#decision", choice=choice)


def gone_through(client: StrictClient, choices: list[str], address: str = ADDRESS) -> BeautifulSoup:
    page = client.get(address)
    for choice in choices:
        page = decide(client, page, choice)
    return page


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_every_place_of_a_case_can_be_reached_in_every_language(client, library, language):
    graph = library.case("cold-guest").graph
    reached, waiting = set(), [()]
    page = client.get(f"/{language}/cases/cold-guest/")
    while waiting:
        path = waiting.pop()
        if page.select("#back"):
            page = client.submit(page, "#back", button=".decisions > li:first-child button")
        for taken in path:
            page = decide(client, page, taken.split("=")[1])
        walk = graph.walk(path)
        reached.add(walk.node.id)
        shown = [str(field["value"]) for field in page.select("#decision [name=choice]")]
        assert shown == [choice.id for choice in walk.node.choices]
        assert len(page.select(".decisions > li")) == len(path)
        waiting += [graph.after(walk, name).path for name in shown if graph.after(walk, name).node.id not in reached]
    assert reached == set(graph.by_id)


def test_a_decision_is_followed_by_its_feedback_and_the_section_it_rests_on(client):
    page = gone_through(client, ["let-in", "splash"])
    feedback = page.select_one("main .notice.warn")
    assert "Vettä voi roiskua kädelle." in text_of(feedback)
    assert "Tämä voi vaarantaa jonkun" in text_of(feedback)
    assert feedback.select_one("a[href$='/modules/tea/water/#hot-water']")


def test_the_place_is_kept_and_a_change_of_language_keeps_it(client):
    page = gone_through(client, ["let-in", "pour"])
    swedish = page.select_one(".languages a[lang=sv]")["href"]
    assert "Teet är i koppen." in text_of(client.get(swedish).main)
    assert "The tea is in the cup." in text_of(client.get("/en/cases/cold-guest/").main)


def test_another_device_begins_at_the_beginning(client, another_client):
    gone_through(client, ["let-in", "pour"])
    assert "Vieras seisoo ovella." in text_of(another_client.get(ADDRESS).main)


def test_the_end_names_both_kinds_of_error_apart_and_gives_no_score(client):
    page = gone_through(client, ["close", "open", "splash", "serve-now", "offer", "give-line"])
    headings = [text_of(heading) for heading in page.select("#summary-title ~ h3")]
    assert headings == [
        "Apua tarvitseva olisi voinut jäädä huomaamatta: 1",
        "Jonkun turvallisuus olisi voinut kärsiä: 2",
    ]
    assert len(page.select("#summary-title ~ ul > li a[href*='#']")) == 3
    assert "%" not in text_of(page.main)


def test_a_loss_is_explained_and_a_good_end_has_no_errors(client, another_client):
    lost = gone_through(client, ["close", "ignore"])
    assert "Kysymys ovella olisi riittänyt." in text_of(lost.main)
    good = gone_through(another_client, BEST)
    assert [text_of(one)[-1] for one in good.select("#summary-title ~ h3")] == ["0", "0"]


def test_a_decision_can_be_taken_back_and_made_otherwise(client):
    page = gone_through(client, ["close", "ignore"])
    page = client.submit(page, "#back", button='.decisions [name=keep][value="1"]')
    assert "Vieras koputtaa vielä kerran." in text_of(page.main)
    page = decide(client, page, "open")
    assert "Vesi kiehuu." in text_of(page.main)
    page = client.submit(page, "#back", button='.buttons [name=keep][value="1"]')
    assert "Vieras koputtaa vielä kerran." in text_of(page.main)


def test_deciding_nothing_says_so_and_keeps_the_place_and_the_language_links(client):
    page = client.submit(client.get(ADDRESS), "#decision", status=422)
    assert page.select_one(".error-summary a")["href"] == "#f-choice"
    assert page.select_one(".languages a[lang=en]")["href"] == "/en/cases/cold-guest/"


def test_a_second_click_and_an_old_tab_decide_nothing_twice(client, site):
    page = client.submit(gone_through(client, ["let-in"]), "#back", button=".decisions button")
    decide(client, page, "close")
    page = decide(client, page, "let-in")
    assert "Vieras koputtaa vielä kerran." in text_of(page.main)
    with site.store.reading() as connection:
        assert [path for (path,) in connection.execute(select(CasePath.path))] == ["door=close"]


@pytest.mark.parametrize("fields", [{"choice": "fly", "made": "0"}, {"choice": "let-in", "made": "x"}])
def test_what_our_page_did_not_send_is_refused(client, fields):
    token = client.get(ADDRESS).select_one("[name=csrf_token]")["value"]
    client.post(ADDRESS, {"csrf_token": token, **fields}, status=404)


def test_an_unknown_case_is_not_there(client):
    client.get("/fi/cases/nowhere/", status=404)


def test_the_list_says_how_far_each_case_has_come(client):
    assert "Ei aloitettu" in text_of(client.get("/fi/cases/").main)
    page = gone_through(client, ["let-in"])
    assert "Kesken" in text_of(client.get("/fi/cases/").main)
    for choice in BEST[1:]:
        page = decide(client, page, choice)
    assert "Käyty läpi" in text_of(client.get("/fi/cases/").main)


def test_a_path_of_an_older_edition_is_kept_as_far_as_it_goes(client, site):
    gone_through(client, ["let-in", "pour"])
    with site.store.writing() as session:
        session.query(CasePath).update({"path": "door=let-in kettle=brew cup=steep"})
    assert "Vesi kiehuu." in text_of(client.get(ADDRESS).main)


def test_joining_two_devices_keeps_the_later_path_of_each_case(client, another_client, site, clock):
    gone_through(client, ["let-in", "pour"])
    clock.move(minutes=5)
    gone_through(another_client, ["close"])
    link = client.submit(client.get("/fi/progress/"), "form[action$='/resume-link']").select_one("input[readonly]")
    page = another_client.get(str(link["value"]).removeprefix("http://localhost"))
    another_client.submit(page, "main form")
    assert "Vieras koputtaa vielä kerran." in text_of(client.get(ADDRESS).main)
    with site.store.reading() as connection:
        assert len(connection.execute(select(CasePath)).all()) == 1


def test_no_result_of_a_case_is_stored_beside_the_path(client, site):
    gone_through(client, ["close", "ignore"])
    assert {column.name for column in CasePath.__table__.columns} == {"learner_id", "case_id", "path", "changed_at"}
    with site.store.reading() as connection:
        learner_id = connection.execute(select(CasePath.learner_id)).scalar_one()
        assert paths_of(connection, learner_id) == {"cold-guest": ("door=close", "cold=ignore")}
    assert len(site.library.case("cold-guest").graph.walk(("door=close",)).steps_with(Harm.MISSED)) == 1
