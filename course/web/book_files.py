"""The handbook to take along: its files, and the page on which one is asked for and waited for."""

from __future__ import annotations

from collections.abc import Iterable

from flask import Response, redirect
from werkzeug.wrappers import Response as WerkzeugResponse

from course.content.formats import number
from course.domain.permission import Permission
from course.services.book_files import BookKind, BookState, ask_for_book, book_file, book_source, book_view
from course.web.area import Area, Route
from course.web.headers import OWN
from course.web.pages import Link
from course.web.site import Site

#: Seconds after which the page asks again.
ASK_AGAIN = 3
TYPES = {BookKind.PDF: "application/pdf", BookKind.EPUB: "application/epub+zip"}
_KILOBYTE = 1024


def book_links(site: Site, lang: str) -> tuple[Link, ...]:
    """For the page of the handbook. A link leads to the file, or where it is asked for."""
    return tuple(Link(kind.value.upper(), site.page_url("book_file", lang=lang, book=kind.value)) for kind in BookKind)


class BookFilesArea(Area):
    def routes(self) -> Iterable[Route]:
        anyone, book = Permission.ANYONE, "<any(pdf,epub):book>"
        yield Route(f"/handbook/handbook.{book}", "book_file", self.file, anyone)
        yield Route(f"/handbook/{book}/", "book", self.show, anyone)
        yield Route(f"/handbook/{book}/", "ask_for_book", self.ask, anyone, ("POST",))

    @property
    def _source(self) -> str:
        return book_source(self.site.library)

    def file(self, lang: str, book: str) -> WerkzeugResponse:
        kind = BookKind(book)
        with self.site.store.reading() as connection:
            content = book_file(connection, kind, lang, self._source)
        if content is None:
            return redirect(self.site.url("book", lang=lang, book=book))
        response = Response(content, mimetype=TYPES[kind])
        response.headers["Content-Disposition"] = f'attachment; filename="{self.site.library.id}-{lang}.{book}"'
        response.headers["Cache-Control"] = OWN
        return response

    def show(self, lang: str, book: str) -> Response:
        with self.site.store.reading() as connection:
            found = book_view(connection, BookKind(book), lang, self._source)
        response = self.page(
            lang,
            "book_file.html",
            "handbook",
            kind=book.upper(),
            state=found.state.value,
            size=number(max(1, found.size // _KILOBYTE), lang),
            file_url=self.site.url("book_file", lang=lang, book=book),
            form_url=self.site.url("ask_for_book", lang=lang, book=book),
            csrf=self.csrf(),
        )
        if found.state is BookState.ASKED:
            response.headers["Refresh"] = str(ASK_AGAIN)
        return response

    def ask(self, lang: str, book: str) -> WerkzeugResponse:
        ask_for_book(self.site.store, BookKind(book), lang, self._source, now=self.site.now())
        return redirect(self.site.url("book", lang=lang, book=book), 303)
