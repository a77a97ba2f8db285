"""The questions of a course as plain items in one language, before they take the form of some other program.

Five kinds are quiz questions; the sixth is a decision of a made-up case, which stands alone here: other programs know
no branching. Addresses are whole, as the files leave the site.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction

from course.content.library import Library, Module
from course.content.practice import Case
from course.domain.case import Harm, Node
from course.domain.quiz import Kind, Question

#: say(text, **values) in the language of the export.
Say = Callable[..., str]
#: The whole address of a place of the site: address(kind, id). Kinds: lesson, section, term, source.
Address = Callable[[str, str], str]

_SCHEME = re.compile(r'href="(term|lesson|section|source):([a-z0-9-]+)"')
_CLASS = re.compile(r'\s(?:class|aria-label|title)="[^"]*"')
_TAG = re.compile(r"<[^>]+>")
_SOURCE = re.compile(r'href="source:([a-z0-9-]+)"')
_SHY = "\u00ad"
#: A name is what a teacher sees in a list.
_LONGEST_NAME = 80


@dataclass(frozen=True, slots=True)
class Place:
    title: str
    url: str


@dataclass(frozen=True, slots=True)
class Cited:
    id: str
    title: str
    owner: str
    url: str


@dataclass(frozen=True, slots=True)
class ItemOption:
    id: str
    #: Inline HTML.
    text: str
    #: Inline HTML: why it is right or wrong.
    why: str
    section: Place


@dataclass(frozen=True, slots=True)
class Item:
    """One question as all the formats see it."""

    id: str
    kind: Kind
    #: From the course down to the module.
    category: tuple[str, ...]
    #: HTML.
    ask: str
    #: In the order of the key; of an order question in the right order.
    options: tuple[ItemOption, ...]
    #: (id, inline HTML) of a match question.
    targets: tuple[tuple[str, str], ...]
    question: Question
    objective: str
    sources: tuple[Cited, ...]
    #: A decision of a case, without the branches that follow it.
    decision: bool = False
    #: What lists show of it, where questions begin alike.
    title: str = ""

    @property
    def name(self) -> str:
        words = self.title or plain(self.ask)
        return words if len(words) <= _LONGEST_NAME else f"{words[: _LONGEST_NAME - 1].rstrip()}…"

    def share(self, option: ItemOption) -> Fraction:
        """What choosing this option adds to the points of a question with choices."""
        if self.kind is Kind.SEVERAL:
            share = Fraction(1, len(self.question.correct))
            return share if option.id in self.question.correct else -share
        return Fraction(int(option.id in self.question.correct))

    def target_of(self, option: ItemOption) -> tuple[str, str]:
        """(id, text) of what belongs to an option of a match question."""
        pairs = dict(pair.split("=") for pair in self.question.correct)
        return next(target for target in self.targets if target[0] == pairs[option.id])


@dataclass(frozen=True, slots=True)
class Bank:
    """The questions of one module, or the decisions of one case."""

    id: str
    title: str
    category: tuple[str, ...]
    items: tuple[Item, ...]
    #: How many an attempt draws.
    draw: int


def plain(text: str) -> str:
    """The words of a piece of HTML."""
    return " ".join(html.unescape(_TAG.sub("", text)).replace(_SHY, "").split())


@dataclass(frozen=True, slots=True)
class ItemMaker:
    library: Library
    language: str
    say: Say
    address: Address

    def banks(self) -> Iterator[Bank]:
        """Those of the modules in their order, then those of the cases."""
        top = self.library.title[self.language]
        for module in self.library.modules:
            if module.quiz is not None:
                title = f"{module.number} {module.title[self.language]}"
                items = tuple(self._questions(module, (top, title)))
                yield Bank(module.id, title, (top, title), items, module.quiz.draw)
        for case in self.library.practice.cases.values():
            category = (top, self.say("Cases to practise with"), case.words[self.language].title)
            decisions = tuple(
                self._decision(case, node, category, number) for number, node in enumerate(case.graph.decisions(), 1)
            )
            yield Bank(f"case-{case.id}", category[-1], category, decisions, len(decisions))

    def _questions(self, module: Module, category: tuple[str, ...]) -> Iterator[Item]:
        assert module.quiz is not None
        all_words = module.quiz.words[self.language]
        for question in module.quiz.questions:
            words = all_words[question.id]
            # An order question is told by its right order; the others keep that of the key.
            order = question.correct if question.kind is Kind.ORDER else question.options
            options = tuple(
                ItemOption(
                    one,
                    self._clean(words.options[one].text),
                    self._clean(words.options[one].why),
                    self._place(question.section_of(one)),
                )
                for one in order
            )
            texts = [words.ask, *(text for one in words.options.values() for text in (one.text, one.why))]
            yield Item(
                id=question.id,
                kind=question.kind,
                category=category,
                ask=self._clean(words.ask),
                options=options,
                targets=tuple((one, self._clean(words.targets[one])) for one in question.targets),
                question=question,
                objective=module.objective_words[question.objective][self.language],
                sources=tuple(self._cited([*texts, *words.targets.values()])),
            )

    def _decision(self, case: Case, node: Node, category: tuple[str, ...], number: int) -> Item:
        words = case.words[self.language]
        told = words.nodes[node.id]
        begins = f"<strong>{self.say('A made-up case')}: {words.title}.</strong> {words.summary}"
        options = tuple(
            ItemOption(
                choice.id,
                self._clean(told.choices[choice.id].text),
                self._clean(told.choices[choice.id].why),
                self._place(choice.section),
            )
            for choice in node.choices
        )
        good = tuple(choice.id for choice in node.choices if choice.harm is Harm.NONE)
        question = Question(
            f"{case.id}-{node.id}", Kind.ONE, "", node.choices[0].section, tuple(one.id for one in options), good
        )
        texts = [told.text, *(text for one in told.choices.values() for text in (one.text, one.why))]
        return Item(
            id=question.id,
            kind=Kind.ONE,
            category=category,
            ask=self._clean(f"{begins}<br/>{told.text}<br/>{self.say('What do you do?')}"),
            options=options,
            targets=(),
            question=question,
            objective="",
            sources=tuple(self._cited(texts)),
            decision=True,
            title=plain(f"{words.title} {number}: {told.text}"),
        )

    def _clean(self, text: str) -> str:
        """Without soft hyphens and the site's own classes, and with whole addresses."""
        text = _SCHEME.sub(lambda found: f'href="{html.escape(self.address(found[1], found[2]))}"', text)
        return _CLASS.sub("", text.replace(_SHY, ""))

    def _place(self, section_id: str) -> Place:
        _, lesson_id = self.library.lesson_of_section(section_id)
        lesson = self.library.lesson(self.language, lesson_id)
        title = next(section.title for section in lesson.sections if section.id == section_id)
        return Place(plain(title), self.address("section", section_id))

    def _cited(self, texts: Iterable[str]) -> Iterator[Cited]:
        """The sources that the texts name, each once."""
        for source_id in dict.fromkeys(found for text in texts for found in _SOURCE.findall(text)):
            source = self.library.sources[source_id]
            title, _ = source.title_in(self.language)
            yield Cited(source_id, plain(title), source.owner, source.url or self.address("source", source_id))
