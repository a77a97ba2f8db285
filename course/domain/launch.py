"""A launch from a host: what it may lead to, whom the host sends, and why it is refused."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from course.domain.errors import CourseError

#: A launch under way: from the host's first request to its signed message.
LOGIN_LASTS = timedelta(minutes=10)
#: A learner who came by a launch studies so long without another one.
LAUNCH_LASTS = timedelta(hours=12)
#: An administrator's invitation to a host to register itself.
INVITATION_LASTS = timedelta(days=7)
#: The time that passes in the choice of what to link to.
CHOICE_LASTS = timedelta(hours=2)


class Refusal(StrEnum):
    """Why a launch is refused. Each has its sentence in `course.web.lti_words`."""

    REQUEST_INCOMPLETE = "request-incomplete"
    TOO_MANY = "too-many"
    PLATFORM_UNKNOWN = "platform-unknown"
    PLATFORM_DISABLED = "platform-disabled"
    TARGET_FOREIGN = "target-foreign"
    PLATFORM_SAYS_NO = "platform-says-no"
    STATE_UNKNOWN = "state-unknown"
    STATE_EXPIRED = "state-expired"
    STATE_USED = "state-used"
    OTHER_BROWSER = "other-browser"
    KEYS_UNREACHABLE = "keys-unreachable"
    TOKEN_UNREADABLE = "token-unreadable"
    SIGNATURE_WRONG = "signature-wrong"
    ISSUER_WRONG = "issuer-wrong"
    AUDIENCE_WRONG = "audience-wrong"
    NONCE_WRONG = "nonce-wrong"
    TIME_WRONG = "time-wrong"
    VERSION_WRONG = "version-wrong"
    MESSAGE_WRONG = "message-wrong"
    DEPLOYMENT_WRONG = "deployment-wrong"
    TARGET_CHANGED = "target-changed"
    PERSON_UNKNOWN = "person-unknown"
    LINK_MISSING = "link-missing"
    ROLES_MISSING = "roles-missing"
    CHOICE_IMPOSSIBLE = "choice-impossible"
    CHOICE_ENDED = "choice-ended"
    INVITATION_WRONG = "invitation-wrong"
    REGISTRATION_WRONG = "registration-wrong"


class LaunchRefused(CourseError):
    """A launch, or a registration, that is not taken. `detail` is for the log: never a secret, never a name."""

    def __init__(self, why: Refusal, detail: str = "") -> None:
        super().__init__(f"{why.value}: {detail}" if detail else why.value)
        self.why = why
        self.detail = detail
        #: Pages of these sites may show the refusal in a frame; empty while nothing is known of who sent it.
        self.frames = ""
        #: The platform's row, for the log; 0 while it is not known.
        self.platform_id = 0


# Who launches


@dataclass(frozen=True, slots=True)
class Platform:
    """A learning management system that may launch the course: names and addresses that two programs have agreed on."""

    issuer: str
    #: What this course is called there.
    client_id: str
    auth_url: str
    token_url: str
    jwks_url: str
    #: Whom our requests for access tokens are for, where that is not the address they are sent to.
    audience: str = ""


# What a launch leads to


class Part(StrEnum):
    COURSE = "course"
    MODULE = "module"
    QUIZ = "quiz"


@dataclass(frozen=True, slots=True)
class Target:
    """The whole course, a module, or a module's quiz."""

    part: Part
    #: Empty for the course.
    module_id: str = ""


COURSE = Target(Part.COURSE)


def target_of(arguments: Mapping[str, str], modules: Collection[str], quizzes: Collection[str]) -> Target | None:
    """What an address of ours leads to, by its arguments; None for a module or quiz that is not there."""
    if quiz := arguments.get("quiz", ""):
        return Target(Part.QUIZ, quiz) if quiz in quizzes else None
    if module := arguments.get("module", ""):
        return Target(Part.MODULE, module) if module in modules else None
    return COURSE


# Whom the host sends


class HostRole(StrEnum):
    """What somebody is to us who comes from a host. None of them is ever an administrator here."""

    LEARNER = "learner"
    #: Teaches in the host's course, or administers the host: sees the group of that course, and nothing else.
    INSTRUCTOR = "instructor"


_VOCABULARY = "http://purl.imsglobal.org/vocab/lis/v2/"
#: Roles in the course itself count before those in the institution or the system.
_TEACHES = frozenset({"Instructor", "TeachingAssistant", "Administrator"})
_LEARNS = frozenset({"Learner", "Student"})
_RUNS_THE_HOST = frozenset({"Administrator", "SysAdmin", "AccountAdmin"})


def role_of(roles: Iterable[str]) -> HostRole:
    """By the role in the course; without one, whoever administers the host may look at the group as well."""
    inside: set[str] = set()
    outside: set[str] = set()
    for role in roles:
        if not role.startswith(_VOCABULARY):
            # The short names of roles in the course are allowed still.
            inside.add(role)
            continue
        kind, _, name = role.removeprefix(_VOCABULARY).partition("#")
        # A finer role names the one it belongs to before the sign: membership/Instructor#Grader.
        place, _, principal = kind.partition("/")
        if place == "membership":
            inside.update((principal, name))
        else:
            outside.add(name)
    if inside & _TEACHES:
        return HostRole.INSTRUCTOR
    if inside & _LEARNS:
        return HostRole.LEARNER
    return HostRole.INSTRUCTOR if outside & _RUNS_THE_HOST else HostRole.LEARNER


# What the host is told


@dataclass(frozen=True, slots=True)
class Score:
    """What goes into the host's list of grades."""

    given: int
    most: int
    done: bool


#: A score is told in percent, whatever the link leads to; a line of grades is made for as many.
MOST_POINTS = 100


def score_of(
    target: Target, *, passed: Collection[str], best: Mapping[str, int], modules: Sequence[str]
) -> Score | None:
    """What somebody has reached in a link's target; None while there is nothing to tell.

    A module or a quiz counts the best percentage of its quiz; passed without one, by attending a session, it is all of
    it. The course counts the mean of its modules, as packages do, and is done when all of them are passed.
    """
    counted = modules if target.part is Part.COURSE else [target.module_id]
    if not any(one in passed or one in best for one in counted):
        return None
    given = sum(best.get(one, 100 if one in passed else 0) for one in counted) // len(counted)
    return Score(given, MOST_POINTS, done=all(one in passed for one in counted))
