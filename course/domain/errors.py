"""What can go wrong by the rules. One place in `web` turns each into a page; see style of `course.web.errors`."""

from __future__ import annotations


class CourseError(Exception):
    """A refusal that a person can understand. The page says what to do now."""


class NotThere(CourseError):
    """No such module, lesson, attempt or certificate (or none that this person may see)."""


class ModuleLocked(CourseError):
    """The module opens when the ones it requires are passed."""

    def __init__(self, module_id: str, missing: tuple[str, ...]) -> None:
        super().__init__(f"{module_id} opens after {', '.join(missing)}")
        self.module_id = module_id
        self.missing = missing


class NoOpenAttempt(CourseError):
    """The answer belongs to an attempt that is not open any more, or never was this learner's."""


class UnknownOption(CourseError):
    """The posted answer names an option that the question does not have."""


class NotEarnedYet(CourseError):
    """A certificate was asked for while modules of the track are still missing."""

    def __init__(self, track_id: str, missing: tuple[str, ...]) -> None:
        super().__init__(f"{track_id} lacks {', '.join(missing)}")
        self.track_id = track_id
        self.missing = missing


class CertificateClosed(CourseError):
    """The certificate was revoked, replaced or has run out: nothing more can be done with it."""


class SessionNotOpen(CourseError):
    """Attendance is recorded from an hour before a session on, and by its code to an hour after it."""


class NameNeeded(CourseError):
    """The certificate needs a holder's name of 1 to 120 characters."""


class LinkNotValid(CourseError):
    """A resume link that was mistyped, replaced or has run out."""


class CohortFull(CourseError):
    """As many have joined by this code as its owner allows."""


class RosterChanged(CourseError):
    """The roster is not as it was when the file was read, or when it was put in: the plan does not fit any more."""


class TooManyTries(CourseError):
    """A throttle in the database said: later. `retry_after` is in seconds."""

    def __init__(self, retry_after: int) -> None:
        super().__init__(f"try again in {retry_after} s")
        self.retry_after = retry_after


class PdfNotAvailable(CourseError):
    """This machine cannot make PDF files now; the certificate is issued and can be fetched later."""


class SignInRefused(CourseError):
    """Address, password or code do not fit. Which of them is never said."""


class SignInEnded(CourseError):
    """A sign-in under way, or a link from a mail, that was used, was tried too often or has run out."""


class LastAdministrator(CourseError):
    """Somebody must stay who can look after the site."""


class LastSecondFactor(CourseError):
    """Trainers and administrators keep a second factor; another one comes first."""


class HasRole(CourseError):
    """An invitation for somebody who is a trainer or an administrator already: her own page is where that changes."""

    def __init__(self, account_id: int) -> None:
        super().__init__(f"account {account_id} has a role")
        self.account_id = account_id


class LaunchOver(CourseError):
    """Somebody came by a platform's launch a while ago: what she does now would belong to nobody."""


class RoleMissing(CourseError):
    """Somebody is signed in, but the address is for another role."""
