"""Which translations fell behind their source texts, as the files lie on the disk now."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from pathlib import Path

from course.content.check.translations import PENDING
from course.content.files import stamp_of
from course.content.package import Package, read
from course.content.resting import changed_since_read


class Behind(StrEnum):
    """Why a translation does not count as one of the source text as it is now."""

    #: Made from another state of the source text.
    STALE = "stale"
    #: Marked by its author as still to be translated.
    PENDING = "pending"
    #: It does not say what it was made from.
    UNSTAMPED = "unstamped"


@dataclass(frozen=True, slots=True)
class TranslationState:
    """What the files say of the translations and of the readings of questions. No file says when it was translated."""

    #: The hash of the package, to be held against that of the library.
    hash: str
    #: By path, of translations that are not made from the source text as it is now.
    behind: Mapping[str, Behind]
    #: Question id -> sections it rests on that have changed since it was last read against them.
    changed: Mapping[str, tuple[str, ...]]
    #: Question id -> kind of reading (facts, language) -> its day.
    reviewed: Mapping[str, Mapping[str, date]]


def translation_state(root: Path) -> TranslationState:
    """Nothing is kept from the last time: whoever has just mended a file sees it. Raises ContentError."""
    package = read(root)
    changed: dict[str, tuple[str, ...]] = {}
    for name, _, _, section, _ in changed_since_read(package):
        changed[name] = (*changed.get(name, ()), section)
    reviewed = {one.id: one.reviewed for _, bank in package.quizzes_in_use() for one in bank.questions}
    return TranslationState(package.hash, _behind(package), changed, reviewed)


def fell_behind(root: Path) -> list[str]:
    """Paths of translations made from another state of the source text, or from nobody says which."""
    return sorted(_behind(read(root)))


def _behind(package: Package) -> dict[str, Behind]:
    lessons = [(found.path, found.front.translated_from, original.stamp) for original, found in package.pairs()]
    words = [(path, carried, stamp_of(text)) for path, carried, text in package.translated_yaml()]
    return {path: _reason(carried) for path, carried, current in (*lessons, *words) if carried != current}


def _reason(carried: str | None) -> Behind:
    if carried is None:
        return Behind.UNSTAMPED
    return Behind.PENDING if carried == PENDING else Behind.STALE
