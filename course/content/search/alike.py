"""Words that mean the same in this field, as the package lists them: what people type, and what the course says.

The list is `modules/search-<lang>.txt`: one group on a line, with commas between. A word with spaces is a phrase: it is
known when it is typed, and the single words of its group are searched for.
"""

from __future__ import annotations

from collections.abc import Sequence

from course.content.search.stems import stem, variants
from course.content.search.words import words_at

#: The words of a group.
Group = tuple[str, ...]


def groups_in(text: str) -> tuple[Group, ...]:
    """The groups of a list; `#` begins a comment."""
    lines = (line.partition("#")[0] for line in text.splitlines())
    groups = (tuple(word.strip() for word in line.split(",") if word.strip()) for line in lines)
    return tuple(group for group in groups if len(group) > 1)


class Alike:
    """The groups of a language."""

    def __init__(self, groups: Sequence[Group], language: str) -> None:
        self._language = language
        #: Stems of a word or phrase -> the single words that mean the same.
        self._others: dict[tuple[str, ...], list[str]] = {}
        for group in groups:
            phrases = [tuple(found.form for found in words_at(word)) for word in group]
            for phrase in phrases:
                others = [one[0] for one in phrases if len(one) == 1 and one != phrase]
                self._others.setdefault(self._stems(phrase), []).extend(others)
        self._longest = max(map(len, self._others), default=1)

    def grouped(self, forms: Sequence[str]) -> list[tuple[str, list[str]]]:
        """(typed word, or nothing for a phrase; words that mean the same), in the order of the query."""
        found = []
        place = 0
        while place < len(forms):
            length = self._phrase_at(forms, place)
            if length == 1:
                found.append((forms[place], self.others(forms[place])))
            else:
                found.append(("", self._others[self._stems(forms[place : place + length])]))
            place += length
        return found

    def others(self, form: str) -> list[str]:
        """The words that mean the same as this one."""
        for one in sorted(variants(stem(form, self._language), self._language)):
            if found := self._others.get((one,)):
                return found
        return []

    def _phrase_at(self, forms: Sequence[str], place: int) -> int:
        for length in range(min(self._longest, len(forms) - place), 1, -1):
            if self._others.get(self._stems(forms[place : place + length])):
                return length
        return 1

    def _stems(self, forms: Sequence[str]) -> tuple[str, ...]:
        return tuple(stem(form, self._language) for form in forms)
