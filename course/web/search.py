"""The search: over lessons, glossary, contacts, tools and cases. What is searched for is kept nowhere.

The words stand in the address, so that the browser's back button works; docs/decisions has the reasons. They are in no
log line of ours and in no row, and no address that another site could read of is made with them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from flask import Response, request

from course.content.library import Term
from course.content.search.documents import Kind
from course.content.search.finding import LONGEST_QUERY, Answer, Place
from course.domain.permission import Permission
from course.web.area import Area, Route
from course.web.pages import LanguageChoice, Link
from course.web.pages_search import Hit, Results, Suggestions, TermHit
from course.web.presenting import Presenter
from course.web.reference import contact_card, term_card

#: So many words are suggested: those that the most lessons explain.
SUGGESTED_WORDS = 6


class SearchArea(Area):
    def routes(self) -> Iterable[Route]:
        yield Route("/search", "search", self.search, Permission.ANYONE)

    def search(self, lang: str) -> Response:
        query = _query()
        pages = SearchPresenter(Presenter(self.site, lang))
        results = pages.results(self.site.finders[lang].find(query)) if query else None
        return self.page(
            lang,
            "search.html",
            "search",
            style=self.asset_url("search.css"),
            query=query,
            results=results,
            longest=LONGEST_QUERY,
            suggestions=pages.suggestions() if results is None or not results.found else None,
        )

    def _language(self, code: str, current: str) -> LanguageChoice:
        """The same question in another language."""
        choice = super()._language(code, current)
        query = _query()
        return replace(choice, url=f"{choice.url}?{urlencode({'q': query})}") if query else choice


def _query() -> str:
    return " ".join(request.args.get("q", "").split())[:LONGEST_QUERY]


@dataclass(frozen=True, slots=True)
class SearchPresenter:
    presenter: Presenter

    def results(self, answer: Answer) -> Results:
        return Results(
            contacts=tuple(contact_card(self.presenter, contact) for contact in answer.contacts),
            terms=tuple(self._term(term) for term in answer.terms),
            places=tuple(self._hit(place) for place in answer.places),
            tools=tuple(self._hit(place) for place in answer.tools),
            instead=tuple(answer.instead.items()),
        )

    def suggestions(self) -> Suggestions:
        library, lang = self.presenter.library, self.presenter.language
        explained = Counter(term for lesson in library.lessons[lang].values() for term in set(lesson.terms))
        words = [library.terms[term].words[lang] for term, _ in explained.most_common(SUGGESTED_WORDS)]
        address = self.presenter.site.page_url("search", lang=lang)
        return Suggestions(
            words=tuple(Link(word, f"{address}?{urlencode({'q': word})}") for word in words),
            modules=tuple(Link(one.title[lang], self.presenter.module_url(one.id)) for one in library.modules),
        )

    def _term(self, term: Term) -> TermHit:
        lang = self.presenter.language
        address = f"{self.presenter.site.page_url('glossary', lang=lang)}#{term.id}"
        return TermHit(term_card(term, lang, self.presenter.library.languages), address)

    def _hit(self, place: Place) -> Hit:
        found = place.document
        return Hit(found.title, self._url(place), self._where(place), place.snippet)

    def _where(self, place: Place) -> str:
        found, say = place.document, self.presenter.say
        if found.kind is Kind.TOOL:
            return say("Tool")
        if found.kind is Kind.CASE:
            return say("Case to practise with")
        if found.kind is Kind.MODULE:
            return say("Module")
        module = self.presenter.library.module(found.module_id)
        title = f"{module.number}. {module.title[self.presenter.language]}"
        return f"{title} › {found.above}" if found.above else title

    def _url(self, place: Place) -> str:
        found, site, lang = place.document, self.presenter.site, self.presenter.language
        if found.kind is Kind.SECTION:
            return f"{self.presenter.lesson_url(found.lesson_id)}#{found.id}"
        if found.kind is Kind.LESSON:
            return self.presenter.lesson_url(found.id)
        if found.kind is Kind.MODULE:
            return self.presenter.module_url(found.id)
        if found.kind is Kind.CASE:
            return site.page_url("case", lang=lang, case_id=found.id)
        return site.page_url(found.id, lang=lang)
