"""Files of many: nobody waits long, each file is made once, and a ZIP holds every one under a name of its own."""

from __future__ import annotations

import io
import threading
import zipfile
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from course.domain.certificate import CertificateFacts
from course.domain.errors import NotThere
from course.services import certificate_files, certificate_register, certificate_zip
from course.services.certificate_files import CERTIFICATE_FILE, CertificateFileHandler, Turnstile, keep_files
from course.services.certificate_zip import (
    CERTIFICATE_ZIP,
    CertificateZipHandler,
    is_given_up,
    job_file,
    job_of,
    request_zip,
)
from course.services.certificates import HeldCertificate
from course.services.work import WAITS, Worker
from course.storage import jobs
from course.storage.accounts import account_of_host
from course.storage.engine import Store
from tests.services.graduates import NOW, Press, graduate, issue


@pytest.fixture
def store(engine) -> Store:
    return Store(engine)


@pytest.fixture
def press() -> Press:
    return Press()


@pytest.fixture
def account(store) -> int:
    return account_for(store, "trainer")


def account_for(store: Store, subject: str) -> int:
    with store.writing() as session:
        return account_of_host(session, subject=subject, name=subject, administrator=False, language="fi", now=NOW)


def worker(store: Store, press: Press) -> Worker:
    handlers = {
        CERTIFICATE_FILE: CertificateFileHandler(store, press, lambda: NOW),
        CERTIFICATE_ZIP: CertificateZipHandler(store, press, lambda: NOW),
    }
    return Worker(store, handlers, lambda: NOW)


def ask(store: Store, press: Press, turnstile: Turnstile, held: HeldCertificate, learner_id: int) -> bytes | None:
    return certificate_files.certificate_pdf(
        store, press, turnstile, certificate_id=held.id, learner_id=learner_id, now=NOW
    )


def zip_of(store: Store, job_id: int, account: int) -> zipfile.ZipFile:
    with store.reading() as connection:
        size, pieces = job_file(connection, job_of(connection, job_id, account, NOW))
        content = b"".join(pieces)
    assert len(content) == size
    return zipfile.ZipFile(io.BytesIO(content))


# When many come at once


def test_of_many_at_once_few_wait_and_all_have_their_file_when_the_worker_is_done(store, library, press):
    turnstile, opened, asked = Turnstile(2), threading.Event(), threading.Barrier(2)

    class Slow(Press):
        """Whoever got a place stands there until the others have asked."""

        def render(self, facts: CertificateFacts, status_index: int) -> bytes:
            asked.wait(20)
            opened.wait(20)
            return super().render(facts, status_index)

    slow = Slow()
    learners = [graduate(store, library) for _ in range(30)]
    held = [issue(store, library, learner) for learner in learners]
    with ThreadPoolExecutor(30) as pool:
        answers = [pool.submit(ask, store, slow, turnstile, *one) for one in zip(held, learners, strict=True)]
        while sum(answer.done() for answer in answers) < 28:
            threading.Event().wait(0.01)
        opened.set()
    waited = [answer.result() for answer in answers]
    assert sum(answer is not None for answer in waited) == 2
    assert worker(store, press).run_due() == (28, 0)
    assert len(press.printed) == 28
    again = [ask(store, press, turnstile, *one) for one in zip(held, learners, strict=True)]
    assert None not in again and len(press.printed) == 28


def test_whoever_comes_back_for_a_file_that_is_not_made_yet_writes_nothing(store, library, press, monkeypatch):
    learner_id = graduate(store, library)
    held = issue(store, library, learner_id)
    full = Turnstile(1)
    with full.place():
        assert ask(store, press, full, held, learner_id) is None
        monkeypatch.setattr(store, "writing", lambda: pytest.fail("it was written once more"))
        assert ask(store, press, full, held, learner_id) is None


def test_who_comes_back_while_the_worker_is_away_is_served_at_once(store, library, press):
    learner_id = graduate(store, library)
    held = issue(store, library, learner_id)
    turnstile = Turnstile(1)
    with turnstile.place():
        assert ask(store, press, turnstile, held, learner_id) is None
    assert ask(store, press, turnstile, held, learner_id) is not None
    assert worker(store, press).run_due() == (1, 0)
    assert len(press.printed) == 1


def test_asking_again_and_again_puts_one_task_into_the_outbox(store, library, press):
    learner_id = graduate(store, library)
    held = issue(store, library, learner_id)
    turnstile = Turnstile(1)
    with turnstile.place():
        for _ in range(5):
            assert ask(store, press, turnstile, held, learner_id) is None
    assert worker(store, press).run_due() == (1, 0)


def test_a_place_is_free_again_after_a_press_that_broke():
    turnstile = Turnstile(1)
    with pytest.raises(RuntimeError), turnstile.place():
        raise RuntimeError
    with turnstile.place() as there_is_room:
        assert there_is_room


def test_a_file_that_comes_after_the_erasure_is_not_kept(store, library, press):
    learner_id = graduate(store, library)
    held = issue(store, library, learner_id)
    with store.writing() as session:
        certificate_register.erase_holder(session, learner_id, now=NOW)
    keep_files(store, [(held.id, b"a name")], NOW)
    with store.reading() as connection:
        assert connection.exec_driver_sql("select count(*) from certificate_file").scalar_one() == 0


# ZIP files


