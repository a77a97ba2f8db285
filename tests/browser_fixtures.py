"""A real server and a real browser for the tests that need them.

`live_server` serves the fixture course, `real_site` the course itself, each once for a worker and on SQLite: learners
are kept apart by their cookies, as on the real site. `open_page` gives a page in a browser context of its own, and its
test fails when the browser complained: an error in the console (a breach of the content security policy is one), an
exception in a script, or a request to another host.
"""

from __future__ import annotations

import http.client
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, sync_playwright

from course.storage.engine import Store, make_engine

CHECKOUT = Path(__file__).parents[1]
CHROMIUM = os.environ.get("CHROMIUM", "chromium")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # The network guard of the tests does not reach into the browser.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
]
SECONDS_TO_START = 20
SECONDS_TO_COMPLAIN = 2
#: As wsgi.py, but with a folder of its own for what belongs to a machine.
WSGI = """
from course.extension import create_app
application = create_app({"COURSE_INSTANCE_DIR": INSTANCE})
"""


@dataclass(frozen=True)
class LiveSite:
    """A site that answers on this machine."""

    url: str
    database_url: str
    #: What the server wrote, for the report of a failed test.
    log: Path
    pid: int

    @contextmanager
    def store(self) -> Iterator[Store]:
        """Its database, for what a test puts there or looks up."""
        engine = make_engine(self.database_url)
        try:
            yield Store(engine)
        finally:
            engine.dispose()


class StartSite(Protocol):
    def __call__(self, content: Path | None = None, *, database_url: str = "", **settings: str) -> LiveSite: ...


@pytest.fixture(scope="session")
def start_site(
    sqlite_template: Path, shared_folder: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[StartSite]:
    """Starts the site the way ./run does. Settings are given as environment variables (WORKERS is one, too)."""
    servers: list[subprocess.Popen[bytes]] = []

    def start(content: Path | None = None, *, database_url: str = "", **settings: str) -> LiveSite:
        folder = tmp_path_factory.mktemp("site")
        port = free_port()
        if not database_url:
            database_url = f"sqlite:///{shutil.copy(sqlite_template, folder / 'course.sqlite3')}"
        environment = {
            **os.environ,
            "PYTHONPATH": str(CHECKOUT),
            "FLASK_COURSE_DATABASE_URL": database_url,
            "FLASK_COURSE_CONTENT_DIR": str(content or CHECKOUT),
            "FLASK_COURSE_BASE_URL": f"http://127.0.0.1:{port}",
            "FLASK_SECRET_KEY": "tests only",
            # A setting may name the port, which is free to be known only here.
            **{name: value.replace("{port}", str(port)) for name, value in settings.items()},
        }
        command = [sys.executable, "-m", "granian", "--interface", "wsgi", "--http", "1", "--no-ws"]
        command += ["--host", "127.0.0.1", "--port", str(port), "--workers", settings.get("WORKERS", "1")]
        command += ["--blocking-threads", "16", "--backpressure", "1024", "--log-level", "warning", "wsgi:application"]
        (folder / "wsgi.py").write_text(WSGI.replace("INSTANCE", repr(str(shared_folder / "instance"))))
        log = folder / "server.log"
        with log.open("wb") as output:
            server = subprocess.Popen(command, cwd=folder, env=environment, stdout=output, stderr=output)
        servers.append(server)
        wait_for(port, server, log)
        return LiveSite(f"http://127.0.0.1:{port}", database_url, log, server.pid)

    yield start
    for server in servers:
        stop(server)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def wait_for(port: int, server: subprocess.Popen[bytes], log: Path) -> None:
    end = time.monotonic() + SECONDS_TO_START
    while time.monotonic() < end and server.poll() is None:
        try:
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=SECONDS_TO_START)
            connection.request("GET", "/healthz")
            status = connection.getresponse().status
            connection.close()
        except OSError:
            time.sleep(0.05)
            continue
        assert status == 200, f"/healthz answered {status}\n{log.read_text()}"
        return
    stop(server)
    raise RuntimeError(f"the site did not start\n{log.read_text()}")


def stop(server: subprocess.Popen[bytes]) -> None:
    if server.poll() is None:
        server.send_signal(signal.SIGTERM)
    try:
        server.wait(10)
    except subprocess.TimeoutExpired:
        server.kill()
        server.wait()


@pytest.fixture(scope="session")
def live_server(start_site: StartSite, fixture_course: Path) -> LiveSite:
    """The fixture course, served."""
    return start_site(fixture_course)


@pytest.fixture(scope="session")
def real_site(start_site: StartSite) -> LiveSite:
    """The course with its real content, served."""
    return start_site()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium for a worker. Tests take `open_page`, which keeps them apart."""
    program = shutil.which(CHROMIUM)
    assert program, "the browser tests need Chromium:  sudo apt-get install chromium"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=FLAGS)
        yield browser
        browser.close()


@dataclass
class Opener:
    """Opens pages and keeps what the browser complains about."""

    browser: Browser
    #: A test that provokes a complaint says which, by `expect`.
    complaints: list[str] = field(default_factory=list)
    _opened: list[Page] = field(default_factory=list)
    _expected: list[str] = field(default_factory=list)

    def __call__(self, **options: Any) -> Page:
        """A page in a fresh context: no cookies, and the options of Playwright's `new_context`."""
        page = self.browser.new_context(**options).new_page()
        self.watch(page)
        return page

    def watch(self, page: Page) -> None:
        """For a further page of the same context, such as a second tab."""
        # The first address of a page decides which host is ours.
        ours: list[str] = []

        def requested(url: str) -> None:
            host = urlsplit(url).netloc
            if not ours:
                ours.append(host)
            if host not in (*ours, ""):
                self.complaints.append(f"request to another host: {url}")

        page.on("request", lambda request: requested(request.url))
        page.on("console", lambda message: self._heard(message.type, message.text))
        page.on("pageerror", lambda error: self.complaints.append(f"exception: {error}"))
        self._opened.append(page)

    def _heard(self, kind: str, text: str) -> None:
        if kind == "error":
            self.complaints.append(f"{kind}: {text}")

    def expect(self, words: str) -> None:
        """The browser complained with these words, was meant to, and may do so again."""
        end = time.monotonic() + SECONDS_TO_COMPLAIN
        # A complaint may come a little later than what the page shows.
        while not self._with(words) and self._opened and time.monotonic() < end:
            self._opened[-1].wait_for_timeout(20)
        assert self._with(words), f"no complaint with {words!r} among {self.complaints}"
        self._expected.append(words)

    def _with(self, words: str) -> list[str]:
        return [complaint for complaint in self.complaints if words in complaint]

    @property
    def unexpected(self) -> list[str]:
        return [complaint for complaint in self.complaints if not any(words in complaint for words in self._expected)]

    def close(self) -> None:
        for page in self._opened:
            page.context.close()


@pytest.fixture
def open_page(browser: Browser) -> Iterator[Opener]:
    opener = Opener(browser)
    yield opener
    opener.close()
    assert opener.unexpected == []


@pytest.fixture(scope="session")
def axe_violations() -> Callable[[Page], list[str]]:
    """What axe finds on a page, one line each. The context must be opened with `bypass_csp=True`."""
    axe = Axe()

    def violations(page: Page) -> list[str]:
        found = axe.run(page).response["violations"]
        return [f"{fault['id']}: {fault['help']}: {node['html'][:200]}" for fault in found for node in fault["nodes"]]

    return violations
