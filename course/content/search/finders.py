"""The search of a whole library: its index is built when the library is loaded, and kept for the next start."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from pydantic import TypeAdapter

from course.content.kept import keep as keep_file
from course.content.kept import kept
from course.content.library import Library
from course.content.search.finding import Finder
from course.content.search.index import Index, build

_KIND = TypeAdapter(dict[str, Index])


def finders_of(library: Library, *, keep: Path | None = None) -> Mapping[str, Finder]:
    """One for each language. `keep` is a file like that of `loading.load`; it may be deleted at any time."""
    found = kept(keep, library.hash, _KIND) if keep else None
    if found is None:
        found = {language: build(library, language) for language in library.languages}
        if keep:
            keep_file(keep, library.hash, found, _KIND)
    return {language: Finder(library, language, index) for language, index in found.items()}
