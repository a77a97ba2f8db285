"""The keys of the package's files, and what may stand in them. See docs/content-format.md."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from course.domain.quiz import Kind

#: A text that says something.
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
#: One text per language code.
Words = dict[str, Text]


class Part(BaseModel):
    """A part of a file. A key that the format does not know is a fault, most often a misspelt one."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class SpineModule(Part):
    id: str
    folder: str
    minutes: int = Field(ge=1, le=600)
    objectives: list[str]
    lessons: list[str] = []
    quiz: str | None = None
    requires: list[str] = []


class SpineTrack(Part):
    id: str
    modules: list[str] = Field(min_length=1)


class Spine(Part):
    """modules/course.yaml"""

    format: Literal[1]
    id: str
    edition: Text
    published: date
    source_language: str
    languages: list[str] = Field(min_length=1)
    pass_mark: int = Field(ge=1, le=100)
    modules: list[SpineModule] = Field(min_length=1)
    tracks: list[SpineTrack] = []


class ModuleWords(Part):
    title: Text
    summary: Text
    objectives: dict[str, Text] = {}


class TrackWords(Part):
    title: Text
    summary: Text


class Principle(Part):
    title: Text
    text: Text


class CourseWords(Part):
    """modules/<lang>/course.yaml"""

    title: Text
    subtitle: Text
    #: The opening line of the front page.
    welcome: Text = ""
    #: What must be said of the texts of this language on every page: that they are unofficial, for instance.
    notice: Text = ""
    #: What everybody should remember, with a sentence each.
    principles: list[Principle] = []
    modules: dict[str, ModuleWords]
    tracks: dict[str, TrackWords] = {}


class FrontMatter(Part):
    """The head of a lesson."""

    id: str
    title: Text
    translated_from: str | None = None


class SourceEntry(Part):
    """An entry of modules/sources.yaml."""

    id: str
    title: Words = Field(min_length=1)
    owner: Text
    kind: Literal["law", "case", "page", "report", "news", "document"]
    url: str = ""
    published: str = ""
    checked: date
    next_check: date


class ContactEntry(Part):
    """An entry of modules/contacts.yaml."""

    id: str
    name: Words
    when: Words = Field(alias="for")
    phone: str = ""
    email: str = ""
    web: str = ""
    hours: Words = {}
    answers_in: Words = {}
    cost: Words = {}
    source: str
    checked: date
    next_check: date
    unconfirmed: list[Literal["phone", "email", "web", "hours", "answers_in", "cost"]] = []


class TermEntry(Part):
    """An entry of modules/glossary.yaml."""

    id: str
    words: Words
    meaning: Words
    official: bool = False


class QuestionKey(Part):
    id: str
    kind: Kind
    objective: str
    section: str
    situation: bool = False
    options: list[str] = Field(min_length=2)
    correct: list[str] | dict[str, str]
    targets: list[str] = []
    sections: dict[str, str] = {}
    reviewed: dict[str, date] = {}


class QuizKey(Part):
    """quizzes/<quiz>.yaml"""

    draw: int = Field(ge=1)
    questions: list[QuestionKey] = Field(min_length=1)


class OptionText(Part):
    text: Text
    #: Required by a rule of the check, which says it better than "field required".
    why: str = ""


class QuestionText(Part):
    ask: Text
    options: dict[str, OptionText]
    targets: dict[str, Text] = {}


class QuizWords(Part):
    """quizzes/<lang>/<quiz>.yaml"""

    translated_from: str | None = None
    questions: dict[str, QuestionText]
