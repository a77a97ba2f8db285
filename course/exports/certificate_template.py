"""A certificate template: a folder with a page, a style sheet, pictures and words. See certificates/README.md.

The page sees facts, words and a few plain values, in a sandbox. It can neither change nor look up anything.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

import yaml
from babel.dates import format_date
from babel.numbers import format_decimal
from jinja2 import FileSystemLoader, StrictUndefined, TemplateError
from jinja2.sandbox import ImmutableSandboxedEnvironment
from markupsafe import escape

from course.domain.certificate import CertificateFacts, nominal_hours
from course.exports.font_face import FontFace, width
from course.exports.trail import trail

FORMAT = 1
PAGE = "certificate.html"
STYLE = "certificate.css"
SETTINGS = "certificate.yaml"
SAMPLE = "sample.yaml"
#: The folder of the fonts, beside the templates that share them.
FONTS = "fonts"

#: What stands in a skeleton in place of the holder's name, her number, the address of the check page, and this address
#: as it is printed. No certificate has these letters: they belong to no alphabet.
_NAME, _CODE, _LINK, _ADDRESS = "\ue000", "\ue001", "\ue002", "\ue003"

_FACTS = frozenset(fact.name for fact in fields(CertificateFacts))


class TemplateFault(ValueError):
    """The template folder asks for something it cannot have; the message says what to mend."""


@dataclass(frozen=True, slots=True)
class Templates:
    """Which folder a certificate is made with: the one that its track names, or else the one that the site has set."""

    default: Path
    #: Track id -> folder.
    of_track: Mapping[str, Path] = field(default_factory=dict)

    def of(self, facts: CertificateFacts) -> Path:
        return self.of_track.get(facts.track_id, self.default)

    @property
    def folders(self) -> tuple[Path, ...]:
        """Each folder once, the site's first."""
        return tuple(dict.fromkeys((self.default, *self.of_track.values())))

    @property
    def names(self) -> frozenset[str]:
        return frozenset(folder.name for folder in self.folders)


@dataclass(frozen=True, slots=True)
class Holder:
    """What a page needs to know about the holder's name to set it well."""

    #: About how wide the name runs in one line, in ems.
    width: float
    #: "ltr" or "rtl", by the first letter that has a direction.
    direction: str
    #: True when the template's first font has every letter. A name never mixes fonts within a word for one letter.
    plain: bool


@dataclass(frozen=True, slots=True)
class Language:
    """The words of a certificate in one language, and how that language writes a date and a number of hours."""

    locale: str
    date: str
    hours: Mapping[str, str]
    words: Mapping[str, str]
    #: What a screen reader says of the signature in the file.
    signature: str


