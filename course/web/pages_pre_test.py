"""What the templates of the questions before and after the course are given: plain values, in the reader's language."""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup


@dataclass(frozen=True, slots=True)
class Offer:
    """The questions as the front page and My progress speak of them."""

    title: str
    text: str
    #: What the link says.
    action: str
    url: str


@dataclass(frozen=True, slots=True)
class GainView:
    """Before and now: of one person, or of a group with the interval of its gain."""

    chart: Markup
    before: str
    now: str
    #: With its sign, in percentage points.
    gain: str
    #: How many people it is of; empty for one person.
    people: str = ""
    #: From where to where the gain may be; empty for one person.
    interval: str = ""


@dataclass(frozen=True, slots=True)
class PreTestView:
    #: See `course.domain.gain.Stage`.
    stage: str
    questions: int
    minutes: int
    #: What she knew before, "60 %"; empty until then.
    before: str
    #: None until both forms are handed in.
    gain: GainView | None
    #: The direction of her own gain: up, level, down, or empty.
    direction: str
    start_url: str
