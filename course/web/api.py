"""The API: protected counts for programs that show a key, and its description."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from flask import Response, jsonify, make_response, request

from course.domain.counts import EXACT, QueryRefused, query_of
from course.domain.errors import TooManyTries
from course.domain.permission import Permission
from course.exports.count_files import JSON_TYPE, json_of
from course.services.api_keys import new_allowances, use_key
from course.services.counts import count
from course.web.api_document import document
from course.web.area import Area, Route
from course.web.site import Site

_BEARER = "bearer "


class ApiArea(Area):
    def __init__(self, site: Site) -> None:
        super().__init__(site)
        self._allowances = new_allowances()

    def routes(self) -> Iterable[Route]:
        yield Route("//api/v1/counts", "api_counts", self.counts, Permission.API_KEY)
        yield Route("//api/v1/openapi.json", "openapi", self.describe, Permission.ANYONE)

    def describe(self) -> Response:
        return jsonify(document(self.site.library, self.site.url("api_counts"), self.site.base_url))

    def counts(self) -> Response:
        """Every answer is JSON, a refusal too; the document names each code."""
        given = request.headers.get("Authorization", "")
        try:
            key = self._key(given[len(_BEARER) :]) if given.lower().startswith(_BEARER) else None
        except TooManyTries as error:
            response = _refused(429, "too_many_requests", "Ask again later.")
            response.headers["Retry-After"] = str(error.retry_after)
            return response
        if key is None:
            response = _refused(401, "key_needed", "Send a key that works: Authorization: Bearer …")
            response.headers["WWW-Authenticate"] = "Bearer"
            return response
        asked = request.args.to_dict(flat=False)
        if EXACT in asked:
            return _refused(403, "protected_only", "Exact counts are for administrators, on the page of counts.")
        try:
            query = query_of(asked)
        except QueryRefused as refused:
            return _refused(400, "not_understood", str(refused))
        site = self.site
        table = count(site.store, query, key=site.counts_key, small=site.small_count, now=site.now())
        return _json(json_of(table), 200)

    def _key(self, given: str) -> Any:
        site = self.site
        address, now = request.remote_addr or "", site.now()
        return use_key(site.store, site.secret_key, self._allowances, given.strip(), address=address, now=now)


def _json(body: bytes, status: int) -> Response:
    response = make_response(body, status)
    response.headers["Content-Type"] = JSON_TYPE
    response.headers["Cache-Control"] = "no-store"
    return response


def _refused(status: int, code: str, message: str) -> Response:
    response = jsonify({"error": {"code": code, "message": message}})
    response.status_code = status
    response.headers["Cache-Control"] = "no-store"
    return response
