"""What the templates of cases and tools are given: plain values, in the reader's language."""

from __future__ import annotations

from dataclasses import dataclass

from course.web.pages import ContactCard, Link, OptionView, SourceNote


@dataclass(frozen=True, slots=True)
class ToolCard:
    """One tool, or the cases together, on the page of tools and on the front page."""

    title: str
    summary: str
    url: str


@dataclass(frozen=True, slots=True)
class CaseCard:
    """A case in the list of cases."""

    title: str
    summary: str
    url: str
    #: Titles of the tracks that it is for.
    tracks: str
    #: none, open, done
    state: str
    state_word: str


@dataclass(frozen=True, slots=True)
class Decided:
    """A decision that was made, with its feedback."""

    number: int
    situation_html: str
    choice_html: str
    why_html: str
    #: none, missed-a-victim, harmed-safety
    harm: str
    #: What the feedback is headed with.
    verdict: str
    section: Link


@dataclass(frozen=True, slots=True)
class CaseView:
    """A case at the place that the learner has reached."""

    title: str
    summary: str
    tracks: str
    #: The situation now, or how the case ended.
    text_html: str
    #: Empty at an end.
    choices: tuple[OptionView, ...]
    decided: tuple[Decided, ...]
    #: The case ended in a loss.
    lost: bool
    #: Of a loss: how it came, and what helps.
    why_html: str
    #: What an end rests on.
    section: Link | None

    @property
    def ended(self) -> bool:
        return not self.choices

    def decided_with(self, harm: str) -> tuple[Decided, ...]:
        return tuple(one for one in self.decided if one.harm == harm)


@dataclass(frozen=True, slots=True)
class AskedView:
    """A question of the navigator."""

    id: str
    ask: str
    options: tuple[OptionView, ...]
    #: Sentence of the error summary; empty when it is answered or not yet sent.
    error: str = ""


@dataclass(frozen=True, slots=True)
class AdviceView:
    text_html: str
    section: Link
    #: For a call: whom to call.
    contact: ContactCard | None = None


@dataclass(frozen=True, slots=True)
class AnswerPart:
    """One part of the navigator's answer."""

    #: call, step, say, avoid, write
    id: str
    title: str
    advice: tuple[AdviceView, ...]


@dataclass(frozen=True, slots=True)
class AnswerView:
    #: (question, what was answered) in words.
    situation: tuple[tuple[str, str], ...]
    parts: tuple[AnswerPart, ...]
    sources: tuple[SourceNote, ...]


@dataclass(frozen=True, slots=True)
class SettingView:
    """The checklist of one setting."""

    title: str
    signs: tuple[str, ...]
    everywhere: tuple[str, ...]
    means: tuple[AdviceView, ...]
    means_not: tuple[AdviceView, ...]
    then: tuple[AdviceView, ...]
    section: Link
    sources: tuple[SourceNote, ...]
