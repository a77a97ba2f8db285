"""A record store for tests: takes what a cmi5 unit sends, as it comes, and refuses what cmi5 refuses."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

ACTOR = {"objectType": "Agent", "account": {"homePage": "https://platform.example", "name": "learner-7"}}
REGISTRATION = "1b1d9bd0-6f3a-4b6c-9a0f-6a6f1f6b8a11"
SESSION = "https://w3id.org/xapi/cmi5/context/extensions/sessionid"
CMI5 = "https://w3id.org/xapi/cmi5/context/categories/cmi5"

Answer = tuple[int, Mapping[str, str], bytes]


@dataclass
class RecordStore:
    """One learner's registration for one unit."""

    unit: str
    mode: str = "Normal"
    mastery: float | None = 0.8
    return_url: str = ""
    launches: int = 0
    states: dict[str, bytes] = field(default_factory=dict)
    statements: list[dict[str, Any]] = field(default_factory=list)
    #: What was refused, and why.
    refused: list[str] = field(default_factory=list)
    tokens_given: set[str] = field(default_factory=set)

    def launch(self, platform: str) -> str:
        """The address of the unit with what a launch adds to it."""
        self.launches += 1
        self.states["LMS.LaunchData"] = json.dumps(self.launch_data()).encode()
        given = {
            "endpoint": f"{platform}/xapi/",
            "fetch": f"{platform}/fetch/{self.launches}",
            "actor": json.dumps(ACTOR),
            "registration": REGISTRATION,
            "activityId": self.unit,
        }
        return f"{platform}/package/index.html?{urlencode(given)}"

    def launch_data(self) -> dict[str, Any]:
        data: dict[str, Any] = {
            "contextTemplate": {
                "contextActivities": {
                    "category": [{"id": CMI5}],
                    "grouping": [{"id": "https://platform.example/activities/course-1"}],
                },
                "extensions": {SESSION: f"session-{self.launches}"},
            },
            "launchMode": self.mode,
            "moveOn": "CompletedAndPassed",
        }
        if self.mastery is not None:
            data["masteryScore"] = self.mastery
        if self.return_url:
            data["returnURL"] = self.return_url
        return data

    def answer(self, method: str, address: str, headers: Mapping[str, str], body: bytes) -> Answer:
        parts = urlsplit(address)
        values = {name: found[0] for name, found in parse_qs(parts.query).items()}
        if parts.path.startswith("/fetch/"):
            return self._token(parts.path)
        if not parts.path.startswith("/xapi/"):
            return 404, {}, b""
        if headers.get("Authorization") != f"Basic token-{self.launches}":
            return 401, {}, b""
        if headers.get("X-Experience-API-Version") != "1.0.3":
            return 400, {}, b""
        if parts.path == "/xapi/activities/state":
            return self._state(method, values, body)
        if parts.path == "/xapi/statements":
            return self._statements(method, values, json.loads(body))
        return 404, {}, b""

    def _token(self, path: str) -> Answer:
        """Given once for each launch."""
        if path in self.tokens_given:
            return 200, {"Content-Type": "application/json"}, b'{"error-code": "1", "error-text": "used"}'
        self.tokens_given.add(path)
        return 200, {"Content-Type": "application/json"}, json.dumps({"auth-token": f"token-{self.launches}"}).encode()

    def _state(self, method: str, values: Mapping[str, str], body: bytes) -> Answer:
        assert values["activityId"] == self.unit
        assert json.loads(values["agent"]) == ACTOR
        assert values["registration"] == REGISTRATION
        if method == "PUT":
            self.states[values["stateId"]] = body
            return 204, {}, b""
        kept = self.states.get(values["stateId"])
        return (404, {}, b"") if kept is None else (200, {"Content-Type": "application/json"}, kept)

    def _statements(self, method: str, values: Mapping[str, str], given: Any) -> Answer:
        many = given if isinstance(given, list) else [given]
        if method == "PUT" and values["statementId"] != given["id"]:
            return 400, {}, b""
        for one in many:
            if any(known["id"] == one["id"] for known in self.statements):
                return 409, {}, b""
            if why := self.against_the_order(one):
                self.refused.append(why)
                return 403, {}, why.encode()
            self.statements.append(one)
        return (204, {}, b"") if method == "PUT" else (200, {"Content-Type": "application/json"}, b"[]")

    def against_the_order(self, one: Mapping[str, Any]) -> str:
        """The rules of order of cmi5 (sections 9.3 and 10.1): why this statement may not come now, or nothing."""
        verb, session = verb_of(one), one["context"]["extensions"].get(SESSION)
        of_session = [verb_of(known) for known in self.statements if known["context"]["extensions"][SESSION] == session]
        if session != f"session-{self.launches}":
            return "another session"
        if (verb == "initialized") != (not of_session):
            return f"{verb} after {of_session}"
        if "terminated" in of_session:
            return f"{verb} after terminated"
        if verb in ("completed", "passed") and verb in [verb_of(known) for known in self.statements]:
            return f"a second {verb}"
        if verb in ("completed", "passed") and self.mode != "Normal":
            return f"{verb} in {self.mode}"
        return ""


def verb_of(statement: Mapping[str, Any]) -> str:
    return str(statement["verb"]["id"]).rpartition("/")[2]
