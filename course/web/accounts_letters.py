"""The words of the mails about accounts: plain text, one matter a mail, in the reader's language."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from course.domain.account import INVITATION_LASTS, RECOVERY_LASTS, REQUEST_LASTS
from course.services.mail import Letter

Say = Callable[..., str]


def _letter(subject: str, paragraphs: Sequence[str]) -> Letter:
    return Letter(subject, "\n\n".join(paragraphs) + "\n")


def code_letter(say: Say, site: str, code: str) -> Letter:
    return _letter(
        say("%(code)s is your code", code=code),
        [
            say("Your code for %(site)s:", site=site),
            f"    {code[:4]} {code[4:]}",
            say(
                "Type it on the page where you asked for it, within %(minutes)s minutes. It works only there and once.",
                minutes=int(REQUEST_LASTS.total_seconds() // 60),
            ),
            say("If you did not ask for it, you need not do anything: without the code nobody gets in."),
        ],
    )


def staff_code_letter(say: Say, site: str, sign_in_url: str) -> Letter:
    """For a trainer who asked for a learner's code."""
    return _letter(
        say("Signing in to %(site)s", site=site),
        [
            say("Somebody, probably you, asked for a code for this address."),
            say("Your account signs in with its password and a second factor:"),
            f"    {sign_in_url}",
            say("If you did not ask for it, you need not do anything."),
        ],
    )


def invitation_letter(say: Say, site: str, by: str, link: str) -> Letter:
    return _letter(
        say("Invitation to %(site)s", site=site),
        [
            say("%(name)s invites you to look after the training on %(site)s.", name=by, site=site),
            say("Open this link, choose a password, and set up a second factor (an app on your phone, or a passkey):"),
            f"    {link}",
            say(
                "The link works for %(days)s days, once. Keep it to yourself: it opens your account.",
                days=INVITATION_LASTS.days,
            ),
            say("If you know nothing of this, you need not do anything."),
        ],
    )


def recovery_letter(say: Say, site: str, link: str) -> Letter:
    return _letter(
        say("A new password for %(site)s", site=site),
        [
            say("Somebody, probably you, asked for a new password. Open this link to choose one:"),
            f"    {link}",
            say(
                "The link works for %(minutes)s minutes, once. Your second factor is asked for as always.",
                minutes=int(RECOVERY_LASTS.total_seconds() // 60),
            ),
            say("If you did not ask for it, you need not do anything: your password stays as it is."),
        ],
    )
