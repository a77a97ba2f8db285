"""The handbook and the cards as files: made when somebody asks for them on the command line."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from course.content.handbook import Edition, handbook
from course.content.library import Library
from course.content.teaching import taught_modules
from course.domain.errors import NotThere
from course.exports import card
from course.exports.book_pages import BLOCKS, STYLE, book_page
from course.exports.epub import epub_of
from course.exports.tagged_press import print_tagged

#: say(language, text, **values)
Say = Callable[..., str]


class BookMaker:
    """Makes books and cards out of a content package. PDF files raise PdfNotAvailable on a machine that makes none."""

    def __init__(self, root: Path, library: Library, fonts: Path, say: Say) -> None:
        self._root, self._library, self._fonts, self._say = root, library, fonts, say

    def handbook_pdf(self, language: str, edition: Edition) -> bytes:
        """The whole handbook: tagged, with bookmarks, contents and page numbers."""
        book = handbook(self._root, self._library, language, edition)
        return print_tagged(book_page(book, partial(self._say, language)), (BLOCKS, STYLE), self._fonts)

    def handbook_epub(self, language: str, edition: Edition) -> bytes:
        """The same as an EPUB 3."""
        return epub_of(handbook(self._root, self._library, language, edition), partial(self._say, language))

    def module_card(self, module_id: str, language: str) -> bytes:
        """One sheet with what to remember of a module and what to do tomorrow."""
        self._library.module(module_id)
        module = taught_modules(self._root, self._library, [module_id], language)[0]
        return self._sheet(card.module_card(self._library, module, language, partial(self._say, language)))

    def tool_card(self, tool: str, language: str) -> bytes:
        """One sheet of a tool: "referral", or "indicators/" with a setting."""
        name, _, setting = tool.partition("/")
        say = partial(self._say, language)
        if name == "referral" and not setting:
            return self._sheet(card.referral_card(self._library, language, say))
        if name != "indicators":
            raise NotThere(tool)
        return self._sheet(card.indicators_card(self._library, setting, language, say))

    def tools(self) -> list[str]:
        """What `tool_card` takes."""
        practice = self._library.practice
        names = ["referral"] if practice.referral is not None else []
        return names + [f"indicators/{one.id}" for one in (practice.indicators.settings if practice.indicators else ())]

    def _sheet(self, page: str) -> bytes:
        return print_tagged(page, (card.STYLE,), self._fonts, one_sheet=True)
