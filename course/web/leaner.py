"""Style sheet and script without what browsers do not read: comments, line breaks, indentation.

Nothing is rewritten; only the style sheet's own variables get short names, which no page and no script knows.
"""

from __future__ import annotations

import re

#: What is looked at in a style sheet: a text in quotes, a comment, a sign with the space around it, space alone.
_SHEET = re.compile(
    r"""(?P<text>"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*')"""
    r"|(?P<comment>/\*.*?\*/)"
    r"|\s*(?P<sign>[{};,])\s*"
    # Before a colon the space may stand between two selectors, so only the one after it goes.
    r"|(?P<colon>:)\s+"
    r"|(?P<space>\s+)",
    re.DOTALL,
)
_VARIABLE = re.compile(r"(?<![\w-])--[a-z][a-z0-9-]*")
_COMMENT_LINES = re.compile(r"^[ \t]*(?://[^\n]*|/\*.*?\*/[ \t]*)$", re.MULTILINE | re.DOTALL)
_INDENTATION = re.compile(r"^\s+", re.MULTILINE)


def lean_style(sheet: str, variables: dict[str, str] | None = None) -> str:
    """A style sheet in one line. Texts in quotes stay as they are.

    `variables` holds the short names given so far, and gets the new ones: sheets of one page share their variables.
    """
    names = {} if variables is None else variables
    without_comments = _SHEET.sub(lambda found: "" if found["comment"] else found[0], sheet)
    short = _SHEET.sub(_shortest, without_comments).replace(";}", "}").strip()
    for variable in _VARIABLE.findall(short):
        names.setdefault(variable, f"--{_letters(len(names))}")
    return _VARIABLE.sub(lambda found: names[found[0]], short)


def _letters(number: int) -> str:
    """a to z, then ba, bb …"""
    rest, last = divmod(number, 26)
    return (_letters(rest) if rest else "") + chr(ord("a") + last)


def _shortest(found: re.Match[str]) -> str:
    return found["text"] or found["sign"] or found["colon"] or " "


def lean_script(script: str) -> str:
    """A script without lines of comment and without indentation. Its lines stay: they may end statements.

    A comment behind code stays, too; and a script with a text of several lines would change, so it must not have one.
    """
    return _INDENTATION.sub("", _COMMENT_LINES.sub("", script)).strip() + "\n"
