"""A learning record store on this machine, which can be told to fail in the ways that real ones do."""

from __future__ import annotations

import json
import threading
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

USER, PASSWORD = "course", "p@ss:word"


@dataclass
class LoopbackStore:
    statements: dict[str, dict[str, Any]] = field(default_factory=dict)
    requests: int = 0
    #: The answers to the next requests, before anything is looked at: a status, or "lost" (kept, and no answer).
    next_answers: list[int | str] = field(default_factory=list)
    port: int = 0
    faults: list[str] = field(default_factory=list)

    @property
    def setting(self) -> str:
        return f"http://{USER}:p%40ss%3Aword@127.0.0.1:{self.port}/lrs/xapi/"

    def told(self, verb: str) -> list[dict[str, Any]]:
        return [one for one in self.statements.values() if one["verb"]["id"].endswith(f"/{verb}")]

    def put(self, name: str, statement: dict[str, Any]) -> int:
        """By the rules of the statement resource: a second time the same changes nothing, another one is refused."""
        if statement.get("id") != name:
            return 400
        if name in self.statements:
            return 204 if self.statements[name] == statement else 409
        self.statements[name] = statement
        return 204


class Answers(BaseHTTPRequestHandler):
    """What the store says to a request."""

    store: LoopbackStore

    def do_PUT(self) -> None:
        store = self.store
        store.requests += 1
        body = self.rfile.read(int(self.headers["Content-Length"]))
        address = urlsplit(self.path)
        self._look(address.path)
        answer = store.next_answers.pop(0) if store.next_answers else None
        if isinstance(answer, int):
            self._answer(answer)
            return
        status = store.put(parse_qs(address.query)["statementId"][0], json.loads(body))
        if answer == "lost":
            self.close_connection = True
            self.connection.close()
            return
        self._answer(status)

    def _look(self, path: str) -> None:
        wanted = b64encode(f"{USER}:{PASSWORD}".encode()).decode()
        if self.headers["Authorization"] != f"Basic {wanted}":
            self.store.faults.append("the user or the password is wrong")
        if self.headers["X-Experience-API-Version"] != "1.0.3":
            self.store.faults.append("the version of xAPI is missing")
        if path != "/lrs/xapi/statements" or self.headers["Content-Type"] != "application/json":
            self.store.faults.append(f"{path} {self.headers['Content-Type']}")

    def _answer(self, status: int) -> None:
        said = b"" if status == 204 else b"the store's own words"
        self.send_response(status)
        self.send_header("Content-Length", str(len(said)))
        self.end_headers()
        self.wfile.write(said)

    def finish(self) -> None:
        # Where the answer was lost, there is nothing left to write to.
        if self.connection.fileno() != -1:
            super().finish()

    def log_message(self, *_: object) -> None:
        """Nothing on the screen."""


@contextmanager
def loopback_store() -> Iterator[LoopbackStore]:
    store = LoopbackStore()
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Handler", (Answers,), {"store": store}))
    store.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    yield store
    server.shutdown()
    server.server_close()
    thread.join(5)
