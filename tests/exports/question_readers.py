"""Readers of question files, written from the formats' own documents and not from what we write.

Each gives `Read` questions: what a program that imports the file would ask, say, and give points for.
Moodle XML: docs.moodle.org "Moodle XML format" and the marking rules of its question types. QTI 3.0: the 1EdTech
information model, as far as response processing goes that we use. GIFT is read by somebody else's grammar.
"""

from __future__ import annotations

import json
import subprocess
import zipfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import Any

from bs4 import BeautifulSoup
from lxml import etree

NPM = Path(__file__).parents[1] / "npm"
QTI = "{http://www.imsglobal.org/xsd/imsqtiasi_v3p0}"


def words(html: str) -> str:
    """What a reader sees of it."""
    return " ".join(BeautifulSoup(html, "html.parser").get_text().split())


def links(html: str) -> list[str]:
    return [str(link["href"]) for link in BeautifulSoup(html, "html.parser").select("a[href]")]


@dataclass
class Read:
    id: str
    #: choice, choices, truth, match, order
    kind: str
    category: str
    ask: str
    #: The options' words, or those of the left side of a match.
    options: list[str] = field(default_factory=list)
    targets: list[str] = field(default_factory=list)
    #: Option -> HTML of what is said when it was chosen.
    said: dict[str, str] = field(default_factory=dict)
    #: HTML of what is said in any case.
    general: str = ""
    #: Points between 0 and 1 for an answer: chosen options, or (option, target) pairs, or options in order.
    points: Callable[[Sequence[Any]], float] = lambda _: 0.0


def read_moodle(xml: bytes) -> list[Read]:
    found, category = [], ""
    for question in etree.fromstring(xml).iterfind("question"):
        kind = question.get("type")
        if kind == "category":
            category = question.findtext("category/text", "")
            continue
        read = Read(question.findtext("idnumber", ""), "", category, words(question.findtext("questiontext/text", "")))
        read.general = question.findtext("generalfeedback/text", "")
        {"multichoice": _moodle_choice, "truefalse": _moodle_truth, "matching": _moodle_match}[kind](question, read)
        found.append(read)
    return found


def _moodle_choice(question: Any, read: Read) -> None:
    read.kind = "choice" if question.findtext("single") == "true" else "choices"
    worth = {}
    for answer in question.iterfind("answer"):
        option = words(answer.findtext("text", ""))
        worth[option] = float(answer.get("fraction")) / 100
        read.said[option] = answer.findtext("feedback/text", "")
    read.options = list(worth)
    # The fractions of what was chosen are added; below nothing and above everything there is nothing.
    read.points = lambda chosen: min(1.0, max(0.0, sum(worth[one] for one in chosen)))


def _moodle_truth(question: Any, read: Read) -> None:
    _moodle_choice(question, read)
    read.kind = "truth"
    assert sorted(read.options) == ["false", "true"]


def _moodle_match(question: Any, read: Read) -> None:
    read.kind = "match"
    right = {}
    for part in question.iterfind("subquestion"):
        option, target = words(part.findtext("text", "")), part.findtext("answer/text", "")
        read.targets.append(target)
        if option:
            right[option] = target
    read.options = list(right)
    read.points = lambda pairs: sum(right[one] == target for one, target in pairs) / len(right)


