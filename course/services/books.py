"""The handbook and the cards as files: made by a command, and by the worker when a reader has asked."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path

from course.content.handbook import Edition, handbook
from course.content.library import Library
from course.content.teaching import taught_modules
from course.domain.errors import NotThere
from course.exports import card
from course.exports.book_pages import BLOCKS, STYLE, book_page
from course.exports.card import Card, card_page
from course.exports.epub import epub_of
from course.exports.static_site import SiteLanguage, static_site
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
        return self._sheet(card.module_card(self._library, module, language, partial(self._say, language)), language)

    def tool_card(self, tool: str, language: str) -> bytes:
        """One sheet of a tool: "referral", or "indicators/" with a setting."""
        name, _, setting = tool.partition("/")
        say = partial(self._say, language)
        if name == "referral" and not setting:
            return self._sheet(card.referral_card(self._library, language, say), language)
        if name != "indicators":
            raise NotThere(tool)
        return self._sheet(card.indicators_card(self._library, setting, language, say), language)

    def tools(self) -> list[str]:
        """What `tool_card` takes."""
        practice = self._library.practice
        names = ["referral"] if practice.referral is not None else []
        return names + [f"indicators/{one.id}" for one in (practice.indicators.settings if practice.indicators else ())]

    def _sheet(self, made: Card, language: str) -> bytes:
        page = card_page(self._library, made, language, partial(self._say, language))
        return print_tagged(page, (card.STYLE,), self._fonts, one_sheet=True)

    def site(self, languages: Sequence[str], *, exit_url: str, site_url: str) -> dict[str, bytes]:
        """The handbook as files for a folder or any web server: path -> content."""
        made = [
            SiteLanguage(self._library, code, partial(self._say, code), tuple(self._cards(code)), len(languages) > 1)
            for code in languages
        ]
        return static_site(made, exit_url=exit_url, site_url=site_url)

    def _cards(self, language: str) -> Iterator[tuple[str, Card]]:
        """(name of the page, card) of every module and tool."""
        say = partial(self._say, language)
        modules = [module.id for module in self._library.modules]
        for module in taught_modules(self._root, self._library, modules, language):
            yield module.id, card.module_card(self._library, module, language, say)
        for tool in self.tools():
            name, _, setting = tool.partition("/")
            if setting:
                yield f"{name}-{setting}", card.indicators_card(self._library, setting, language, say)
            else:
                yield name, card.referral_card(self._library, language, say)
