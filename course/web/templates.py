"""Our own Jinja environments, one a language, so that a host's templates and words never mix with ours.

A host may show its own version of a page: a folder given as `overrides` is looked at first.
"""

from __future__ import annotations

from collections.abc import Mapping
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
    environment.filters["safe_html"] = Markup
    return environment
