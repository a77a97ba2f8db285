"""What is said after an answer, as HTML: why, where to read, and what it rests on."""

from __future__ import annotations

import html

from course.exports.questions.items import Item, ItemOption, Say


def of_option(option: ItemOption, say: Say) -> str:
    """Why an option is right or wrong, with the way to its section."""
    link = f'<a href="{html.escape(option.section.url)}">{html.escape(option.section.title)}</a>'
    return f"<p>{option.why}</p><p>{say('Read: %(title)s', title=link)}</p>"


def of_all(item: Item, say: Say) -> str:
    """The reasons of all options together, where a format has no place for each."""
    return "".join(f"<p><strong>{option.text}</strong></p>{of_option(option, say)}" for option in item.options)


def sources(item: Item, say: Say) -> str:
    """The list of what the question rests on; an empty text where nothing is cited."""
    if not item.sources:
        return ""
    lines = "".join(
        f'<li><a href="{html.escape(one.url)}">{html.escape(one.title)}</a>, {html.escape(one.owner)}</li>'
        for one in item.sources
    )
    return f"<p>{say('Sources')}</p><ul>{lines}</ul>"
