"""The handbook as a static site: pages that can be read from a disk or from any web server, without quizzes and search.

Every address inside is relative and names a file, as a disk knows no folders that are pages. Nothing is loaded but one
style sheet, and the same content makes the same bytes.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from markupsafe import Markup, escape

from course.content.library import Lesson, Library, Module, Source
from course.exports.book_pages import Say, book_contacts
from course.exports.card import Card, card_words
from course.exports.templates import templates

FOLDER = Path(__file__).parent / "site"
STYLE = "site.css"
FRONT = "index.html"

_SCHEME = re.compile(r'href="(term|lesson|section|source):([a-z0-9-]+)"')


@dataclass(frozen=True, slots=True)
class SiteLanguage:
    """One language of the site."""

    library: Library
    code: str
    say: Say
    #: (name of the page, card)
    cards: tuple[tuple[str, Card], ...]
    #: In a folder of its own beside the other languages.
    among_others: bool

    @property
    def root(self) -> str:
        return f"{self.code}/" if self.among_others else ""


@dataclass(frozen=True, slots=True)
class SiteLink:
    title: str
    url: str
    note: str = ""
    current: bool = False


def static_site(languages: Sequence[SiteLanguage], *, exit_url: str, site_url: str) -> dict[str, bytes]:
    """Path -> content. With several languages the first page lets one choose."""
    files = {STYLE: (FOLDER / STYLE).read_bytes()}
    for language in languages:
        pages = _Pages(language, tuple(languages), exit_url, site_url)
        files |= {path: page.encode() for path, page in pages.all()}
    if FRONT not in files:
        files[FRONT] = _choice(languages, exit_url, site_url).encode()
    return files


def _page(values: dict[str, Any], **more: Any) -> str:
    return templates(FOLDER).get_template("page.html").render(values, **more, source_line=_source_line)


#: What a page has only sometimes.
_NOTHING: dict[str, Any] = {
    "above": None, "lead": "", "pager": (), "languages": (), "top": (), "notice": "", "principles": (),
    "objectives": (), "sources": (),
}  # fmt: skip


def _choice(languages: Sequence[SiteLanguage], exit_url: str, site_url: str) -> str:
    """The first page of a site in several languages. It says the same in each."""
    first = languages[0]
    links = [
        SiteLink(f"{NAMES.get(one.code, one.code)}: {one.library.title[one.code]}", f"{one.code}/{FRONT}", one.code)
        for one in languages
    ]
    words = _words(first)
    title = " · ".join(one.library.title[one.code] for one in languages)
    return _page(
        {
            **_NOTHING,
            "kind": "choice",
            "lang": first.code,
            "title": title,
            "links": links,
            "words": words,
            "style": STYLE,
        },
        exit_url=exit_url,
        site_url=site_url,
    )


#: Languages in their own words, as everybody who looks for hers knows it.
NAMES = {"fi": "Suomi", "sv": "Svenska", "en": "English"}


def _words(language: SiteLanguage) -> dict[str, str]:
    say, library = language.say, language.library
    on_card = card_words(say)
    return {
        "course": library.title[language.code],
        "subtitle": library.subtitle[language.code],
        "version": say("edition %(edition)s", edition=library.edition),
        "licence": say("The texts are free to use under the licence %(licence)s.", licence="CC BY 4.0"),
        "about_copy": say("This is a copy for reading, without quizzes, search and certificates. The course itself:"),
        "exit": say("Quick exit"),
        "skip": say("Skip to the content"),
        "main": say("Main"),
        "language": say("Language"),
        "contents": say("Contents"),
        "goals": say("After this you can"),
        "pages": say("Pages of this module"),
        "page_sources": say("Sources of this page"),
        "pager": say("Pages before and after"),
        "call": on_card["call"],
        "card_sources": on_card["sources"],
    }


@dataclass(frozen=True, slots=True)
class _Pages:
    language: SiteLanguage
    everybody: tuple[SiteLanguage, ...]
    exit_url: str
    site_url: str

    def all(self) -> Iterator[tuple[str, str]]:
        """(path, page)"""
        library, code = self.language.library, self.language.code
        yield self._front()
        for module in library.modules:
            yield self._module(module)
            for lesson_id in module.lesson_ids:
                yield self._lesson(module, library.lesson(code, lesson_id))
        yield from self._registers()
        yield from self._cards()

    # Where things stand, below the language's folder

    def _place(self, kind: str, name: str) -> str:
        """The file of a place, with its anchor."""
        match kind:
            case "term":
                return f"glossary.html#{name}"
            case "source":
                return f"sources.html#{name}"
            case "section":
                return f"lessons/{self.language.library.lesson_of_section(name)[1]}.html#{name}"
        return f"{kind}s/{name}.html"

    def _page(self, path: str, kind: str, title: str, **values: Any) -> tuple[str, str]:
        up = posixpath.relpath(".", posixpath.dirname(path) or ".")
        home = "" if up == "." else f"{up}/"
        outside = f"../{home}" if self.language.among_others else home
        say = self.language.say
        top = [
            SiteLink(name, home + file, current=file == path)
            for name, file in (
                (say("Handbook"), FRONT),
                (say("Glossary"), "glossary.html"),
                (say("Contacts"), "contacts.html"),
                (say("Sources"), "sources.html"),
                (say("Cards"), "cards.html"),
            )
        ]
        others = self.everybody if len(self.everybody) > 1 else ()
        shown = {
            **_NOTHING,
            "kind": kind,
            "title": title,
            "lang": self.language.code,
            "words": _words(self.language),
            "notice": self.language.library.notice[self.language.code],
            "top": top,
            "languages": [
                SiteLink(NAMES.get(one.code, one.code), f"{outside}{one.code}/{path}", one.code, one is self.language)
                for one in others
            ],
            "style": outside + STYLE,
            "exit_url": self.exit_url,
            "site_url": self.site_url,
            **values,
        }
        return self.language.root + path, _page(shown)

    def _front(self) -> tuple[str, str]:
        library, code = self.language.library, self.language.code
        modules = [
            (
                SiteLink(module.title[code], self._place("module", module.id)),
                [self._lesson_link(one, "") for one in module.lesson_ids],
            )
            for module in library.modules
        ]
        lead, principles = library.subtitle[code], library.principles.get(code, ())
        return self._page(FRONT, "front", library.title[code], lead=lead, principles=principles, modules=modules)

    def _lesson_link(self, lesson_id: str, home: str, note: str = "") -> SiteLink:
        lesson = self.language.library.lesson(self.language.code, lesson_id)
        return SiteLink(lesson.title, f"{home}{self._place('lesson', lesson_id)}", note)

    def _module(self, module: Module) -> tuple[str, str]:
        code, say = self.language.code, self.language.say
        return self._page(
            self._place("module", module.id),
            "module",
            f"{module.number}. {module.title[code]}",
            lead=module.summary[code],
            objectives=[module.objective_words[one][code] for one in module.objectives],
            lessons=[self._lesson_link(one, "../") for one in module.lesson_ids],
            card=SiteLink(f"{say('Card')}: {module.title[code]}", f"../{self._place('card', module.id)}"),
        )

    def _lesson(self, module: Module, lesson: Lesson) -> tuple[str, str]:
        code, library, say = self.language.code, self.language.library, self.language.say
        ids = [one for each in library.modules for one in each.lesson_ids]
        at = ids.index(lesson.id)
        pager = [self._lesson_link(ids[at - 1], "../", say("Previous"))] if at else []
        pager += [self._lesson_link(ids[at + 1], "../", say("Next"))] if at + 1 < len(ids) else []
        text = _SCHEME.sub(lambda found: f'href="../{self._place(found[1], found[2])}"', lesson.html)
        return self._page(
            self._place("lesson", lesson.id),
            "lesson",
            lesson.title,
            above=SiteLink(f"{module.number}. {module.title[code]}", f"../{self._place('module', module.id)}"),
            text=Markup(text),  # noqa: S704 - the content's own safe HTML
            sources=[_in_language(library.sources[one], code) for one in lesson.sources],
            pager=pager,
        )

    def _registers(self) -> Iterator[tuple[str, str]]:
        library, code, say = self.language.library, self.language.code, self.language.say
        terms = sorted(library.terms.values(), key=lambda term: term.words[code].casefold())
        yield self._page("glossary.html", "glossary", say("Glossary"), terms=terms)
        contacts = book_contacts(tuple(library.contacts.values()), code, say)
        yield self._page("contacts.html", "contacts", say("Contacts"), contacts=contacts)
        sources = sorted(
            (_in_language(one, code) for one in library.sources.values()), key=lambda one: one.title.casefold()
        )
        yield self._page("sources.html", "sources", say("Sources"), sources=sources)

    def _cards(self) -> Iterator[tuple[str, str]]:
        say = self.language.say
        links = [SiteLink(card.title, self._place("card", name)) for name, card in self.language.cards]
        yield self._page("cards.html", "cards", say("Cards"), links=links)
        above = SiteLink(say("Cards"), "../cards.html")
        for name, card in self.language.cards:
            parts = {"parts": card.parts, "contacts": card.contacts}
            yield self._page(self._place("card", name), "card", card.title, above=above, **parts)


@dataclass(frozen=True, slots=True)
class _Source:
    id: str
    title: str
    #: The language of the title, when it is not that of the page.
    language: str
    url: str
    rest: str


def _in_language(source: Source, language: str) -> _Source:
    title, title_language = source.title_in(language)
    rest = ", ".join(part for part in (source.owner, source.published) if part)
    return _Source(source.id, title, "" if title_language == language else title_language, source.url, rest)


def _source_line(source: _Source) -> Markup:
    language = Markup(' lang="{0}"').format(source.language) if source.language else ""
    title = escape(source.title)
    if source.url:
        shown = Markup('<a href="{0}" rel="noreferrer"{1}>{2}</a>').format(source.url, language, title)
    else:
        shown = Markup("<span{0}>{1}</span>").format(language, title)
    return Markup("{0}. {1}.").format(shown, source.rest)
