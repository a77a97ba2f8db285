"""The interface's words: gettext catalogues, read from their .po files once when the site starts."""

from __future__ import annotations

from collections.abc import Mapping
from io import BytesIO
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import NullTranslations, Translations

CATALOGUES = Path(__file__).parent.parent / "translations"


def read_catalogues(languages: tuple[str, ...]) -> Mapping[str, NullTranslations]:
    """A catalogue for each language; English is written in the templates themselves."""
    return {language: _read(CATALOGUES / f"{language}.po") for language in languages}


def _read(path: Path) -> NullTranslations:
    if not path.exists():
        return NullTranslations()
    with path.open("rb") as file:
        catalogue = read_po(file)
    packed = BytesIO()
    write_mo(packed, catalogue)
    packed.seek(0)
    return Translations(packed)
