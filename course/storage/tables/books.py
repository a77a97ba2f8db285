"""The handbook as files for readers."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from course.storage.tables.base import Base, Moment


class BookFile(Base):
    """One file of the handbook, made of one state of the content. A newer one takes its place."""

    __tablename__ = "book_file"

    kind: Mapped[str] = mapped_column(String(8), primary_key=True)
    language: Mapped[str] = mapped_column(String(8), primary_key=True)
    #: What it was made of, as one word.
    source: Mapped[str] = mapped_column(String(64))
    made_at: Mapped[datetime] = mapped_column(Moment)
    content: Mapped[bytes] = mapped_column(LargeBinary)
