"""The interface's words: gettext catalogues, read from their .po files once when the site starts.

A language has a folder with one file for each group of pages, so that people who work on different pages do not meet.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import NullTranslations, Translations

CATALOGUES = Path(__file__).parent.parent / "translations"


def read_catalogues(languages: tuple[str, ...]) -> Mapping[str, NullTranslations]:
    """A catalogue for each language; English is written in the templates themselves."""
    return {language: _read(language) for language in languages}


def whole_catalogue(language: str) -> Catalog:
    """All files of a language as one catalogue. A file that gettext cannot read whole raises PoFileError."""
    whole = Catalog(locale=language)
    for path in sorted((CATALOGUES / language).glob("*.po")):
        with path.open("rb") as file:
            for message in read_po(file, locale=language, abort_invalid=True):
                if message.id:
                    whole[message.id] = message
    return whole


@cache
def _read(language: str) -> NullTranslations:
    """Read once in a process, however many courses are mounted in it: the words are the same for all."""
    if not (CATALOGUES / language).is_dir():
        return NullTranslations()
    catalogue = whole_catalogue(language)
    packed = BytesIO()
    write_mo(packed, catalogue)
    packed.seek(0)
    return Translations(packed)
