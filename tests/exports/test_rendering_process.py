"""The process beside the web server: it starts when needed, ends when idle, and its death is no disaster."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from course.domain.certificate import CertificateFacts
from course.domain.errors import PdfNotAvailable
from course.exports.certificate_template import TemplateFault
from course.exports.rendering_process import InProcess, RenderingProcess
from tests.exports.certificates import TEMPLATE, made, sample

Started = Callable[..., RenderingProcess]


def obedient(facts: CertificateFacts, template: Path) -> bytes:
    """Stands in for the renderer in the child and does what the holder's name says."""
    order, _, how = facts.name.partition(" ")
    if order == "sleep":
        time.sleep(float(how))
    elif order == "die":
        os._exit(3)
    elif order == "fail":
        raise TemplateFault(how)
    return f"{os.getpid()} {facts.name}".encode()


@pytest.fixture
def started() -> Iterator[Started]:
    all_started: list[RenderingProcess] = []

    def start(**options: float) -> RenderingProcess:
        all_started.append(RenderingProcess(TEMPLATE, render=obedient, **options))
        return all_started[-1]

    yield start
    for process in all_started:
        process.close()


def worker(process: RenderingProcess, name: str = "work") -> int:
    return int(process.render(sample(name=name)).split()[0])


def wait_until(true: Callable[[], bool]) -> None:
    end = time.monotonic() + 20
    while not true():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.02)


def test_the_file_made_beside_is_the_file_made_here_byte_for_byte_and_nothing_else_is_left(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    expected = made(sample())
    assert InProcess(TEMPLATE).render(sample()) == expected
    # WeasyPrint copies the fonts into the temporary folder, and only a process that ends in good order removes them.
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    process = RenderingProcess(TEMPLATE)
    try:
        assert process.render(sample()) == expected
        assert list(tmp_path.glob("weasyprint-*/*"))
    finally:
        process.close()
    assert list(tmp_path.iterdir()) == []


def test_nobody_waits_for_ever_for_her_turn(started: Started) -> None:
    process = started(timeout=0.1)
    with process._one_at_a_time, pytest.raises(PdfNotAvailable, match="turn"):
        process.render(sample())


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
        process.render(sample(name="die"))
    assert worker(process)


def test_a_certificate_that_takes_too_long_is_given_up_and_the_next_is_made(started: Started) -> None:
    process = started()
    first = worker(process)
    process.timeout = 0.2
    with pytest.raises(PdfNotAvailable, match=r"0\.2 seconds"):
        process.render(sample(name="sleep 600"))
    assert not process.running
    process.timeout = 60
    assert worker(process) != first


def test_a_fault_is_told_in_words_and_the_process_goes_on(started: Started) -> None:
    process = started()
    first = worker(process)
    with pytest.raises(PdfNotAvailable, match="TemplateFault: no picture"):
        process.render(sample(name="fail no picture"))
    assert worker(process) == first


def test_many_at_once_are_made_one_after_the_other_and_none_gets_another_ones_file(started: Started) -> None:
    process = started()
    answers: dict[str, bytes] = {}

    def ask(name: str) -> None:
        answers[name] = process.render(sample(name=name))

    names = [f"person {number}" for number in range(12)]
    threads = [threading.Thread(target=ask, args=(name,)) for name in names]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {name: answer.decode().partition(" ")[2] for name, answer in answers.items()} == {
        name: name for name in names
    }
    assert len({answer.split()[0] for answer in answers.values()}) == 1


def test_a_closed_process_is_gone(started: Started) -> None:
    process = started()
    child = worker(process)
    process.close()
    with pytest.raises(ProcessLookupError):
        os.kill(child, 0)


def test_here_too_a_fault_of_the_template_means_that_there_is_no_pdf(tmp_path: Path) -> None:
    with pytest.raises(PdfNotAvailable, match="王"):
        InProcess(TEMPLATE).render(sample(name="王"))


def test_a_process_woken_ahead_is_running_before_the_first_certificate_is_asked_for():
    process = RenderingProcess(TEMPLATE)
    try:
        process.wake()
        assert process.running
        assert process.render(sample()).startswith(b"%PDF-")
    finally:
        process.close()
