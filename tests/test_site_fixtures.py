"""The application and the server that tests get."""

from __future__ import annotations

import os
import urllib.request
from pathlib import Path

from tests.browser_fixtures import StartSite
from tests.site_fixtures import Clock
from tests.strict_client import StrictClient


def test_the_application_answers_on_its_database(client: StrictClient, database_url: str) -> None:
    page = client.get("/")
    assert page.select_one("h1")
    assert client.raw.get("/readyz").get_json()["database"] == "ok"


def test_two_clients_are_two_readers(client: StrictClient, another_client: StrictClient) -> None:
    client.raw.set_cookie("learner", "hers")
    assert another_client.raw.get_cookie("learner") is None


def test_the_clock_stands_still_until_it_is_moved() -> None:
    clock = Clock()
    before = clock()
    assert clock() == before
    clock.move(days=1)
    assert (clock() - before).days == 1


def test_a_started_site_is_one_server_on_the_given_database(
    start_site: StartSite, fixture_course: Path, database_url: str
) -> None:
    site = start_site(fixture_course, database_url=database_url)
    with urllib.request.urlopen(f"{site.url}/readyz") as answer:
        assert answer.status == 200
    assert site.database_url == database_url
    os.kill(site.pid, 0)
