"""The browser fixture itself: a page that breaks its own policy, raises, or calls another host is noticed."""

from __future__ import annotations

import http.server
import threading
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page

from tests.browser_fixtures import Opener

PAGES = {
    "/good": b"<!doctype html><html lang=en><title>Good</title><main><h1>Good</h1></main></html>",
    "/inline": b"<!doctype html><html lang=en><title>A</title><script>document.title = 'B'</script></html>",
    "/raises": b"<!doctype html><html lang=en><title>A</title><script src=/raises.js></script></html>",
    "/raises.js": b"throw new Error('on purpose')",
    "/abroad": b"<!doctype html><html lang=en><title>A</title><img alt='' src='http://example.org/a.png'></html>",
    "/unlabelled": b"<!doctype html><html lang=en><title>A</title><main><h1>A</h1><input></main></html>",
}


class _Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        body = PAGES.get(self.path, b"")
        self.send_response(200)
        self.send_header("Content-Security-Policy", "default-src 'none'; script-src 'self'; img-src *")
        self.send_header("Content-Type", "text/javascript" if self.path.endswith(".js") else "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Says nothing."""


@pytest.fixture
def small_site() -> Iterator[str]:
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def test_a_good_page_brings_no_complaint(small_site: str, open_page: Opener) -> None:
    page = open_page()
    page.goto(f"{small_site}/good")
    assert page.title() == "Good"
    assert open_page.complaints == []


@pytest.mark.parametrize(
    ("path", "complaint"),
    [("/inline", "Content Security Policy"), ("/raises", "on purpose"), ("/abroad", "another host")],
)
def test_a_bad_page_brings_a_complaint(small_site: str, open_page: Opener, path: str, complaint: str) -> None:
    open_page().goto(f"{small_site}{path}", wait_until="networkidle")
    open_page.expect(complaint)
    open_page.complaints.clear()


def test_axe_finds_a_field_without_a_label(
    small_site: str, open_page: Opener, axe_violations: Callable[[Page], list[str]]
) -> None:
    page = open_page(bypass_csp=True)
    page.goto(f"{small_site}/good")
    assert axe_violations(page) == []
    page.goto(f"{small_site}/unlabelled")
    assert [line.split(":")[0] for line in axe_violations(page)] == ["label"]
