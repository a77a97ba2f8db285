"""Questions as Moodle XML, for the question bank of Moodle 3.9 and newer.

| here | in Moodle | said of it |
|---|---|---|
| one, decision | multichoice, one answer | the same |
| several | multichoice, several answers | the same points: each right one adds its share, each wrong one takes it |
| true-false | truefalse | the words "true" and "false" are Moodle's own |
| order | matching with places 1, 2, 3 … | the same points; Moodle's own ordering exists from 4.4 on only |
| match | matching | the same points; a target that nothing belongs to stays a wrong choice |

Matching questions have no place for a reason for each option: theirs stand together in the general feedback.
"""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Iterable
from fractions import Fraction

from course.domain.quiz import Kind
from course.exports.questions import feedback
from course.exports.questions.items import Bank, Item, Say, plain

_TOP = "$course$/top"
_FRACTIONS = {Fraction(1, 3): "33.33333", Fraction(1, 6): "16.66667", Fraction(1, 7): "14.28571"}


def moodle_xml(banks: Iterable[Bank], say: Say) -> bytes:
    """The file. The same questions always give the same bytes."""
    quiz = ET.Element("quiz")
    for bank in banks:
        if bank.items:
            _category(quiz, bank)
            for item in bank.items:
                _question(quiz, item, say)
    ET.indent(quiz)
    written: bytes = ET.tostring(quiz, encoding="utf-8", xml_declaration=True)
    return written + b"\n"


def _category(quiz: ET.Element, bank: Bank) -> None:
    category = ET.SubElement(quiz, "question", type="category")
    # A slash would begin a category below; two of them stand for one in a name.
    names = [name.replace("/", "//") for name in bank.category]
    _text(ET.SubElement(category, "category"), "/".join((_TOP, *names)))
    ET.SubElement(category, "idnumber").text = bank.id


def _question(quiz: ET.Element, item: Item, say: Say) -> None:
    kinds = {Kind.TRUE_FALSE: "truefalse", Kind.ORDER: "matching", Kind.MATCH: "matching"}
    question = ET.SubElement(quiz, "question", type=kinds.get(item.kind, "multichoice"))
    _text(ET.SubElement(question, "name"), item.name)
    _html(question, "questiontext", f"<p>{item.ask}</p>")
    together = item.kind in (Kind.ORDER, Kind.MATCH)
    _html(question, "generalfeedback", (feedback.of_all(item, say) if together else "") + feedback.sources(item, say))
    # Nothing is scored in a case.
    ET.SubElement(question, "defaultgrade").text = "0" if item.decision else "1"
    ET.SubElement(question, "penalty").text = "0"
    ET.SubElement(question, "hidden").text = "0"
    ET.SubElement(question, "idnumber").text = item.id
    if together:
        ET.SubElement(question, "shuffleanswers").text = "1"
        _pairs(question, item)
    elif item.kind is Kind.TRUE_FALSE:
        _truth(question, item, say)
    else:
        _choices(question, item, say)
    if item.objective:
        _text(ET.SubElement(ET.SubElement(question, "tags"), "tag"), item.objective)


def _choices(question: ET.Element, item: Item, say: Say) -> None:
    ET.SubElement(question, "single").text = "false" if item.kind is Kind.SEVERAL else "true"
    ET.SubElement(question, "shuffleanswers").text = "1"
    ET.SubElement(question, "answernumbering").text = "none"
    for option in item.options:
        answer = ET.SubElement(question, "answer", fraction=percent(item.share(option)), format="html")
        ET.SubElement(answer, "text").text = option.text
        _html(answer, "feedback", feedback.of_option(option, say))


def _truth(question: ET.Element, item: Item, say: Say) -> None:
    for option in item.options:
        answer = ET.SubElement(question, "answer", fraction=percent(item.share(option)), format="moodle_auto_format")
        # The two words are the format's, whatever the language.
        ET.SubElement(answer, "text").text = "true" if option.id == TRUE else "false"
        _html(answer, "feedback", feedback.of_option(option, say))


def _pairs(question: ET.Element, item: Item) -> None:
    used = set()
    for place, option in enumerate(item.options, 1):
        subquestion = _html(question, "subquestion", option.text)
        target = item.target_of(option) if item.kind is Kind.MATCH else ("", str(place))
        used.add(target[0])
        _text(ET.SubElement(subquestion, "answer"), plain(target[1]))
    for name, text in item.targets:
        if name not in used:
            _text(ET.SubElement(_html(question, "subquestion", ""), "answer"), plain(text))


#: The option of a true-false question that says that the sentence is true.
TRUE = "yes"


def percent(share: Fraction) -> str:
    """A share as Moodle and GIFT write it: they know certain fractions only, with five decimals."""
    sign = "-" if share < 0 else ""
    known = _FRACTIONS.get(abs(share))
    return sign + (known or f"{float(abs(share) * 100):.5f}".rstrip("0").rstrip("."))


def _text(parent: ET.Element, text: str) -> None:
    ET.SubElement(parent, "text").text = text


def _html(parent: ET.Element, name: str, text: str) -> ET.Element:
    element = ET.SubElement(parent, name, format="html")
    ET.SubElement(element, "text").text = text
    return element
