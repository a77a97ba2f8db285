"""Editions of the content, and what an edition changed for somebody who studied an earlier one.

This is the only place where "changed since you studied" is decided: the page that tells it and the refreshers ask here.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date


@dataclass(frozen=True, slots=True)
class Edition:
    id: str
    published: date
    #: Sections that it changed, in the order of its file.
    changed: tuple[str, ...] = ()


def later_than(editions: Sequence[Edition], edition_id: str) -> Sequence[Edition]:
    """The editions that came after one, oldest first. Of an edition that nobody wrote down nothing is known: none."""
    names = [edition.id for edition in editions]
    return editions[names.index(edition_id) + 1 :] if edition_id in names else ()


def changed_since(editions: Sequence[Edition], edition_id: str) -> frozenset[str]:
    """The sections that editions after this one changed."""
    return frozenset(section for edition in later_than(editions, edition_id) for section in edition.changed)


def changes_for(editions: Sequence[Edition], studied: Mapping[str, str]) -> list[Edition]:
    """What changed for one learner: the editions, newest first, each with those of its sections that concern her.

    `studied` tells under which edition she studied a section; what she has not studied yet cannot be new to her.
    """
    found = []
    for edition in reversed(editions):
        news = tuple(one for one in edition.changed if one in studied and _is_later(editions, edition, studied[one]))
        if news:
            found.append(replace(edition, changed=news))
    return found


def _is_later(editions: Sequence[Edition], edition: Edition, than: str) -> bool:
    return any(one.id == edition.id for one in later_than(editions, than))


def unread(editions: Sequence[Edition], changes: Sequence[Edition], read: Collection[str]) -> list[Edition]:
    """Those of the changes that came after the last edition whose changes she has read."""
    last = max((place for place, edition in enumerate(editions) if edition.id in read), default=-1)
    newer = {edition.id for edition in editions[last + 1 :]}
    return [edition for edition in changes if edition.id in newer]
