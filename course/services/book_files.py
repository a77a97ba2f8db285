"""The handbook as a file for readers: asked for on a page, made by the worker, and kept for everybody after.

A file is made once for each state of the content. Nobody's request waits for it: setting the PDF takes half a minute.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any

from sqlalchemy import Connection

from course import exports
from course.content.handbook import Edition
from course.content.library import Library
from course.domain.errors import PdfNotAvailable
from course.services.books import BookMaker
from course.services.work import GiveUp
from course.storage import books, outbox
from course.storage.engine import Store

BOOK_FILE = "book-file"
EXPORTS = Path(exports.__file__ or "").parent


class BookKind(StrEnum):
    PDF = "pdf"
    EPUB = "epub"


class BookState(StrEnum):
    #: Nobody has asked for it since the content changed.
    NONE = "none"
    ASKED = "asked"
    READY = "ready"
    #: Every try failed, or this machine makes no PDF files.
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class BookView:
    state: BookState
    #: Bytes, when it is ready.
    size: int = 0


@cache
def _code() -> bytes:
    """What turns texts into books: our code, and the templates."""
    files = sorted(path for path in EXPORTS.rglob("*") if path.suffix in (".py", ".css", ".html", ".xhtml"))
    return hashlib.sha256(b"".join(path.read_bytes() for path in files)).digest()


def book_source(library: Library) -> str:
    """What a file is made of, as one word: it changes with the content, and with the code that makes books."""
    return hashlib.sha256(library.hash.encode() + _code()).hexdigest()


def book_view(connection: Connection, kind: BookKind, language: str, source: str) -> BookView:
    """How it stands with a file made of `source`."""
    stored = books.book_of(connection, kind, language)
    if stored is not None and stored.source == source:
        return BookView(BookState.READY, stored.size)
    task = outbox.state_of(connection, _key(kind, language, source))
    states = {outbox.OPEN: BookState.ASKED, outbox.FAILED: BookState.FAILED}
    return BookView(states.get(task or "", BookState.NONE))


def ask_for_book(store: Store, kind: BookKind, language: str, source: str, *, now: datetime) -> None:
    """Have the file made. Asking while it is being made, or when it is there, changes nothing."""
    with store.writing() as session:
        connection = session.connection()
        if book_view(connection, kind, language, source).state in (BookState.READY, BookState.ASKED):
            return
        key = _key(kind, language, source)
        # One that was made before, of content that has come back, or that failed.
        outbox.drop_closed(session, key)
        payload = {"kind": kind.value, "language": language, "source": source}
        outbox.add_task(session, BOOK_FILE, payload, now=now, key=key)


def book_file(connection: Connection, kind: BookKind, language: str, source: str) -> bytes | None:
    """The file; None when it is not there."""
    return books.book_content(connection, kind, language, source)


def _key(kind: BookKind, language: str, source: str) -> str:
    return f"{BOOK_FILE}:{kind}:{language}:{source[:32]}"


class BookHandler:
    """What the worker does with a file that was asked for."""

    def __init__(self, store: Store, library: Library, maker: BookMaker, now: Callable[[], datetime]) -> None:
        self._store, self._library, self._maker, self._now = store, library, maker, now

    def __call__(self, payload: Mapping[str, Any]) -> None:
        kind, language, source = BookKind(payload["kind"]), payload["language"], payload["source"]
        if source != book_source(self._library):
            # The content has changed meanwhile; whoever wants the file asks for the new one.
            return
        # No transaction is open while the file is made.
        try:
            make = self._maker.handbook_pdf if kind is BookKind.PDF else self._maker.handbook_epub
            content = make(language, Edition.LEARNER)
        except PdfNotAvailable as error:
            raise GiveUp(str(error)) from error
        with self._store.writing() as session:
            books.keep_book(session, kind, language, source=source, content=content, now=self._now())
