"""A rule is a function with a name and one sentence; it gives the faults it finds."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from course.content.findings import Finding, Level
from course.content.package import CONTACTS, GLOSSARY, SOURCES, LessonFile, Package
from course.content.page import Page, Passage, Problem
from course.content.rendering import Rendered

#: A problem of this rule is not one of the text while the register itself cannot be read.
REGISTER_OF = {"unknown-term": GLOSSARY, "unknown-source": SOURCES, "unknown-contact": CONTACTS}


@dataclass(frozen=True, slots=True)
class Fault:
    """What a rule found, without the name of the rule."""

    path: str
    line: int
    what: str
    fix: str
    #: When this one weighs otherwise than the rule does.
    level: Level | None = None


@dataclass(frozen=True)
class Checked:
    """What the rules look at."""

    package: Package
    rendered: Rendered
    today: date

    @cached_property
    def problems(self) -> list[tuple[str, int, Problem]]:
        """What rendering found, with the file and the line."""
        found = [
            (lesson.path, lesson.above + problem.line, problem)
            for lesson, page in self.lessons()
            for problem in page.problems
        ]
        for text in self.rendered.texts:
            found += [(text.path, self.line(text.path, *text.keys), problem) for problem in text.page.problems]
        return found

    def lessons(self) -> Iterator[tuple[LessonFile, Page]]:
        for language, lessons in self.package.lessons.items():
            for lesson_id, lesson in lessons.items():
                yield lesson, self.rendered.lessons[language][lesson_id]

    def passages(self) -> Iterator[tuple[str, int, str, Passage]]:
        """(path, line, language, passage) of every paragraph of the lessons and every text of the questions."""
        for lesson, page in self.lessons():
            for passage in page.passages:
                yield lesson.path, lesson.above + passage.line, lesson.language, passage
        for text in self.rendered.texts:
            for passage in text.page.passages:
                yield text.path, self.line(text.path, *text.keys), text.language, passage

    def line(self, path: str, *keys: str | int) -> int:
        """The line of a key in a YAML file of the package."""
        file = self.package.yaml_files.get(path)
        return file.line(*keys) if file else 1


@dataclass(frozen=True, slots=True)
class Rule:
    name: str
    level: Level
    #: One sentence for the page of rules.
    says: str
    find: Callable[[Checked], Iterator[Fault]]
    #: The site does not start with a package that breaks this rule.
    essential: bool
    #: The module that the rule is written down in.
    room: str

    def findings(self, checked: Checked) -> Iterator[Finding]:
        for fault in self.find(checked):
            yield Finding(self.name, fault.level or self.level, fault.path, fault.line, fault.what, fault.fix)


Finder = Callable[[Checked], Iterator[Fault]]

#: By name, in the order in which they are written down.
RULES: dict[str, Rule] = {}


def rule(name: str, level: Level = Level.ERROR, *, essential: bool = False) -> Callable[[Finder], Finder]:
    """Register a function as a rule; the first line of its docstring is the rule in one sentence."""

    def register(find: Finder) -> Finder:
        add_rule(name, (find.__doc__ or "").strip().splitlines()[0], find, level, essential=essential)
        return find

    return register


def add_rule(
    name: str, says: str, find: Finder, level: Level = Level.ERROR, *, essential: bool = False, room: str = ""
) -> None:
    """Register a rule under its name."""
    if name in RULES:
        raise ValueError(f"there are two rules named {name}")
    RULES[name] = Rule(name, level, says, find, essential, room or find.__module__)


def rules_from_reading(room: str, sentences: dict[str, str]) -> None:
    """Rules that the reader of the files has already applied."""
    for name, says in sentences.items():
        add_rule(name, says, _faults_of_reading(name), essential=True, room=room)


def rules_from_rendering(room: str, sentences: dict[str, str], *, essential: bool) -> None:
    """Rules that the renderer has already applied."""
    for name, says in sentences.items():
        add_rule(name, says, _problems_of_rendering(name), essential=essential, room=room)


def _faults_of_reading(name: str) -> Finder:
    def find(checked: Checked) -> Iterator[Fault]:
        for fault in checked.package.faults:
            if fault.rule == name:
                yield Fault(fault.path, fault.line, fault.what, fault.fix)

    return find


def _problems_of_rendering(name: str) -> Finder:
    def find(checked: Checked) -> Iterator[Fault]:
        if REGISTER_OF.get(name) in checked.package.unread:
            return
        for path, line, problem in checked.problems:
            if problem.rule == name:
                yield Fault(path, line, problem.what, problem.fix)

    return find
