"""Who may use an address. Every route names one of these; a route without one fails the build."""

from __future__ import annotations

from enum import StrEnum


class Permission(StrEnum):
    #: Public: the page is the same for everybody, or empty for someone who has done nothing here.
    ANYONE = "anyone"
    #: Public to begin, and then only one's own record: what is read and written belongs to the learner of the request.
    OWN_RECORD = "own-record"
