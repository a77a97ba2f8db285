"""Spelling: the words of every text are in the dictionary of its language, or in the package's own short list."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from course.content.check.registry import Checked, Fault, rule
from course.content.findings import Level
from course.content.package import CONTACTS, GLOSSARY, KEPT_NAMES, KEPT_WORDS, SPINE
from course.content.spelling import SPELLERS, CannotSpell, KeptWord, kept_words, misspelt, parts_of, words_in


@dataclass(frozen=True, slots=True)
class _Text:
    """A text, and the line from which on its words stand in its file."""

    path: str
    line: int
    language: str
    text: str


@rule("spelling", Level.WARNING)
def spelling(checked: Checked) -> Iterator[Fault]:
    """Every word is in the dictionary of its language, or in a kept list: modules/words-….txt, modules/words.txt."""
    texts = list(_texts(checked))
    names = _kept(checked, KEPT_NAMES)
    missing = []
    for language in checked.package.spine.languages:
        if language not in SPELLERS:
            continue
        path_of_list = KEPT_WORDS.format(language)
        places = _places([text for text in texts if text.language == language])
        try:
            wrong = misspelt({word for word, _ in places}, language, [*names, *_kept(checked, path_of_list)])
        except CannotSpell:
            missing.append(language)
            continue
        fix = f"Correct it; when it is right, add it to {path_of_list}, or to {KEPT_NAMES} if it is a name."
        for (word, path), line in places.items():
            if word in wrong:
                yield Fault(path, _line_of(checked, path, line, word), f"{word} is in no dictionary.", fix)
    if missing:
        yield _not_asked(checked, missing)


@rule("kept-word", Level.WARNING)
def idle_words(checked: Checked) -> Iterator[Fault]:
    """The kept lists are in alphabetical order, and each of their words stands in a text."""
    words: dict[str, set[str]] = {}
    for text in _texts(checked):
        words.setdefault(text.language, set()).update(words_in(text.text))
    for found in words.values():
        found.update(*map(parts_of, found))
    lists = {KEPT_WORDS.format(language): found for language, found in words.items()}
    lists[KEPT_NAMES] = set().union(*words.values())
    for path, found in lists.items():
        before = ""
        for kept in _kept(checked, path):
            if not any(map(kept.covers, found)):
                yield Fault(path, kept.line, f"No text has the word {kept.entry}.", "Take it out of the list.")
            if kept.entry.lower() <= before:
                yield Fault(path, kept.line, f"{kept.entry} stands below {before}.", "Sort the list.")
            before = kept.entry.lower()


def _kept(checked: Checked, path: str) -> list[KeptWord]:
    return kept_words(checked.package.texts.get(path, ""))


def _not_asked(checked: Checked, languages: list[str]) -> Fault:
    packages = dict.fromkeys(package for language in languages for package in SPELLERS[language].packages)
    what = f"The spelling of {', '.join(languages)} was not looked at: a program or its dictionary is missing."
    fix = f"Install it:  sudo apt-get install {' '.join(packages)}"
    return Fault(SPINE, checked.line(SPINE, "languages"), what, fix)


def _places(texts: list[_Text]) -> dict[tuple[str, str], int]:
    """(word, path) -> the line of the text where the file first has the word."""
    places: dict[tuple[str, str], int] = {}
    for text in texts:
        for word in words_in(text.text):
            places.setdefault((word, text.path), text.line)
    return places


def _line_of(checked: Checked, path: str, start: int, word: str) -> int:
    """A paragraph has many lines: the first of them with the word, when it is typed there in one piece."""
    whole = re.compile(rf"(?<!\w){re.escape(word)}(?!\w)")
    lines = checked.package.texts.get(path, "").splitlines()
    return next((number for number, line in enumerate(lines, 1) if number >= start and whole.search(line)), start)


def _texts(checked: Checked) -> Iterator[_Text]:
    """What readers meet. The titles of sources are left out: they stand as their owners write them."""
    for path, line, language, passage in checked.passages():
        yield _Text(path, line, language, passage.typed)
    for lesson, _ in checked.lessons():
        yield _Text(lesson.path, lesson.head.line("title"), lesson.language, lesson.front.title)
    for term in checked.package.terms.values():
        for key, words in (("words", term.words), ("meaning", term.meaning)):
            for language, text in words.items():
                yield _Text(GLOSSARY, checked.line(GLOSSARY, term.id, key), language, text)
    for contact in checked.package.contacts.values():
        told = {"name": contact.name, "for": contact.when, "hours": contact.hours}
        told |= {"answers_in": contact.answers_in, "cost": contact.cost}
        for key, words in told.items():
            for language, text in words.items():
                yield _Text(CONTACTS, checked.line(CONTACTS, contact.id, key), language, text)
    yield from _course_texts(checked)


def _course_texts(checked: Checked) -> Iterator[_Text]:
    for language, course in checked.package.course_words.items():
        path = f"modules/{language}/course.yaml"
        for key, text in (("title", course.title), ("subtitle", course.subtitle), ("welcome", course.welcome)):
            yield _Text(path, checked.line(path, key), language, text)
        for principle in course.principles:
            for text in (principle.title, principle.text):
                yield _Text(path, checked.line(path, "principles"), language, text)
        for module_id, module in course.modules.items():
            line = checked.line(path, "modules", module_id)
            for text in (module.title, module.summary, *module.objectives.values()):
                yield _Text(path, line, language, text)
        for track_id, track in course.tracks.items():
            line = checked.line(path, "tracks", track_id)
            for text in (track.title, track.summary):
                yield _Text(path, line, language, text)
