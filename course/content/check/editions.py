"""Editions: what an edition changed is written down, and said in every language."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from course.content.check.cases import sections_of
from course.content.check.parity import word_faults
from course.content.check.registry import Checked, Fault, rule
from course.content.package import EDITIONS, RELEASED, edition_path


@rule("edition-listed")
def edition_listed(checked: Checked) -> Iterator[Fault]:
    """The last edition of the list is the one of the spine, published on the same day."""
    listed, spine = list(checked.package.editions.values()), checked.package.spine
    if EDITIONS in checked.package.unread or EDITIONS not in checked.package.texts:
        return
    if not listed or listed[-1].id != spine.edition:
        line = checked.line(EDITIONS, listed[-1].id) if listed else 1
        fix = "Add it at the end of the list, with `changed` for the sections it changed."
        yield Fault(EDITIONS, line, f"The spine's edition {spine.edition} is not the last one here.", fix)
    elif listed[-1].published != spine.published:
        line = checked.line(EDITIONS, spine.edition, "published")
        what = f"{spine.edition} was published on {spine.published} by the spine."
        yield Fault(EDITIONS, line, what, "Give both the same day.")


@rule("edition-order")
def edition_order(checked: Checked) -> Iterator[Fault]:
    """Editions stand in the order in which they were published."""
    for before, after in pairwise(checked.package.editions.values()):
        if after.published < before.published:
            line = checked.line(EDITIONS, after.id, "published")
            yield Fault(
                EDITIONS, line, f"{after.id} was published before {before.id}.", "Correct the day or the order."
            )


@rule("edition-section")
def edition_section(checked: Checked) -> Iterator[Fault]:
    """A section that an edition changed is in the package, or was released and is retired; each is named once."""
    retired = [line.split() for line in checked.package.texts.get(RELEASED, "").splitlines()]
    known = sections_of(checked) | {words[1] for words in retired if words[:1] == ["section"] and len(words) > 1}
    for edition in checked.package.editions.values():
        for place, section in enumerate(edition.changed):
            line = checked.line(EDITIONS, edition.id, "changed", place)
            if section not in known:
                yield Fault(EDITIONS, line, f"There is no section {section}.", "Use the id of a heading: ## … {#id}.")
            elif section in edition.changed[:place]:
                yield Fault(EDITIONS, line, f"{section} stands here a second time.", "Name it once.")


@rule("edition-words", essential=True)
def edition_words(checked: Checked) -> Iterator[Fault]:
    """Every changed section has a text in every language that says what is different, and nothing else has."""
    for language, editions in checked.package.edition_words.items():
        for edition_id, words in editions.items():
            wanted = checked.package.editions[edition_id].changed
            path = edition_path(edition_id, language)
            yield from word_faults(checked, path, ("changes",), "section", wanted, words.changes)


@rule("edition-headings")
def no_sections(checked: Checked) -> Iterator[Fault]:
    """A text about a change is a few sentences: it has no headings."""
    paths = {edition_path(one, code) for code, editions in checked.package.edition_words.items() for one in editions}
    for text in checked.rendered.texts:
        if text.path in paths and text.page.sections:
            line = checked.line(text.path, *text.keys)
            yield Fault(text.path, line, "There is a heading in this text.", "Write paragraphs or a list.")
