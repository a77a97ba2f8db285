"""Our own Jinja environments, one a language, so that a host's templates and words never mix with ours.

A host may show its own version of a page: a folder given as `overrides` is looked at first.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from babel.support import NullTranslations
from jinja2 import ChoiceLoader, Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

TEMPLATES = Path(__file__).parent / "templates"


def make_environments(
    catalogues: Mapping[str, NullTranslations], overrides: Path | None = None
) -> dict[str, Environment]:
    return {language: _environment(catalogue, overrides) for language, catalogue in catalogues.items()}


def _environment(catalogue: NullTranslations, overrides: Path | None) -> Environment:
    folders = [FileSystemLoader(overrides)] if overrides else []
    environment = Environment(
        loader=ChoiceLoader([*folders, FileSystemLoader(TEMPLATES)]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
        extensions=["jinja2.ext.i18n"],
    )
    environment.install_gettext_translations(catalogue, newstyle=True)  # type: ignore[attr-defined]
    # A page says seventy words of ours; Jinja's own way of looking them up takes a quarter of its time.
    environment.globals.update(gettext=_words_of(catalogue), _=_words_of(catalogue))
    environment.filters["safe_html"] = Markup
    return environment


def _words_of(catalogue: NullTranslations) -> Callable[..., Markup]:
    """The new-style gettext of Jinja: the text in the catalogue's language, with escaped values put in."""
    known: dict[str, Markup] = {}

    def gettext(text: str, /, **values: object) -> Markup:
        found = known.get(text)
        if found is None:
            # The texts are ours, and some have markup of their own.
            found = known[text] = Markup(catalogue.gettext(text))  # noqa: S704
        return found % values

    return gettext
