"""How a database is opened: durable, with foreign keys, readers that wait for nobody."""

from __future__ import annotations

import threading
import time
from datetime import UTC, datetime

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from course.services.people import start_learner
from course.storage.engine import Store
from course.storage.hot import HotStatement
from course.storage.tables import Completion, Learner

NOW = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)


@pytest.fixture
def store(engine) -> Store:
    return Store(engine)


def test_sqlite_keeps_every_commit_through_a_power_cut(store):
    if store.engine.dialect.name != "sqlite":
        return
    with store.reading() as connection:
        assert connection.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"
        assert connection.exec_driver_sql("PRAGMA synchronous").scalar() == 2
        assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1


def test_a_row_that_points_nowhere_is_refused(store):
    with pytest.raises(IntegrityError), store.writing() as session:
        session.add(Completion(learner_id=999, module_id="tea", passed_at=NOW, edition="1", language="fi"))


def test_a_transaction_that_fails_leaves_nothing_behind(store):
    def write_and_fail() -> None:
        with store.writing() as session:
            session.add(Learner(created_at=NOW, language="fi", version=0))
            session.flush()
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        write_and_fail()
    with store.reading() as connection:
        assert connection.execute(select(Learner.id)).all() == []


def test_a_page_is_read_while_a_writer_holds_the_database(store):
    learner = start_learner(store, language="fi", now=NOW)
    writing, done = threading.Event(), threading.Event()

    def hold() -> None:
        with store.writing() as session:
            session.execute(text("UPDATE learner SET version = version + 1"))
            writing.set()
            done.wait(10)

    writer = threading.Thread(target=hold)
    writer.start()
    writing.wait(10)
    began = time.monotonic()
    with store.reading() as connection:
        version = connection.execute(select(Learner.version).where(Learner.id == learner.learner_id)).scalar_one()
    waited = time.monotonic() - began
    done.set()
    writer.join()
    assert version == 0
    assert waited < 2, "a reader must not wait for the writer's five seconds"


def test_moments_come_back_as_they_went_in(store):
    learner = start_learner(store, language="fi", now=NOW)
    with store.reading() as connection:
        stored = connection.execute(select(Learner.created_at).where(Learner.id == learner.learner_id)).scalar_one()
    assert stored == NOW


def test_a_statement_of_the_hot_path_finds_the_same_as_any_other(store):
    start_learner(store, language="sv", now=NOW)
    statement = select(Learner.id, Learner.language).where(Learner.language == "sv")
    with store.reading() as connection:
        slowly = [tuple(row) for row in connection.execute(statement)]
    assert HotStatement(statement).rows(store.engine) == slowly != []
