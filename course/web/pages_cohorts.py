"""What the templates of cohorts, rosters and joining are given: plain values in the reader's language."""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup


@dataclass(frozen=True, slots=True)
class CohortLine:
    """One cohort in a trainer's overview."""

    name: str
    url: str
    network: str
    track: str
    due: str
    trainers: str
    members: int
    done: int
    mine: bool
    #: done, late, partly, none: a kind of mark, and the state in words.
    state: str
    state_word: str


@dataclass(frozen=True, slots=True)
class ModuleHead:
    """A column of the cohort's table."""

    id: str
    number: int
    title: str
    #: How many members have passed it.
    passed: int


@dataclass(frozen=True, slots=True)
class MemberLine:
    """A row of the cohort's table."""

    learner_id: int
    name: str
    joined: str
    #: The cells of the modules, made ahead: a symbol and a word, or the day.
    cells: Markup
    passed: int
    done: bool


@dataclass(frozen=True, slots=True)
class WaiverLine:
    """A member whom a trainer passed in a module."""

    name: str
    module: str
    reason: str
    #: Empty when her account is gone.
    author: str
    day: str
    #: Whether the module still counts as passed by it.
    counts: bool
    take_back_url: str


@dataclass(frozen=True, slots=True)
class TopicLine:
    title: str
    url: str
    module: str
    percent: str


@dataclass(frozen=True, slots=True)
class CodeLine:
    code: str
    url: str
    owner: str
    used: str
    until: str
    open: bool
    state_word: str
    revoke_url: str


@dataclass(frozen=True, slots=True)
class PointLine:
    """A row of the table below a chart."""

    day: str
    members: int
    passed: int
    done: int


@dataclass(frozen=True, slots=True)
class ExpectedLine:
    """Somebody on a roster."""

    name: str
    email: str
    organisation: str
    profession: str
    #: done, partly, none: joined, invited, not invited.
    state: str
    state_word: str
    remove_url: str
    #: Empty for who has joined, and while the group is closed.
    link_url: str


@dataclass(frozen=True, slots=True)
class ChangeLine:
    """What a roster file changes for one person."""

    new: bool
    name: str
    #: (what, before, after) of every change.
    fields: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True, slots=True)
class OwnCohort:
    """A cohort on a learner's own progress page."""

    name: str
    network: str
    track: str
    due: str
    #: The name that she gave there.
    as_name: str
    trainers: str
    #: Whether its trainers have closed it.
    closed: bool
    leave_url: str
