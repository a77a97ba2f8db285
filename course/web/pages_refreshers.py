"""What the pages of the refreshers show."""

from __future__ import annotations

from dataclasses import dataclass

from course.web.pages import QuestionView, ReviewedOption, ReviewedQuestion


@dataclass(frozen=True, slots=True)
class WishView:
    #: Whether there is a completed track to be reminded of.
    possible: bool
    #: The first letter of the address and what stands behind its @; empty when none is kept.
    address: str
    confirmed: bool
    #: The days of the refreshers to come.
    coming: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Answered:
    question: ReviewedQuestion
    options: tuple[ReviewedOption, ...]


@dataclass(frozen=True, slots=True)
class RefresherItem:
    """A question still to be answered, or what came of it."""

    open: QuestionView | None
    answered: Answered | None
