"""A lesson's Markdown, or the words of a question, become HTML. One renderer a language, built once."""

from __future__ import annotations

import re
from collections.abc import Mapping, MutableMapping, Sequence
from html import escape
from itertools import pairwise
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.rules_core import StateCore
from markdown_it.token import Token
from markdown_it.utils import OptionsDict

from course.content.blocks import add_blocks, without_trainers_notes
from course.content.inline import Registers, add_inline
from course.content.library import Contact, Source, Term
from course.content.page import Page, Passage, Place
from course.content.typography import plain, shaped
from course.content.wording import wording

HEADING_ID = re.compile(r"[ \t]*\{#([^{}\s]*)\}[ \t]*$")
#: Something that was meant to be a term, a citation, a contact or an id, and is not.
LEFT_OVER = re.compile(r"\[\[|\]\]|\[@|\{#|\{[\w-]+\.?[\w-]*\}")
#: A row of a table, and in it a term with other words, whose bar is no border of a cell.
ROW = re.compile(r"^[ \t]*\|.*$", re.MULTILINE)
TERM_IN_ROW = re.compile(r"\[\[([^\[\]|\\]+)\|([^\[\]|]+)\]\]")
#: What holds several passages together.
GROUPS = frozenset(f"{name}_{end}" for name in ("bullet_list", "ordered_list", "table") for end in ("open", "close"))
#: A text without any of these is the same in Markdown and out of it.
MARKED = re.compile(r"[\\`*_\[\]{}<>&!~\n]")


class Renderer:
    """Renders the texts of one language."""

    def __init__(
        self,
        language: str,
        terms: Mapping[str, Term],
        sources: Mapping[str, Source],
        contacts: Mapping[str, Contact],
        *,
        for_trainers: bool = False,
    ) -> None:
        self.language = language
        self.registers = Registers(language, terms, sources, contacts)
        self.for_trainers = for_trainers
        self.md = MarkdownIt("js-default", {"html": False}, renderer_cls=_Html)
        add_blocks(self.md, wording(language))
        add_inline(self.md)
        self.md.core.ruler.before("block", "terms_in_tables", _terms_in_tables)
        self.md.core.ruler.before("inline", "heading_ids", _heading_ids)
        self.md.core.ruler.push("settle", self._settle)

    def lesson(self, body: str) -> Page:
        """The body of a lesson. Trainers' notes are left out unless the renderer is for trainers."""
        page = Page(with_notes=self.for_trainers)
        tokens = self.md.parse(body, {"page": page, "numbered": True})
        if not self.for_trainers:
            tokens = without_trainers_notes(tokens)
        page.html = str(self.md.renderer.render(tokens, self.md.options, {}))
        return page

    def paragraphs(self, text: str) -> Page:
        """A short text of its own, without sections: its citations lead to the list of sources."""
        page = Page()
        tokens = self.md.parse(text.strip(), {"page": page, "numbered": False})
        page.html = str(self.md.renderer.render(tokens, self.md.options, {}))
        return page

    def inline(self, text: str) -> Page:
        """The words of a question or of an option."""
        page = Page()
        if MARKED.search(text):
            tokens = self.md.parseInline(text.strip(), {"page": page, "numbered": False})
            page.html = str(self.md.renderer.render(tokens, self.md.options, {}))
        else:
            # Most words of most questions have no mark-up, and the parser is the slowest part of a start.
            page.passages.append(Passage(1, text, text))
            page.html = escape(shaped(text, self.language), quote=False)
        return page

    def _settle(self, state: StateCore) -> None:
        """Give every token its final content, in the order in which a reader meets them."""
        page: Page = state.env["page"]
        numbered: bool = state.env["numbered"]
        heading = False
        _head_columns(state.tokens)
        for token in state.tokens:
            _follow(token, page)
            if token.type == "inline":
                sentence = _Sentence(self.registers, page, token, numbered=numbered)
                sentence.settle(heading=heading)
            elif token.type == "heading_open":
                self._heading(token, page)
            elif token.type == "table_open":
                label = wording(self.language).table + (f": {page.heading}" if page.heading else "")
                token.meta = {"label": label}
            heading = token.type in ("heading_open", "block_title_open")

    def _heading(self, token: Token, page: Page) -> None:
        level, line = int(token.tag[1]), (token.map or [0])[0] + 1
        title = token.meta["title"]
        if level == 1:
            fix = "Make it ##: the page already has its title from the front matter."
            page.problem("heading-levels", line, "A second first-level heading.", fix)
        elif level > page.heading_level + 1:
            fix = f"Make it {'#' * (page.heading_level + 1)}."
            page.problem(
                "heading-levels", line, f"A heading of level {level} follows one of {page.heading_level}.", fix
            )
        page.heading, page.heading_level = plain(title, self.language), level
        section = token.attrs.get("id")
        if level == 2 and section:
            page.sections.append(Place(str(section), line, page.heading))
        elif level == 2:
            page.problem("section-id", line, "The section has no id.", "End the heading with {#an-id}.")
        elif section:
            page.problem("section-id", line, "Only headings with ## carry an id.", "Take the {#…} out, or make it ##.")


def _head_columns(tokens: Sequence[Token]) -> None:
    """Cells of the first row head their columns, but for an empty one: it would announce a heading without words."""
    for opening, words, closing in zip(tokens, tokens[1:], tokens[2:], strict=False):
        if opening.type == "th_open" and words.content.strip():
            opening.attrSet("scope", "col")
        elif opening.type == "th_open":
            opening.tag = closing.tag = "td"


