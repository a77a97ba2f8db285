"""What is taken back from a record is void in a learning record store, and what comes back is told as something new."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import delete, func, select

from course.domain.session import SessionDetails
from course.services import attendance, sessions
from course.services.erasure import erase_learner
from course.services.register import register_of
from course.storage.statements import LOOK, schedule_statements
from course.storage.tables import Attendance, Task, VoidedStatement
from course.web.site import Site
from tests.exports.xapi_models import xapi_faults
from tests.record_fixtures import HOME, work
from tests.services.learning_record_store import LoopbackStore
from tests.services.test_waivers import Group

START = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)


@pytest.fixture
def site(telling: Flask) -> Site:
    return telling.extensions["course"]


def test_a_waiver_that_is_taken_back_is_voided_with_what_rested_on_it_and_nothing_else(telling, site, record_store):
    group = Group(site.store, site.library)
    learner = group.member("bread")
    group.waive(learner)
    assert work(telling)[1] == 0
    rested = {one["id"] for verb in ("waived", "satisfied") for one in record_store.told(verb)}
    assert len(rested) == 1 + len(site.library.tracks) and record_store.told("voided") == []
    group.take_back(learner)
    assert work(telling)[1] == 0
    voided = record_store.told("voided")
    assert {one["object"]["id"] for one in voided} == rested and len(voided) == len(rested)
    assert [xapi_faults(one) for one in voided] == [[]] * len(voided)
    assert {one["actor"]["account"]["name"] for one in voided} == {"course"}
    [earned] = record_store.told("completed")
    assert earned["object"]["id"] == f"{HOME}modules/bread"
    # Looking again says nothing again, and a new waiver is another one.
    telling_again = len(record_store.statements)
    with site.store.writing() as session:
        schedule_statements(session, learner, now=site.now())
    work(telling)
    assert len(record_store.statements) == telling_again


def test_a_waiver_is_voided_also_when_the_module_was_earned_meanwhile_and_that_stays(telling, site, record_store):
    group = Group(site.store, site.library)
    learner = group.member()
    group.waive(learner)
    work(telling)
    [waived] = record_store.told("waived")
    group.pass_quizzes(learner, "tea", at=START + timedelta(hours=1))
    group.take_back(learner)
    work(telling)
    assert [one["object"]["id"] for one in record_store.told("voided")] == [waived["id"]]
    [earned] = record_store.told("completed")
    assert earned["id"] != waived["id"]


class Room:
    """A session whose attendance passes the module "tea", and with it the track "drinks"."""

    def __init__(self, group: Group, clock) -> None:
        self.group, self.clock = group, clock
        details = SessionDetails(
            title="Tea", network_id="north", track_id="drinks", module_ids=("tea",), language="fi",
            starts_at=START, ends_at=START + timedelta(hours=2), place="Hall",
        )  # fmt: skip
        self.id = sessions.create_session(group.store, group.library, group.trainer, details, now=START)

    def attend(self, learner: int) -> None:
        attendance.attend(self.group.store, self.group.library, self.id, learner_id=learner, name="", now=self.clock())

    def strike(self) -> None:
        """A minute later."""
        self.clock.move(minutes=1)
        with self.group.store.reading() as connection:
            [row] = connection.execute(select(Attendance.id).where(Attendance.session_id == self.id)).scalars()
        attendance.strike_out(self.group.store, self.group.trainer, self.id, row, now=self.clock())


def standing(store: LoopbackStore) -> list[tuple[str, str]]:
    """(verb, what it is of) of all statements that the store holds to be true: those that nothing voids."""
    voided = {one["object"]["id"] for one in store.told("voided")}
    assert voided <= set(store.statements), "something was voided that was never told"
    return sorted(
        (one["verb"]["display"]["en"], one["object"]["id"].removeprefix(HOME))
        for name, one in store.statements.items()
        if name not in voided and one["verb"]["display"]["en"] != "voided"
    )


TEA_DONE = [("completed", "modules/tea"), ("satisfied", "tracks/drinks")]
TEA_WAIVED = [("satisfied", "tracks/drinks"), ("waived", "modules/tea")]


@pytest.mark.parametrize("worker_in_between", [True, False])
def test_who_is_struck_off_a_list_and_put_on_it_again_has_completed_once_more(
    telling, site, record_store, clock, worker_in_between
):
    group = Group(site.store, site.library)
    learner, room = group.member(), Room(group, clock)
    room.attend(learner)
    work(telling)
    assert standing(record_store) == TEA_DONE
    for _ in range(2):
        room.strike()
        if worker_in_between:
            work(telling)
            assert standing(record_store) == []
        room.attend(learner)
        work(telling)
        assert standing(record_store) == TEA_DONE
    ids = {one["id"] for one in record_store.told("completed")}
    assert len(ids) == 3 and len(record_store.told("voided")) == 4
    assert {one: xapi_faults(told) for one, told in record_store.statements.items() if xapi_faults(told)} == {}


def test_what_came_back_stays_told_once_although_the_tasks_of_it_are_long_deleted(telling, site, record_store, clock):
    group = Group(site.store, site.library)
    learner, room = group.member(), Room(group, clock)
    room.attend(learner)
    work(telling)
    room.strike()
    room.attend(learner)
    work(telling)
    told = dict(record_store.statements)
    with site.store.writing() as session:
        session.execute(delete(Task))
        schedule_statements(session, learner, now=site.now())
    work(telling)
    assert record_store.statements == told and standing(record_store) == TEA_DONE


def test_a_worker_that_is_killed_after_voiding_voids_and_tells_nothing_more(telling, site, record_store, clock):
    group = Group(site.store, site.library)
    learner, room = group.member(), Room(group, clock)
    room.attend(learner)
    work(telling)
    room.strike()
    room.attend(learner)
    with site.store.reading() as connection:
        looks = select(Task.payload).where(Task.kind == LOOK, Task.state == "open").order_by(Task.id)
        struck = connection.execute(looks).scalars().first()
    assert struck["gone"]
    for _ in range(3):
        telling.extensions["course_worker"].handlers[LOOK](struck)
    work(telling)
    assert standing(record_store) == TEA_DONE and len(record_store.told("voided")) == 2


def test_a_waiver_that_is_given_taken_back_and_given_again_counts(telling, site, record_store, clock):
    group = Group(site.store, site.library)
    learner = group.member()
    group.waive(learner)
    work(telling)
    for _ in range(2):
        assert standing(record_store) == TEA_WAIVED
        clock.move(minutes=1)
        group.take_back(learner, at=clock())
        work(telling)
        assert standing(record_store) == []
        # At the very moment of the first one: a clock may stand still or be set back.
        group.waive(learner)
        work(telling)
    assert standing(record_store) == TEA_WAIVED


def test_nothing_is_kept_of_what_was_voided_when_she_is_erased_and_her_register_shows_it(
    telling, site, record_store, clock
):
    group = Group(site.store, site.library)
    learner = group.member()
    group.waive(learner)
    work(telling)
    clock.move(minutes=1)
    group.take_back(learner, at=clock())
    work(telling)
    with site.store.reading() as connection:
        shown = register_of(connection, learner)["statements taken back"]
    assert [one["key"].split(":")[:2] for one in shown] == [["satisfied", "drinks"], ["waived", "tea"]]
    erase_learner(site.store, learner, instance=site.instance, now=site.now())
    with site.store.reading() as connection:
        assert connection.execute(select(func.count()).select_from(VoidedStatement)).scalar_one() == 0


def test_what_was_never_told_is_not_voided(telling, site, record_store):
    group = Group(site.store, site.library)
    learner = group.member()
    group.waive(learner)
    group.take_back(learner)
    assert work(telling)[1] == 0
    assert record_store.statements == {}


def test_a_statement_whose_task_was_deleted_long_ago_is_voided(telling, site, record_store, clock):
    group = Group(site.store, site.library)
    learner = group.member()
    group.waive(learner)
    work(telling)
    with site.store.writing() as session:
        session.execute(delete(Task))
    clock.move(days=400)
    group.take_back(learner, at=site.now())
    work(telling)
    rested = {one["id"] for verb in ("waived", "satisfied") for one in record_store.told(verb)}
    assert {one["object"]["id"] for one in record_store.told("voided")} == rested
