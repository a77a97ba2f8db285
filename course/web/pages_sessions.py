"""What the templates of sessions, reminders and reach are given."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SessionRow:
    title: str
    url: str
    when: str
    where: str
    network: str
    #: done, partly, none, off: see the component mark.
    state: str
    state_word: str
    known: int
    without_names: int


@dataclass(frozen=True, slots=True)
class AttendanceRow:
    name: str
    how: str
    strike_url: str


@dataclass(frozen=True, slots=True)
class KitRow:
    language: str
    code: str
    #: none, waiting, ready, old
    state: str
    made: str
    file_url: str


@dataclass(frozen=True, slots=True)
class SessionView:
    title: str
    when: str
    place: str
    link: str
    network: str
    cohort: str
    cohort_url: str
    track: str
    topics: tuple[str, ...]
    #: Topics that attendance passes on this track.
    passing: tuple[str, ...]
    agenda: tuple[str, ...]
    cancelled: bool
    #: Whether it may be written down who was there.
    begun: bool
    #: When that begins.
    opens: str
    code_open: bool
    known: int
    without_names: int


@dataclass(frozen=True, slots=True)
class LetterView:
    language: str
    language_name: str
    subject: str
    paragraphs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ReachRow:
    """One line of a table of reach: texts, as a hidden count is none."""

    title: str
    cells: tuple[str, ...]
