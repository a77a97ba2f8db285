"""Words for the search: each line of a list brings something together that the course has."""

from __future__ import annotations

from collections.abc import Iterator

from course.content.check.registry import Checked, Fault, rule
from course.content.package import SEARCH_WORDS
from course.content.search.words import words_at

#: Letters of a word that its other forms may not share, and the fewest that are compared.
ENDING = 3
SHORTEST = 4


def _groups(checked: Checked) -> Iterator[tuple[str, str, int, list[str]]]:
    """(path, language, line, words of the group) of every line that is no comment."""
    for language in checked.package.spine.languages:
        path = SEARCH_WORDS.format(language)
        for number, line in enumerate(checked.package.texts.get(path, "").splitlines(), 1):
            typed = line.partition("#")[0]
            if typed.strip():
                yield path, language, number, [word.strip() for word in typed.split(",")]


@rule("search-group")
def search_group(checked: Checked) -> Iterator[Fault]:
    """A line for the search has two words or more, with commas between, and each is a word and stands there once."""
    for path, _, number, words in _groups(checked):
        forms = [tuple(found.form for found in words_at(word)) for word in words]
        if len(words) < 2:
            yield Fault(path, number, f"{words[0]} stands alone.", "Add what means the same, or take the line out.")
        elif () in forms:
            yield Fault(path, number, "There is no word between two commas.", "Take the comma out, or write a word.")
        elif len(set(forms)) < len(forms):
            yield Fault(path, number, "A word stands here a second time.", "Name it once.")


@rule("search-group-unused")
def unused_group(checked: Checked) -> Iterator[Fault]:
    """Of the words on a line for the search the course itself uses one, at least as a part of a longer word."""
    texts: dict[str, str] = {}
    for path, language, number, words in _groups(checked):
        if language not in texts:
            texts[language] = _all_words(checked, language)
        if not any(_beginning(word) in texts[language] for word in words):
            what = f"The course says none of: {', '.join(words)}."
            yield Fault(path, number, what, "Add the word that the course uses, or take the line out.")


def _all_words(checked: Checked, language: str) -> str:
    """All that the package says in a language, in small letters."""
    said = [passage.text for _, _, code, passage in checked.passages() if code == language]
    package = checked.package
    said += [
        words
        for term in package.terms.values()
        for words in (term.words.get(language), term.meaning.get(language))
        if words
    ]
    said += [contact.name.get(language, "") for contact in package.contacts.values()]
    return "\n".join(said).casefold()


def _beginning(word: str) -> str:
    """So much of a word as all its forms have."""
    return word.casefold()[: max(SHORTEST, len(word) - ENDING)]
