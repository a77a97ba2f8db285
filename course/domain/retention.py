"""How long each kind of data is kept. The periods are defaults; a site may set others (COURSE_KEEP)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from types import MappingProxyType


class Kind(StrEnum):
    """A kind of data with a period of its own, counted in days."""

    #: The record of a learner, since she was here last: what leads back to her, answers and names.
    RECORD = "record"
    #: A learner's account, since its last use; its owner is told before.
    ACCOUNT = "account"
    #: The name on a certificate, since its issue or, where it is valid longer, since the end of its validity.
    CERTIFICATE = "certificate"
    #: People expected in a group, since the group ended.
    ROSTER = "roster"
    #: What a roster file was to change, since it was read.
    ROSTER_FILE = "roster-file"
    #: Names on attendance lists, since the session.
    ATTENDANCE = "attendance"
    #: Mails that were sent or given up.
    MAIL = "mail"
    #: Sign-ins, requests and links that are over.
    SIGN_IN = "sign-in"
    #: Counts of wrong tries.
    TRIES = "tries"
    #: Feedback on accessibility, since its answer.
    FEEDBACK = "feedback"
    #: The audit log.
    AUDIT = "audit"


DEFAULT_DAYS: Mapping[Kind, int] = MappingProxyType(
    {
        Kind.RECORD: 730,
        Kind.ACCOUNT: 730,
        Kind.CERTIFICATE: 1826,
        Kind.ROSTER: 365,
        Kind.ROSTER_FILE: 90,
        Kind.ATTENDANCE: 730,
        Kind.MAIL: 30,
        Kind.SIGN_IN: 1,
        Kind.TRIES: 2,
        Kind.FEEDBACK: 730,
        Kind.AUDIT: 730,
    }
)
#: From the mail that an account will be removed to the removal.
NOTICE = timedelta(days=30)
#: Feedback on accessibility is answered within this time.
ANSWER_WITHIN = timedelta(days=14)


class PeriodWrong(ValueError):
    """The setting names no kind of data, or no number of days."""


@dataclass(frozen=True, slots=True)
class Periods:
    """The periods of one site."""

    days: Mapping[Kind, int]

    def since(self, kind: Kind, now: datetime) -> datetime:
        """What was over before this moment is removed."""
        return now - timedelta(days=self.days[kind])


DEFAULT_PERIODS = Periods(DEFAULT_DAYS)


def periods_from(text: str) -> Periods:
    """The defaults with what a setting says instead: "record=365, audit=1095", in days. Raises PeriodWrong."""
    days = dict(DEFAULT_DAYS)
    for part in filter(None, (one.strip() for one in text.split(","))):
        name, equals, number = (one.strip() for one in part.partition("="))
        if not (equals and name in set(Kind) and number.isdecimal() and int(number) > 0):
            raise PeriodWrong(part)
        days[Kind(name)] = int(number)
    return Periods(MappingProxyType(days))
