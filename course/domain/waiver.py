"""A waiver: a trainer passes a member of her cohort in a module without its quiz, and says why."""

from __future__ import annotations

from enum import StrEnum

from course.domain.cohort import normal_text

REASON_MIN, REASON_MAX = 10, 500


class Refusal(StrEnum):
    """Why a waiver is not given."""

    #: The reason is missing, too short to say anything, or too long.
    NO_REASON = "no-reason"
    #: The learner has passed the module, or it was waived before.
    PASSED = "passed"
    #: Nobody passes herself.
    ONESELF = "oneself"


def normal_reason(text: str) -> str:
    """The reason as it is kept, in one line; empty when it cannot be one."""
    reason = normal_text(text[: 10 * REASON_MAX])
    return reason if REASON_MIN <= len(reason) <= REASON_MAX else ""
