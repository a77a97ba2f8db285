"""The parts of the quizzes' pages, rendered and compressed ahead.

No two attempts are alike, but their questions and options are: each is rendered once for a language and for how it was
answered, and a page is those pieces side by side (see docs/decisions/005). The views of Flask and the short way before
Flask (`course.web.quick_quiz`) put the same pages together; only the views can make a part that is not there yet,
because a part has addresses in it.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from course.content.formats import short_date
from course.storage.learning import StoredAttempt
from course.web.prepared import Piece, Prepared
from course.web.presenting import Presenter
from course.web.quiz_pages import QuizPresenter
from course.web.site import Site

#: Renders a whole template: its name, its values.
Render = Callable[[str, Mapping[str, Any]], str]
Make = Callable[[], str]


class NotPrepared(Exception):
    """A part is asked for the first time, by somebody who cannot make it."""


@dataclass(frozen=True, slots=True)
class QuizParts:
    """The parts in one language, where the course is mounted at `root`."""

    site: Site
    language: str
    root: str
    #: None before Flask is awake.
    render: Render | None = None

    @property
    def quiz(self) -> QuizPresenter:
        return QuizPresenter(Presenter(self.site, self.language))

    def frame(self, make: Make, *key: Hashable) -> Prepared:
        """A part with slots."""
        name = (self.root, self.language, *self.site.look_state(self.language), *key)
        found = self.site.quiz_frames.found(name)
        return found if found is not None else self.site.quiz_frames.get(name, lambda: Prepared(self._made(make)))

    def piece(self, make: Make, *key: Hashable) -> Piece:
        name = (self.root, self.language, *key)
        found = self.site.quiz_pieces.found(name)
        return found if found is not None else self.site.quiz_pieces.get(name, lambda: Piece.kept(self._made(make)))

    def _made(self, make: Make) -> str:
        if self.render is None:
            raise NotPrepared
        return make()

    def rendered(self, template: str, **values: Any) -> str:
        assert self.render is not None
        return self.render(template, values)

    def macro(self, component: str, name: str) -> Callable[..., str]:
        return self.site.macro(self.language, f"components/{component}.html", name)


def day_of(attempt: StoredAttempt, language: str) -> str:
    """The day on which it was handed in, as readers write it."""
    assert attempt.submitted_at is not None
    return _day_of(attempt.submitted_at.replace(minute=0, second=0, microsecond=0), language)


@lru_cache(1000)
def _day_of(hour: datetime, language: str) -> str:
    """Made once for each hour: no hour lies in two of Helsinki's days."""
    return short_date(hour, language)
