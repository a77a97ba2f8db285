"""The named blocks of a lesson: `::: key-point` to `:::`. An outer block has more colons than the one inside it."""

from __future__ import annotations

import re

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock
from markdown_it.token import Token

from course.content.page import Page, Place
from course.content.wording import Wording

BLOCKS = frozenset(
    ("key-point", "case", "practice", "answer", "myth", "checklist", "tomorrow", "content-note", "reflect", "trainer")
)
FENCE = re.compile(r"(:{3,})[ \t]*(\S*)[ \t]*(.*?)[ \t]*$")


def add_blocks(md: MarkdownIt, words: Wording) -> None:
    """Teach the parser the named blocks; titles that are not typed are in `words`."""

    def colon_block(state: StateBlock, start: int, end: int, silent: bool) -> bool:
        fence = None if state.is_code_block(start) else FENCE.match(_line(state, start))
        if fence is None:
            return False
        if silent:
            return True
        colons, name, title = fence.groups()
        if not name:
            fix = "Take the line out, or give the block above it its first line (`::: name`)."
            _page(state).problem("block-fence", start + 1, "This fence closes nothing.", fix)
            state.line = start + 1
            return True
        last, after = _closing(state, start, end, colons, name)
        _check(_page(state), start + 1, name)
        _tokens(state, start, last, name, title or _title(words, name))
        state.line = after
        return True

    md.block.ruler.before("fence", "colon_block", colon_block, {"alt": ["paragraph", "blockquote", "list"]})


def _line(state: StateBlock, line: int) -> str:
    return state.src[state.bMarks[line] + state.tShift[line] : state.eMarks[line]]


def _page(state: StateBlock) -> Page:
    page: Page = state.env["page"]
    return page


def _closing(state: StateBlock, start: int, end: int, colons: str, name: str) -> tuple[int, int]:
    """The line that ends the block, and the line to read on from: the same one when the fence is missing."""
    for line in range(start + 1, end):
        fence = FENCE.match(_line(state, line))
        if fence is None or fence[1] < colons:
            continue
        if fence[2]:
            fix = f"Give the outer block more colons than the {fence[2]} inside it, or close {name} before it."
            _page(state).problem("block-fence", line + 1, f"{fence[2]} begins inside {name} with as many colons.", fix)
            return line, line
        if fence[1] == colons:
            return line, line + 1
    fix = f"Close it with a line {colons} of its own."
    _page(state).problem("block-fence", start + 1, f"The block {name} is not closed.", fix)
    return end, end


def _check(page: Page, line: int, name: str) -> None:
    page.blocks.append(Place(name, line))
    if name not in BLOCKS:
        page.problem("block-unknown", line, f"There is no block {name}.", f"Use one of {', '.join(sorted(BLOCKS))}.")
    if name == "answer" and page.inside[-1:] != ["practice"]:
        fix = "Put it inside a practice block that has one colon more."
        page.problem("answer-outside-practice", line, "An answer stands outside a practice block.", fix)


def _title(words: Wording, name: str) -> str:
    return words.show_answer if name == "answer" else words.blocks.get(name, "")


def _tokens(state: StateBlock, start: int, last: int, name: str, title: str) -> None:
    """The tokens of the block, its title and everything inside it."""
    page = _page(state)
    around, state.parentType = state.parentType, "colon_block"
    limit, state.lineMax = state.lineMax, last
    kind = "answer" if name == "answer" else "block"
    opening = state.push(f"{kind}_open", "details" if kind == "answer" else "div", 1)
    opening.map, opening.info = [start, last], name
    opening.attrs = {"class": "answer" if kind == "answer" else f"block block-{name}"}
    _title_tokens(state, start, kind, title)
    page.inside.append(name)
    state.md.block.tokenize(state, start + 1, last)
    page.inside.pop()
    state.push(f"{kind}_close", opening.tag, -1).info = name
    state.parentType, state.lineMax = around, limit


def _title_tokens(state: StateBlock, start: int, kind: str, title: str) -> None:
    opening = state.push("block_title_open", "summary" if kind == "answer" else "p", 1)
    if kind == "block":
        opening.attrs = {"class": "block-title"}
    words = state.push("inline", "", 0)
    words.content, words.map, words.children = title, [start, start + 1], []
    state.push("block_title_close", opening.tag, -1)


def without_trainers_notes(tokens: list[Token]) -> list[Token]:
    """The tokens that a learner's page is made of."""
    kept, depth = [], 0
    for token in tokens:
        is_note = token.type in ("block_open", "block_close") and token.info == "trainer"
        depth += token.nesting if is_note else 0
        if not depth and not is_note:
            kept.append(token)
    return kept
