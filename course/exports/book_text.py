"""The texts of the handbook made ready for a book: one numbering of sources, links inside the book, nothing folded."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from dataclasses import dataclass

from markupsafe import Markup

from course.content.handbook import BookLesson, BookModule, Handbook

#: The address of a place of the book: link(kind, id). Kinds: term, lesson, section, source.
LinkTo = Callable[[str, str], str]

_SCHEME = re.compile(r'href="(term|lesson|section|source):([a-z0-9-]+)"')
_CITED = re.compile(r'<a href="#source-(?P<id>[a-z0-9-]+)" aria-label="(?P<before>[^"\d]*)\d+(?P<after>[^"]*)">\d+</a>')
_HEADING = re.compile(r"(</?h)([23])\b")
_LINK = re.compile(r"<a (?![^>]*\btitle=)([^>]*)>(.*?)</a>", re.DOTALL)
#: What is folded on a page lies open in a book.
_FOLDED = (
    ("<details", "<div"),
    ("</details>", "</div>"),
    ("<summary>", '<p class="answer-title">'),
    ("</summary>", "</p>"),
)
#: Something to reach with a key on a screen is a mere box on paper.
_REACHABLE = re.compile(r' tabindex="0"| role="group"')
_TAG = re.compile(r"<[^>]+>")


@dataclass(frozen=True, slots=True)
class BookText:
    """Makes the texts of one book."""

    book: Handbook
    link: LinkTo
    #: Headings of a lesson's sections stand so many levels deeper than on its own page.
    deeper: int

    def lesson(self, lesson: BookLesson) -> Markup:
        """The lesson's text as it stands in the book."""
        numbers = {source.id: number for number, source in enumerate(self.book.sources, 1)}

        def cited(found: re.Match[str]) -> str:
            number, label = numbers[found["id"]], f"{found['before']}{numbers[found['id']]}{found['after']}"
            return f'<a href="{self.link("source", found["id"])}" title="{label}" aria-label="{label}">{number}</a>'

        text = _CITED.sub(cited, lesson.html)
        text = _SCHEME.sub(lambda found: f'href="{self.link(found[1], found[2])}"', text)
        for folded, open_ in _FOLDED:
            text = text.replace(folded, open_)
        text = _HEADING.sub(lambda found: f"{found[1]}{int(found[2]) + self.deeper}", _REACHABLE.sub("", text))
        return Markup(_LINK.sub(_told, text))  # noqa: S704 - the content's own safe HTML

    def lessons(self, module: BookModule) -> list[tuple[BookLesson, Markup]]:
        """The lessons of a module with their texts."""
        return [(lesson, self.lesson(lesson)) for lesson in module.lessons]


def _told(found: re.Match[str]) -> str:
    """A link says where it leads: PDF/UA asks for it."""
    words = html.unescape(_TAG.sub("", found[2])).replace("\u00ad", "").strip()
    return f'<a {found[1]} title="{html.escape(words)}">{found[2]}</a>'
