"""The index of a language: which words stand in which documents, and how much each says about it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from course.content.library import Library
from course.content.search.documents import Document, documents
from course.content.search.stems import stem
from course.content.search.words import forms_in

#: What a word in the heading of a section, of its lesson and of its module says, in hundredths of one in a text.
TITLE = 200
ABOVE = 80
BLOCK_TITLE = 30
MODULE = 20
#: Of a posting: the document, how often its text has the word, what its headings say.
STEP = 3


@dataclass(frozen=True, slots=True)
class Index:
    """Plain data, so that it can be kept in a file."""

    documents: tuple[Document, ...]
    #: Words of each document's text.
    lengths: tuple[int, ...]
    #: Form -> (document, times in the text, worth of the headings) one after the other.
    postings: Mapping[str, tuple[int, ...]]
    #: Form -> stem, of every form that stands somewhere.
    stems: Mapping[str, str]


def build(library: Library, language: str) -> Index:
    """The index of a language of a library."""
    found = tuple(documents(library, language))
    modules = {module.id: module.title[language] for module in library.modules}
    postings: dict[str, list[int]] = {}
    lengths = []
    for number, document in enumerate(found):
        times = Counter(forms_in(document.text))
        lengths.append(times.total())
        # A law counts like a word of the section, as often as the section cites it.
        times.update(forms_in(document.sources))
        headed = _headed(document, modules.get(document.module_id, ""))
        for form in {**times, **headed}:
            postings.setdefault(form, []).extend((number, times[form], headed[form]))
    stems = {form: stem(form, language) for form in postings}
    return Index(found, tuple(lengths), {form: tuple(places) for form, places in postings.items()}, stems)


def _headed(document: Document, module: str) -> Counter[str]:
    worth: Counter[str] = Counter()
    headings = ((document.title, TITLE), (document.above, ABOVE), (document.titles, BLOCK_TITLE), (module, MODULE))
    for words, value in headings:
        for form in set(forms_in(words)):
            worth[form] += value
    return worth
