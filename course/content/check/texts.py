"""Texts: blocks, references, links, numbers and plain language in lessons and questions."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import partial
from itertools import groupby

from course.content.check.registry import Checked, Fault, rule, rules_from_rendering
from course.content.findings import Level
from course.content.package import CONTACTS, SOURCES
from course.content.page import Passage
from course.content.reading import lix

rules_from_rendering(
    __name__,
    {
        "block-fence": "Every block is closed by a fence of its own, and every fence closes a block.",
        "block-unknown": "A block has one of the names of the format.",
        "answer-outside-practice": "An answer stands inside a practice block.",
        "unknown-term": "`[[…]]` names a term of modules/glossary.yaml.",
        "unknown-source": "`[@…]` names a source of modules/sources.yaml.",
        "unknown-contact": "`{…}` names a contact of modules/contacts.yaml, and something that it has.",
    },
    essential=True,
)
rules_from_rendering(
    __name__,
    {
        "inline-form": "What looks like a term, a source, a contact or an id is complete.",
        "section-id": "Every section has an id, and only sections have one.",
        "heading-levels": "Sections are `##`, and no level is skipped below them.",
        "image-text": "Every picture has an alternative text.",
    },
    essential=False,
)

PHONE = re.compile(r"(?<![\d./])(?:\+\d{1,3}[ -]?\d{1,3}|0\d{1,3})[ -]?\d{3}[ -]?\d{2,4}(?![\d/])|\b116 ?\d{3}\b")
EMERGENCY = re.compile(r"(?<![\d./])112(?![\d/]|[., ]\d| §)")
MAIL = re.compile(r"[\w.+-]+@[\w-]+\.\w+")
HTML = re.compile(r"</?[a-zA-Z][^<>]*>|<!--")
CURLY = re.compile("[“”„«»‘]")
FIGURE = re.compile(r"\d{2,}|\d ?%|§")
#: Numbers in these are part of a story, and need no source.
STORIES = frozenset(("case", "practice", "reflect"))
#: Readability index that a lesson should stay below.
LIX_BOUND = {"fi": 50, "sv": 45, "en": 45}
#: A shorter text has too few sentences for an index to mean anything.
LIX_WORDS = 100


def _typed(checked: Checked) -> Iterator[tuple[str, int, str]]:
    """(path, line, text) of everything an author has typed."""
    for path, line, _, passage in checked.passages():
        yield path, line, passage.typed
    for language, course in checked.package.course_words.items():
        path = f"modules/{language}/course.yaml"
        for module_id, words in course.modules.items():
            at = partial(checked.line, path, "modules", module_id)
            yield path, at("title"), words.title
            yield path, at("summary"), words.summary
            for objective, text in words.objectives.items():
                yield path, at("objectives", objective), text


@rule("typed-contact")
def typed_contacts(checked: Checked) -> Iterator[Fault]:
    """A telephone number or mail address is never typed into a text: it would be corrected in one place only."""
    for path, line, text in _typed(checked):
        for form in (PHONE, EMERGENCY, MAIL):
            for found in form.finditer(text):
                fix = "Write {contact-id}, and keep the number in modules/contacts.yaml."
                yield Fault(path, line, f"{found[0]} is typed into the text.", fix)


@rule("raw-html")
def raw_html(checked: Checked) -> Iterator[Fault]:
    """A text holds no HTML; the page would show it as it is typed."""
    for path, line, text in _typed(checked):
        for found in HTML.finditer(text):
            yield Fault(path, line, f"{found[0]} is HTML.", "Use Markdown or one of the blocks.")


@rule("typed-quotes", Level.WARNING)
def typed_quotes(checked: Checked) -> Iterator[Fault]:
    """Quotation marks are typed straight; the page sets those of the language."""
    for path, line, text in _typed(checked):
        found = CURLY.search(text)
        if found:
            yield Fault(path, line, f"{found[0]} is typed.", "Type \" or '.")


def _links(checked: Checked) -> Iterator[tuple[str, int, str]]:
    for lesson, page in checked.lessons():
        for link in page.links:
            yield lesson.path, lesson.above + link.line, link.name
    for text in checked.rendered.texts:
        for link in text.page.links:
            yield text.path, checked.line(text.path, *text.keys), link.name


@rule("unknown-link", essential=True)
def unknown_links(checked: Checked) -> Iterator[Fault]:
    """Links inside the course lead to lessons and sections that are there."""
    source = checked.package.spine.source_language
    pages = checked.rendered.lessons.get(source, {})
    known = {f"lesson:{lesson_id}" for lesson_id in pages}
    known |= {f"section:{section.name}" for page in pages.values() for section in page.sections}
    for path, line, address in _links(checked):
        if address.startswith(("lesson:", "section:")) and address not in known:
            yield Fault(
                path, line, f"{address} leads nowhere.", "Use the id of a lesson or of a section that is there."
            )


@rule("link-form")
def link_form(checked: Checked) -> Iterator[Fault]:
    """Links lead to https addresses (urn.fi apart), or to a lesson or a section of the course."""
    places = list(_links(checked))
    places += [(SOURCES, checked.line(SOURCES, one.id, "url"), one.url) for one in checked.package.sources.values()]
    places += [(CONTACTS, checked.line(CONTACTS, one.id, "web"), one.web) for one in checked.package.contacts.values()]
    for path, line, address in places:
        if address and not address.startswith(("https://", "lesson:", "section:", "http://urn.fi/")):
            yield Fault(path, line, f"{address} is not an https address.", "Use https:, lesson: or section:.")


@rule("uncited-number", Level.WARNING)
def uncited_numbers(checked: Checked) -> Iterator[Fault]:
    """A paragraph with a figure, a percentage or a section of law names its source."""
    for lesson, page in checked.lessons():
        for _, group in groupby(page.passages, key=lambda passage: passage.group):
            passages = [passage for passage in group if _tells_facts(passage)]
            found = next((passage for passage in passages if FIGURE.search(passage.typed)), None)
            if found and not any(passage.cited for passage in passages):
                figure = FIGURE.search(found.typed)
                what = f"A paragraph with {figure[0] if figure else 'a figure'} has no source."
                yield Fault(lesson.path, lesson.above + found.line, what, "Add [@source-id] behind the sentence.")


def _tells_facts(passage: Passage) -> bool:
    return not passage.heading and not passage.for_trainers and passage.block not in STORIES


@rule("reading-level", Level.WARNING)
def reading_level(checked: Checked) -> Iterator[Fault]:
    """A lesson, case or tool is in plain language: its readability index (LIX) is below 50 in Finnish, 45 in others."""
    for path, line, language, passages in _readable(checked):
        index, bound = lix(passages), LIX_BOUND.get(language, 45)
        if index > bound and sum(len(passage.split()) for passage in passages) >= LIX_WORDS:
            what = f"The readability index is {index:.0f}, over {bound}."
            yield Fault(path, line, what, "Shorten the sentences, and use shorter words.")


def _readable(checked: Checked) -> Iterator[tuple[str, int, str, list[str]]]:
    """(path, line, language, passages) of every lesson, case and tool."""
    for lesson, page in checked.lessons():
        passages = [passage.text for passage in page.passages if not passage.for_trainers and not passage.heading]
        yield lesson.path, lesson.above + 1, lesson.language, passages
    practice = [text for text in checked.rendered.texts if text.path.startswith("modules/")]
    for path, texts in groupby(practice, key=lambda text: text.path):
        found = list(texts)
        yield path, 1, found[0].language, [passage.text for text in found for passage in text.page.passages]
