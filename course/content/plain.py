"""The words of inline HTML, for places that take no markup: mails, and the options of a select."""

from __future__ import annotations

import re
from html import unescape

_TAGS = re.compile(r"<[^>]+>")


def plain(html: str) -> str:
    """The text without its tags and without the places where a word may be parted."""
    return unescape(_TAGS.sub("", html)).replace("\u00ad", "")
