"""How long a learner's saved state can become: SCORM 1.2 keeps 4,096 characters, and some platforms not one more."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

MOST_CHARACTERS = 4096

# How many letters the codec (runtime/codec.js) takes at most, 64 different ones, for each part.
_CODE = 3
_SAVES = 4
_ATTEMPTS = 3
_SEED = 6
_PERCENT = 2
_ID = 5
_CHECK = 4
#: completed and passed.
_TOLD = 2


class StateTooLong(Exception):
    """A learner who does everything would have more to keep than a platform takes."""

    def __init__(self, characters: int) -> None:
        super().__init__(f"{characters} characters")
        self.characters = characters


def longest_state(key: Mapping[str, Any]) -> int:
    """The most characters that the state of one learner can take with this key."""
    modules: Sequence[Mapping[str, Any]] = key["modules"]
    lessons = sum(len(module["lessons"]) for module in modules)
    language = max(len(one) for one in key["languages"])
    parts = (
        len("1"),
        _ID,
        _SAVES,
        language,
        _CODE,
        lessons * _CODE,
        sum(_module(one["quiz"]) for one in modules) + 2 * (len(modules) - 1),
        sum(_CODE + 1 + _longest_walk(one) for one in key["cases"]) + max(0, len(key["cases"]) - 1),
        _TOLD,
        _CHECK,
    )
    return sum(parts) + len(parts) - 1


def require_short(key: Mapping[str, Any]) -> int:
    """The longest state; raises StateTooLong when a platform may not keep it."""
    characters = longest_state(key)
    if characters > MOST_CHARACTERS:
        raise StateTooLong(characters)
    return characters


def _module(quiz: Mapping[str, Any]) -> int:
    questions: Sequence[Mapping[str, Any]] = quiz["questions"]
    drawn: int = min(quiz["draw"], len(questions))
    answers = sorted((_answer(one) for one in questions), reverse=True)[:drawn]
    asked = sum(answers) + drawn * (_CODE + 1) + drawn - 1
    seen = (len(questions) - 1) * (_CODE + 1)
    best = 1 + _PERCENT
    opened = _SEED + _PERCENT + asked
    marked = opened + _PERCENT
    return _CODE + _ATTEMPTS + best + seen + opened + marked + 4


def _answer(question: Mapping[str, Any]) -> int:
    options = len(question["options"])
    if question["kind"] == "several":
        return math.ceil(options / 6)
    return options if question["kind"] in ("order", "match") else 1


def _longest_walk(case: Mapping[str, Any]) -> int:
    """The most decisions on a way through a case. No case leads back (the content check sees to that)."""
    nodes = {node["id"]: node for node in case["nodes"]}
    known: dict[str, int] = {}

    def from_here(name: str) -> int:
        if name not in known:
            known[name] = max((1 + from_here(choice["to"]) for choice in nodes[name]["choices"]), default=0)
        return known[name]

    first: str = case["nodes"][0]["id"]
    return from_here(first)
