"""What must happen later happens: at least once, not for ever, and never because of a cause that was taken back."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from threading import Thread

import pytest
from sqlalchemy import func, select

from course.services.mail import MAIL, FilePostman, MailHandler, put_mail
from course.services.work import CLAIM_LASTS, WAITS, GiveUp, Worker
from course.storage import outbox
from course.storage.engine import Store
from course.storage.tables import Task

START = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)


@pytest.fixture
def store(engine):
    return Store(engine)


class Clock:
    def __init__(self) -> None:
        self.moment = START

    def __call__(self) -> datetime:
        return self.moment


@pytest.fixture
def clock():
    return Clock()


def put(store, kind="note", key="", due_at=None, **payload):
    with store.writing() as session:
        return outbox.add_task(session, kind, payload, now=START, due_at=due_at, key=key)


def states(store):
    with store.reading() as connection:
        return dict(connection.execute(select(Task.state, func.count()).group_by(Task.state)).all())


def test_a_task_is_done_once(store, clock):
    seen = []
    worker = Worker(store, {"note": lambda payload: seen.append(payload["text"])}, clock)
    put(store, text="hello")
    assert worker.run_due() == (1, 0)
    assert worker.run_due() == (0, 0)
    assert seen == ["hello"] and states(store) == {"done": 1}


def test_a_task_whose_cause_was_rolled_back_never_was(store):
    def break_off():
        with store.writing() as session:
            outbox.add_task(session, "note", {}, now=START)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        break_off()
    assert states(store) == {}


def test_two_causes_with_one_key_make_one_task(store):
    assert put(store, key="mail-1") and not put(store, key="mail-1")
    assert states(store) == {"open": 1}


def test_a_task_waits_for_its_time(store, clock):
    seen = []
    worker = Worker(store, {"note": seen.append}, clock)
    put(store, due_at=START + timedelta(hours=1))
    assert worker.run_due() == (0, 0)
    clock.moment += timedelta(hours=1)
    assert worker.run_due() == (1, 0)


def test_what_fails_is_tried_again_later_and_then_waits_for_a_person(store, clock):
    def fail(_payload):
        raise ConnectionError("no answer")

    worker = Worker(store, {"note": fail}, clock)
    put(store)
    for wait in WAITS:
        assert worker.run_due() == (0, 1)
        assert worker.run_due() == (0, 0)
        clock.moment += wait
    assert worker.run_due() == (0, 1)
    assert states(store) == {"failed": 1}
    with store.writing() as session:
        task = session.scalars(select(Task)).one()
        assert task.error == "ConnectionError: no answer"
        assert outbox.retry(session, task.id, now=clock())
    assert states(store) == {"open": 1}


def test_what_cannot_succeed_is_given_up_at_once(store, clock):
    def refuse(_payload):
        raise GiveUp("no such address")

    put(store)
    assert Worker(store, {"note": refuse}, clock).run_due() == (0, 1)
    assert states(store) == {"failed": 1}


def test_a_failure_does_not_keep_the_next_task_from_being_done(store, clock):
    seen = []

    def deed(payload):
        if payload["n"] == 1:
            raise ValueError
        seen.append(payload["n"])

    put(store, n=1)
    put(store, n=2)
    assert Worker(store, {"note": deed}, clock).run_due() == (1, 1)
    assert seen == [2]


def test_a_task_of_a_worker_that_was_killed_is_done_by_the_next_one(store, clock):
    put(store)
    with store.writing() as session:
        outbox.claim_due(session, ["note"], now=START, until=START + CLAIM_LASTS, limit=1)
    seen = []
    worker = Worker(store, {"note": seen.append}, clock)
    assert worker.run_due() == (0, 0)
    clock.moment += CLAIM_LASTS
    assert worker.run_due() == (1, 0)


def test_workers_side_by_side_never_do_the_same_task(store, clock):
    for n in range(40):
        put(store, n=n)
    seen = []
    workers = [Thread(target=Worker(store, {"note": lambda p: seen.append(p["n"])}, clock).run_due) for _ in range(4)]
    for one in workers:
        one.start()
    for one in workers:
        one.join()
    assert sorted(seen) == list(range(40))


def test_a_mail_without_a_server_becomes_a_file_that_a_mail_program_can_read(store, clock, tmp_path):
    with store.writing() as session:
        put_mail(session, to="aino@example.org", subject="Hyvää päivää", text="Tässä linkki.\n", now=START)
    worker = Worker(store, {MAIL: MailHandler(FilePostman(tmp_path / "outbox"), "Kurssi <kurssi@example.org>")}, clock)
    assert worker.run_due() == (1, 0)
    (file,) = (tmp_path / "outbox").iterdir()
    message = message_from_bytes(file.read_bytes())
    assert message["To"] == "aino@example.org" and message["Message-ID"].endswith("@example.org>")
    assert "Tässä linkki." in message.get_payload(decode=True).decode()


def test_a_mail_handed_over_twice_carries_the_same_id(tmp_path):
    handler = MailHandler(FilePostman(tmp_path), "kurssi@example.org")
    payload = {"to": "a@example.org", "subject": "s", "text": "t", "headers": {}, "written": START.isoformat()}
    handler(payload)
    handler(payload)
    assert len(list(tmp_path.iterdir())) == 1


def test_an_address_with_a_line_break_is_given_up_and_sends_nothing(tmp_path):
    handler = MailHandler(FilePostman(tmp_path), "kurssi@example.org")
    payload = {"to": "a@example.org\nBcc: b@example.org", "subject": "s", "text": "t", "headers": {}}
    with pytest.raises(GiveUp):
        handler(payload | {"written": START.isoformat()})
    assert not list(tmp_path.iterdir())
