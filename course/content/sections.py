"""A lesson's HTML at its sections, whose ids are the same in every language."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from course.content.library import Lesson

CITE = re.compile(r'<sup class="cite">(.*?)</sup>', re.DOTALL)
_HEADING = re.compile(r'<h2 id="([a-z0-9-]+)">(.*?)</h2>', re.DOTALL)


@dataclass(frozen=True, slots=True)
class SectionText:
    #: Empty for what stands above the first section.
    id: str
    #: The words of its heading as they are shown; the lesson's title above the first section.
    heading: str
    #: What stands below the heading.
    html: str


def sections_of(lesson: Lesson) -> Iterator[SectionText]:
    """What stands above the first section, then each section, in the order of the text."""
    pieces = _HEADING.split(lesson.html)
    yield SectionText("", lesson.title, pieces[0])
    for section_id, heading, html in zip(pieces[1::3], pieces[2::3], pieces[3::3], strict=True):
        yield SectionText(section_id, heading, html)
