"""Which words are not in the dictionary: Finnish asks Voikko, Swedish and English ask hunspell.

Both are called as programs of the system: they have no Python packages that install everywhere, and a site that only
serves needs neither. What is right and in no dictionary stands in short lists of the package: `modules/words-fi.txt`
and its sisters, and `modules/words.txt` for the names that are the same in every language.
"""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import lru_cache

from course.content.typography import SOFT_HYPHEN

#: The first part of a compound keeps its hyphen (sosiaali- ja terveyspalvelut): it is a word only with it. The ending
#: of a number is none (18:n), the word behind it is part of one (18-vuotias).
WORD = re.compile(r"(?<![\w:])(?:\d+-)?[^\W\d_]+(?:[-':][^\W\d_]+)*-?(?!\w)")
#: An address or the name of a file: migri.fi, a@b.fi, one_two.
ADDRESS = re.compile(r"[@_]|://|[^\W\d_]\.[^\W\d_]{2}")
#: What a name or an abbreviation takes in a sentence: Sanni's, THL:n.
ENDING = re.compile(r"'s$|:[^\W\d_]+$")
#: So long may a program think before the check goes on without it.
SECONDS = 60


class CannotSpell(Exception):
    """The program or its dictionary is not on this machine."""


@dataclass(frozen=True, slots=True)
class Speller:
    """A program that reads words, one on a line, and prints those it does not know."""

    command: tuple[str, ...]
    #: What Debian and Ubuntu call the program and its dictionary.
    packages: tuple[str, ...]
    #: It takes a word with hyphens apart, and prints only the part it does not know.
    by_parts: bool = False


SPELLERS = {
    "fi": Speller(("voikkospell", "-tt", "-d", "fi"), ("libvoikko-dev", "voikko-fi")),
    "sv": Speller(("hunspell", "-l", "-i", "utf-8", "-d", "sv_FI"), ("hunspell", "hunspell-sv")),
    "en": Speller(("hunspell", "-l", "-i", "utf-8", "-d", "en_GB"), ("hunspell", "hunspell-en-gb"), by_parts=True),
}


@dataclass(frozen=True, slots=True)
class KeptWord:
    """A line of a kept list. Small letters stand for capitals too; a star at the end for any ending."""

    line: int
    entry: str

    def covers(self, word: str) -> bool:
        if self.entry == self.entry.lower():
            word = word.lower()
        stem = self.entry.removesuffix("*")
        return word.startswith(stem) if stem != self.entry else word == stem


def words_in(text: str) -> Iterator[str]:
    """The words of a text as they are spelt: without soft hyphens, with straight apostrophes."""
    for piece in text.replace(SOFT_HYPHEN, "").replace("’", "'").split():
        if piece.isalpha():
            yield piece
        elif not ADDRESS.search(piece):
            yield from WORD.findall(piece)


def parts_of(word: str) -> list[str]:
    """What has to be right for the word to be right, when it does not stand in a dictionary as a whole."""
    return [part for part in ENDING.sub("", word).split("-") if part and not part.isdecimal()]


def kept_words(text: str) -> list[KeptWord]:
    """The entries of a kept list: one on a line, `#` begins a comment."""
    lines = ((number, line.partition("#")[0].strip()) for number, line in enumerate(text.splitlines(), 1))
    return [KeptWord(number, entry) for number, entry in lines if entry]


def misspelt(words: Collection[str], language: str, kept: Collection[KeptWord]) -> set[str]:
    """The words that neither the dictionary nor the list knows, whole or part by part; raises CannotSpell."""
    speller = SPELLERS[language]
    parts = {word: split for word in words if (split := parts_of(word)) != [word]}
    unknown = _unknown(speller.command, frozenset(words).union(*parts.values()))

    def is_kept(word: str) -> bool:
        return any(entry.covers(word) for entry in kept)

    def right(word: str) -> bool:
        if word in unknown or (word in parts and speller.by_parts):
            split = parts.get(word, [])
            return is_kept(word) or (bool(split) and all(part not in unknown or is_kept(part) for part in split))
        return True

    return {word for word in words if not right(word)}


@lru_cache(maxsize=16)
def _unknown(command: tuple[str, ...], words: frozenset[str]) -> frozenset[str]:
    """What the program prints. All words are asked for at once: starting it takes longer than they do."""
    given = "".join(f"{word}\n" for word in sorted(words))
    # The programs read UTF-8 only when the language of the system is one that is written in it.
    environment = {**os.environ, "LC_ALL": "C.UTF-8"}
    try:
        done = subprocess.run(  # noqa: S603 - the commands stand above
            command, input=given, env=environment, capture_output=True, encoding="utf-8", timeout=SECONDS, check=True
        )
    except (OSError, subprocess.SubprocessError) as error:
        raise CannotSpell(command[0]) from error
    return frozenset(done.stdout.split())
