"""Counts for programs are answered before Flask wakes, in the same words and with the same headers as after."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import select, update
from sqlalchemy.exc import OperationalError

from course.domain.permission import Staff
from course.extension import create_app
from course.services.api_keys import AT_ONCE, REQUESTS, make_key
from course.storage.tables import Throttle
from course.web import quick_counts
from tests.staff_fixtures import make_account
from tests.strict_client import StrictClient
from tests.web.test_counts import fill
from tests.web.woken import Woken

COUNTS = "/api/v1/counts"


@pytest.fixture
def woken(app: Flask) -> Woken:
    return Woken(app, "api_counts")


@pytest.fixture
def key(site) -> str:
    staff = Staff(make_account(site, "aarne@office.example", administrator=True), "Aarne", administrator=True)
    return make_key(site.store, staff, "Reporting", now=site.now())


def answered_by_flask(client: StrictClient, monkeypatch, query: str, headers: dict[str, str]):
    with monkeypatch.context() as patch:
        patch.setattr(quick_counts, "COUNTS_ADDRESS", "nowhere")
        return client.raw.get(f"{COUNTS}?{query}", headers=headers)


def said_of(answer) -> list[tuple[str, str]]:
    """The headers. Flask says that its session's cookie was looked at, which nobody need know of what nobody keeps."""
    return sorted(header for header in answer.headers if header != ("Vary", "Cookie"))


def test_it_is_answered_as_flask_would_without_waking_it(site, client, key, woken, monkeypatch):
    fill(site)
    headers = {"Authorization": f"bearer  {key} "}
    asked = {
        "by=network&language=fi,sv": 200,
        "by=&profession=-&from=2026-06&to=2026-09-30": 200,
        "network=%FF&by=month": 200,
        "by=shoe%20%C3%A4": 400,
        "exact=1": 403,
        "exact=": 403,
    }
    for times, (query, status) in enumerate(asked.items()):
        quick = client.raw.get(f"{COUNTS}?{query}", headers=headers)
        assert woken.times == times
        slow = answered_by_flask(client, monkeypatch, query, headers)
        assert woken.times == times + 1
        assert quick.status_code == status
        assert (quick.status, quick.data) == (slow.status, slow.data)
        assert said_of(quick) == said_of(slow)


def test_without_a_key_and_past_its_hour_it_says_the_same(site, client, key, woken, monkeypatch):
    for headers in ({}, {"Authorization": f"Basic {key}"}, {"Authorization": f"Bearer {key}x"}):
        quick = client.raw.get(COUNTS, headers=headers)
        slow = answered_by_flask(client, monkeypatch, "", headers)
        assert (quick.status_code, quick.data, said_of(quick)) == (401, slow.data, said_of(slow))
    allowed = {"Authorization": f"Bearer {key}"}
    # Both ways draw on one hour: half of it here, half of it there.
    answers = [client.raw.get(f"{COUNTS}?by=", headers=allowed).status_code for _ in range(10)]
    answers += [answered_by_flask(client, monkeypatch, "by=", allowed).status_code for _ in range(10)]
    assert set(answers) == {200}
    with site.store.writing() as session:
        assert session.scalars(select(Throttle.tries).where(Throttle.tries == AT_ONCE)).all() == [AT_ONCE]
        session.execute(update(Throttle).where(Throttle.tries == AT_ONCE).values(tries=REQUESTS))
    quick, slow = client.raw.get(COUNTS, headers=allowed), answered_by_flask(client, monkeypatch, "", allowed)
    assert quick.status_code == slow.status_code == 429
    assert quick.headers["Retry-After"] == slow.headers["Retry-After"] and quick.data == slow.data


def test_whatever_is_no_plain_question_is_left_to_flask(client, key):
    for method, status in (("HEAD", 200), ("OPTIONS", 200), ("POST", 405)):
        answer = client.raw.open(COUNTS, method=method, headers={"Authorization": f"Bearer {key}"})
        assert answer.status_code == status and not (status == 200 and answer.data)


def test_a_database_that_is_held_is_flask_s_to_explain(client, key, woken, monkeypatch):
    def held(*_: object) -> None:
        raise OperationalError("", None, Exception("locked"))

    monkeypatch.setattr(quick_counts, "answer_counts", held)
    assert client.raw.get(COUNTS, headers={"Authorization": f"Bearer {key}"}).status_code == 200
    assert woken.times == 1


def test_a_host_name_that_is_not_trusted_is_refused(sqlite_url, fixture_course, shared_folder):
    app = create_app(
        {
            "COURSE_DATABASE_URL": sqlite_url,
            "COURSE_CONTENT_DIR": str(fixture_course),
            "COURSE_INSTANCE_DIR": str(shared_folder / "instance"),
            "COURSE_TRUSTED_HOSTS": "localhost",
            "SECRET_KEY": "tests only",
        }
    )
    client = StrictClient(app)
    # It is the first request of all: nothing that was made for others is at hand.
    refused = client.raw.get(COUNTS, headers={"Host": "elsewhere.example"})
    assert (refused.status_code, refused.headers["Cache-Control"]) == (400, "no-store")
    assert "nosniff" in refused.headers["X-Content-Type-Options"]
    assert client.raw.get(COUNTS).status_code == 401
    with app.app_context():
        app.extensions["sqlalchemy"].engine.dispose()
