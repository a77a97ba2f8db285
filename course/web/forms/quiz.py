"""A posted quiz: the questions are data, so the form is read by their ids and not declared field by field."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from werkzeug.datastructures import MultiDict

from course.content.library import Library
from course.domain.errors import NotThere
from course.domain.quiz import Kind, Question
from course.services.attempts import PostedAnswer

#: Fields of the page itself; everything else is a question's.
OWN_FIELDS = {"csrf_token", "attempt", "action", "confirm", "switch"}
_VERSION = "version."


@dataclass(frozen=True, slots=True)
class QuizForm:
    attempt: int
    #: save or submit
    action: str
    #: Hand in although questions are unanswered.
    anyway: bool
    #: Language to go on in after saving; empty to stay.
    switch: str
    #: question id -> version of the answer that the page showed
    versions: Mapping[str, int]
    fields: MultiDict[str, str]

    @classmethod
    def read(cls, fields: MultiDict[str, str]) -> QuizForm:
        versions = {name.removeprefix(_VERSION): _number(fields[name]) for name in fields if name.startswith(_VERSION)}
        return cls(
            attempt=_number(_field(fields, "attempt")),
            action=_field(fields, "action", "submit" if "confirm" in fields else "save"),
            anyway=_field(fields, "confirm") == "unanswered",
            switch=_field(fields, "switch"),
            versions=versions,
            fields=fields,
        )

    def posted(self, question: Question) -> PostedAnswer:
        """The question's answer (empty when nothing was chosen) and the version that was shown."""
        return PostedAnswer(read_answer(question, self.fields), self.versions.get(question.id, 0))

    def only_question(self) -> str:
        """The question of a form that carries one answer, as the script sends it."""
        if len(self.versions) != 1:
            raise NotThere("a question")
        return next(iter(self.versions))


def read_answer(question: Question, fields: MultiDict[str, str]) -> list[str]:
    if question.kind is Kind.MATCH:
        pairs = ((option, fields.get(f"{question.id}.{option}", "")) for option in question.options)
        return [f"{option}={target}" for option, target in pairs if target]
    # An order question posts its places in order, empty ones too.
    return fields.getlist(question.id)


def posted_answer(library: Library, module_id: str, question_id: str, fields: MultiDict[str, str]) -> list[str]:
    """The answer to one question, read without knowing whether an edition has changed it meanwhile."""
    try:
        return read_answer(library.quiz(module_id).question(question_id), fields)
    except NotThere:
        prefix = f"{question_id}."
        pairs = [f"{name.removeprefix(prefix)}={fields[name]}" for name in fields if name.startswith(prefix)]
        return pairs or [option for option in fields.getlist(question_id) if option]


def _field(fields: MultiDict[str, str], name: str, missing: str = "") -> str:
    # `get` raises and catches an error for a name that is not there, and most forms lack most of these.
    return fields[name] if name in fields else missing  # noqa: SIM401 - see above


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else -1
