"""What quiz pages promise to outside drivers, and what they must not tell before the answers are handed in."""

from __future__ import annotations

import re
from collections.abc import Iterable

from bs4 import BeautifulSoup, Tag

from course.content.library import Library
from course.domain.quiz import Kind, Question
from tests.strict_client import INVISIBLE
from tests.web.journeys import QUIZ

#: What a page or a reply would use if it marked the right options: an attribute, a class, a name in JSON.
MARKS = re.compile(
    r"""data-(?:right|correct|answer|key|points|why|reason)\b"""
    r"""|class="[^"]*(?<![\w-])(?:right|correct|why)(?![\w-])"""
    r"""|"(?:right|correct|points|why|key|reason)s?"\s*:""",
    re.IGNORECASE,
)
_TAG = re.compile(r"<[^>]+>")
HIDDEN_FIELDS = ("csrf_token", "attempt")


def contract_faults(page: BeautifulSoup, library: Library, module_id: str) -> list[str]:
    """What an outside driver would stumble over, as sentences."""
    forms = page.select(QUIZ)
    if len(forms) != 1:
        return [f"{len(forms)} quiz forms"]
    [form] = forms
    boxes = form.select("[data-question]")
    faults = [f"{box.name} carries data-question" for box in boxes if box.name != "fieldset"]
    if len(boxes) != library.quiz(module_id).draw:
        faults.append(f"{len(boxes)} questions")
    hidden = [field["name"] for field in form.select("input[type=hidden]")]
    faults += [f"no hidden field {name}" for name in HIDDEN_FIELDS if hidden.count(name) != 1]
    for box in boxes:
        question = library.quiz(module_id).question(str(box["data-question"]))
        faults += [f"{question.id}: {fault}" for fault in _question_faults(box, question)]
    return faults


def _question_faults(box: Tag, question: Question) -> Iterable[str]:
    if not box.select(f"input[type=hidden][name='version.{question.id}']"):
        yield "no hidden version"
    match question.kind:
        case Kind.ORDER:
            names = [question.id] * len(question.options)
            yield from _select_faults(box, names, question.options)
        case Kind.MATCH:
            names = [f"{question.id}.{option}" for option in question.options]
            yield from _select_faults(box, names, question.targets)
        case _:
            kind = "checkbox" if question.kind is Kind.SEVERAL else "radio"
            inputs = box.select(f"input[type={kind}][name='{question.id}']")
            if sorted(str(one["value"]) for one in inputs) != sorted(question.options):
                yield f"the {kind} inputs do not carry the option ids"


def _select_faults(box: Tag, names: list[str], values: Iterable[str]) -> Iterable[str]:
    selects = box.select("select")
    if sorted(str(select["name"]) for select in selects) != sorted(names):
        yield f"the selects are not named {names}"
    for select in selects:
        if sorted(str(one["value"]) for one in select.select("option")) != sorted(["", *values]):
            yield "the options of a select do not carry the ids"


def told(text: str, library: Library, module_id: str) -> list[str]:
    """What a page, a reply or a file tells of the key: reasons of options, and marks of right ones."""
    quiz = library.quiz(module_id)
    flat = _flat(text)
    found = [
        f"the reason of {question_id}.{option_id} in {language}"
        for language, questions in quiz.words.items()
        for question_id, words in questions.items()
        for option_id, option in words.options.items()
        if option.why and _flat(option.why) in flat
    ]
    return found + [f"the mark {mark!r}" for mark in sorted(set(MARKS.findall(_without_words(text))))]


def _flat(html: str) -> str:
    return " ".join(_TAG.sub("", html).translate(INVISIBLE).split()).casefold()


def _without_words(text: str) -> str:
    """A page's tags alone, where a mark would stand; anything else as it is. Words of a question may be any words."""
    return " ".join(_TAG.findall(text)) if "<html" in text else text
