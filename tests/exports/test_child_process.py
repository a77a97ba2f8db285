"""The process beside the web server: it starts when needed, ends when idle, and its death is no disaster."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest

from course.domain.errors import PdfNotAvailable
from course.exports.certificate_template import TemplateFault
from course.exports.child_process import ChildProcess

Obeyed = ChildProcess[str, str]
Started = Callable[..., Obeyed]


class Obedient:
    """Stands in for the worker in the child and does what it is told."""

    def do(self, question: str) -> str:
        order, _, how = question.partition(" ")
        if order == "sleep":
            time.sleep(float(how))
        elif order == "die":
            os._exit(3)
        elif order == "fail":
            raise TemplateFault(how)
        return f"{os.getpid()} {question}"


def obedient_when_ready(ready: Path) -> Obedient:
    if not ready.exists():
        raise TemplateFault("not yet")
    return Obedient()


@pytest.fixture
def started() -> Iterator[Started]:
    all_started: list[Obeyed] = []

    def start(
        make: Callable[[], Obedient] = Obedient, *, timeout: float = 60, idle: float = 60, renew_after: int = 0
    ) -> Obeyed:
        all_started.append(ChildProcess(make, name="tests", timeout=timeout, idle=idle, renew_after=renew_after))
        return all_started[-1]

    yield start
    for process in all_started:
        process.close()


def worker(process: Obeyed, order: str = "work") -> int:
    return int(process.ask(order).split()[0])


def wait_until(true: Callable[[], bool]) -> None:
    end = time.monotonic() + 20
    while not true():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.02)


def test_nobody_waits_for_ever_for_her_turn(started: Started) -> None:
    process = started(timeout=0.1)
    with process._one_at_a_time, pytest.raises(PdfNotAvailable, match="turn"):
        worker(process)


def test_nothing_is_started_before_the_first_certificate(started: Started) -> None:
    assert not started().running


def test_one_process_makes_them_all_and_it_is_not_this_one(started: Started) -> None:
    process = started()
    first, second = worker(process), worker(process)
    assert first == second != os.getpid()


def test_an_idle_process_ends_and_the_next_certificate_starts_another(started: Started) -> None:
    process = started(idle=0.1)
    first = worker(process)
    wait_until(lambda: not process.running)
    assert worker(process) != first


def test_a_process_that_was_killed_is_replaced_without_anybody_noticing(started: Started) -> None:
    process = started()
    first = worker(process)
    os.kill(first, signal.SIGKILL)
    assert worker(process) != first


def test_a_certificate_that_kills_its_maker_is_given_up_and_the_next_is_made(started: Started) -> None:
    process = started()
    with pytest.raises(PdfNotAvailable, match="ended twice"):
        process.ask("die")
    assert worker(process)


def test_a_certificate_that_takes_too_long_is_given_up_and_the_next_is_made(started: Started) -> None:
    process = started()
    first = worker(process)
    process.timeout = 0.2
    with pytest.raises(PdfNotAvailable, match=r"0\.2 seconds"):
        process.ask("sleep 600")
    assert not process.running
    process.timeout = 60
    assert worker(process) != first


def test_a_fault_is_told_in_words_and_the_process_goes_on(started: Started) -> None:
    process = started()
    first = worker(process)
    with pytest.raises(PdfNotAvailable, match="TemplateFault: no picture"):
        process.ask("fail no picture")
    assert worker(process) == first


def test_many_at_once_are_made_one_after_the_other_and_none_gets_another_ones_file(started: Started) -> None:
    process = started()
    answers: dict[str, str] = {}

    def ask(name: str) -> None:
        answers[name] = process.ask(name)

    names = [f"person {number}" for number in range(12)]
    threads = [threading.Thread(target=ask, args=(name,)) for name in names]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {name: answer.partition(" ")[2] for name, answer in answers.items()} == {name: name for name in names}
    assert len({answer.split()[0] for answer in answers.values()}) == 1


def test_a_closed_process_is_gone(started: Started) -> None:
    process = started()
    child = worker(process)
    process.close()
    with pytest.raises(ProcessLookupError):
        os.kill(child, 0)


def test_work_that_cannot_begin_is_told_and_begins_as_soon_as_it_can(started: Started, tmp_path: Path) -> None:
    ready = tmp_path / "ready"
    process = started(partial(obedient_when_ready, ready))
    with pytest.raises(PdfNotAvailable, match="not yet"):
        worker(process)
    ready.touch()
    assert worker(process)


def test_a_process_woken_ahead_is_running_before_it_is_asked(started: Started) -> None:
    process = started()
    process.wake()
    assert process.running
    assert worker(process)


def test_a_child_that_has_answered_often_enough_is_followed_by_another_and_no_question_is_lost(started):
    process = started(renew_after=3)
    workers = [worker(process) for _ in range(9)]
    assert workers == [one for one in dict.fromkeys(workers) for _ in range(3)]
    assert len(set(workers)) == 3
