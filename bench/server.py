"""A granian of our own on a free port of this machine, and the CPU time that it has used."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

THREADS = 8


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
            str(Path(sys.executable).with_name("granian")),
            "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port), "--workers", str(workers),
            "--blocking-threads", str(THREADS), "--log-level", "warning", target,
        ]  # fmt: skip
        process = subprocess.Popen(command, env={**os.environ, **(environment or {})})
        server = cls(process, port)
        server.wait()
        return server

    def wait(self, seconds: float = 30) -> None:
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            try:
                with socket.create_connection(("127.0.0.1", self.port), timeout=1):
                    return
            except OSError:
                if self.process.poll() is not None:
                    raise RuntimeError("the server did not start") from None
                time.sleep(0.02)
        raise RuntimeError("the server did not answer in time")

    def pids(self) -> list[int]:
        """The server and the processes that it has started."""
        found = [self.process.pid]
        for pid in found:
            children = Path(f"/proc/{pid}/task/{pid}/children")
            if children.exists():
                found += [int(child) for child in children.read_text().split()]
        return found

    def cpu_seconds(self) -> float:
        """All threads of all its processes, to the nanosecond that the kernel's scheduler keeps."""
        nanoseconds = 0
        for pid in self.pids():
            for thread in Path(f"/proc/{pid}/task").iterdir():
                nanoseconds += int((thread / "schedstat").read_text().split()[0])
        return nanoseconds / 1e9

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait(10)
