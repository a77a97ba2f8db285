"""Our own Jinja environments, one a language, so that a host's templates and words never mix with ours.

A host may show the pages inside its own look (see `HostLook`), or its own version of a page: the folder of its
templates is looked at first.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import CodeType

from babel.support import NullTranslations
from jinja2 import BytecodeCache, ChoiceLoader, Environment, FileSystemLoader, StrictUndefined
from jinja2.bccache import Bucket
from markupsafe import Markup

TEMPLATES = Path(__file__).parent / "templates"


def _nothing(_language: str) -> Mapping[str, object]:
    return {}


def _no_wish() -> str:
    return ""


@dataclass(frozen=True, slots=True)
class HostLook:
    """What a host puts around the pages of the course, and the language that it has chosen for its users.

    The folder may hold `host/head.html` (style sheets of the host), `host/top.html` and `host/foot.html`: they stand
    inside our pages, whose quick exit, skip link, headings and security headers stay. They see `host`, what `values`
    gives for the language of the page and the user of the request, and `frame`, our own frame.
    """

    templates: Path
    values: Callable[[str], Mapping[str, object]] = _nothing
    #: The code of the language of the current request, or an empty text; asked where an address names none.
    language: Callable[[], str] = _no_wish

    def state(self, language: str) -> str:
        """Two requests with the same state see the same things around a page: what is kept of it is kept by this."""
        shown = repr(sorted(self.values(language).items()))
        return hashlib.sha256(shown.encode()).hexdigest()[:12]


class _CompiledTemplates(BytecodeCache):
    """Templates are compiled once in a process: the languages differ in their words alone, which are looked up when a
    page is made, and so do several courses in one application."""

    def __init__(self) -> None:
        self._compiled: dict[tuple[str, str], CodeType] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        bucket.code = self._compiled.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        if bucket.code is not None:
            self._compiled[bucket.key, bucket.checksum] = bucket.code


_COMPILED = _CompiledTemplates()


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
        bytecode_cache=_COMPILED,
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