class CertificateTemplate:
    """One template folder, read once."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder.resolve()
        self.fonts = self.folder.parent / FONTS
        settings = self._settings()
        self.fields = tuple(settings["fields"])
        self.qr_colours = (str(settings["qr"]["dark"]), str(settings["qr"]["light"]))
        self._trail = settings["trail"]
        self.languages = {code: Language(**words) for code, words in settings["languages"].items()}
        self.faces = tuple(FontFace.read(self.fonts / name) for name in settings["name_fonts"])
        #: The facts that were asked for last, and their context: one certificate asks for several pages.
        self._last: tuple[CertificateFacts, dict[str, Any]] | None = None
        self._pages = ImmutableSandboxedEnvironment(
            loader=FileSystemLoader(self.folder), autoescape=True, undefined=StrictUndefined
        )

    def _settings(self) -> dict[str, Any]:
        settings = yaml.safe_load((self.folder / SETTINGS).read_text(encoding="utf-8"))
        if settings.get("format") != FORMAT:
            raise TemplateFault(f"{SETTINGS}: the format is {FORMAT}")
        missing = {"fields", "languages", "name_fonts", "qr", "trail"} - settings.keys()
        if missing:
            raise TemplateFault(f"{SETTINGS}: {', '.join(sorted(missing))} is missing")
        if unknown := set(settings["fields"]) - _FACTS:
            raise TemplateFault(f"{SETTINGS}: a certificate has no {', '.join(sorted(unknown))}")
        return dict(settings)

    def page(self, facts: CertificateFacts) -> str:
        """The certificate as HTML."""
        return self._filled(PAGE, self.context(facts))

    def skeleton(self, facts: CertificateFacts) -> str:
        """The page with a mark wherever the holder's own words are: people with one skeleton differ by them only."""
        page = self.page(facts)
        # The address holds the number, and the link holds the address.
        words = {_LINK: facts.verify_url, _ADDRESS: printed_address(facts), _CODE: facts.code, _NAME: facts.name}
        for mark, word in words.items():
            page = page.replace(escape(word), mark)
        return page

    def drawing(self, name: str, facts: CertificateFacts) -> bytes:
        """A picture that the template draws from the facts: an SVG file of the folder, filled in as the page is."""
        return self._filled(name, self.context(facts)).encode()

    def _filled(self, name: str, context: Mapping[str, Any]) -> str:
        try:
            return self._pages.get_template(name).render(context)
        except TemplateError as error:
            raise TemplateFault(f"{name}: {error or type(error).__name__}") from error

    def context(self, facts: CertificateFacts) -> dict[str, Any]:
        """The values that a page may use: the facts named in `fields`, the words, and how to set the name."""
        last = self._last
        if last is None or last[0] != facts:
            self._last = last = (facts, self._context(facts))
        return dict(last[1])

    def _context(self, facts: CertificateFacts) -> dict[str, Any]:
        language = self.language(facts.language)
        shown: dict[str, object] = {name: getattr(facts, name) for name in self.fields}
        if "modules" in shown:
            shown["modules"] = [title for _, title in facts.modules]
        return {
            "facts": shown,
            "words": language.words,
            "language": facts.language,
            "date": format_date(facts.issued_on, language.date, locale=language.locale),
            "valid_until": format_date(facts.valid_until, language.date, locale=language.locale)
            if facts.valid_until
            else "",
            "hours": hours_in_words(facts.minutes, language),
            "address": printed_address(facts),
            "holder": self.holder(facts.name),
            "path": trail(len(facts.modules), **self._trail),
        }

    def language(self, code: str) -> Language:
        if code not in self.languages:
            raise TemplateFault(f"{SETTINGS}: there are no words in {code}")
        return self.languages[code]

    def holder(self, name: str) -> Holder:
        first, *others = self.faces
        plain = first.has(name)
        faces = self.faces if plain else (*others, first)
        return Holder(width=width(name, faces), direction=_direction(name), plain=plain)

    def width(self, name: str) -> float:
        """About how wide a name runs in one line, in ems."""
        return self.holder(name).width

    def letters_without_font(self, text: str) -> str:
        """The letters of the text that none of the template's fonts has, each once; empty when all can be printed."""
        letters = dict.fromkeys(text)
        missing = (letter for letter in letters if not any(letter in face.widths for face in self.faces))
        return "".join(letter for letter in missing if not _draws_nothing(letter))

    def all_text(self, facts: CertificateFacts) -> str:
        """Every word that may end up on the page, to ask the fonts about."""
        words = self.language(facts.language).words.values()
        titles = [title for _, title in facts.modules]
        return "".join((*words, *titles, *(str(getattr(facts, name)) for name in self.fields if name != "modules")))


@dataclass(frozen=True, slots=True)
class Sample:
    """The example that a template brings with it, in one language, for a preview."""

    folder: Path
    language: str

    def facts(self) -> CertificateFacts:
        said = yaml.safe_load((self.folder / SAMPLE).read_text(encoding="utf-8"))[self.language]
        return CertificateFacts(**{**said, "language": self.language, "modules": tuple(said["modules"].items())})


def printed_address(facts: CertificateFacts) -> str:
    """The address of the check page as it is printed: without `https://`."""
    return facts.verify_url.partition("://")[2] or facts.verify_url


def hours_in_words(minutes: int, language: Language) -> str:
    """The nominal hours as the language writes them: 5,5 tuntia, 1 timme."""
    hours = nominal_hours(minutes)
    number = format_decimal(hours, format="#,##0.#", locale=language.locale)
    return language.hours["one" if hours == 1 else "other"].format(number=number)


def _direction(name: str) -> str:
    for letter in name:
        kind = unicodedata.bidirectional(letter)
        if kind in ("R", "AL"):
            return "rtl"
        if kind == "L":
            return "ltr"
    return "ltr"


def _draws_nothing(letter: str) -> bool:
    return letter.isspace() or unicodedata.category(letter) == "Cf"
