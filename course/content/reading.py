"""How long a text takes, and how hard it is."""

from __future__ import annotations

import re
from collections.abc import Iterable

#: Words a minute that a professional reads with thought. Finnish words are long, so there are fewer of them.
READING_SPEED = {"fi": 150, "sv": 180, "en": 200}

#: A word of LIX is long when it has more letters than this.
LONG = 6

_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_SENTENCE_END = re.compile(r"[.!?:](?=\s|$)")


def reading_minutes(words: int, language: str) -> int:
    """How long a text takes to read, in whole minutes."""
    return max(1, round(words / READING_SPEED.get(language, READING_SPEED["en"])))


def lix(passages: Iterable[str]) -> float:
    """The readability index: words in a sentence, and the share of long words. 25 is easy, 60 is very hard."""
    words: list[str] = []
    sentences = 0
    for passage in passages:
        found = _WORD.findall(passage)
        words += found
        sentences += max(1, len(_SENTENCE_END.findall(passage))) if found else 0
    if not words:
        return 0.0
    long_words = sum(len(word) > LONG for word in words)
    return len(words) / sentences + 100 * long_words / len(words)
