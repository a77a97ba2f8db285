"""The kinds of data that the site keeps, what for, and how long: the table of the privacy page."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from course.domain.retention import NOTICE, Kind
from course.web.site import Site

_YEAR = 365.25
_MONTH = _YEAR / 12


@dataclass(frozen=True, slots=True)
class KeptKind:
    title: str
    purpose: str
    period: str


def kept_kinds(site: Site, language: str) -> tuple[KeptKind, ...]:
    """Every kind that has a period, with the period of this very site."""

    def say(text: str, **values: object) -> str:
        return site.say(language, text, **values)

    since = _since(say)
    words = _words(say)
    return tuple(KeptKind(*words[kind], since[kind] + " " + _period(site.periods.days[kind], say)) for kind in Kind)


def _period(days: int, say: Callable[..., str]) -> str:
    """Months where it is years or about that, hours for a day or two, days between."""
    if days >= 360:
        return say("%(number)s months", number=round(days / _MONTH))
    if days <= 3:
        return say("%(number)s hours", number=days * 24)
    return say("%(number)s days", number=days)


def _since(say: Callable[..., str]) -> dict[Kind, str]:
    unused, written = say("Since you were here last:"), say("Since it was written:")
    return {
        Kind.RECORD: unused,
        Kind.ACCOUNT: unused,
        Kind.CERTIFICATE: say("Since its issue, and while it is valid:"),
        Kind.ROSTER: say("Since the group ended:"),
        Kind.ROSTER_FILE: say("Since it was read:"),
        Kind.ATTENDANCE: say("Since the session:"),
        Kind.MAIL: say("Since it was sent:"),
        Kind.SIGN_IN: say("Since it ran out:"),
        Kind.TRIES: written,
        Kind.FEEDBACK: say("Since its answer:"),
        Kind.AUDIT: written,
    }


def _words(say: Callable[..., str]) -> dict[Kind, tuple[str, str]]:
    return {
        Kind.RECORD: (
            say("Progress, attempts and answers"),
            say(
                "So that you can go on where you stopped. Afterwards only dates and results stay, for counts, and "
                "nothing leads from them to you."
            ),
        ),
        Kind.ACCOUNT: (
            say("Account of a learner"),
            say(
                "So that you find your progress on every device. You get a mail %(days)s days before it goes.",
                days=NOTICE.days,
            ),
        ),
        Kind.CERTIFICATE: (
            say("Name on a certificate, and its file"),
            say("So that an employer can check it. The number, the edition and the date stay for good."),
        ),
        Kind.ROSTER: (
            say("People expected in a group"),
            say("So that a trainer can invite and remind them: name, mail address, organisation, profession."),
        ),
        Kind.ROSTER_FILE: (say("What a list changed"), say("So that a mistake in a list can be taken back.")),
        Kind.ATTENDANCE: (
            say("Names on attendance lists"),
            say("So that attendance counts for those who were there. The number of people stays."),
        ),
        Kind.MAIL: (say("Mails"), say("So that a mail that did not arrive can be sent again.")),
        Kind.SIGN_IN: (say("Sign-ins and links"), say("So that you are let in, and nobody else.")),
        Kind.TRIES: (
            say("Counts of wrong tries"),
            say("So that codes cannot be guessed. No address can be read from them."),
        ),
        Kind.FEEDBACK: (
            say("Feedback on accessibility"),
            say("So that it can be answered in time: the message, and a mail address if you gave one."),
        ),
        Kind.AUDIT: (
            say("Audit log"),
            say("So that it can be seen who changed rights or handed out data. It holds numbers, no names."),
        ),
    }
