"""What a trainer takes into a room, from the texts that learners read: notes with their times, cases, key points.

The library has no trainers' notes, as no page shows them; they are read from the package when a session kit is made.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

from markdown_it.token import Token

from course.content.library import Library
from course.content.markdown import Renderer
from course.content.package import LessonFile, read
from course.content.page import Page
from course.content.typography import plain

#: The time that stands after the word trainer: "20 min".
_MINUTES = re.compile(r"(\d{1,3})\s*min\b")
_TAKEN = ("trainer", "case", "key-point", "checklist", "tomorrow")
#: A citation's number leads nowhere outside the lesson's own list of sources.
_LINK = re.compile(r'<a\b[^>]*href="(?:term|lesson|section|source):[^"]*"[^>]*>(.*?)</a>', re.DOTALL)
_CITATION = re.compile(r'<sup class="cite">.*?</sup>', re.DOTALL)


@dataclass(frozen=True, slots=True)
class Block:
    """One block of a lesson, for paper."""

    name: str
    title: str
    html: str
    #: Which lesson it stands in.
    lesson_id: str
    lesson_title: str
    #: Minutes that a trainer's note says it takes; 0 where none are said.
    minutes: int = 0


@dataclass(frozen=True, slots=True)
class TaughtModule:
    id: str
    number: int
    title: str
    objectives: tuple[str, ...]
    blocks: tuple[Block, ...]

    def of(self, name: str) -> tuple[Block, ...]:
        """The blocks of one kind, in the order of the text."""
        return tuple(block for block in self.blocks if block.name == name)


def taught_modules(root: Path, library: Library, module_ids: Collection[str], language: str) -> list[TaughtModule]:
    """The modules in the order of the course, each with what a trainer takes from it."""
    package = read(root)
    renderer = Renderer(language, library.terms, library.sources, library.contacts, for_trainers=True)
    found = []
    for module in library.modules:
        if module.id in module_ids:
            lessons = [package.lessons[language][lesson_id] for lesson_id in module.lesson_ids]
            found.append(
                TaughtModule(
                    module.id,
                    module.number,
                    module.title[language],
                    tuple(module.objective_words[one][language] for one in module.objectives),
                    tuple(block for lesson in lessons for block in _blocks(renderer, lesson)),
                )
            )
    return found


def _blocks(renderer: Renderer, lesson: LessonFile) -> Iterator[Block]:
    tokens = renderer.md.parse(lesson.body, {"page": Page(with_notes=True), "numbered": True})
    title = plain(lesson.front.title, lesson.language)
    place = 0
    while place < len(tokens):
        token = tokens[place]
        if token.type != "block_open" or token.info not in _TAKEN:
            place += 1
            continue
        end = _end(tokens, place)
        heading = _words(tokens[place + 2])
        yield Block(
            token.info,
            heading,
            _for_paper(str(renderer.md.renderer.render(tokens[place + 4 : end], renderer.md.options, {}))),
            lesson.front.id,
            title,
            minutes_in(heading) if token.info == "trainer" else 0,
        )
        place = end + 1


def _end(tokens: list[Token], start: int) -> int:
    depth = 0
    for place in range(start, len(tokens)):
        depth += tokens[place].nesting if tokens[place].type in ("block_open", "block_close") else 0
        if depth == 0:
            return place
    return len(tokens)


def _words(inline: Token) -> str:
    return "".join(child.content for child in inline.children or ()) or inline.content


def minutes_in(heading: str) -> int:
    """The minutes that a trainer's note takes, as its heading says; 0 when it says none."""
    found = _MINUTES.search(heading.replace("\u00a0", " "))
    return int(found[1]) if found else 0


def _for_paper(html: str) -> str:
    """Without the links into the site: on paper they lead nowhere. Telephone numbers and web addresses stay links."""
    return _LINK.sub(r"\1", _CITATION.sub("", html))
