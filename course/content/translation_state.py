"""Which translations fell behind their source texts, as the files lie on the disk now."""

from __future__ import annotations

from pathlib import Path

from course.content.files import stamp_of
from course.content.package import read


def fell_behind(root: Path) -> list[str]:
    """Paths of translations made from another state of the source text, or from nobody says which.

    Nothing is kept from the last time: whoever has just mended a file sees it. Raises ContentError.
    """
    package = read(root)
    lessons = [found.path for original, found in package.pairs() if found.front.translated_from != original.stamp]
    words = [path for path, carried, text in package.translated_yaml() if carried != stamp_of(text)]
    return sorted([*lessons, *words])
