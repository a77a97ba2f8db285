"""Files of the handbook, each kept until one of newer content takes its place."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, delete, func, select
from sqlalchemy.orm import Session

from course.storage.insert import insert_if_new
from course.storage.tables import BookFile


@dataclass(frozen=True, slots=True)
class StoredBook:
    source: str
    made_at: datetime
    size: int


def book_of(connection: Connection, kind: str, language: str) -> StoredBook | None:
    """What is known of the file, without reading it."""
    row = connection.execute(
        select(BookFile.source, BookFile.made_at, func.length(BookFile.content)).where(
            BookFile.kind == kind, BookFile.language == language
        )
    ).first()
    return StoredBook(*row) if row else None


def book_content(connection: Connection, kind: str, language: str, source: str) -> bytes | None:
    """None when it is not there, or made of something else."""
    found = connection.execute(
        select(BookFile.content).where(BookFile.kind == kind, BookFile.language == language, BookFile.source == source)
    ).scalar()
    return bytes(found) if found is not None else None


def keep_book(session: Session, kind: str, language: str, *, source: str, content: bytes, now: datetime) -> None:
    session.execute(delete(BookFile).where(BookFile.kind == kind, BookFile.language == language))
    row = {"kind": kind, "language": language, "source": source, "made_at": now, "content": content}
    insert_if_new(session, BookFile, [row])
