"""What the pages about changes of the content are given: plain values in the reader's language."""

from __future__ import annotations

from dataclasses import dataclass

from course.web.pages import Link


@dataclass(frozen=True, slots=True)
class ChangesNotice:
    """There is something to read."""

    sections: int
    minutes: int
    url: str


@dataclass(frozen=True, slots=True)
class ChangedSection:
    link: Link
    #: The module in which it stands.
    module: str
    text_html: str


@dataclass(frozen=True, slots=True)
class EditionChanges:
    edition: str
    published: str
    sections: tuple[ChangedSection, ...]
