"""The services of a platform: scores (Assignment and Grade Services) and members (Names and Role Provisioning)."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode, urlsplit, urlunsplit

from course.domain.launch import HostRole, Platform, Score, role_of
from course.lti import claims as named
from course.lti.addresses import PlatformFault
from course.lti.connection import ask, fetch_object
from course.lti.messages import LONGEST_ID, Grades, name_in
from course.lti.outgoing import client_assertion

if TYPE_CHECKING:
    from joserfc.jwk import RSAKey

_ASSERTION = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
_SCORE = "application/vnd.ims.lis.v1.score+json"
_LINE_ITEM = "application/vnd.ims.lis.v2.lineitem+json"
_LINE_ITEMS = "application/vnd.ims.lis.v2.lineitemcontainer+json"
_MEMBERS = "application/vnd.ims.lti-nrps.v2.membershipcontainer+json"
#: Pages of a list: no course has more members than these hold.
MOST_PAGES = 200


@dataclass(frozen=True, slots=True)
class HostMember:
    """Somebody whom the platform lists in a course."""

    subject: str
    #: Empty when the platform keeps it to itself.
    name: str
    role: HostRole


class Services:
    """The services of one platform, for the time of one task."""

    def __init__(self, platform: Platform, key: RSAKey, now: Callable[[], datetime]) -> None:
        self._platform = platform
        self._key = key
        self._now = now

    def _token(self, scopes: Sequence[str]) -> str:
        found = fetch_object(
            self._platform.token_url,
            {
                "grant_type": "client_credentials",
                "client_assertion_type": _ASSERTION,
                "client_assertion": client_assertion(self._platform, self._key, self._now()),
                "scope": " ".join(scopes),
            },
        )
        token = found.get("access_token")
        if not isinstance(token, str) or not token.isascii() or not token.isprintable():
            raise PlatformFault("gave no access token")
        return token

    def send_score(self, line_item: str, subject: str, score: Score, at: datetime) -> None:
        """Tell the platform what somebody has reached. Of two messages the one with the later `at` counts."""
        said = {
            "userId": subject,
            "scoreGiven": score.given,
            "scoreMaximum": score.most,
            "activityProgress": "Completed" if score.done else "InProgress",
            "gradingProgress": "FullyGraded",
            "timestamp": at.isoformat(timespec="microseconds"),
        }
        token = self._token([named.SCORE_SCOPE])
        body = json.dumps(said).encode()
        ask(_below(line_item, "scores"), token=token, content=body, content_type=_SCORE, reads=False)

    def line_item(self, grades: Grades, link_id: str, label: str, most: int) -> str:
        """The line of grades of a link that came without one: found by the link, or made."""
        token = self._token([named.LINE_ITEM_SCOPE])
        asked = _with(grades.line_items, {"resource_link_id": link_id})
        for item in _listed(ask(asked, token=token, accept=_LINE_ITEMS).body):
            if item.get("resourceLinkId") == link_id and isinstance(item.get("id"), str):
                return str(item["id"])
        new = {"scoreMaximum": most, "label": label, "resourceLinkId": link_id}
        made = ask(
            grades.line_items, token=token, accept=_LINE_ITEM, content=json.dumps(new).encode(), content_type=_LINE_ITEM
        ).body
        if not isinstance(made, dict) or not isinstance(made.get("id"), str):
            raise PlatformFault("made no line of grades")
        return str(made["id"])

    def members(self, url: str) -> Iterator[HostMember]:
        """Everybody who belongs to a course of the platform now, page by page."""
        token = self._token([named.MEMBERS_SCOPE])
        seen: set[str] = set()
        while url and url not in seen and len(seen) < MOST_PAGES:
            seen.add(url)
            answer = ask(url, token=token, accept=_MEMBERS)
            listed = answer.body.get("members") if isinstance(answer.body, dict) else None
            if not isinstance(listed, list):
                raise PlatformFault("gave no list of members")
            yield from (member for member in map(_member, _listed(listed)) if member)
            url = answer.next_url


def fetch_keys(platform: Platform) -> dict[str, Any]:
    """The platform's public keys. Asked for at each launch: keys are changed without notice, and launches are few."""
    return fetch_object(platform.jwks_url)


def _member(said: dict[str, Any]) -> HostMember | None:
    subject, roles = said.get("user_id"), said.get("roles")
    if said.get("status", "Active") != "Active" or not isinstance(subject, str) or not 0 < len(subject) <= LONGEST_ID:
        return None
    known = [one for one in roles if isinstance(one, str)] if isinstance(roles, list) else []
    return HostMember(subject, name_in(said), role_of(known))


def _listed(found: Any) -> list[dict[str, Any]]:
    return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []


def _below(url: str, name: str) -> str:
    """An address below another one, whose arguments stay: Moodle's lines of grades have some."""
    address = urlsplit(url)
    return urlunsplit(address._replace(path=f"{address.path.rstrip('/')}/{name}"))


def _with(url: str, arguments: dict[str, str]) -> str:
    address = urlsplit(url)
    return urlunsplit(address._replace(query="&".join(part for part in (address.query, urlencode(arguments)) if part)))
