"""Questions as GIFT, Moodle's plain text, which many other programs read too.

The kinds stand as in Moodle XML (see `course.exports.questions.moodle`). GIFT has no place for a reason for each option
of a match, and none for a number of points: reasons stand in the general feedback, and a decision of a case counts like
a question.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from course.domain.quiz import Kind
from course.exports.questions import feedback
from course.exports.questions.items import Bank, Item, ItemOption, Say, plain
from course.exports.questions.moodle import TRUE, percent

#: Signs that mean something in GIFT.
_SIGNS = re.compile(r"([~=#{}:\\])")


def gift(banks: Iterable[Bank], say: Say) -> bytes:
    """The file. The same questions always give the same bytes."""
    return "\n\n".join(part for bank in banks if bank.items for part in _parts(bank, say)).encode() + b"\n"


def _parts(bank: Bank, say: Say) -> Iterator[str]:
    names = "/".join(name.replace("/", "//") for name in bank.category)
    yield f"$CATEGORY: $course$/top/{names}"
    for item in bank.items:
        yield _question(item, say)


def _question(item: Item, say: Say) -> str:
    together = item.kind in (Kind.ORDER, Kind.MATCH)
    general = (feedback.of_all(item, say) if together else "") + feedback.sources(item, say)
    if item.kind is Kind.TRUE_FALSE:
        body = _truth(item, say)
    elif together:
        body = "\n".join(_pairs(item))
    else:
        body = "\n".join(_choice(item, option, say) for option in item.options)
    last = f"\n####{_escaped(general)}" if general else ""
    head = f"// [id:{item.id}]\n::{_escaped(item.name)}::[html]{_escaped(f'<p>{item.ask}</p>')}"
    return f"{head}{{{'' if item.kind is Kind.TRUE_FALSE else chr(10)}{body}{last}\n}}"


def _choice(item: Item, option: ItemOption, say: Say) -> str:
    share = item.share(option)
    mark = f"~%{percent(share)}%" if item.kind is Kind.SEVERAL else "=" if share else "~"
    return f"{mark}{_escaped(option.text)}#{_escaped(feedback.of_option(option, say))}"


def _truth(item: Item, say: Say) -> str:
    """The feedback for who is wrong stands before that for who is right."""
    by_share = sorted(item.options, key=item.share)
    right = by_share[-1]
    said = "#".join(_escaped(feedback.of_option(option, say)) for option in by_share)
    return f"{'TRUE' if right.id == TRUE else 'FALSE'}#{said}"


def _pairs(item: Item) -> Iterator[str]:
    used = set()
    for place, option in enumerate(item.options, 1):
        target = item.target_of(option) if item.kind is Kind.MATCH else ("", str(place))
        used.add(target[0])
        yield f"={_escaped(option.text)} -> {_escaped(plain(target[1]))}"
    for name, text in item.targets:
        if name not in used:
            yield f"= -> {_escaped(plain(text))}"


def _escaped(text: str) -> str:
    # An arrow would make any question one of pairs, and has no escape.
    return _SIGNS.sub(r"\\\1", text.replace("\n", " ").replace("->", "→"))
