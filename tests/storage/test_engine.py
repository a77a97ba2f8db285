"""How a database is opened: durable, with foreign keys, readers that wait for nobody."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime

import psycopg
import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from course.services.people import start_learner
from course.storage import engine as engine_module
from course.storage.engine import Store, make_engine
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


@pytest.fixture
def store_on_postgresql(postgresql_url) -> Iterator[Store]:
    store = Store(make_engine(postgresql_url))
    yield store
    store.engine.dispose()


def number_of_connection(store: Store) -> int:
    with store.reading() as connection:
        return int(connection.execute(text("SELECT pg_backend_pid()")).scalar_one())


def test_a_connection_that_the_server_has_closed_is_replaced_before_it_is_used(store_on_postgresql, postgresql_url):
    store, other = store_on_postgresql, make_engine(postgresql_url)
    used = number_of_connection(store)
    assert number_of_connection(store) == used
    with other.connect() as connection:
        # The second argument waits until it has ended.
        connection.execute(text("SELECT pg_terminate_backend(:used, 5000)"), {"used": used})
    other.dispose()
    assert HotStatement(select(Learner.id)).rows(store.engine) == []
    assert number_of_connection(store) != used


def test_a_server_is_asked_whether_it_is_there_only_after_a_while(store_on_postgresql, monkeypatch):
    store = store_on_postgresql
    used = number_of_connection(store)
    asked: list[str] = []
    execute = psycopg.Connection.execute

    def noted(self, query, *arguments, **more):
        asked.append(query)
        return execute(self, query, *arguments, **more)

    monkeypatch.setattr(psycopg.Connection, "execute", noted)
    assert number_of_connection(store) == used and asked == []
    monkeypatch.setattr(engine_module, "ASK_AFTER", 0)
    assert number_of_connection(store) == used and asked == ["SELECT 1"]


def test_a_connection_that_ended_without_a_word_is_found_out_by_asking(store_on_postgresql, monkeypatch):
    store = store_on_postgresql
    used = number_of_connection(store)
    monkeypatch.setattr(engine_module, "ASK_AFTER", 0)

    def lost(self, query, *arguments, **more):
        raise psycopg.OperationalError("no route to host")

    monkeypatch.setattr(psycopg.Connection, "execute", lost)
    assert number_of_connection(store) != used
