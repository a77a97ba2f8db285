"""The keys of the package's files, and what may stand in them. See docs/content-format.md."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints, model_validator

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
    #: How many years its certificate is valid; without it, for ever.
    valid_years: int | None = Field(None, ge=1, le=20)
    #: The folder in certificates/ that its certificate is made with; without it, the one that the site has set.
    certificate: str | None = Field(None, pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")
    #: Modules of the track that are passed by attending a session about them; the others only count towards reach.
    passed_by_attendance: list[str] = []


class SpinePreTest(Part):
    """Questions before the course, and others like them after it, drawn from the banks of some modules."""

    questions: int = Field(ge=4, le=20)
    minutes: int = Field(ge=1, le=60)
    modules: list[str] = Field(min_length=1)


class SpineReach(Part):
    """How many professionals were reached before this site began to count, as its source says."""

    people: int = Field(ge=1)
    #: The source says "over" or "at least".
    at_least: bool = False
    until: date
    source: str


class Spine(Part):
    """modules/course.yaml"""

    format: Literal[1]
    id: str
    #: It stands in files and addresses, and as it is in a cell of a spreadsheet.
    edition: str = Field(pattern=r"^[0-9A-Za-z][0-9A-Za-z.-]{0,19}$")
    published: date
    source_language: str
    languages: list[str] = Field(min_length=1)
    pass_mark: int = Field(ge=1, le=100)
    modules: list[SpineModule] = Field(min_length=1)
    tracks: list[SpineTrack] = []
    reach_before: SpineReach | None = None
    #: Without it, nothing is asked before the course.
    pre_test: SpinePreTest | None = None


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


class RegisterEntry(Part):
    """When and how an entry was last held against its source: exactly one of `checked` and `from_notes`."""

    #: The day on which somebody opened the source and compared.
    checked: date | None = None
    #: What was opened that day: the page itself, a stored copy of it, or only a part of a stored copy.
    read_in: Literal["page", "copy", "part"] = "page"
    #: The year, month or day whose state the opened text shows, when it says so: "2024", "2024-02", "2024-02-16".
    as_of: Annotated[str, BeforeValidator(str), StringConstraints(pattern=r"^\d{4}(-\d\d(-\d\d)?)?$")] | None = None
    #: The day on which the entry was made from notes; the source itself has not been opened since.
    from_notes: date | None = None
    next_check: date

    @model_validator(mode="after")
    def one_date(self) -> Self:
        if (self.checked is None) == (self.from_notes is None):
            raise ValueError("give either checked (the source was opened) or from_notes (it was not)")
        if self.from_notes and (self.as_of or self.read_in != "page"):
            raise ValueError("as_of and read_in belong to an opened source, together with checked")
        return self


class SourceEntry(RegisterEntry):
    """An entry of modules/sources.yaml."""

    id: str
    title: Words = Field(min_length=1)
    owner: Text
    kind: Literal["law", "case", "page", "report", "news", "document"]
    url: str = ""
    published: str = ""


class ContactEntry(RegisterEntry):
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
    #: Further sources, when one does not say it all.
    also: list[str] = []
    unconfirmed: list[Literal["phone", "email", "web", "hours", "answers_in", "cost"]] = []


class TermEntry(Part):
    """An entry of modules/glossary.yaml."""

    id: str
    words: Words
    meaning: Words
    official: bool = False


class GroupEntry(Part):
    """An entry of modules/networks.yaml, organisations.yaml or professions.yaml."""

    id: str
    name: Words


class EditionEntry(Part):
    """An entry of modules/editions.yaml."""

    id: Text
    published: date
    #: Sections that this edition changed for whoever studied an earlier one.
    changed: list[str] = []


class EditionWords(Part):
    """modules/<lang>/editions/<edition>.yaml"""

    translated_from: str | None = None
    #: Section id -> what is different now, in a few sentences.
    changes: dict[str, Text]


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
