"""Many at once, and a process that is killed: one certificate for one right, whole or not at all."""

from __future__ import annotations

import hashlib
import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest

from course.domain.certificate_state import Actor, Reason
from course.domain.errors import CertificateClosed
from course.services import certificate_register, certificates
from course.services.certificate_checks import Answer
from course.services.certificate_files import Turnstile, certificate_pdf
from course.services.certificates import By, HeldCertificate
from course.storage.engine import Store
from tests.services.graduates import NOW, Press, checked, graduate, held_by, issue, verify_url

ADMIN = By(Actor.ADMINISTRATOR)
KILLS = 8


@pytest.fixture
def store(engine) -> Store:
    return Store(engine)


def at_once(how_many: int, work: Callable[[int], object]) -> list[object]:
    """What each thread got, or the refusal that it met."""
    start = threading.Barrier(how_many)

    def run(number: int) -> object:
        start.wait()
        try:
            return work(number)
        except CertificateClosed as refused:
            return refused

    with ThreadPoolExecutor(how_many) as pool:
        return list(pool.map(run, range(how_many)))


def replace(store: Store, held: HeldCertificate, number: int) -> HeldCertificate:
    return certificates.replace_certificate(
        store, certificate_id=held.id, name=f"Aino {'abcdefghijklmnopqrst'[number]}", verify_url=verify_url, now=NOW,
        by=ADMIN,
    )  # fmt: skip


def revoke(store: Store, held: HeldCertificate) -> None:
    certificate_register.revoke_certificate(
        store, certificate_id=held.id, reason=Reason.MISUSE, note="", by=ADMIN, now=NOW
    )


def count(store: Store, table: str, where: str = "1 = 1") -> int:
    with store.reading() as connection:
        # Names of this file, not what anybody typed.
        return int(connection.exec_driver_sql(f"select count(*) from {table} where {where}").scalar_one())


def test_twenty_requests_at_once_make_one_certificate_with_one_line_in_its_journal(store, library):
    learner_id = graduate(store, library)
    issued = at_once(20, lambda number: issue(store, library, learner_id, f"Aino {'abcdefghijklmnopqrst'[number]}"))
    assert len({one.facts.code for one in issued}) == 1
    assert (count(store, "certificate"), count(store, "certificate_event")) == (1, 1)


def test_twenty_corrections_at_once_make_one_successor(store, library):
    learner_id = graduate(store, library)
    held = issue(store, library, learner_id)
    answers = at_once(20, lambda number: replace(store, held, number))
    assert sum(isinstance(answer, HeldCertificate) for answer in answers) == 1
    assert count(store, "certificate") == 2
    assert [one.standing.is_valid for one in held_by(store, learner_id)] == [True, False]


def test_a_revocation_and_a_correction_at_once_have_one_winner(store, library):
    for _ in range(8):
        held = issue(store, library, graduate(store, library))
        answers = at_once(2, lambda number, held=held: (revoke, lambda s, h: replace(s, h, 1))[number](store, held))
        assert sum(isinstance(answer, CertificateClosed) for answer in answers) == 1
        assert checked(store, held.facts.code)[0] in (Answer.REVOKED, Answer.REPLACED)
    assert count(store, "certificate_event", "deed in ('revoked', 'replaced')") == 8


def test_twenty_first_requests_for_the_file_get_the_same_bytes(store, library):
    learner_id = graduate(store, library)
    held = issue(store, library, learner_id)

    def ask(number: int) -> object:
        press = Press(ink=f"press {number}".encode())
        return certificate_pdf(store, press, Turnstile(), certificate_id=held.id, learner_id=learner_id, now=NOW)

    assert len(set(at_once(20, ask))) == 1
    assert count(store, "certificate_file") == 1


ISSUES_AND_PRINTS = """
import sys
from pathlib import Path
from course.content.loading import load
from course.services.certificate_files import Turnstile, certificate_pdf
from course.services.certificates import certificates_held
from course.storage.engine import Store, make_engine
from tests.services.graduates import NOW, Press, issue

store, library = Store(make_engine(sys.argv[1])), load(Path(sys.argv[2]))
print("ready", flush=True)
sys.stdin.readline()
for learner_id in map(int, sys.argv[3:]):
    held = issue(store, library, learner_id)
    certificate_pdf(store, Press(), Turnstile(), certificate_id=held.id, learner_id=learner_id, now=NOW)
"""


def test_a_kill_at_any_moment_leaves_none_or_a_whole_one(store, library, fixture_course, database_url):
    """A process that issues and prints for a row of learners is killed with SIGKILL, again and again."""
    learners = [graduate(store, library) for _ in range(40)]
    chance = random.Random(4)
    for _ in range(KILLS):
        process = subprocess.Popen(
            [sys.executable, "-c", ISSUES_AND_PRINTS, database_url, str(fixture_course), *map(str, learners)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path) or "."},
        )
        assert process.stdout is not None and process.stdin is not None
        assert process.stdout.readline() == b"ready\n"
        process.stdin.write(b"go\n")
        process.stdin.flush()
        time.sleep(chance.uniform(0.0, 0.25))
        process.send_signal(signal.SIGKILL)
        process.stdin.close()
        process.stdout.close()
        process.wait()
        assert_all_are_whole(store)
    # Whatever was left undone is done at the next request, once.
    for learner_id in learners:
        held = issue(store, library, learner_id)
        assert certificate_pdf(store, Press(), Turnstile(), certificate_id=held.id, learner_id=learner_id, now=NOW)
    assert_all_are_whole(store)
    assert count(store, "certificate") == count(store, "certificate_file") == len(learners)


def assert_all_are_whole(store: Store) -> None:
    """Each certificate has the line of its issue, its facts with their hash, and no file or one with its hash."""
    with store.reading() as connection:
        rows = connection.exec_driver_sql(
            "select c.facts, c.facts_hash, f.pdf, f.sha256, (select count(*) from certificate_event e "
            "where e.certificate_id = c.id and e.deed = 'issued') from certificate c "
            "left join certificate_file f on f.certificate_id = c.id"
        ).all()
    for facts, facts_hash, pdf, sha256, issued in rows:
        assert issued == 1
        assert hashlib.sha256(facts.encode()).hexdigest() == facts_hash
        assert pdf is None or hashlib.sha256(bytes(pdf)).hexdigest() == sha256
    rights = count(store, "(select distinct learner_id, track_id, edition from certificate) rights")
    assert rights == len(rows)