def read_gift(text: bytes) -> list[Read]:
    done = subprocess.run(["node", "gift.mjs"], cwd=NPM, input=text, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode()[-2000:]
    found, category = [], ""
    for question in json.loads(done.stdout):
        if question["type"] == "Category":
            category = question["title"]
            continue
        read = Read(question["id"], "", category, words(question["stem"]["text"]))
        read.general = (question.get("globalFeedback") or {"text": ""})["text"]
        {"MC": _gift_choice, "TF": _gift_truth, "Matching": _gift_match}[question["type"]](question, read)
        found.append(read)
    return found


def _gift_choice(question: Mapping[str, Any], read: Read) -> None:
    choices = question["choices"]
    worth = {}
    for choice in choices:
        option = words(choice["text"]["text"])
        weight = choice.get("weight")
        worth[option] = weight / 100 if weight is not None else float(choice["isCorrect"])
        read.said[option] = (choice["feedback"] or {"text": ""})["text"]
    read.options = list(worth)
    read.kind = "choice" if any(choice.get("weight") is None for choice in choices) else "choices"
    read.points = lambda chosen: min(1.0, max(0.0, sum(worth[one] for one in chosen)))


def _gift_truth(question: Mapping[str, Any], read: Read) -> None:
    read.kind, read.options = "truth", ["true", "false"]
    right = "true" if question["isTrue"] else "false"
    wrong = "false" if question["isTrue"] else "true"
    # The grammar names the two by their place; in GIFT the first one is for who is wrong.
    read.said = {wrong: question["trueFeedback"]["text"], right: question["falseFeedback"]["text"]}
    read.points = lambda chosen: float(list(chosen) == [right])


def _gift_match(question: Mapping[str, Any], read: Read) -> None:
    read.kind = "match"
    right = {}
    for pair in question["matchPairs"]:
        option, target = words(pair["subquestion"]["text"]), pair["subanswer"]
        read.targets.append(target)
        if option:
            right[option] = target
    read.options = list(right)
    read.points = lambda pairs: sum(right[one] == target for one, target in pairs) / len(right)


def read_qti(package: bytes) -> list[Read]:
    found = []
    with zipfile.ZipFile(BytesIO(package)) as archive:
        for name in archive.namelist():
            if not name.startswith("tests/"):
                continue
            test = etree.fromstring(archive.read(name))
            for reference in test.iter(f"{QTI}qti-assessment-item-ref"):
                path = f"items/{reference.get('href').rpartition('/')[2]}"
                found.append(_qti_item(etree.fromstring(archive.read(path)), test.get("title")))
    return found


def _inner(element: Any) -> str:
    return (element.text or "") + "".join(etree.tostring(child, encoding="unicode") for child in element)


def _qti_item(item: Any, category: str) -> Read:
    read = Read(item.get("identifier").lstrip("_"), "", category, "")
    [interaction] = item.find(f"{QTI}qti-item-body")
    read.ask = words(_inner(interaction.find(f"{QTI}qti-prompt")))
    names = {
        one.get("identifier"): words(_inner(one))
        for one in interaction.iter(f"{QTI}qti-simple-choice", f"{QTI}qti-simple-associable-choice")
    }
    ids = {text: name for name, text in names.items()}
    kind = interaction.tag.removeprefix(QTI)
    if kind == "qti-match-interaction":
        left, right = interaction.findall(f"{QTI}qti-simple-match-set")
        read.options = [names[one.get("identifier")] for one in left]
        read.targets = [names[one.get("identifier")] for one in right]
        read.kind = "match"
        read.points = lambda pairs: qti_score(item, [f"{ids[one]} {ids[target]}" for one, target in pairs])
    else:
        read.options = list(names.values())
        single = interaction.get("max-choices") == "1"
        read.kind = "order" if kind == "qti-order-interaction" else "choice" if single else "choices"
        read.points = lambda chosen: qti_score(item, [ids[one] for one in chosen])
    for modal in item.iterfind(f"{QTI}qti-modal-feedback"):
        assert (modal.get("outcome-identifier"), modal.get("show-hide")) == ("FEEDBACK", "show")
        said = _inner(modal.find(f"{QTI}qti-content-body"))
        if modal.get("identifier") in names:
            read.said[names[modal.get("identifier")]] = said
        else:
            read.general = said
    return read


def qti_score(item: Any, response: list[str]) -> float:
    """The outcome SCORE after response processing."""
    declaration = item.find(f"{QTI}qti-response-declaration")
    values: dict[str, Any] = {"RESPONSE": response, "SCORE": 0.0}
    if declaration.get("cardinality") == "single":
        values["RESPONSE"] = response[0] if response else None
    correct = [value.text for value in declaration.iterfind(f"{QTI}qti-correct-response/{QTI}qti-value")]
    run = _Processing(declaration, correct if declaration.get("cardinality") != "single" else correct[0], values)
    for rule in item.find(f"{QTI}qti-response-processing"):
        run.rule(rule)
    score: float = values["SCORE"]
    return score


@dataclass
class _Processing:
    declaration: Any
    correct: Any
    values: dict[str, Any]

    def rule(self, element: Any) -> None:
        name = element.tag.removeprefix(QTI)
        if name == "qti-set-outcome-value":
            self.values[element.get("identifier")] = self.value(element[0])
            return
        assert name == "qti-response-condition"
        condition, *rules = element[0]
        if self.value(condition):
            for rule in rules:
                self.rule(rule)

    def value(self, element: Any) -> Any:
        name = element.tag.removeprefix(QTI + "qti-")
        match name:
            case "variable":
                return self.values[element.get("identifier")]
            case "correct":
                return self.correct
            case "base-value":
                return float(element.text) if element.get("base-type") == "float" else element.text
            case "match":
                one, other = (self.value(child) for child in element)
                return one is not None and one == other
            case "sum":
                return sum(self.value(child) for child in element)
            case "index":
                held, place = self.value(element[0]), int(element.get("n"))
                return held[place - 1] if place <= len(held) else None
            case "map-response":
                return self._mapped()
        raise AssertionError(f"this reader does not know {name}")

    def _mapped(self) -> float:
        mapping = self.declaration.find(f"{QTI}qti-mapping")
        worth = {entry.get("map-key"): float(entry.get("mapped-value")) for entry in mapping}
        total = sum(worth.get(one, float(mapping.get("default-value"))) for one in set(self.values["RESPONSE"]))
        return min(float(mapping.get("upper-bound")), max(float(mapping.get("lower-bound")), total))
