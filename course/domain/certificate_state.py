"""What a certificate is worth today, told from its journal. Nothing is ever taken out of the journal."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from course.domain.errors import CertificateClosed

#: The day on a certificate is the day in Finland.
HOME = ZoneInfo("Europe/Helsinki")
#: A holder corrects a slip by herself; whoever wants a fourth name is asked to turn to an administrator.
CORRECTIONS_MAX = 3


class Deed(StrEnum):
    """What the journal of a certificate can hold, each at most once."""

    ISSUED = "issued"
    #: Its holder's name was corrected: another certificate with another number stands in its place.
    REPLACED = "replaced"
    REVOKED = "revoked"
    #: The holder's data is gone; that the certificate was issued stays true.
    ERASED = "erased"


class Actor(StrEnum):
    """Who did it."""

    HOLDER = "holder"
    ADMINISTRATOR = "administrator"
    #: Whoever looks after the machine, from the command line.
    OPERATOR = "operator"


class Reason(StrEnum):
    """Why a certificate was revoked. The class is told to whoever checks it; the note is for administrators only."""

    MISTAKE = "mistake"
    HOLDER_ASKED = "holder-asked"
    NOT_OWN_WORK = "not-own-work"
    MISUSE = "misuse"


class State(StrEnum):
    VALID = "valid"
    REPLACED = "replaced"
    REVOKED = "revoked"
    EXPIRED = "expired"


@dataclass(frozen=True, slots=True)
class Event:
    """One line of the journal."""

    deed: Deed
    at: datetime
    reason: Reason | None = None
    #: The number of the certificate that stands in its place.
    successor: str | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """What a certificate is worth on a day."""

    state: State
    #: The day on which it was replaced or revoked, or the last day on which it was valid; None for a valid one.
    since: date | None = None
    reason: Reason | None = None
    successor: str | None = None
    #: The day on which its holder's data was erased.
    erased_on: date | None = None

    @property
    def is_valid(self) -> bool:
        return self.state is State.VALID


def day_at_home(moment: datetime) -> date:
    """The day in Finland at a moment."""
    return moment.astimezone(HOME).date()


def standing(events: Iterable[Event], valid_until: date | None, today: date) -> Standing:
    """Revoked says more than replaced, and replaced more than expired: whoever checks gets the answer that counts."""
    by_deed = {event.deed: event for event in events}
    erased = by_deed.get(Deed.ERASED)
    erased_on = day_at_home(erased.at) if erased else None
    if found := by_deed.get(Deed.REVOKED):
        return Standing(State.REVOKED, day_at_home(found.at), reason=found.reason, erased_on=erased_on)
    if found := by_deed.get(Deed.REPLACED):
        return Standing(State.REPLACED, day_at_home(found.at), successor=found.successor, erased_on=erased_on)
    if valid_until is not None and today > valid_until:
        return Standing(State.EXPIRED, valid_until, erased_on=erased_on)
    return Standing(State.VALID, erased_on=erased_on)


def require_replaceable(current: Standing, *, sequence: int, actor: Actor) -> None:
    """Only a valid certificate with a holder gets a successor; by the holder herself only a few times.

    `sequence` counts the certificates for one right, from 1. Raises CertificateClosed.
    """
    if not current.is_valid or current.erased_on is not None:
        raise CertificateClosed
    if actor is Actor.HOLDER and sequence > CORRECTIONS_MAX:
        raise CertificateClosed


def require_revocable(current: Standing) -> None:
    """What was replaced or revoked is worth nothing already; the successor can be revoked. Raises CertificateClosed."""
    if current.state not in (State.VALID, State.EXPIRED):
        raise CertificateClosed


def last_valid_day(issued_on: date, years: int | None) -> date | None:
    """The last day of a certificate that is valid for some years; None for one without an end."""
    if years is None:
        return None
    try:
        return issued_on.replace(year=issued_on.year + years)
    except ValueError:
        # Issued on the 29th of February: the year it ends in has none.
        return issued_on.replace(year=issued_on.year + years, day=28)
