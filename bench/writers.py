"""Many learners save answers at once: how long each waits."""

from __future__ import annotations

import re
import selectors
import socket
import time
from dataclasses import dataclass, field
from urllib.parse import urlencode

from bench.client import Client
from bench.journey import Attempt
from bench.seeding import cookie_of
from course.content.library import Library
from course.domain.quiz import Question

_LENGTH = re.compile(rb"(?i)content-length: (\d+)")


@dataclass
class _Writer:
    """One learner with her own connection; she saves one answer after the other, each the version after the last."""

    attempt: Attempt
    question: Question
    cookie: str
    path: str
    connection: socket.socket
    began: float = 0
    waits: list[float] = field(default_factory=list)
    version: int = 0
    received: bytes = b""

    def send(self) -> None:
        fields = self.attempt.save_fields(self.question)
        name = f"version.{self.question.id}"
        body = urlencode([(key, str(self.version) if key == name else value) for key, value in fields]).encode()
        head = (
            f"POST {self.path} HTTP/1.1\r\nHost: 127.0.0.1\r\nSec-Fetch-Site: same-origin\r\nCookie: {self.cookie}\r\n"
            f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        self.began = time.perf_counter()
        self.connection.sendall(head.encode() + body)

    def receive(self) -> bool:
        """Take what has come; True when the answer is whole."""
        self.received += self.connection.recv(65536)
        head, ended, body = self.received.partition(b"\r\n\r\n")
        length = _LENGTH.search(head)
        if not ended or length is None or len(body) < int(length[1]):
            return False
        self.waits.append((time.perf_counter() - self.began) * 1000)
        if not head.startswith(b"HTTP/1.1 200"):
            raise RuntimeError(f"an answer was not saved: {self.received[:500]!r}")
        self.received = b""
        self.version += 1
        return True


def waits_of_writers(
    port: int, library: Library, module_id: str, learner_ids: list[int], *, saves: int
) -> tuple[float, float]:
    """p50 and p99 of the milliseconds until a save is acknowledged, everyone saving `saves` times without a pause."""
    writers = [_writer(port, library, module_id, one) for one in learner_ids]
    selector = selectors.DefaultSelector()
    for writer in writers:
        selector.register(writer.connection, selectors.EVENT_READ, writer)
        writer.send()
    busy = len(writers)
    while busy:
        for key, _ in selector.select():
            writer = key.data
            if not writer.receive():
                continue
            if len(writer.waits) < saves:
                writer.send()
            else:
                selector.unregister(writer.connection)
                busy -= 1
    for writer in writers:
        writer.connection.close()
    # The first saves meet connections that are only now opened.
    waits = sorted(wait for writer in writers for wait in writer.waits[saves // 10 :])
    return waits[len(waits) // 2], waits[int(len(waits) * 0.99)]


def _writer(port: int, library: Library, module_id: str, learner_id: int) -> _Writer:
    cookie = cookie_of(learner_id)
    attempt = Attempt(Client(port, cookie), library, module_id)
    attempt.view()
    attempt.start()
    connection = socket.create_connection(("127.0.0.1", port), timeout=60)
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    question = next(attempt.questions())
    return _Writer(attempt, question, cookie, f"/fi/modules/{module_id}/quiz/save", connection)
