"""A quiz form as the services read it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from course.domain.quiz import Question
from course.services.attempts import Posted, PostedAnswer


def form_of(answers: Mapping[str, Sequence[str]], versions: Mapping[str, int]) -> Posted:
    """A form with these answers, shown in these versions; a question that is not named is not in the form."""

    def posted(question: Question) -> PostedAnswer | None:
        if question.id not in answers:
            return None
        return PostedAnswer(answers[question.id], versions.get(question.id, -1))

    return posted
