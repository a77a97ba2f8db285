"""A child process that answers questions one at a time: it starts at first use, ends when idle, and may die."""

from __future__ import annotations

import logging
import multiprocessing
import os
import signal
import sys
import threading
from collections.abc import Callable
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Generic, Protocol, TypeVar

from course.domain.errors import PdfNotAvailable

IDLE_SECONDS = 60.0
#: A child gets this long to end and to remove the copies of the fonts that WeasyPrint made for it.
_TIDY_SECONDS = 1.0

_log = logging.getLogger(__name__)

Question = TypeVar("Question")
Answer = TypeVar("Answer")
_In_contra = TypeVar("_In_contra", contravariant=True)
_Out_co = TypeVar("_Out_co", covariant=True)


class Worker(Protocol[_In_contra, _Out_co]):
    """What works in the child."""

    def do(self, question: _In_contra, /) -> _Out_co: ...


class ChildProcess(Generic[Question, Answer]):
    """`make_worker` is called in the child, which begins from nothing: it must be importable, with all it is given."""

    def __init__(
        self,
        make_worker: Callable[[], Worker[Question, Answer]],
        *,
        name: str,
        timeout: float,
        idle: float = IDLE_SECONDS,
        renew_after: int = 0,
    ) -> None:
        self._make_worker = make_worker
        self._name = name
        self._idle = idle
        #: A child ends after so many answers and the next question starts another; 0: never.
        self._renew_after = renew_after
        #: Seconds that a caller waits, for her turn and then for her answer.
        self.timeout = timeout
        self._one_at_a_time = threading.Lock()
        self._child: BaseProcess | None = None
        self._line: Connection | None = None
        self._owner = 0

    def ask(self, question: Question) -> Answer:
        """The child's answer. Raises PdfNotAvailable when there is none."""
        if not self._one_at_a_time.acquire(timeout=self.timeout):
            raise PdfNotAvailable("other files are at work; this one's turn did not come")
        try:
            return self._answer(question)
        finally:
            self._one_at_a_time.release()

    def wake(self) -> None:
        """Start the child if it sleeps: somebody is about to ask. Returns at once."""
        if self._one_at_a_time.acquire(blocking=False):
            try:
                if not self.running:
                    self._start()
            finally:
                self._one_at_a_time.release()

    def close(self) -> None:
        """End the child now, and wait until it is gone. The next question starts another."""
        with self._one_at_a_time:
            self._end()

    @property
    def running(self) -> bool:
        """True while there is a child process."""
        return self._child is not None and self._owner == os.getpid() and self._child.is_alive()

    def memory(self) -> float:
        """MiB that the child holds now; 0 when there is none, or where the system does not tell."""
        pid = self._child.pid if self._child is not None and self.running else None
        try:
            pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
        except OSError:
            return 0.0
        return pages * os.sysconf("SC_PAGE_SIZE") / 2**20

    def _answer(self, question: Question) -> Answer:
        # Twice, because an idle child may end at the very moment it is asked.
        for _ in range(2):
            try:
                return self._ask(question)
            except (EOFError, OSError) as error:
                _log.info("the process for %s ended: %r", self._name, error)
                self._end()
        raise PdfNotAvailable(f"the process for {self._name} ended twice while working on this")

    def _ask(self, question: Question) -> Answer:
        line = self._line if self._line is not None and self.running else self._start()
        line.send(question)
        if not line.poll(self.timeout):
            self._end()
            raise PdfNotAvailable(f"the file was not ready within {self.timeout:g} seconds")
        done, answer = line.recv()
        if not done:
            raise PdfNotAvailable(answer)
        found: Answer = answer
        return found

    def _start(self) -> Connection:
        self._end()
        # Spawn, not fork: a fork would copy the web server's locks and connections in whatever state they are.
        beside = multiprocessing.get_context("spawn")
        here, there = beside.Pipe()
        given = (there, self._make_worker, self._idle, self._renew_after)
        child = beside.Process(target=_serve, args=given, name=self._name, daemon=True)
        child.start()
        # The child has its own end now; ours must be closed, or the line would not break when the child dies.
        there.close()
        self._child, self._line, self._owner = child, here, os.getpid()
        return here

    def _end(self) -> None:
        if self._line is not None:
            self._line.close()
        # A web worker that was forked after the start holds a copy of this object; the child is not its own.
        if self._child is not None and self._owner == os.getpid():
            _see_off(self._child)
        self._child = self._line = None


def _see_off(child: BaseProcess) -> None:
    """A child whose line was closed ends by itself; one that is busy is told to; one that hangs is killed."""
    child.join(_TIDY_SECONDS)
    for insist in (child.terminate, child.kill):
        if child.is_alive():
            insist()
            child.join(_TIDY_SECONDS)
    child.join()
    child.close()


def _serve(line: Connection, make_worker: Callable[[], Worker[object, object]], idle: float, renew_after: int) -> None:
    """The child's whole life: an answer for each question, and the end when none comes or it has answered enough."""
    # Control-C in a terminal reaches the child too; it ends when its parent does, without a word of its own.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit())
    at_work = _AtWork(make_worker)
    at_work.warm_up()
    answered = 0
    while line.poll(idle):
        try:
            line.send(at_work.answer(line.recv()))
        except (EOFError, OSError):
            # Nobody is at the other end any more.
            return
        answered += 1
        if answered == renew_after:
            return


class _AtWork:
    """The worker, made before the first question if it can be, and otherwise tried again at each."""

    def __init__(self, make_worker: Callable[[], Worker[object, object]]) -> None:
        self._make = make_worker
        self._worker: Worker[object, object] | None = None

    def warm_up(self) -> None:
        try:
            self._worker = self._make()
        except Exception:
            logging.getLogger(__name__).exception("the work cannot begin")

    def answer(self, question: object) -> tuple[bool, object]:
        try:
            if self._worker is None:
                self._worker = self._make()
            return True, self._worker.do(question)
        except Exception as error:
            # Told as a sentence: an exception of a library need not survive the way to the other process.
            logging.getLogger(__name__).exception("a file could not be made")
            return False, f"{type(error).__name__}: {error}"
