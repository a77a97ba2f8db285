"""To look things up: the handbook as one page, glossary, contacts, sources, and the texts about the site itself."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

from flask import Response, jsonify

from course.content.formats import short_date
from course.content.library import Contact, Term
from course.content.site_text import SiteText, read_site_text
from course.domain.permission import Permission
from course.web.area import LANGUAGE_NAMES, Area, Route
from course.web.book_files import book_links
from course.web.headers import OWN
from course.web.kept_kinds import kept_kinds
from course.web.pages import ContactCard, SourceNote, Station, TermCard
from course.web.presenting import Presenter

TEXTS = Path(__file__).parent / "texts"
_HEADING = re.compile(r"(</?h)([23])\b")
_CITED = re.compile(r'(?P<start><a href="#source-(?P<id>[a-z0-9-]+)" aria-label="[^"\d]*)\d+(?P<end>[^>]*>)\d+</a>')


class ReferenceArea(Area):
    def routes(self) -> Iterable[Route]:
        anyone = Permission.ANYONE
        yield Route("/handbook/", "handbook", self.handbook, anyone)
        yield Route("/glossary/", "glossary", self.glossary, anyone)
        yield Route("/glossary.json", "glossary_words", self.glossary_words, anyone)
        yield Route("/contacts/", "contacts", self.contacts, anyone)
        yield Route("/sources/", "sources", self.sources, anyone)
        yield Route("/accessibility/", "accessibility", self.accessibility, anyone)
        yield Route("/privacy/", "privacy", self.privacy, anyone)
        yield Route("/quick-exit/", "quick_exit_info", self.quick_exit_info, anyone)

    def handbook(self, lang: str) -> Response:
        presenter = Presenter(self.site, lang)
        _, progress = self.progress()
        chapters: list[Chapter] = []
        cited: dict[str, None] = {}
        for module in self.site.library.modules:
            lessons = [self.site.library.lesson(lang, lesson_id) for lesson_id in module.lesson_ids]
            cited.update(dict.fromkeys(source for lesson in lessons for source in lesson.sources))
            texts = [(one.title, one.id, presenter.linked(one.html)) for one in lessons]
            chapters.append((presenter.station(module, progress), texts))
        sources = presenter.source_notes(tuple(cited))
        return self.record_page(
            lang,
            "handbook.html",
            "handbook",
            search_style=self.asset_url("search.css"),
            books=book_links(self.site, lang),
            chapters=renumbered(chapters, sources),
            sources=sources,
        )

    def glossary(self, lang: str) -> Response:
        terms = sorted(
            (term_card(term, lang, self.site.library.languages) for term in self.site.library.terms.values()),
            key=lambda term: term.word.casefold(),
        )
        return self.record_page(lang, "glossary.html", "glossary", terms=tuple(terms))

    def glossary_words(self, lang: str) -> Response:
        """The same for the script that shows a term's meaning where it stands."""
        say = Presenter(self.site, lang).say
        terms = {term.id: (term.words[lang], term.meaning[lang]) for term in self.site.library.terms.values()}
        response = jsonify(terms=terms, more=say("Open the glossary"), close=say("Close"))
        response.headers["Cache-Control"] = OWN
        return response

    def contacts(self, lang: str) -> Response:
        presenter = Presenter(self.site, lang)
        cards = tuple(contact_card(presenter, contact) for contact in self.site.library.contacts.values())
        return self.record_page(lang, "contacts.html", "contacts", contacts=cards)

    def sources(self, lang: str) -> Response:
        notes = Presenter(self.site, lang).source_notes(tuple(self.site.library.sources))
        return self.record_page(lang, "sources.html", sources=notes)

    def accessibility(self, lang: str) -> Response:
        return self._text(lang, "accessibility", "feedback_form")

    def privacy(self, lang: str) -> Response:
        """Its table is made of the site's own periods, so that it cannot promise anything else."""
        text = site_text(lang, "privacy")
        return self.record_page(
            lang,
            "privacy.html",
            title=text.title,
            body_html=Presenter(self.site, lang).linked(text.html),
            updated=short_date(text.updated, lang),
            kinds=kept_kinds(self.site, lang),
            record_store=self.site.record_store,
            my_data_url=self.site.url("my_data", lang=lang),
        )

    def quick_exit_info(self, lang: str) -> Response:
        return self._text(lang, "quick-exit")

    def _text(self, lang: str, name: str, form: str = "") -> Response:
        text = site_text(lang, name)
        return self.record_page(
            lang,
            "text.html",
            title=text.title,
            body_html=Presenter(self.site, lang).linked(text.html),
            updated=short_date(text.updated, lang),
            form_url=self.site.url(form, lang=lang) if form else "",
        )


def site_text(lang: str, name: str) -> SiteText:
    """A text about the site itself; in English where the language has none."""
    path = TEXTS / lang / f"{name}.md"
    return read_site_text(path if path.exists() else TEXTS / "en" / f"{name}.md", lang)


def term_card(term: Term, lang: str, languages: Iterable[str]) -> TermCard:
    others = tuple((LANGUAGE_NAMES.get(code, code), term.words[code]) for code in languages if code != lang)
    return TermCard(term.id, term.words[lang], term.meaning[lang], others, term.official)


def contact_card(presenter: Presenter, contact: Contact) -> ContactCard:
    say, lang = presenter.say, presenter.language
    labels = {
        "phone": say("telephone number"),
        "email": say("e-mail address"),
        "web": say("web address"),
        "hours": say("opening hours"),
        "answers_in": say("languages"),
        "cost": say("cost"),
        "name": say("name"),
        "for": say("what it is for"),
    }
    return ContactCard(
        id=contact.id,
        name=contact.name[lang],
        when=contact.when[lang],
        phone=contact.phone.replace(" ", "\u00a0"),
        phone_link=contact.phone_link,
        email=contact.email,
        web=contact.web,
        hours=contact.hours.get(lang, ""),
        answers_in=contact.answers_in.get(lang, ""),
        cost=contact.cost.get(lang, ""),
        unconfirmed=tuple(labels[name] for name in labels if name in contact.unconfirmed),
        checked=presenter.seen(contact.seen),
    )


#: A chapter of the handbook page: a module, and its lessons as (title, anchor, HTML).
Chapter = tuple[Station, list[tuple[str, str, str]]]


def renumbered(chapters: list[Chapter], sources: tuple[SourceNote, ...]) -> list[Chapter]:
    """On one long page a source has one number, from the list at the end, and headings stand below their module."""
    numbers = {note.id: note.number for note in sources}

    def cited(found: re.Match[str]) -> str:
        number = numbers[found["id"]]
        return f"{found['start']}{number}{found['end']}{number}</a>"

    return [
        (
            station,
            [(title, anchor, _HEADING.sub(_two_levels_down, _CITED.sub(cited, html))) for title, anchor, html in texts],
        )
        for station, texts in chapters
    ]


def _two_levels_down(found: re.Match[str]) -> str:
    """A section of a lesson stands below the lesson's own heading here, and that below the module's."""
    return f"{found[1]}{int(found[2]) + 2}"
