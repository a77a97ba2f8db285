"""A backup is taken while others write, and what is restored is what was there, without whom was erased since."""

from __future__ import annotations

import threading
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from course.services import people
from course.services.backup import CannotBackUp, back_up, last_backup, restore
from course.services.erasure import erase_learner
from course.storage.engine import Store, make_engine
from course.storage.tables import Learner
from tests.services.graduates import NOW, checked, graduate, issue


@pytest.fixture
def store(sqlite_url) -> Store:
    return Store(make_engine(sqlite_url))


@pytest.fixture
def instance(tmp_path) -> Path:
    folder = tmp_path / "instance"
    (folder / "signing").mkdir(parents=True)
    (folder / "secret_key").write_text("secret")
    (folder / "signing" / "document.p12").write_text("key")
    (folder / "outbox").mkdir()
    (folder / "outbox" / "a.eml").write_text("mail")
    return folder


def learners(store: Store) -> int:
    with store.reading() as connection:
        return connection.execute(select(func.count()).select_from(Learner)).scalar_one()


def test_database_and_keys_come_back_and_what_was_recorded_since_is_gone(store, library, instance, tmp_path):
    held = issue(store, library, graduate(store, library))
    archive = tmp_path / "backup.tar.gz"
    back_up(store.engine, instance, archive, now=NOW)
    assert archive.stat().st_mode & 0o077 == 0
    assert last_backup(instance) == NOW
    people.start_learner(store, language="fi", now=NOW)
    (instance / "secret_key").write_text("other")
    elsewhere = tmp_path / "elsewhere"
    about, again = restore(store.engine, instance, archive, now=NOW)
    assert (about.made_at, again, learners(store)) == (NOW, [], 1)
    assert (instance / "secret_key").read_text() == "secret"
    other = Store(make_engine(f"sqlite:///{tmp_path / 'new.sqlite3'}"))
    restore(other.engine, elsewhere, archive, now=NOW)
    assert checked(other, held.facts.code)[1].facts.name == held.facts.name
    assert (elsewhere / "signing" / "document.p12").read_text() == "key"
    assert not (elsewhere / "outbox").exists()


def test_whoever_was_erased_since_the_backup_is_erased_again(store, library, instance, tmp_path):
    gone, stays = graduate(store, library), graduate(store, library)
    held = issue(store, library, gone)
    archive = tmp_path / "backup.tar.gz"
    back_up(store.engine, instance, archive, now=NOW)
    erase_learner(store, gone, instance=instance, now=NOW + timedelta(hours=1))
    _, again = restore(store.engine, instance, archive, now=NOW + timedelta(hours=2))
    assert again == [gone]
    assert checked(store, held.facts.code)[1].facts is None
    assert learners(store) == 1
    with store.reading() as connection:
        assert connection.execute(select(Learner.id)).scalar_one() == stays


def test_a_backup_taken_under_constant_writes_is_whole(store, instance, tmp_path):
    stop = threading.Event()

    def write() -> None:
        while not stop.is_set():
            people.start_learner(store, language="fi", now=NOW)

    writer = threading.Thread(target=write)
    writer.start()
    try:
        back_up(store.engine, instance, tmp_path / "b.tar.gz", now=NOW)
    finally:
        stop.set()
        writer.join()
    restore(store.engine, instance, tmp_path / "b.tar.gz", now=NOW)
    with store.reading() as connection:
        ids = connection.execute(select(Learner.id).order_by(Learner.id)).scalars().all()
    assert list(ids) == list(range(1, len(ids) + 1))


def test_what_is_no_backup_is_refused_and_nothing_changes(store, instance, tmp_path):
    people.start_learner(store, language="fi", now=NOW)
    (tmp_path / "no.tar.gz").write_text("no")
    with pytest.raises(CannotBackUp):
        restore(store.engine, instance, tmp_path / "no.tar.gz", now=NOW)
    assert learners(store) == 1


def test_without_its_program_postgresql_says_what_to_run(postgresql_url, instance, tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", "")
    engine = make_engine(postgresql_url)
    with pytest.raises(CannotBackUp, match="pg_dump --format=custom"):
        back_up(engine, instance, tmp_path / "b.tar.gz", now=NOW)
    engine.dispose()
    assert not (tmp_path / "b.tar.gz").exists()
    assert last_backup(instance) is None
