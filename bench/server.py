"""A granian of our own on a free port of this machine, the CPU time that it has used, and its memory."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

#: As `./run` serves.
THREADS = 16
CHECKOUT = Path(__file__).resolve().parent.parent


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class Server:
    process: subprocess.Popen[bytes]
    port: int

    @classmethod
    def start(cls, target: str, *, workers: int = 1, environment: Mapping[str, str] | None = None) -> Server:
        port = free_port()
        command = [
            sys.executable, "-m", "course.serving", "--interface", "wsgi", "--http", "1", "--no-ws",
            "--host", "127.0.0.1", "--port", str(port), "--workers", str(workers), "--blocking-threads", str(THREADS),
            "--backlog", "1024", "--backpressure", "1024", "--no-access-log", "--log-level", "error", target,
        ]  # fmt: skip
        # A machine may be told to keep no bytecode; a site that is served keeps it, and starts three times as fast.
        environment = {**os.environ, **(environment or {}), "PYTHONDONTWRITEBYTECODE": ""}
        process = subprocess.Popen(command, env=environment, cwd=CHECKOUT)
        server = cls(process, port)
        try:
            server.wait()
        except BaseException:
            server.stop()
            raise
        return server

    def wait(self, seconds: float = 60) -> None:
        """Until it takes connections. The address is bound before the application is loaded, so the first answer
        may still take its time."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            try:
                with socket.create_connection(("127.0.0.1", self.port), timeout=1):
                    return
            except OSError:
                if self.process.poll() is not None:
                    raise RuntimeError("the server did not start; what it said stands above") from None
                time.sleep(0.01)
        raise RuntimeError("the server did not answer in time")

    def workers(self) -> list[int]:
        """The processes that answer; granian's own process only looks after them."""
        return list(_descendants(self.process.pid))

    def cpu_seconds(self) -> float:
        """All threads of all its processes, to the nanosecond that the kernel's scheduler keeps."""
        nanoseconds = 0
        for pid in [self.process.pid, *self.workers()]:
            for thread in Path(f"/proc/{pid}/task").iterdir():
                nanoseconds += int((thread / "schedstat").read_text().split()[0])
        return nanoseconds / 1e9

    def memory(self) -> float:
        """The workers' proportional share of memory (PSS) in MiB: what two of them share is counted once."""
        return sum(map(_pss, self.workers())) / 1024

    def stop(self) -> None:
        self.process.terminate()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


def _descendants(pid: int) -> Iterator[int]:
    for task in Path(f"/proc/{pid}/task").iterdir():
        for child in (task / "children").read_text().split():
            yield int(child)
            yield from _descendants(int(child))


def _pss(pid: int) -> int:
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1])
    raise RuntimeError(f"the kernel does not tell the memory of process {pid}")
