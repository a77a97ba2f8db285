"""The handbook as an EPUB 3: one file a module, then contacts, glossary and sources."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING

from course.content.handbook import BookModule, Handbook
from course.exports.book_pages import BLOCKS, FOLDER, Say, book_contacts, book_words
from course.exports.book_text import BookText
from course.exports.templates import templates
from course.later import Later

if TYPE_CHECKING:
    from ebooklib import epub
else:
    epub = Later("ebooklib.epub")

_STYLE = "style/book.css"


@dataclass(frozen=True, slots=True)
class _Part:
    file: str
    kind: str
    title: str
    module: BookModule | None = None


def epub_of(book: Handbook, say: Say) -> bytes:
    """The file. The same content makes a book with the same identifier."""
    words = book_words(book, say)
    parts = list(_parts(book, words))
    made = epub.EpubBook()
    made.set_identifier(f"urn:course:{book.language}:{book.edition}:{book.hash[:32]}")
    made.set_title(f"{book.title} – {words['name']}")
    made.set_language(book.language)
    made.add_author(book.title)
    made.add_metadata("DC", "description", book.subtitle)
    made.add_metadata("DC", "rights", words["licence"])
    for name, value in _accessibility(say):
        made.add_metadata(None, "meta", value, {"property": f"schema:{name}"})
    style = epub.EpubItem("style", _STYLE, "text/css", BLOCKS.read_bytes())
    made.add_item(style)
    pages = [_page(book, part, parts, words, say) for part in parts]
    for page in pages:
        page.add_item(style)
        made.add_item(page)
    made.toc = [_entry(part, page) for part, page in zip(parts, pages, strict=True)]
    made.spine = [pages[0], "nav", *pages[1:]]
    made.add_item(epub.EpubNcx())
    made.add_item(epub.EpubNav(title=words["toc"]))
    written = BytesIO()
    epub.write_epub(written, made, {"raise_exceptions": True})
    return written.getvalue()


def _accessibility(say: Say) -> Iterator[tuple[str, str]]:
    """What reading programs and libraries tell their readers of the book."""
    yield "accessMode", "textual"
    yield "accessModeSufficient", "textual"
    for feature in ("tableOfContents", "structuralNavigation", "readingOrder"):
        yield "accessibilityFeature", feature
    yield "accessibilityHazard", "none"
    yield "accessibilitySummary", say("Text only, with headings, a table of contents and links to sources.")


def _parts(book: Handbook, words: dict[str, str]) -> Iterator[_Part]:
    yield _Part("title.xhtml", "title", book.title)
    for module in book.modules:
        yield _Part(f"{module.number:02}-{module.id}.xhtml", "chapter", f"{module.number} {module.title}", module)
    for kind in ("contacts", "glossary", "sources"):
        yield _Part(f"{kind}.xhtml", kind, words[kind])


def _page(book: Handbook, part: _Part, parts: list[_Part], words: dict[str, str], say: Say) -> epub.EpubHtml:
    where = {"term": "glossary.xhtml", "source": "sources.xhtml"}
    for other in parts:
        if other.module is not None:
            for lesson in other.module.lessons:
                where[f"lesson {lesson.id}"] = other.file
    sections = _files_of_sections(parts)

    def link(kind: str, name: str) -> str:
        if kind in where:
            return f"{where[kind]}#{kind}-{name}"
        return f"{where[f'lesson {name}'] if kind == 'lesson' else sections[name]}#{name}"

    # A chapter is a document of its own here, with its title at the second level as in the printed book.
    texts = BookText(book, link, deeper=2)
    content = (
        templates(FOLDER)
        .get_template("page.xhtml")
        .render(
            lang=book.language,
            title=part.title,
            kind=part.kind,
            book=book,
            words=words,
            module=part.module,
            lessons=texts.lessons(part.module) if part.module else (),
            contacts=book_contacts(book.contacts, book.language, say),
        )
    )
    page = epub.EpubHtml(title=part.title, file_name=part.file, lang=book.language)
    page.set_content(content)
    return page


def _files_of_sections(parts: list[_Part]) -> dict[str, str]:
    return {
        section: part.file
        for part in parts
        if part.module is not None
        for lesson in part.module.lessons
        for section in lesson.section_ids
    }


def _entry(part: _Part, page: epub.EpubHtml) -> object:
    if part.module is None:
        return page
    lessons = [epub.Link(f"{part.file}#{one.id}", one.title, f"toc-{one.id}") for one in part.module.lessons]
    return (epub.Section(part.title, part.file), lessons)
