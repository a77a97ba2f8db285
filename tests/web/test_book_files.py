"""The handbook as a file: asked for by a reader, made by the worker, then there for all until the content changes."""

from __future__ import annotations

import zipfile
from dataclasses import replace
from io import BytesIO

import pytest
from sqlalchemy import func, select

from course.domain.errors import PdfNotAvailable
from course.services import book_files
from course.services.book_files import BookHandler, BookKind, BookState, ask_for_book, book_source, book_view
from course.services.work import Worker
from course.storage.tables import BookFile, Task

PAGE, FILE = "/en/handbook/epub/", "/en/handbook/handbook.epub"


@pytest.fixture
def worker(app) -> Worker:
    return app.extensions["course_worker"]


def test_a_reader_asks_waits_and_gets_the_file_and_the_next_one_gets_it_at_once(client, another_client, worker):
    link = client.get("/en/handbook/").select_one(f"a[href='{FILE}']")
    assert link.get_text() == "Handbook as EPUB"
    assert client.raw.get(FILE).headers["Location"].endswith(PAGE), "not made yet: where it is asked for"
    page = client.get(PAGE)
    assert "Refresh" not in client.response.headers
    waiting = client.submit(page, "main form")
    assert waiting.select_one("main progress") and client.response.headers["Refresh"] == "3"
    assert worker.run_due() == (1, 0)
    ready = client.get(PAGE)
    assert "Refresh" not in client.response.headers and ready.select_one(f"main a[href='{FILE}']")
    answer = another_client.raw.get(FILE)
    assert answer.headers["Content-Type"] == "application/epub+zip"
    assert answer.headers["Content-Disposition"] == 'attachment; filename="small-kitchen-en.epub"'
    assert zipfile.ZipFile(BytesIO(answer.data)).testzip() is None


def test_the_learners_edition_is_served_and_in_the_language_of_the_page(site, worker, library):
    asked = {}
    for language in library.languages:
        ask_for_book(site.store, BookKind.EPUB, language, book_source(library), now=site.now())
    worker.run_due()
    with site.store.reading() as connection:
        for language in library.languages:
            made = book_files.book_file(connection, BookKind.EPUB, language, book_source(library))
            book = zipfile.ZipFile(BytesIO(made))
            asked[language] = b"".join(book.read(name) for name in book.namelist()).decode(errors="ignore")
    assert all("Make a pot together" not in text for text in asked.values()), "a note for trainers"
    assert len(set(asked.values())) == len(library.languages)


def test_twenty_who_ask_make_one_task(site, library):
    for _ in range(20):
        ask_for_book(site.store, BookKind.PDF, "fi", book_source(library), now=site.now())
    with site.store.reading() as connection:
        assert connection.execute(select(func.count()).select_from(Task).where(Task.kind == "book-file")).scalar() == 1


def test_a_file_of_other_content_is_not_served_and_gives_way_to_the_new_one(site, library):
    made = []

    class Maker:
        def handbook_epub(self, language, edition):
            made.append(edition)
            return f"book {len(made)}".encode()

    def make(of):
        handlers = {"book-file": BookHandler(site.store, of, Maker(), site.now)}
        ask_for_book(site.store, BookKind.EPUB, "fi", book_source(of), now=site.now())
        Worker(site.store, handlers, site.now).run_due()

    newer = replace(library, hash="newer")
    make(library)
    make(newer)
    with site.store.reading() as connection:
        assert book_view(connection, BookKind.EPUB, "fi", book_source(library)).state is BookState.NONE
        assert book_files.book_file(connection, BookKind.EPUB, "fi", book_source(newer)) == b"book 2"
        assert connection.execute(select(func.count()).select_from(BookFile)).scalar() == 1
    # The content before comes back, as when an edition is taken back.
    make(library)
    with site.store.reading() as connection:
        assert book_files.book_file(connection, BookKind.EPUB, "fi", book_source(library)) == b"book 3"


def test_where_no_pdf_can_be_made_the_page_says_so_and_it_may_be_tried_again(client, site, worker, monkeypatch):
    def cannot(*_):
        raise PdfNotAvailable("no Pango")

    monkeypatch.setattr("course.services.books.print_tagged", cannot)
    client.submit(client.get("/en/handbook/pdf/"), "main form")
    assert worker.run_due() == (0, 1)
    page = client.get("/en/handbook/pdf/")
    assert "could not be made" in page.select_one("main").get_text() and "Refresh" not in client.response.headers
    again = client.submit(page, "main form")
    assert again.select_one("main progress")
