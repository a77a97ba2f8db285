"""The texts about the site itself (accessibility, privacy, quick exit): Markdown with a title and a date."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path

import yaml
from markdown_it import MarkdownIt

_QUOTES = {"en": "“”‘’"}


@dataclass(frozen=True, slots=True)
class SiteText:
    title: str
    updated: date
    html: str


@lru_cache
def read_site_text(path: Path, language: str) -> SiteText:
    """The text as safe HTML. The files come with the code and do not change while the site runs."""
    _, head, body = path.read_text().split("---\n", 2)
    front = yaml.safe_load(head)
    options = {"typographer": True, "quotes": _QUOTES.get(language, "””’’")}
    markdown = MarkdownIt("js-default", options).enable(["replacements", "smartquotes"])
    return SiteText(title=front["title"], updated=front["updated"], html=markdown.render(body))
