"""The keys of the files of practice: branching cases, the referral navigator and the indicator checklist."""

from __future__ import annotations

from pydantic import Field

from course.content.schema import Part, Text
from course.domain.case import Choice, End, Graph, Harm, Node
from course.domain.referral import Advice, Asked
from course.domain.referral import Part as AnswerPart


class CaseChoice(Part):
    id: str
    to: str
    section: str
    error: Harm = Harm.NONE


class CaseNode(Part):
    id: str
    choices: list[CaseChoice] = Field(default_factory=list)
    end: End | None = None
    section: str = ""


class CaseKey(Part):
    """modules/cases/<case>.yaml"""

    tracks: list[str] = Field(min_length=1)
    nodes: list[CaseNode] = Field(min_length=1)

    def graph(self) -> Graph:
        return Graph(tuple(_node(node) for node in self.nodes))

    def sections(self) -> list[str]:
        """The sections that the case rests on, each once."""
        named = [choice.section for node in self.nodes for choice in node.choices]
        return list(dict.fromkeys([*named, *(node.section for node in self.nodes if node.section)]))


def _node(node: CaseNode) -> Node:
    choices = tuple(Choice(one.id, one.to, one.section, one.error) for one in node.choices)
    return Node(node.id, choices, node.end, node.section)


class ChoiceText(Part):
    text: Text
    #: Required by a rule of the check, which says it better than "field required".
    why: str = ""


class NodeText(Part):
    text: Text
    choices: dict[str, ChoiceText] = Field(default_factory=dict)
    #: Of a loss: how it came, and what helps.
    why: str = ""


class CaseWords(Part):
    """modules/<lang>/cases/<case>.yaml"""

    translated_from: str | None = None
    title: Text
    #: Whom one is in the case, and where it begins: a sentence or two for the list of cases.
    summary: Text
    nodes: dict[str, NodeText]


class AskedKey(Part):
    id: str
    options: list[str] = Field(min_length=2)


class AdviceKey(Part):
    id: str
    part: AnswerPart
    section: str
    sources: list[str] = Field(min_length=1)
    when: dict[str, list[str]] = Field(default_factory=dict)
    contact: str = ""


class ReferralKey(Part):
    """modules/tools/referral.yaml"""

    questions: list[AskedKey] = Field(min_length=1)
    advice: list[AdviceKey] = Field(min_length=1)

    def asked(self) -> tuple[Asked, ...]:
        return tuple(Asked(one.id, tuple(one.options)) for one in self.questions)

    def rules(self) -> tuple[Advice, ...]:
        return tuple(
            Advice(
                id=one.id,
                part=one.part,
                section=one.section,
                sources=tuple(one.sources),
                when={question: tuple(answers) for question, answers in one.when.items()},
                contact=one.contact,
            )
            for one in self.advice
        )


class AskedText(Part):
    ask: Text
    options: dict[str, Text]


class ReferralWords(Part):
    """modules/<lang>/tools/referral.yaml"""

    translated_from: str | None = None
    title: Text
    summary: Text
    questions: dict[str, AskedText]
    advice: dict[str, Text]


class SettingKey(Part):
    id: str
    section: str
    sources: list[str] = Field(min_length=1)
    signs: list[str] = Field(min_length=1)


class ReadingKey(Part):
    """How signs are read: a sentence with what it rests on."""

    id: str
    section: str
    sources: list[str] = Field(min_length=1)


class IndicatorsKey(Part):
    """modules/tools/indicators.yaml"""

    settings: list[SettingKey] = Field(min_length=1)
    #: Signs of every setting: they are asked in all of them.
    everywhere: list[str] = Field(default_factory=list)
    means: list[ReadingKey] = Field(min_length=1)
    means_not: list[ReadingKey] = Field(min_length=1)
    then: list[ReadingKey] = Field(min_length=1)

    def readings(self) -> list[tuple[str, list[ReadingKey]]]:
        return [("means", self.means), ("means_not", self.means_not), ("then", self.then)]


class SettingText(Part):
    title: Text
    signs: dict[str, Text]


class IndicatorsWords(Part):
    """modules/<lang>/tools/indicators.yaml"""

    translated_from: str | None = None
    title: Text
    summary: Text
    settings: dict[str, SettingText]
    everywhere: dict[str, Text] = Field(default_factory=dict)
    means: dict[str, Text]
    means_not: dict[str, Text]
    then: dict[str, Text]
