"""A learning record store is told what learners do: under a pseudonym, each thing once, whatever happens on the way."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from course.domain.learning_event import LearningEvent, What
from course.exports.xapi_statements import VERBS, StatementMaker, pseudonym
from course.services.erasure import erase_learner
from course.services.learning_records import RecordStore
from course.services.people import start_learner
from course.services.study import mark_lesson_done
from course.storage import outbox
from course.storage.statements import LOOK, TELL, schedule_statements
from course.storage.tables import Learner, Task
from course.web.site import Site
from tests.exports.xapi_models import xapi_faults
from tests.record_fixtures import HOME, SECRET, application, work
from tests.services.learning_record_store import loopback_store
from tests.strict_client import StrictClient, text_of
from tests.web.journeys import READ, hand_in, pass_course, start_quiz, wrong_answers

START = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)


@pytest.fixture
def site(telling: Flask) -> Site:
    return telling.extensions["course"]


@pytest.fixture
def reader(telling: Flask) -> StrictClient:
    return StrictClient(telling)


def tasks(site: Site, kind: str = TELL) -> list[str]:
    with site.store.reading() as connection:
        return list(connection.execute(select(Task.state).where(Task.kind == kind).order_by(Task.id)).scalars())


def the_learner(site: Site) -> int:
    with site.store.reading() as connection:
        return connection.execute(select(Learner.id)).scalar_one()


def read_a_page(reader: StrictClient, address: str = "/fi/modules/tea/water/") -> None:
    reader.submit(reader.get(address), READ)


def test_the_whole_way_is_told_in_the_words_of_cmi5_and_each_statement_is_in_order(
    telling, site, reader, record_store, library, clock
):
    read_a_page(reader)
    clock.move(minutes=2)
    page = start_quiz(reader, "tea")
    clock.move(minutes=5)
    hand_in(reader, page, wrong_answers(page, library, "tea"))
    clock.move(minutes=1)
    pass_course(reader, library)
    assert work(telling)[1] == 0
    assert {one: xapi_faults(told) for one, told in record_store.statements.items() if xapi_faults(told)} == {}
    [progressed] = record_store.told("progressed")
    assert progressed["result"]["extensions"] == {"https://w3id.org/xapi/cmi5/result/extensions/progress": 50}
    [failed] = record_store.told("failed")
    assert failed["result"]["success"] is False and failed["result"]["duration"] == "PT300.00S"
    assert 0 <= failed["result"]["score"]["scaled"] < 0.8
    assert {one["object"]["id"] for one in record_store.told("passed")} == {
        f"{HOME}modules/{module.id}" for module in library.modules
    }
    assert len(record_store.told("completed")) == len(library.modules)
    assert {one["object"]["id"] for one in record_store.told("satisfied")} == {
        f"{HOME}tracks/{track.id}" for track in library.tracks
    }
    assert {one["actor"]["account"]["homePage"] for one in record_store.statements.values()} == {HOME}
    assert len({one["context"]["registration"] for one in record_store.statements.values()}) == 1
    assert telling.extensions["course"].record_store == "127.0.0.1"


def test_the_actor_is_a_pseudonym_which_only_this_site_can_make(telling, site, reader, record_store):
    read_a_page(reader)
    work(telling)
    [told] = record_store.statements.values()
    assert told["actor"] == {
        "objectType": "Agent",
        "account": {"homePage": HOME, "name": pseudonym(SECRET, the_learner(site))},
    }
    assert pseudonym("another key", the_learner(site)) != pseudonym(SECRET, the_learner(site))
    another = StrictClient(telling)
    read_a_page(another)
    work(telling)
    assert len({one["actor"]["account"]["name"] for one in record_store.statements.values()}) == 2


def test_without_a_store_nothing_is_put_out_and_nothing_is_said(app, client):
    site = app.extensions["course"]
    client.submit(client.get("/fi/modules/tea/water/"), READ)
    assert tasks(site, LOOK) == tasks(site, TELL) == []
    assert not client.get("/en/privacy/").select("#record-store")


def test_what_was_done_before_is_nobodys_to_send(database_url, fixture_course, instance, clock, record_store, library):
    before = application(database_url, fixture_course, instance, clock)
    reader = StrictClient(before)
    read_a_page(reader)
    cookie = reader.raw.get_cookie("learner").value
    before.extensions["course"].store.engine.dispose()
    clock.move(days=1)
    after = application(database_url, fixture_course, instance, clock, COURSE_LRS_URL=record_store.setting)
    reader = StrictClient(after)
    reader.raw.set_cookie("learner", cookie)
    clock.move(minutes=1)
    read_a_page(reader, "/fi/modules/tea/leaves/")
    work(after)
    # The page read before counts in how far she is, and is not told of.
    [told] = record_store.statements.values()
    assert list(told["result"]["extensions"].values()) == [100]
    # A later start of the site does not begin anew.
    clock.move(days=1)
    after.extensions["course"].store.engine.dispose()
    again = application(database_url, fixture_course, instance, clock, COURSE_LRS_URL=record_store.setting)
    assert (instance / "xapi-since").read_text() == (START + timedelta(days=1)).isoformat()
    again.extensions["course"].store.engine.dispose()


def test_an_outage_delays_and_loses_nothing(telling, site, reader, record_store, clock):
    record_store.next_answers = [503, 502, 429, 401]
    read_a_page(reader)
    for _ in range(4):
        assert work(telling)[1] == 1
        clock.move(days=1, hours=1)
    assert tasks(site) == ["open"] and record_store.statements == {}
    assert work(telling) == (1, 0)
    assert tasks(site) == ["done"] and len(record_store.statements) == 1


def test_a_store_that_is_not_there_is_asked_again_and_its_password_stands_in_no_word(
    database_url, fixture_course, instance, clock
):
    with loopback_store() as gone:
        setting = gone.setting
    app = application(database_url, fixture_course, instance, clock, COURSE_LRS_URL=setting)
    read_a_page(StrictClient(app))
    assert work(app) == (1, 1)
    site = app.extensions["course"]
    with site.store.reading() as connection:
        error = connection.execute(select(Task.error).where(Task.kind == TELL)).scalar_one()
    assert "127.0.0.1 does not answer" in error
    assert "word" not in error and "p@ss" not in error and "p%40" not in error
    site.store.engine.dispose()


def test_an_answer_that_is_lost_makes_no_second_statement(telling, site, reader, record_store, clock):
    record_store.next_answers = ["lost"]
    read_a_page(reader)
    assert work(telling) == (1, 1)
    assert len(record_store.statements) == 1
    clock.move(minutes=5)
    assert work(telling) == (1, 0)
    assert len(record_store.statements) == 1 and record_store.requests == 2


def test_a_statement_that_is_there_already_is_told(telling, site, reader, record_store):
    record_store.next_answers = [409]
    read_a_page(reader)
    assert work(telling) == (2, 0)
    assert tasks(site) == ["done"]


def test_a_statement_that_is_refused_waits_for_an_administrator_who_may_try_again(telling, site, reader, record_store):
    record_store.next_answers = [400]
    read_a_page(reader)
    assert work(telling) == (1, 1)
    assert tasks(site) == ["failed"]
    with site.store.reading() as connection:
        task_id, error = connection.execute(select(Task.id, Task.error).where(Task.kind == TELL)).one()
    assert error == "GiveUp: 127.0.0.1 answers 400: the store's own words"
    with site.store.writing() as session:
        assert outbox.retry(session, task_id, now=site.now())
    assert work(telling) == (1, 0) and len(record_store.statements) == 1


def test_a_worker_that_is_killed_between_the_two_steps_tells_each_thing_once(telling, site, reader, record_store):
    read_a_page(reader)
    handlers = telling.extensions["course_worker"].handlers
    for _ in range(3):
        handlers[LOOK]({"learner": the_learner(site)})
    assert tasks(site) == ["open"]
    work(telling)
    assert record_store.requests == 1


def test_who_is_erased_is_told_of_no_more(telling, site, reader, record_store, clock):
    read_a_page(reader)
    work(telling)
    record_store.next_answers = [503]
    read_a_page(reader, "/fi/modules/tea/leaves/")
    work(telling)
    assert tasks(site) == ["done", "open"]
    erase_learner(site.store, the_learner(site), instance=site.instance, now=site.now())
    with site.store.reading() as connection:
        kinds = connection.execute(select(func.count()).where(Task.kind.in_([LOOK, TELL]))).scalar_one()
    assert kinds == 0
    clock.move(days=1)
    work(telling)
    assert record_store.requests == 2


def test_after_two_records_are_joined_all_is_told_of_the_one_that_is_kept(telling, site, reader, record_store, clock):
    read_a_page(reader)
    made = reader.submit(reader.get("/fi/progress/"), "main form[action*='resume']")
    link = str(made.select_one("#resume-link")["value"]).removeprefix("http://localhost")
    other = StrictClient(telling)
    record_store.next_answers = [503, 503]
    read_a_page(other, "/fi/modules/tea/leaves/")
    work(telling)
    other.submit(other.get(link), "main form")
    work(telling)
    clock.move(minutes=5)
    work(telling)
    assert set(tasks(site)) == {"done"}
    kept = pseudonym(SECRET, the_learner(site))
    assert [one["actor"]["account"]["name"] for one in record_store.told("progressed")] == [kept, kept]


def test_the_learner_sees_that_a_store_is_told_and_what_was(telling, reader, record_store):
    read_a_page(reader)
    work(telling)
    section = reader.get("/en/privacy/").select_one("section[aria-labelledby=record-store]")
    assert "127.0.0.1" in text_of(section) and "pseudonym" in text_of(section)
    assert "Told to a learning record store" in text_of(reader.get("/en/progress/my-data/").main)


def test_a_change_is_put_out_together_with_its_cause(site, library):
    new = start_learner(site.store, language="fi", now=site.now())

    def fail_after_it() -> None:
        with site.store.writing() as session:
            schedule_statements(session, new.learner_id, now=site.now())
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail_after_it()
    assert tasks(site, LOOK) == []
    mark_lesson_done(site.store, library, learner_id=new.learner_id, lesson_id="water", language="fi", now=site.now())
    assert tasks(site, LOOK) == ["open"]
    mark_lesson_done(site.store, library, learner_id=new.learner_id, lesson_id="water", language="fi", now=site.now())
    assert tasks(site, LOOK) == ["open"]


@pytest.mark.parametrize("setting", ["lrs.example/xapi", "ftp://lrs.example/", "https://"])
def test_a_setting_that_is_no_address_is_refused_in_words(setting):
    with pytest.raises(ValueError, match="FLASK_COURSE_LRS_URL"):
        RecordStore.of(setting)


def test_user_and_password_are_no_part_of_the_address():
    assert RecordStore.of("https://u%40a:p%3Ab@lrs.example:8443/x/") == RecordStore(
        "https://lrs.example:8443/x", "u@a", "p:b"
    )


def event(what: What, subject: str) -> LearningEvent:
    return LearningEvent(what, subject, START, "2026.1", "sv", 1, 67, START - timedelta(seconds=90), ("water",))


@pytest.mark.parametrize("what", What)
def test_every_kind_of_statement_passes_the_models_of_others_and_a_fault_does_not(library, what):
    maker = StatementMaker(library, HOME, SECRET)
    subject = {What.PROGRESSED: "water", What.SATISFIED: "core"}.get(what, "tea")
    made = maker.statement(7, event(what, subject))
    assert xapi_faults(made) == []
    assert made == maker.statement(7, event(what, subject))
    assert made["verb"]["id"] == VERBS[what] and made["timestamp"] == "2026-11-22T09:30:00.000Z"
    assert made["context"]["language"] == "sv" and "\u00ad" not in str(made)
    assert set(made["object"]["definition"]["name"]) == {"fi", "sv", "en"}
    for fault in (
        {"actor": {"objectType": "Agent", "account": {"name": "x"}}},
        {"verb": {"id": "completed"}},
        {"timestamp": "yesterday"},
        {"id": "7"},
        {"result": {"score": {"scaled": 67}}},
        {"extra": True},
    ):
        assert xapi_faults(made | fault), fault


def test_what_this_edition_does_not_have_is_not_told(library):
    maker = StatementMaker(library, HOME, SECRET)
    assert maker.statement(7, event(What.PASSED, "before")) is None
    assert maker.statement(7, event(What.PROGRESSED, "no-such-page")) is None
    assert maker.statement(7, event(What.SATISFIED, "no-such-track")) is None
