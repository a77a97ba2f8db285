"""A start with content that has not changed: how long until the first answer, and how much memory two workers take."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from bench.client import Client
from bench.seeding import cookie_of
from bench.server import Server

REQUESTS = 10_000


@dataclass(frozen=True)
class Start:
    seconds: float
    #: MiB of both workers, warm, and after ten thousand requests more.
    memory: float
    memory_after: float


def measure_start(
    environment: Mapping[str, str], addresses: Sequence[str], tell: Callable[[int], None], *, requests: int = REQUESTS
) -> Start:
    began = time.monotonic()
    server = Server.start("bench.site:application", workers=2, environment=environment)
    try:
        Client(server.port).get("/fi/")
        seconds = time.monotonic() - began
        # Every page for each worker, so that what is kept on purpose is not taken for a leak. The kernel deals the
        # connections out by chance, so they are made anew several times.
        for _ in range(6):
            _ask(server, addresses, len(addresses) * 4)
        memory = server.memory()
        for _ in range(10):
            _ask(server, addresses, requests // 10)
            tell(requests // 10)
        return Start(seconds, memory, server.memory())
    finally:
        server.stop()


def _ask(server: Server, addresses: Sequence[str], times: int) -> None:
    """On four connections, so that both workers are asked."""
    clients = [Client(server.port, cookie_of(one + 1)) for one in range(4)]
    for number in range(times):
        answer = clients[number % 4].get(addresses[number // 4 % len(addresses)])
        if answer.status != 200:
            raise RuntimeError(f"{answer.status}: {answer.text[:500]}")
