"""A learning platform for tests: serves an unpacked package, a page that plays it, and keeps what it hands over."""

from __future__ import annotations

import io
import json
import mimetypes
import threading
import zipfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

HOSTS = Path(__file__).parent / "hosts"
NPM = Path(__file__).parents[1] / "npm/node_modules"
#: A package must live with rules as strict as these.
STRICT = "default-src 'none'; " + "; ".join(
    f"{what}-src 'self'" for what in ("script", "style", "font", "img", "connect")
)
PAGE = """<!doctype html><html lang="en"><meta charset="utf-8"><title>Platform</title>
<script src="/npm/scorm-again/dist/SCRIPT"></script><script src="/hosts/HOST"></script></html>"""


@dataclass
class Platform:
    """What the platform has and has heard."""

    files: Mapping[str, bytes]
    url: str = ""
    #: What a package handed over last; the next launch gives it back.
    kept: dict[str, Any] = field(default_factory=dict)
    commits: list[dict[str, Any]] = field(default_factory=list)
    #: Answers other requests: (method, path with query, headers, body) -> (status, headers, body).
    more: Callable[[str, str, Mapping[str, str], bytes], tuple[int, Mapping[str, str], bytes]] | None = None


def files_of(package: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(package)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


@contextmanager
def platform_with(files: Mapping[str, bytes]) -> Iterator[Platform]:
    """The platform answers as long as the block lasts."""
    platform = Platform(files)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            self._answer("GET")

        def do_POST(self) -> None:
            self._answer("POST")

        def do_PUT(self) -> None:
            self._answer("PUT")

        def _answer(self, method: str) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            status, headers, answer = answer_of(platform, method, self.path, dict(self.headers), body)
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name is the standard library's
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    # A browser that closes a page does not wait for the answer.
    server.handle_error = lambda *_: None  # type: ignore[method-assign]
    platform.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    yield platform
    server.shutdown()
    server.server_close()
    thread.join()


def answer_of(
    platform: Platform, method: str, address: str, headers: Mapping[str, str], body: bytes
) -> tuple[int, Mapping[str, str], bytes]:
    path = address.partition("?")[0]
    if path.startswith("/package/"):
        return static(path, platform.files.get(path.removeprefix("/package/")))
    if path.startswith("/hosts/"):
        return static(path, (HOSTS / path.removeprefix("/hosts/")).read_bytes())
    if path.startswith("/npm/"):
        return static(path, (NPM / path.removeprefix("/npm/")).read_bytes())
    if path.startswith("/play/"):
        host = path.removeprefix("/play/")
        page = PAGE.replace("HOST", f"{host}.js").replace("SCRIPT", f"{host}.min.js")
        return 200, {"Content-Type": "text/html; charset=utf-8"}, page.encode()
    if path == "/kept":
        return 200, {"Content-Type": "application/json"}, json.dumps(platform.kept).encode()
    if path == "/commit":
        platform.commits.append(json.loads(body))
        platform.kept = platform.commits[-1]
        return 200, {"Content-Type": "application/json"}, b'{"result": true, "errorCode": 0}'
    if platform.more is not None:
        return platform.more(method, address, headers, body)
    return 404, {}, b""


def static(path: str, content: bytes | None) -> tuple[int, Mapping[str, str], bytes]:
    if content is None:
        return 404, {}, b""
    kind = mimetypes.guess_type(path)[0] or "application/octet-stream"
    return 200, {"Content-Type": kind, "Content-Security-Policy": STRICT}, content