def test_a_zip_has_every_certificate_and_two_people_of_one_name_have_two_files(store, library, press, account):
    names = ["Aino Mäki", "Aino Mäki", "AINO MÄKI", "a/b\\c: d?", "Ŋ" * 120]
    held = [issue(store, library, graduate(store, library), name) for name in names]
    job_id = request_zip(store, account, [one.id for one in held], NOW)
    assert worker(store, press).run_due() == (1, 0)
    packed = zip_of(store, job_id, account)
    assert packed.testzip() is None
    inside = packed.namelist()
    assert len({name.casefold() for name in inside}) == len(names)
    assert all(len(name.encode()) <= 255 and not set(name) & set('/\\:*?"<>|') for name in inside)
    assert {packed.read(name) for name in inside} == {press.ink + _json(one) for one in held}
    assert inside[0] == f"Aino Mäki {held[0].facts.code[:9]}.pdf"


def test_two_files_never_have_one_name():
    taken: set[str] = set()
    names = [certificate_zip._free(name, taken) for name in ("Aino 1.pdf", "aino 1.pdf", "AINO 1.pdf")]
    assert names == ["Aino 1.pdf", "aino 1 (2).pdf", "AINO 1 (3).pdf"]


def test_the_job_tells_how_far_it_is(store, library, account):
    seen = []

    class Watched(Press):
        def render(self, facts: CertificateFacts, status_index: int) -> bytes:
            with store.reading() as connection:
                job = job_of(connection, job_id, account, NOW)
            seen.append((job.state, job.done, job.total))
            return super().render(facts, status_index)

    held = [issue(store, library, graduate(store, library)) for _ in range(25)]
    job_id = request_zip(store, account, [one.id for one in held], NOW)
    worker(store, Watched()).run_due()
    assert seen[0] == (jobs.OPEN, 0, 25) and seen[15] == (jobs.OPEN, 10, 25) and seen[24] == (jobs.OPEN, 20, 25)
    with store.reading() as connection:
        job = job_of(connection, job_id, account, NOW)
    assert (job.state, job.done) == (jobs.DONE, 25)


def test_a_job_is_there_for_its_owner_only_and_for_some_days(store, library, press, account):
    job_id = request_zip(store, account, [], NOW)
    other = account_for(store, "other")
    with store.reading() as connection:
        with pytest.raises(NotThere):
            job_of(connection, job_id, other, NOW)
        with pytest.raises(NotThere):
            job_file(connection, job_of(connection, job_id, account, NOW))
        with pytest.raises(NotThere):
            job_of(connection, job_id, account, NOW + timedelta(days=3))


def test_a_broken_press_is_told_and_the_job_is_done_at_the_next_try(store, library, press, account):
    held = issue(store, library, graduate(store, library))
    job_id = request_zip(store, account, [held.id], NOW)
    press.broken = True
    assert worker(store, press).run_due() == (0, 1)
    with store.reading() as connection:
        assert "the press is broken" in job_of(connection, job_id, account, NOW).error
    press.broken = False
    CertificateZipHandler(store, press, lambda: NOW)({"job": job_id})
    assert len(zip_of(store, job_id, account).namelist()) == 1


def test_a_job_that_was_tried_often_enough_is_given_up_and_says_so(store, library, press, account):
    held = issue(store, library, graduate(store, library))
    job_id = request_zip(store, account, [held.id], NOW)
    press.broken = True
    clock = [NOW]
    tired = Worker(store, {CERTIFICATE_ZIP: CertificateZipHandler(store, press, lambda: NOW)}, lambda: clock[0])
    told = []
    for wait in (timedelta(), *WAITS):
        clock[0] += wait
        assert tired.run_due() == (0, 1)
        with store.reading() as connection:
            told.append(is_given_up(connection, job_of(connection, job_id, account, NOW)))
    assert told == [False] * len(WAITS) + [True]
    clock[0] += timedelta(days=2)
    assert tired.run_due() == (0, 0)


def test_doing_a_job_twice_gives_one_file(store, library, press, account):
    held = issue(store, library, graduate(store, library))
    job_id = request_zip(store, account, [held.id], NOW)
    handler = CertificateZipHandler(store, press, lambda: NOW)
    handler({"job": job_id})
    handler({"job": job_id})
    assert len(zip_of(store, job_id, account).namelist()) == 1


def test_a_large_file_is_kept_in_pieces_and_read_in_pieces(store, library, press, account, monkeypatch):
    monkeypatch.setattr(certificate_zip, "PART", 1000)
    held = [issue(store, library, graduate(store, library)) for _ in range(9)]
    job_id = request_zip(store, account, [one.id for one in held], NOW)
    worker(store, press).run_due()
    with store.reading() as connection:
        assert connection.exec_driver_sql("select count(*) from job_part").scalar_one() > 3
    assert len(zip_of(store, job_id, account).namelist()) == 9


def test_an_erased_holder_is_in_no_zip_file_any_more(store, library, press, account):
    learners = [graduate(store, library) for _ in range(2)]
    held = [issue(store, library, learner) for learner in learners]
    job_id = request_zip(store, account, [one.id for one in held], NOW)
    worker(store, press).run_due()
    with store.writing() as session:
        certificate_register.erase_holder(session, learners[0], now=NOW)
    with store.reading() as connection:
        assert job_of(connection, job_id, account, NOW).state == jobs.DROPPED
        assert connection.exec_driver_sql("select count(*) from job_part").scalar_one() == 0
    again = request_zip(store, account, [one.id for one in held], NOW)
    worker(store, press).run_due()
    assert len(zip_of(store, again, account).namelist()) == 1


def test_files_whose_time_is_over_are_dropped_when_the_next_one_is_asked_for(store, library, press, account):
    held = issue(store, library, graduate(store, library))
    request_zip(store, account, [held.id], NOW)
    worker(store, press).run_due()
    request_zip(store, account, [], NOW + timedelta(days=4))
    with store.reading() as connection:
        assert connection.exec_driver_sql("select count(*) from job_part").scalar_one() == 0


def _json(held: HeldCertificate) -> bytes:
    return Press(ink=b"").render(held.facts, 0)
