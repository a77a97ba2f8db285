"""Registers: sources, contacts, terms, and the words of modules and tracks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import timedelta

from course.content import schema
from course.content.check.registry import Checked, Fault, rule
from course.content.findings import Level
from course.content.package import CONTACTS, GLOSSARY, SOURCES
from course.content.resting import resting_in_tools

#: How long an entry may rest on notes before its source is opened.
LONGEST_ON_NOTES = timedelta(days=183)
#: How long before its next check an entry is mentioned.
NOTICE = timedelta(days=30)


def _missing(checked: Checked, texts: Iterable[str]) -> str:
    """The languages of the package in which there is no text, in words."""
    present = set(texts)
    return ", ".join(language for language in checked.package.spine.languages if language not in present)


@rule("review-due")
def reviews_due(checked: Checked) -> Iterator[Fault]:
    """Sources and contacts are read again by their next check: a warning comes 30 days before, an error after."""
    entries: list[tuple[str, schema.SourceEntry | schema.ContactEntry]] = [
        *((SOURCES, entry) for entry in checked.package.sources.values()),
        *((CONTACTS, entry) for entry in checked.package.contacts.values()),
    ]
    fix = "Read it at its source, then set checked and next_check."
    for path, entry in entries:
        line = checked.line(path, entry.id, "next_check")
        if entry.next_check < checked.today:
            yield Fault(path, line, f"{entry.id} was due for review on {entry.next_check}.", fix)
        elif entry.next_check - NOTICE <= checked.today:
            yield Fault(path, line, f"{entry.id} is due for review on {entry.next_check}.", fix, Level.WARNING)


@rule("check-dates")
def check_dates(checked: Checked) -> Iterator[Fault]:
    """A source or contact was checked (or noted) in the past, shows a state before that, and is checked again after."""
    for path, entries in ((SOURCES, checked.package.sources), (CONTACTS, checked.package.contacts)):
        for entry in entries.values():
            key = "checked" if entry.checked else "from_notes"
            day = entry.checked or entry.from_notes
            assert day is not None
            if day > checked.today:
                line = checked.line(path, entry.id, key)
                yield Fault(path, line, f"{entry.id} was checked in the future.", f"Set {key} to the day it was read.")
            if entry.as_of and entry.as_of > day.isoformat():
                line = checked.line(path, entry.id, "as_of")
                yield Fault(
                    path, line, f"{entry.id} shows a state after its check.", "Set as_of to the text's own date."
                )
            if entry.next_check <= day:
                line = checked.line(path, entry.id, "next_check")
                yield Fault(path, line, f"{entry.id} is checked next before it was checked.", "Set a later next_check.")


@rule("notes-soon")
def notes_are_opened_soon(checked: Checked) -> Iterator[Fault]:
    """What comes from notes, its source unopened, is due for a check within half a year."""
    for path, entries in ((SOURCES, checked.package.sources), (CONTACTS, checked.package.contacts)):
        for entry in entries.values():
            if entry.from_notes and entry.next_check - entry.from_notes > LONGEST_ON_NOTES:
                line = checked.line(path, entry.id, "next_check")
                fix = "Open the source and set checked, or set an earlier next_check."
                yield Fault(path, line, f"{entry.id} rests on notes for longer than half a year.", fix)


@rule("source-unused", Level.WARNING)
def unused_sources(checked: Checked) -> Iterator[Fault]:
    """A source supports something: a lesson, a question or a contact."""
    used = {one for contact in checked.package.contacts.values() for one in (contact.source, *contact.also)}
    for _, page in checked.lessons():
        used.update(page.sources)
    for text in checked.rendered.texts:
        used.update(text.page.sources)
    used.update(source for _, _, _, sources in resting_in_tools(checked.package) for source in sources)
    unused = [source_id for source_id in checked.package.sources if source_id not in used]
    if unused:
        # One finding for all of them: a register is often filled before the texts that will cite it.
        what = f"Nothing cites {', '.join(unused)}."
        yield Fault(SOURCES, checked.line(SOURCES, unused[0]), what, "Cite them, or drop them.")


@rule("contact-words", essential=True)
def contact_words(checked: Checked) -> Iterator[Fault]:
    """A contact has its name, its purpose, and what else is told of it, in every language."""
    for contact in checked.package.contacts.values():
        told = {"name": contact.name, "for": contact.when}
        optional = {"hours": contact.hours, "answers_in": contact.answers_in, "cost": contact.cost}
        told |= {key: words for key, words in optional.items() if words}
        for key, words in told.items():
            missing = _missing(checked, words)
            if missing:
                line = checked.line(CONTACTS, contact.id, key)
                yield Fault(CONTACTS, line, f"{contact.id} has no {key} in {missing}.", f"Write {key} in {missing}.")


@rule("contact-reachable", Level.WARNING)
def reachable_contacts(checked: Checked) -> Iterator[Fault]:
    """A contact has a telephone number, a mail or web address, or says that its number could not be confirmed."""
    for contact in checked.package.contacts.values():
        # The page says what is unconfirmed, and `for` where to look: a county's number is no number of the country.
        if not (contact.phone or contact.email or contact.web or "phone" in contact.unconfirmed):
            fix = "Add phone, email or web from its source, or phone to unconfirmed and to `for` where to look."
            yield Fault(CONTACTS, checked.line(CONTACTS, contact.id), f"{contact.id} cannot be reached.", fix)


@rule("contact-source", essential=True)
def contact_sources(checked: Checked) -> Iterator[Fault]:
    """A contact names the source in which its number was read."""
    if SOURCES in checked.package.unread:
        return
    for contact in checked.package.contacts.values():
        if contact.source not in checked.package.sources:
            line = checked.line(CONTACTS, contact.id, "source")
            yield Fault(CONTACTS, line, f"There is no source {contact.source}.", "Use an id of modules/sources.yaml.")


@rule("term-words", essential=True)
def term_words(checked: Checked) -> Iterator[Fault]:
    """A term has words and a meaning in every language."""
    for term in checked.package.terms.values():
        for key, words in (("words", term.words), ("meaning", term.meaning)):
            missing = _missing(checked, words)
            if missing:
                line = checked.line(GLOSSARY, term.id, key)
                yield Fault(GLOSSARY, line, f"{term.id} has no {key} in {missing}.", f"Write {key} in {missing}.")


@rule("course-words", essential=True)
def course_words(checked: Checked) -> Iterator[Fault]:
    """Every module, objective and track of the spine has words in every language."""
    spine = checked.package.spine
    for language, words in checked.package.course_words.items():
        path = f"modules/{language}/course.yaml"
        for module in spine.modules:
            texts = words.modules.get(module.id)
            if texts is None:
                fix = f"Add {module.id}: with title, summary and objectives."
                yield Fault(path, checked.line(path, "modules"), f"The module {module.id} has no words.", fix)
                continue
            for objective in module.objectives:
                if objective not in texts.objectives:
                    line = checked.line(path, "modules", module.id, "objectives")
                    what = f"The objective {objective} of {module.id} has no words."
                    yield Fault(path, line, what, f"Add {objective}: below its objectives.")
        for track in spine.tracks:
            if track.id not in words.tracks:
                line = checked.line(path, "tracks", track.id)
                yield Fault(
                    path, line, f"The track {track.id} has no words.", f"Add {track.id}: with title and summary."
                )


@rule("course-words-unused", Level.WARNING)
def unused_course_words(checked: Checked) -> Iterator[Fault]:
    """Words of modules, objectives and tracks belong to something in the spine."""
    spine = checked.package.spine
    objectives = {module.id: set(module.objectives) for module in spine.modules}
    tracks = {track.id for track in spine.tracks}
    fix = "Correct the id, or take the words out."
    for language, words in checked.package.course_words.items():
        path = f"modules/{language}/course.yaml"
        for module_id, module in words.modules.items():
            if module_id not in objectives:
                line = checked.line(path, "modules", module_id)
                yield Fault(path, line, f"The spine has no module {module_id}.", fix)
                continue
            for objective in sorted(set(module.objectives) - objectives[module_id]):
                line = checked.line(path, "modules", module_id, "objectives", objective)
                yield Fault(path, line, f"{module_id} has no objective {objective}.", fix)
        for track_id in sorted(set(words.tracks) - tracks):
            yield Fault(path, checked.line(path, "tracks", track_id), f"The spine has no track {track_id}.", fix)
