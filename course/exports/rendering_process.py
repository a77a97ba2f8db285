"""Certificates made beside the web process: neither its interpreter lock nor its memory is spent on them.

WeasyPrint holds the interpreter for the whole of a page and keeps some 70 MB. Both go into one child process, which
starts with the first certificate and ends a minute after the last.
"""

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

from course.domain.certificate import CertificateFacts
from course.domain.errors import PdfNotAvailable
from course.exports.certificate_pdf import available, render_certificate, warm_up
from course.exports.certificate_template import TemplateFault

IDLE_SECONDS = 60.0
TIMEOUT_SECONDS = 60.0
#: A child gets this long to end and to remove the copies of the fonts that WeasyPrint made for it.
_TIDY_SECONDS = 1.0

#: What the child does: facts and template in, a file out. It must be importable, as the child begins from nothing.
Render = Callable[[CertificateFacts, Path], bytes]

_log = logging.getLogger(__name__)


class InProcess:
    """Makes certificates right here: for tests and for the command line."""

    def __init__(self, template: Path) -> None:
        self._template = template

    def wake(self) -> None:
        """Nothing sleeps here."""

    def render(self, facts: CertificateFacts) -> bytes:
        try:
            return render_certificate(facts, self._template)
        except TemplateFault as fault:
            raise PdfNotAvailable(str(fault)) from fault


class RenderingProcess:
    """Makes certificates in a child process, one at a time. It starts at first use, and again should it die."""

    def __init__(
        self,
        template: Path,
        *,
        idle: float = IDLE_SECONDS,
        timeout: float = TIMEOUT_SECONDS,
        render: Render = render_certificate,
    ) -> None:
        self._template = template
        self._idle = idle
        #: Seconds that a caller waits, for her turn and then for her file.
        self.timeout = timeout
        self._render = render
        self._one_at_a_time = threading.Lock()
        self._child: BaseProcess | None = None
        self._line: Connection | None = None
        self._owner = 0

    def render(self, facts: CertificateFacts) -> bytes:
        if reason := available():
            raise PdfNotAvailable(reason)
        if not self._one_at_a_time.acquire(timeout=self.timeout):
            raise PdfNotAvailable("other certificates are being made; this one's turn did not come")
        try:
            return self._answer(facts)
        finally:
            self._one_at_a_time.release()

    def wake(self) -> None:
        """Start the child if it sleeps: somebody is about to ask for a certificate. Returns at once."""
        if available() is None and self._one_at_a_time.acquire(blocking=False):
            try:
                if not self.running:
                    self._start()
            finally:
                self._one_at_a_time.release()

    def close(self) -> None:
        """End the child now, and wait until it is gone. The next certificate starts another."""
        with self._one_at_a_time:
            self._end()

    @property
    def running(self) -> bool:
        """True while there is a child process."""
        return self._child is not None and self._owner == os.getpid() and self._child.is_alive()

    def _answer(self, facts: CertificateFacts) -> bytes:
        # Twice, because an idle child may end at the very moment it is asked.
        for _ in range(2):
            try:
                return self._ask(facts)
            except (EOFError, OSError) as error:
                _log.info("the rendering process ended: %r", error)
                self._end()
        raise PdfNotAvailable("the process that makes PDF files ended twice while making this one")

    def _ask(self, facts: CertificateFacts) -> bytes:
        line = self._line if self._line is not None and self.running else self._start()
        line.send(facts)
        if not line.poll(self.timeout):
            self._end()
            raise PdfNotAvailable(f"the file was not ready within {self.timeout:g} seconds")
        answer: bytes | str = line.recv()
        if isinstance(answer, str):
            raise PdfNotAvailable(answer)
        return answer

    def _start(self) -> Connection:
        self._end()
        # Spawn, not fork: a fork would copy the web server's locks and connections in whatever state they are.
        beside = multiprocessing.get_context("spawn")
        here, there = beside.Pipe()
        child = beside.Process(
            target=_serve, args=(there, self._template, self._idle, self._render), name="certificates", daemon=True
        )
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


def _serve(line: Connection, template: Path, idle: float, render: Render) -> None:
    """The child's whole life: a certificate for each question, and the end when none has come for a while."""
    # Control-C in a terminal reaches the child too; it ends when its parent does, without a word of its own.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit())
    if render is render_certificate:
        warm_up(template)
    while line.poll(idle):
        try:
            line.send(_file_or_reason(line.recv(), template, render))
        except (EOFError, OSError):
            # Nobody is at the other end any more.
            return


def _file_or_reason(facts: CertificateFacts, template: Path, render: Render) -> bytes | str:
    try:
        return render(facts, template)
    except Exception as error:
        # Told as a sentence: an exception of a library need not survive the way to the other process.
        logging.getLogger(__name__).exception("a certificate could not be made")
        return f"{type(error).__name__}: {error}"
