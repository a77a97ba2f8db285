"""Addresses of a platform, and the fault of one that does not answer as the protocol says."""

from __future__ import annotations

from urllib.parse import urlsplit

LONGEST_ADDRESS = 1000


class PlatformFault(Exception):
    """A platform cannot be reached, or answers something else than the protocol says. `lasting`: waiting helps not."""

    def __init__(self, what: str, *, lasting: bool = False, status: int = 0) -> None:
        super().__init__(what)
        self.lasting = lasting
        #: What it answered with; 0 when it did not answer, or answered well and with something else.
        self.status = status


def is_safe(url: str) -> bool:
    """Over HTTPS, or on this very machine; and nothing in it that programs read in different ways."""
    if len(url) > LONGEST_ADDRESS or not url.isprintable() or " " in url or "\\" in url:
        return False
    try:
        address = urlsplit(url)
        host = address.hostname
        _ = address.port
    except ValueError:
        return False
    if not host or "@" in address.netloc:
        return False
    return address.scheme == "https" or (address.scheme == "http" and host in ("127.0.0.1", "localhost"))


def origin_of(url: str) -> str:
    """Scheme, host and port: what a browser compares."""
    address = urlsplit(url)
    return f"{address.scheme}://{address.netloc}".lower()
