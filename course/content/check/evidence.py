"""Evidence: what statements were held against, tied to the statements as they stand."""

from __future__ import annotations

from collections.abc import Iterator

from course.content.check.registry import Checked, Fault, rule
from course.content.evidence import Evidence, Statement, evidence_of, texts_by_place
from course.content.package import SOURCES

_READ_ANEW = "Read the sources again, and write the sentence here as it is now."


def _statements(checked: Checked) -> Iterator[tuple[Evidence, int, str, Statement]]:
    """(file, line, section or lesson, statement) of all that has evidence."""
    for evidence in evidence_of(checked.package):
        for place, statements in evidence.statements.items():
            for number, statement in enumerate(statements):
                line = evidence.file.line(place, number) if evidence.file else 1
                yield evidence, line, place, statement


@rule("evidence-form")
def evidence_form(checked: Checked) -> Iterator[Fault]:
    """A file of evidence names sections, the statements in each, and for each at least one source."""
    places = texts_by_place(checked.package)
    for evidence in evidence_of(checked.package):
        if evidence.fault:
            yield Fault(evidence.path, *evidence.fault, "See the format in docs/content-format.md.")
        for place in evidence.statements:
            if place not in places:
                line = evidence.file.line(place) if evidence.file else 1
                fix = "Use the id of a section, or of a lesson for what stands above its sections."
                yield Fault(evidence.path, line, f"There is no section or lesson {place}.", fix)


@rule("evidence-stale")
def evidence_stale(checked: Checked) -> Iterator[Fault]:
    """A statement that has evidence stands in its section word for word."""
    places = {place: " ".join(text.split()) for place, text in texts_by_place(checked.package).items()}
    for evidence, line, place, statement in _statements(checked):
        if " ".join(statement.says.split()) not in places.get(place, statement.says):
            yield Fault(evidence.path, line, f"{place} no longer says: {statement.says[:80]}", _READ_ANEW)


@rule("evidence-source")
def evidence_source(checked: Checked) -> Iterator[Fault]:
    """Evidence names sources of modules/sources.yaml, and the section of the statement cites one of them."""
    places = texts_by_place(checked.package)
    for evidence, line, place, statement in _statements(checked):
        grounds = [ground.source for ground in statement.rests_on]
        known = checked.package.sources.keys()
        for unknown in set(grounds) - known if SOURCES not in checked.package.unread else ():
            yield Fault(evidence.path, line, f"There is no source {unknown}.", "Add it to modules/sources.yaml.")
        text = places.get(place, "")
        if text and not any(f"@{source}" in text for source in grounds):
            what = f"{place} cites none of the sources that this statement rests on."
            yield Fault(evidence.path, line, what, "Cite one of them in the text, [@source].")
