"""A plain HTTP client on one kept connection, light enough not to hide what is measured."""

from __future__ import annotations

import http.client
from dataclasses import dataclass
from urllib.parse import urlencode


@dataclass
class Answer:
    status: int
    headers: http.client.HTTPMessage
    body: bytes


class Client:
    def __init__(self, port: int, *, gzip: bool = True) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        self._gzip = gzip
        self.cookie = ""

    def get(self, path: str, **headers: str) -> Answer:
        return self._ask("GET", path, None, headers)

    def post(self, path: str, fields: dict[str, str]) -> Answer:
        body = urlencode(fields).encode()
        return self._ask("POST", path, body, {"Content-Type": "application/x-www-form-urlencoded"})

    def _ask(self, method: str, path: str, body: bytes | None, headers: dict[str, str]) -> Answer:
        sent = {**headers, "Accept-Encoding": "gzip, br" if self._gzip else "identity"}
        if self.cookie:
            sent["Cookie"] = self.cookie
        self._connection.request(method, path, body, sent)
        response = self._connection.getresponse()
        text = response.read()
        set_cookie = response.headers.get("Set-Cookie")
        if set_cookie:
            self.cookie = set_cookie.partition(";")[0]
        return Answer(response.status, response.headers, text)
