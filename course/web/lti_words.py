"""Why a launch is refused, in words: what is wrong, and what to do now."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus

from course.domain.launch import Refusal

Say = Callable[[str], str]

_GONE = {
    Refusal.STATE_EXPIRED,
    Refusal.STATE_USED,
    Refusal.CHOICE_ENDED,
    Refusal.INVITATION_WRONG,
}
_NOT_LET_IN = {
    Refusal.PLATFORM_UNKNOWN,
    Refusal.PLATFORM_DISABLED,
    Refusal.DEPLOYMENT_WRONG,
    Refusal.OTHER_BROWSER,
    Refusal.PLATFORM_SAYS_NO,
}
_NOT_PROVEN = {
    Refusal.SIGNATURE_WRONG,
    Refusal.ISSUER_WRONG,
    Refusal.AUDIENCE_WRONG,
    Refusal.NONCE_WRONG,
    Refusal.TIME_WRONG,
}


def status_of(why: Refusal) -> HTTPStatus:
    if why in _GONE:
        return HTTPStatus.GONE
    if why in _NOT_LET_IN:
        return HTTPStatus.FORBIDDEN
    if why in _NOT_PROVEN:
        return HTTPStatus.UNAUTHORIZED
    if why is Refusal.TOO_MANY:
        return HTTPStatus.TOO_MANY_REQUESTS
    return HTTPStatus.FAILED_DEPENDENCY if why is Refusal.KEYS_UNREACHABLE else HTTPStatus.BAD_REQUEST


def words_of(why: Refusal, say: Say) -> tuple[str, str]:
    """(what is wrong, what to do)"""
    again = say("Go back to your learning platform and open the link once more.")
    support = say("If it happens again, tell the administrator of your learning platform the word below.")
    helped = f"{again} {support}"
    administrator = say("Tell the administrator of your learning platform the word below.")
    known = {
        **_of_platforms(say, administrator, again),
        **_of_states(say, again),
        **_of_messages(say, helped, administrator),
        **_of_choices(say, administrator, again),
    }
    return known[why]


def _of_platforms(say: Say, administrator: str, again: str) -> dict[Refusal, tuple[str, str]]:
    return {
        Refusal.REQUEST_INCOMPLETE: (
            say("The learning platform did not say who sends you, or where to."),
            again,
        ),
        Refusal.TOO_MANY: (
            say("Very many links were opened from your network within ten minutes."),
            say("Wait ten minutes and open the link once more."),
        ),
        Refusal.PLATFORM_UNKNOWN: (
            say("The learning platform that sent you is not registered with this course."),
            administrator,
        ),
        Refusal.PLATFORM_DISABLED: (
            say("The learning platform that sent you is not let in at present."),
            administrator,
        ),
        Refusal.DEPLOYMENT_WRONG: (
            say("This course has not been allowed for this part of the learning platform yet."),
            say("An administrator of this course can allow it on the page of the platform. Then open the link again."),
        ),
        Refusal.TARGET_FOREIGN: (
            say("The link leads to a page that this course does not have."),
            say("Tell the person who put the link into your course. It can be chosen anew there."),
        ),
        Refusal.PLATFORM_SAYS_NO: (
            say("The learning platform stopped the launch itself."),
            say("Sign in to your learning platform and open the link once more."),
        ),
        Refusal.KEYS_UNREACHABLE: (
            say("The learning platform could not be asked whether it really sent you."),
            say("Wait a moment and open the link once more."),
        ),
    }


def _of_states(say: Say, again: str) -> dict[Refusal, tuple[str, str]]:
    return {
        Refusal.STATE_UNKNOWN: (say("This launch did not begin here."), again),
        Refusal.STATE_EXPIRED: (say("This launch took longer than ten minutes."), again),
        Refusal.STATE_USED: (
            say("This launch was used before. For your safety each one counts once."),
            again,
        ),
        Refusal.OTHER_BROWSER: (
            say("This launch began in another browser, or your browser keeps no cookies here."),
            say("Open the link once more. If it happens again, let it open in a new window, or allow cookies."),
        ),
    }


def _of_messages(say: Say, helped: str, administrator: str) -> dict[Refusal, tuple[str, str]]:
    return {
        Refusal.TOKEN_UNREADABLE: (say("The message of the learning platform cannot be read."), helped),
        Refusal.SIGNATURE_WRONG: (
            say("The message is not signed with a key of the learning platform."),
            helped,
        ),
        Refusal.ISSUER_WRONG: (
            say("The message comes from another learning platform than the launch began on."),
            helped,
        ),
        Refusal.AUDIENCE_WRONG: (say("The message was made for somebody else than this course."), helped),
        Refusal.NONCE_WRONG: (say("The message belongs to another launch than this one."), helped),
        Refusal.TIME_WRONG: (
            say("The message is too old, or the clock of the learning platform is wrong."),
            helped,
        ),
        Refusal.VERSION_WRONG: (
            say("The learning platform speaks another version than LTI 1.3."),
            administrator,
        ),
        Refusal.MESSAGE_WRONG: (
            say("The learning platform asks for something that this course does not do."),
            administrator,
        ),
        Refusal.TARGET_CHANGED: (
            say("The message leads to another page than the launch began with."),
            helped,
        ),
        Refusal.PERSON_UNKNOWN: (
            say("The learning platform does not say who you are, so nothing you do could be kept."),
            administrator,
        ),
        Refusal.LINK_MISSING: (
            say("The learning platform does not say which link was opened."),
            administrator,
        ),
        Refusal.ROLES_MISSING: (
            say("The learning platform does not say whether you learn or teach."),
            administrator,
        ),
    }


def _of_choices(say: Say, administrator: str, again: str) -> dict[Refusal, tuple[str, str]]:
    return {
        Refusal.CHOICE_IMPOSSIBLE: (
            say("The learning platform does not take links from this course here."),
            administrator,
        ),
        Refusal.CHOICE_ENDED: (say("The choice was open for too long, or its page was changed."), again),
        Refusal.INVITATION_WRONG: (
            say("The address for the registration was used before, is older than seven days, or is mistyped."),
            say("An administrator of this course can make a new one."),
        ),
        Refusal.REGISTRATION_WRONG: (
            say("The learning platform and this course could not agree."),
            say("Register the platform by hand: an administrator of this course enters its addresses."),
        ),
    }
