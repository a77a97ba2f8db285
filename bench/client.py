"""A plain HTTP client on one kept connection, light enough not to hide what is measured."""

from __future__ import annotations

import gzip
import http.client
import socket
from dataclasses import dataclass
from urllib.parse import urlencode

import brotli

Fields = list[tuple[str, str]]


@dataclass
class Answer:
    status: int
    headers: http.client.HTTPMessage
    body: bytes

    @property
    def text(self) -> str:
        return unpacked(self.body, self.headers.get("Content-Encoding", ""))


class Client:
    """A browser that keeps its connection and one cookie."""

    def __init__(self, port: int, cookie: str = "", *, timeout: float = 60) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=timeout)
        self.cookie = cookie

    def get(self, path: str, **headers: str) -> Answer:
        return self._ask("GET", path, None, headers)

    def post(self, path: str, fields: Fields) -> Answer:
        body = urlencode(fields).encode()
        headers = {"Content-Type": "application/x-www-form-urlencoded", "Sec-Fetch-Site": "same-origin"}
        return self._ask("POST", path, body, headers)

    def _ask(self, method: str, path: str, body: bytes | None, headers: dict[str, str]) -> Answer:
        sent = {**headers, "Accept-Encoding": "gzip, br"}
        if self.cookie:
            sent["Cookie"] = self.cookie
        try:
            response = self._response(method, path, body, sent)
        except ConnectionResetError:
            # A server closes a connection on which nothing was asked for a while. What was posted is not said twice.
            if method != "GET":
                raise
            self._connection.close()
            response = self._response(method, path, body, sent)
        text = response.read()
        set_cookie = response.headers.get("Set-Cookie")
        if set_cookie:
            self.cookie = set_cookie.partition(";")[0]
        return Answer(response.status, response.headers, text)

    def _response(
        self, method: str, path: str, body: bytes | None, headers: dict[str, str]
    ) -> http.client.HTTPResponse:
        self._connection.request(method, path, body, headers)
        return self._connection.getresponse()


def unpacked(body: bytes, encoding: str) -> str:
    if encoding == "gzip":
        return gzip.decompress(body).decode()
    return bytes(brotli.decompress(body)).decode() if encoding == "br" else body.decode()


def wire_bytes(port: int, path: str, *headers: str) -> bytes:
    """An answer exactly as it comes over the wire, status line and headers included."""
    lines = [f"GET {path} HTTP/1.1", "Host: 127.0.0.1", "Accept-Encoding: gzip, br", "Connection: close", *headers]
    received = b""
    with socket.create_connection(("127.0.0.1", port), timeout=60) as connection:
        connection.sendall("\r\n".join([*lines, "", ""]).encode())
        while part := connection.recv(65536):
            received += part
    return received
