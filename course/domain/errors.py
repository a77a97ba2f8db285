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


class NameNeeded(CourseError):
    """The certificate needs a holder's name of 1 to 120 characters."""


class LinkNotValid(CourseError):
    """A resume link that was mistyped, replaced or has run out."""


class TooManyTries(CourseError):
    """A throttle in the database said: later. `retry_after` is in seconds."""

    def __init__(self, retry_after: int) -> None:
        super().__init__(f"try again in {retry_after} s")
        self.retry_after = retry_after


class PdfNotAvailable(CourseError):
    """This machine cannot make PDF files now; the certificate is issued and can be fetched later."""
