"""The English words of the interface, found in the templates and in the code, and the faults of a catalogue of them."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.support import NullTranslations
from jinja2 import Environment

import course
from course.web.templates import TEMPLATES, make_environments

PACKAGE = Path(course.__file__).parent
PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]|%%")
#: Typed on a keyboard, and what ought to stand there. A hyphen inside a word (QR-koodi) is right.
ASCII_SIGNS = {
    r'["“„«»]': "”…”",
    r"['‘`]": "’",
    r"\.\.\.": "…",
    r"(^|\s)-+(\s|$)|--|\d-\d|—": "–",
    r"(?<!\u00a0)%%": "no-break space before %",
    r"\)[sd] (h|min)\b": "no-break space before a unit",
    r"  |^\s|\s$": "single spaces, none at the ends",
}


@dataclass(frozen=True, slots=True)
class Word:
    """A text of the interface and where it stands; `plural` is empty where there is no number."""

    singular: str
    plural: str
    place: str


def words_of_template(source: str, place: str, environment: Environment) -> Iterator[Word]:
    """What a template asks gettext for. A text that is put together there cannot be found, and is refused."""
    for line, function, found in environment.extract_translations(source):  # type: ignore[attr-defined]
        parts = [part for part in ((found,) if isinstance(found, str) else found or ()) if part is not None]
        wanted = 2 if function == "ngettext" else 1
        if len(parts) < wanted:
            raise ValueError(f"{place}:{line}: the text of {function}() is not written out")
        yield Word(parts[0], parts[1] if wanted == 2 else "", f"{place}:{line}")


def words_of_code(source: str, place: str) -> Iterator[Word]:
    """What Python asks `say` for: the first text among its arguments. Handing on a variable `text` is no new word."""
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call) or _name_of(node.func) != "say":
            continue
        texts = [one.value for one in node.args if isinstance(one, ast.Constant) and isinstance(one.value, str)]
        if texts:
            yield Word(texts[0], "", f"{place}:{node.lineno}")
        elif not any(isinstance(one, ast.Name) and one.id == "text" for one in node.args):
            raise ValueError(f"{place}:{node.lineno}: the text of say() is not written out")


def _name_of(function: ast.expr) -> str:
    return (
        function.attr if isinstance(function, ast.Attribute) else function.id if isinstance(function, ast.Name) else ""
    )


def all_words() -> dict[str, Word]:
    """Every text of the interface, by itself; the first place where it stands."""
    environment = make_environments({"en": NullTranslations()})["en"]
    words: dict[str, Word] = {}
    for path in sorted(TEMPLATES.rglob("*.html")):
        for word in words_of_template(path.read_text(), str(path.relative_to(PACKAGE)), environment):
            _add(words, word)
    for path in sorted(PACKAGE.rglob("*.py")):
        for word in words_of_code(path.read_text(), str(path.relative_to(PACKAGE))):
            _add(words, word)
    return words


def _add(words: dict[str, Word], word: Word) -> None:
    known = words.setdefault(word.singular, word)
    if known.plural != word.plural:
        raise ValueError(f"{word.place}: “{word.singular}” has another plural in {known.place}")


def loose_words(template: str) -> list[str]:
    """Words between the tags of a template, or in an attribute that is read out, that no catalogue can translate."""
    template = re.sub(r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}", "", template, flags=re.DOTALL)
    # What stands in code is typed as it is in every language.
    template = re.sub(r"<code>.*?</code>", "", template, flags=re.DOTALL)
    attributes = re.findall(r'\b(?:aria-label|title|alt|placeholder)="([^"]*[^\W\d_]{2}[^"]*)"', template)
    # A block may hold attributes alone: they are filled into the tag of another template.
    between = re.findall(r"[^\W\d_]{2,}", re.sub(r'<[^>]*>|[\w-]+="[^"]*"', " ", template))
    return attributes + between


def faults(words: dict[str, Word], catalogue: Catalog) -> list[str]:
    """Everything that is wrong with a catalogue, one sentence each; empty when it is complete and right."""
    entries = {_parts(message.id)[0]: message for message in catalogue if message.id}
    found = [f"missing: {word.singular} ({word.place})" for id_, word in words.items() if id_ not in entries]
    found += [f"left over: {id_}" for id_ in entries if id_ not in words]
    found += [f"obsolete: {_parts(message.id)[0]}" for message in catalogue.obsolete.values()]
    for id_, word in words.items():
        if id_ in entries:
            found += [f"{fault}: {id_}" for fault in _entry_faults(word, entries[id_], catalogue.num_plurals)]
    return found


def _entry_faults(word: Word, entry: Message, plurals: int) -> Iterator[str]:
    originals, translations = _parts(entry.id), _parts(entry.string)
    if entry.fuzzy:
        yield "fuzzy"
    if originals[1:] != ((word.plural,) if word.plural else ()):
        yield "another plural"
    if len(translations) != (plurals if word.plural else 1):
        yield "another number of forms"
    for translation in translations:
        yield from _text_faults(word.singular, translation)


def _text_faults(original: str, translation: str) -> Iterator[str]:
    if not translation:
        yield "not translated"
        return
    if sorted(PLACEHOLDER.findall(original)) != sorted(PLACEHOLDER.findall(translation)):
        yield "other placeholders"
    if original[-1] != translation[-1] and {original[-1], translation[-1]} & set(".:?!…"):
        yield "ends with another sign"
    if original[0].islower() != translation[0].islower() and original[0].isalpha() and translation[0].isalpha():
        yield "begins with another case"
    for pattern, right in ASCII_SIGNS.items():
        if re.search(pattern, translation):
            yield f"should have {right}"


def _parts(text: str | tuple[str, ...] | list[str] | None) -> tuple[str, ...]:
    """The forms of an entry; one for a text without a number, which may be empty."""
    return tuple(text) if isinstance(text, tuple | list) else (text or "",)
