"""The handbook as one HTML document for print; `tagged_press` makes the PDF of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from course.content.handbook import Edition, Handbook
from course.content.library import Contact
from course.exports.book_text import BookText
from course.exports.templates import templates

FOLDER = Path(__file__).parent / "book"
STYLE = FOLDER / "book.css"
BLOCKS = FOLDER / "blocks.css"

Say = Callable[..., str]


@dataclass(frozen=True, slots=True)
class BookContact:
    id: str
    name: str
    when: str
    #: (label, value, address of a link or nothing)
    lines: tuple[tuple[str, str, str], ...]


def book_page(book: Handbook, say: Say) -> str:
    """The whole book as one document."""
    texts = BookText(book, _anchor, deeper=2)
    return (
        templates(FOLDER)
        .get_template("book.html")
        .render(
            lang=book.language,
            book=book,
            words=book_words(book, say),
            chapters=[(module, texts.lessons(module)) for module in book.modules],
            contacts=book_contacts(book.contacts, book.language, say),
        )
    )


def _anchor(kind: str, name: str) -> str:
    return f"#{kind}-{name}" if kind in ("term", "source") else f"#{name}"


def book_words(book: Handbook, say: Say) -> dict[str, str]:
    """The words of the interface that stand in the book."""
    trainer = book.edition is Edition.TRAINER
    return {
        "name": say("Handbook, the trainer’s edition") if trainer else say("Handbook"),
        "version": say("edition %(edition)s", edition=book.version),
        "licence": say("The texts are free to use under the licence %(licence)s.", licence="CC BY 4.0"),
        "toc": say("Contents"),
        "goals": say("After this you can"),
        "contacts": say("Whom to contact"),
        "glossary": say("Glossary"),
        "sources": say("Sources"),
    }


def book_contacts(contacts: Sequence[Contact], language: str, say: Say) -> list[BookContact]:
    """Contacts as lines of text."""
    return [
        BookContact(one.id, one.name[language], one.when[language], tuple(_lines(one, language, say)))
        for one in contacts
    ]


def _lines(contact: Contact, language: str, say: Say) -> list[tuple[str, str, str]]:
    lines = [
        (say("Telephone"), contact.phone.replace(" ", "\u00a0"), contact.phone_link),
        (say("E-mail"), contact.email, f"mailto:{contact.email}"),
        (say("Web"), contact.web, contact.web),
        (say("Opening hours"), contact.hours.get(language, ""), ""),
        (say("Answers in"), contact.answers_in.get(language, ""), ""),
        (say("Cost"), contact.cost.get(language, ""), ""),
    ]
    return [line for line in lines if line[1]]
