"""Networks, organisations and professions: where learners and trainers belong."""

from __future__ import annotations

from collections.abc import Iterator

from course.content.check.registry import Checked, Fault, rule
from course.content.check.structure import groups_of


@rule("group-words", essential=True)
def group_words(checked: Checked) -> Iterator[Fault]:
    """A network, a kind of organisation and a profession has its name in every language."""
    languages = checked.package.spine.languages
    for kind, path, entries in groups_of(checked.package):
        for entry in entries.values():
            missing = ", ".join(language for language in languages if language not in entry.name)
            if missing:
                line = checked.line(path, entry.id, "name")
                yield Fault(path, line, f"The {kind} {entry.id} has no name in {missing}.", f"Write it in {missing}.")


@rule("group-name-repeated")
def repeated_names(checked: Checked) -> Iterator[Fault]:
    """Two networks, kinds of organisations or professions never have the same name: a roster names them by it."""
    for kind, path, entries in groups_of(checked.package):
        for language in checked.package.spine.languages:
            seen: dict[str, str] = {}
            for entry in entries.values():
                name = entry.name.get(language, "").casefold()
                if name and name in seen:
                    line = checked.line(path, entry.id, "name")
                    what = f"The {kind} {entry.id} has the name of {seen[name]} in {language}."
                    yield Fault(path, line, what, "Give one of the two another name.")
                seen.setdefault(name, entry.id)
