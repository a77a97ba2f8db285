"""What goes over the wire while a page loads, counted by the browser itself, response headers included."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import Page


@dataclass
class Traffic:
    """Requests of a page from now on: address -> bytes received."""

    page: Page
    received: dict[str, int] = field(default_factory=dict)
    _statuses: dict[str, int] = field(default_factory=dict)
    _urls: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        session = self.page.context.new_cdp_session(self.page)
        session.send("Network.enable")
        session.on("Network.requestWillBeSent", self._asked)
        # The plain event makes a 304 look like the page that was kept; this one has the status line as it came.
        session.on("Network.responseReceivedExtraInfo", self._answered)
        session.on("Network.loadingFinished", self._finished)

    def _asked(self, event: dict[str, Any]) -> None:
        self._urls[event["requestId"]] = event["request"]["url"]

    def _answered(self, event: dict[str, Any]) -> None:
        self._statuses[event["requestId"]] = event["statusCode"]

    def _finished(self, event: dict[str, Any]) -> None:
        url = self._urls[event["requestId"]]
        # What comes out of the browser's own cache never was on the wire.
        if event["encodedDataLength"]:
            self.received[url] = self.received.get(url, 0) + int(event["encodedDataLength"])

    @property
    def statuses(self) -> dict[str, int]:
        """Address -> status line, of what was answered over the wire."""
        return {
            self._urls[name]: status for name, status in self._statuses.items() if self._urls[name] in self.received
        }

    @property
    def total(self) -> int:
        return sum(self.received.values())
