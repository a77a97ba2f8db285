"""Asking a platform over HTTP: with patience that ends, following nobody elsewhere, reading no more than is sound."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from course.later import Later
from course.lti.addresses import PlatformFault, is_safe

if TYPE_CHECKING:
    import requests
else:
    requests = Later("requests")

#: Seconds until a connection stands, and until the platform says something.
PATIENCE = (5, 15)
#: A page of a list of members, and a key set, are far smaller.
LARGEST_ANSWER = 4 * 1024 * 1024
#: What another try may mend, though it begins with a four.
_PASSING = frozenset({401, 408, 409, 425, 429})


@dataclass(frozen=True, slots=True)
class Answer:
    body: Any
    #: Where a long list goes on; empty at its end.
    next_url: str


def ask(
    url: str,
    *,
    token: str = "",
    accept: str = "application/json",
    content: bytes | None = None,
    content_type: str = "application/json",
    form: Mapping[str, str] | None = None,
    reads: bool = True,
) -> Answer:
    """GET, or POST when there is something to send. Raises PlatformFault for anything but an answer in JSON, or none.

    Without `reads` only the status counts, as for a score: platforms differ in what they say to one.

    What went wrong is told by the host's name and a number: addresses may hold secrets, and answers names.
    """
    if not is_safe(url):
        raise PlatformFault("an address that is not safe to ask", lasting=True)
    headers = {"Accept": accept}
    if token:
        headers["Authorization"] = f"Bearer {token}"
    if content is not None:
        headers["Content-Type"] = content_type
    method = "GET" if content is None and form is None else "POST"
    try:
        with requests.request(
            method,
            url,
            headers=headers,
            data=content if form is None else dict(form),
            timeout=PATIENCE,
            allow_redirects=False,
            stream=True,
        ) as answer:
            return _read(answer, reads=reads)
    except requests.RequestException as error:
        raise PlatformFault(f"no answer ({type(error).__name__})") from error


def _read(answer: requests.Response, *, reads: bool) -> Answer:
    status = answer.status_code
    if not 200 <= status < 300:
        lasting = 300 <= status < 500 and status not in _PASSING
        raise PlatformFault(f"answered with status {status}", lasting=lasting, status=status)
    if not reads:
        return Answer(None, "")
    text = b""
    for piece in answer.iter_content(65536):
        text += piece
        if len(text) > LARGEST_ANSWER:
            raise PlatformFault("answered with too much", lasting=True)
    try:
        body = json.loads(text) if text.strip() else None
    except (ValueError, RecursionError) as error:
        raise PlatformFault("answered with something else than JSON") from error
    return Answer(body, answer.links.get("next", {}).get("url", ""))


def fetch_object(url: str, form: Mapping[str, str] | None = None) -> dict[str, Any]:
    """The JSON object at an address, or that a form is answered with."""
    found = ask(url, form=form).body
    if not isinstance(found, dict):
        raise PlatformFault("answered with something else than an object")
    return found
