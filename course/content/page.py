"""What rendering a text brings to light besides its HTML: what it cites, and what is wrong with it."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Problem:
    """A fault in a text, before it is known which file the text stands in."""

    rule: str
    #: From 1, in the text that was rendered.
    line: int
    what: str
    fix: str


@dataclass(frozen=True, slots=True)
class Passage:
    """One paragraph, heading, cell or list item as plain words, citations left out."""

    line: int
    #: What a reader reads.
    text: str
    #: What the author typed: the same without what comes from the registers.
    typed: str
    cited: bool = False
    heading: bool = False
    #: Passages of one list, table or paragraph have the same number.
    group: int = 0
    #: The block around it, or nothing.
    block: str = ""
    for_trainers: bool = False


@dataclass(frozen=True, slots=True)
class Place:
    """Something with a name that stands on a line: a block, a section, a link."""

    name: str
    line: int
    title: str = ""


@dataclass(slots=True)
class Page:
    """Filled while a text is rendered; read when it is done."""

    html: str = ""
    sections: list[Place] = field(default_factory=list)
    sources: list[str] = field(default_factory=list)
    terms: list[str] = field(default_factory=list)
    contacts: list[str] = field(default_factory=list)
    blocks: list[Place] = field(default_factory=list)
    #: Addresses of links, as typed.
    links: list[Place] = field(default_factory=list)
    passages: list[Passage] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    #: Names of the blocks that are open now.
    inside: list[str] = field(default_factory=list)
    #: Trainers' notes are on this page too.
    with_notes: bool = False
    #: The heading last passed.
    heading: str = ""
    heading_level: int = 1
    #: How many lists and tables are open, and the number of the group they make.
    depth: int = 0
    group: int = 0

    @property
    def for_trainers(self) -> bool:
        return "trainer" in self.inside

    @property
    def hidden(self) -> bool:
        """What comes now is rendered, checked and then left out of the page."""
        return self.for_trainers and not self.with_notes

    @property
    def words(self) -> int:
        """How many words a learner reads."""
        return sum(len(passage.text.split()) for passage in self.passages if not passage.for_trainers)

    def problem(self, rule: str, line: int, what: str, fix: str) -> None:
        self.problems.append(Problem(rule, line, what, fix))

    def number(self, source: str) -> int:
        """The number of a source on this page, from 1, in the order of first citation."""
        return once(self.sources, source)


def once(names: list[str], name: str) -> int:
    """The place of a name in the list, from 1; it is added when it is not there."""
    if name not in names:
        names.append(name)
    return names.index(name) + 1
