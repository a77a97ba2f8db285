"""The API: protected counts for programs that show a key, and its description."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl

from flask import Response, jsonify, request

from course.domain.counts import EXACT, QueryRefused, query_of
from course.domain.errors import TooManyTries
from course.domain.permission import Permission
from course.exports.count_files import JSON_TYPE, json_of
from course.services.api_keys import use_key
from course.services.counts import count
from course.storage.api_keys import StoredKey
from course.web.api_document import document
from course.web.area import Area, Route
from course.web.headers import NEVER
from course.web.site import Site

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

#: Below the mount.
COUNTS_ADDRESS = "/api/v1/counts"
_BEARER = "bearer "
#: What every answer says of itself: a refusal is JSON, too, and none is kept.
_OF_EVERY_ANSWER = [("Content-Type", JSON_TYPE), ("Cache-Control", NEVER)]


@dataclass(frozen=True, slots=True)
class ApiAnswer:
    """What is sent, by Flask or by the short way past it."""

    status: int
    body: bytes
    headers: list[tuple[str, str]]


class ApiArea(Area):
    def routes(self) -> Iterable[Route]:
        yield Route(f"/{COUNTS_ADDRESS}", "api_counts", self.counts, Permission.API_KEY)
        yield Route("//api/v1/openapi.json", "openapi", self.describe, Permission.ANYONE)

    def describe(self) -> Response:
        return jsonify(document(self.site.library, self.site.path("api_counts"), self.site.base_url))

    def counts(self) -> Response:
        answer = answer_counts(self.site, request.environ)
        return Response(answer.body, answer.status, answer.headers)


def answer_counts(site: Site, environ: WSGIEnvironment) -> ApiAnswer:
    """The counts that a request asks for, if its key may have them. The document names the code of each refusal."""
    try:
        key = _key(site, environ)
    except TooManyTries as error:
        return _refused(429, "too_many_requests", "Ask again later.", ("Retry-After", str(error.retry_after)))
    if key is None:
        bearer = ("WWW-Authenticate", "Bearer")
        return _refused(401, "key_needed", "Send a key that works: Authorization: Bearer …", bearer)
    asked: dict[str, list[str]] = {}
    for name, value in parse_qsl(environ.get("QUERY_STRING", ""), keep_blank_values=True):
        asked.setdefault(name, []).append(value)
    if EXACT in asked:
        return _refused(403, "protected_only", "Exact counts are for administrators, on the page of counts.")
    try:
        query = query_of(asked)
    except QueryRefused as refused:
        return _refused(400, "not_understood", str(refused))
    table = count(site.store, query, key=site.counts_key, small=site.small_count, now=site.now())
    return ApiAnswer(200, json_of(table), _OF_EVERY_ANSWER)


def _key(site: Site, environ: WSGIEnvironment) -> StoredKey | None:
    given = environ.get("HTTP_AUTHORIZATION", "")
    if not given.lower().startswith(_BEARER):
        return None
    key, address = given[len(_BEARER) :].strip(), environ.get("REMOTE_ADDR", "")
    return use_key(site.store, site.secret_key, site.api_allowances, key, address=address, now=site.now())


def _refused(status: int, code: str, message: str, *headers: tuple[str, str]) -> ApiAnswer:
    body = json.dumps({"error": {"code": code, "message": message}}, ensure_ascii=False)
    return ApiAnswer(status, f"{body}\n".encode(), [*_OF_EVERY_ANSWER, *headers])
