"""Ids of a key and the words for them: what one side has and the other has not."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from course.content.check.registry import Checked, Fault


def word_faults(
    checked: Checked, path: str, keys: tuple[str, ...], kind: str, wanted: Collection[str], present: Collection[str]
) -> Iterator[Fault]:
    """Faults for what has no words, and for words of nothing."""
    for name in wanted:
        if name not in present:
            yield Fault(path, checked.line(path, *keys), f"The {kind} {name} has no words.", f"Add {name}: here.")
    for name in present:
        if name not in wanted:
            line = checked.line(path, *keys, name)
            yield Fault(path, line, f"The key has no {kind} {name}.", "Correct the id, or take the words out.")