def _follow(token: Token, page: Page) -> None:
    """Keep track of the blocks, and of the lists and tables, around the next words."""
    if token.type in ("block_open", "answer_open"):
        page.inside.append(token.info)
    elif token.type in ("block_close", "answer_close"):
        page.inside.pop()
    elif token.type in GROUPS:
        page.depth += token.nesting
    opens_group = token.type in GROUPS and page.depth == token.nesting == 1
    if opens_group or (token.type == "inline" and not page.depth):
        page.group += 1


class _Sentence:
    """The children of one inline token, on their way to the page."""

    def __init__(self, registers: Registers, page: Page, token: Token, *, numbered: bool) -> None:
        self.registers, self.page, self.token, self.numbered = registers, page, token, numbered
        self.line = (token.map or [0])[0] + 1
        self.kept: list[Token] = []
        self.words: list[str] = []
        self.typed: list[str] = []
        self.cited = False
        #: Inside <https://…>, whose words are an address.
        self.in_address = False

    def settle(self, *, heading: bool) -> None:
        for child in self.token.children or ():
            self._take(child)
        self.token.children = self.kept
        page = self.page
        self.page.passages.append(
            Passage(
                line=(self.token.map or [0])[0] + 1,
                text="".join(self.words),
                typed="".join(self.typed),
                cited=self.cited,
                heading=heading,
                group=page.group,
                block=page.inside[-1] if page.inside else "",
                for_trainers=page.for_trainers,
            )
        )

    def _take(self, child: Token) -> None:
        match child.type:
            case "text":
                self._text(child)
            case "softbreak" | "hardbreak":
                self.line += 1
                self._say(" ")
            case "term" | "contact":
                show = self.registers.term if child.type == "term" else self.registers.contact
                child.content, words = show(child.meta["found"], self.page, self.line)
                self.words.append(words)
                self.typed.append(words if child.type == "term" else "…")
            case "citation":
                self._citation(child)
            case "link_open":
                self._link(child)
            case "link_close":
                self.in_address = False
            case "image":
                self._image(child)
            case "code_inline":
                self._say(child.content)
        self.kept.append(child)

    def _say(self, words: str) -> None:
        self.words.append(words)
        self.typed.append(words)

    def _text(self, child: Token) -> None:
        before = self.words[-1][-1:] if self.words else ""
        self._say(child.content)
        if self.in_address:
            return
        left = LEFT_OVER.search(child.content)
        if left:
            fix = "Close it, and check its spelling: [[term|words]], [@source: where], {contact.phone}, ## Title {#id}."
            self.page.problem("inline-form", self.line, f"{left[0]} is not a term, a source or a contact here.", fix)
        child.content = shaped(child.content, self.registers.language, before)

    def _citation(self, child: Token) -> None:
        self.cited = True
        if self.numbered:
            # The number hangs on the word before it; in the file a space stands between them.
            while self.kept and self.kept[-1].type == "softbreak":
                self.kept.pop()
            if self.kept and self.kept[-1].type == "text":
                self.kept[-1].content = self.kept[-1].content.rstrip()
            _strip_last(self.words)
        # A trainer's note is not on the learner's page, and must not take a number there.
        page = Page(problems=self.page.problems) if self.page.hidden else self.page
        child.content = self.registers.citation(child.meta["found"], page, self.line, numbered=self.numbered)

    def _link(self, child: Token) -> None:
        href = str(child.attrs.get("href", ""))
        self.in_address = child.info == "auto"
        self.page.links.append(Place(href, self.line))
        if href.startswith("http"):
            child.attrSet("rel", "noreferrer")

    def _image(self, child: Token) -> None:
        self.page.links.append(Place(str(child.attrs.get("src", "")), self.line))
        if not child.content.strip():
            fix = "Say between the square brackets what the picture shows."
            self.page.problem("image-text", self.line, "The picture has no alternative text.", fix)


def _strip_last(words: list[str]) -> None:
    while words and not words[-1].strip():
        words.pop()
    if words:
        words[-1] = words[-1].rstrip()


def _terms_in_tables(state: StateCore) -> None:
    """`[[term|words]]` is typed the same way in a table as elsewhere."""
    if "[[" in state.src and not state.inlineMode:
        state.src = ROW.sub(lambda row: TERM_IN_ROW.sub(r"[[\1\|\2]]", row[0]), state.src)


def _heading_ids(state: StateCore) -> None:
    """Take `{#id}` off the headings before their words are parsed."""
    for opening, words in pairwise(state.tokens):
        if opening.type == "heading_open":
            found = HEADING_ID.search(words.content)
            if found:
                opening.attrSet("id", found[1])
                words.content = words.content[: found.start()]
            opening.meta = {"title": _plain_words(words.content)}


def _plain_words(title: str) -> str:
    """A heading as it reads in a list of contents."""
    title = re.sub(r"\[\[[^\]|]*\|([^\]]*)\]\]", r"\1", title)
    return re.sub(r"[*_`]|\[@[^\]]*\]", "", title).strip()


class _Html(RendererHTML):
    """The HTML that others style. The plain tokens are rendered as markdown-it does."""

    def made(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: MutableMapping[str, Any]) -> str:
        return tokens[idx].content

    term = citation = contact = made

    def table_open(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: MutableMapping[str, Any]) -> str:
        label = escape(tokens[idx].meta["label"])
        # A group and no region: on the handbook page two tables may stand below headings with the same words.
        return f'<div class="table-wrap" tabindex="0" role="group" aria-label="{label}"><table>\n'

    def table_close(
        self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: MutableMapping[str, Any]
    ) -> str:
        return "</table></div>\n"
