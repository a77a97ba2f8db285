"""What a browser receives at the first load of a lesson and at the next one, to the byte."""

from __future__ import annotations

import re
from dataclasses import dataclass

from bench.client import unpacked, wire_bytes
from course.content.library import Library

_NEEDED = re.compile(r'<(?:link|script)\b[^>]*?\b(?:href|src)="(/[^"]+)"')


@dataclass(frozen=True)
class Load:
    address: str
    size: int
    requests: int
    repeat_size: int
    repeat_requests: int


def heaviest_load(port: int, library: Library) -> Load:
    """The lesson with the most bytes, of all lessons in all languages whose module has a quiz."""
    addresses = [
        f"/{language}/modules/{module.id}/{lesson}/"
        for language in library.languages
        for module in library.modules
        if module.quiz
        for lesson in module.lesson_ids
    ]
    return measure(port, max(addresses, key=lambda address: len(wire_bytes(port, address))))


def measure(port: int, address: str) -> Load:
    page = wire_bytes(port, address)
    head, _, body = page.partition(b"\r\n\r\n")
    headers = _headers(head)
    html = unpacked(body, headers.get("content-encoding", ""))
    files = dict.fromkeys(_NEEDED.findall(html))
    answers = {file: wire_bytes(port, file) for file in files}
    for file, answer in answers.items():
        if "immutable" not in _headers(answer.partition(b"\r\n\r\n")[0]).get("cache-control", ""):
            raise RuntimeError(f"a browser would ask for {file} again")
    repeat = wire_bytes(port, address, f"If-None-Match: {headers['etag']}")
    if not repeat.startswith(b"HTTP/1.1 304"):
        raise RuntimeError("the page was sent again although nothing has changed")
    return Load(address, len(page) + sum(map(len, answers.values())), 1 + len(files), len(repeat), 1)


def _headers(head: bytes) -> dict[str, str]:
    lines = head.decode("latin-1").split("\r\n")[1:]
    return {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
