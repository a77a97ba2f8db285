"""Cases and tools as the rest of the house sees them: a part of the library. HTML strings are safe as they are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from course.domain.case import Graph
from course.domain.referral import Advice, Asked


@dataclass(frozen=True, slots=True)
class ChoiceWords:
    text: str
    #: What follows from the choice, and why it was or was not a good one.
    why: str


@dataclass(frozen=True, slots=True)
class NodeWords:
    text: str
    choices: Mapping[str, ChoiceWords]
    #: Of a loss: how it came, and what helps. Empty elsewhere.
    why: str


@dataclass(frozen=True, slots=True)
class CaseWords:
    title: str
    summary: str
    nodes: Mapping[str, NodeWords]


@dataclass(frozen=True, slots=True)
class Case:
    id: str
    track_ids: tuple[str, ...]
    graph: Graph
    #: By language.
    words: Mapping[str, CaseWords]


@dataclass(frozen=True, slots=True)
class AskedWords:
    ask: str
    options: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class ReferralWords:
    title: str
    summary: str
    questions: Mapping[str, AskedWords]
    #: Advice id -> HTML.
    advice: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Referral:
    """The referral navigator."""

    questions: tuple[Asked, ...]
    advice: tuple[Advice, ...]
    words: Mapping[str, ReferralWords]


@dataclass(frozen=True, slots=True)
class Reading:
    """How signs are read: a sentence, by its id, and what it rests on."""

    id: str
    section: str
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Setting:
    """Where signs are met."""

    id: str
    section: str
    sources: tuple[str, ...]
    signs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class IndicatorsWords:
    title: str
    summary: str
    settings: Mapping[str, str]
    #: Setting id -> sign id -> HTML.
    signs: Mapping[str, Mapping[str, str]]
    everywhere: Mapping[str, str]
    #: Reading id -> HTML, of all three kinds.
    readings: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Indicators:
    """The indicator checklist."""

    settings: tuple[Setting, ...]
    everywhere: tuple[str, ...]
    means: tuple[Reading, ...]
    means_not: tuple[Reading, ...]
    then: tuple[Reading, ...]
    words: Mapping[str, IndicatorsWords]


@dataclass(frozen=True, slots=True)
class Practice:
    """What a package has for practice; each part may be missing."""

    cases: Mapping[str, Case] = field(default_factory=dict)
    referral: Referral | None = None
    indicators: Indicators | None = None
