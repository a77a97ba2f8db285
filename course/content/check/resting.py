"""Questions, cases and the text they rest on: when a section changes, what rests on it is read again."""

from __future__ import annotations

from collections.abc import Iterator

from course.content.check.registry import Checked, Fault, rule
from course.content.resting import READ_AGAINST, changed_since_read


@rule("question-stale")
def question_stale(checked: Checked) -> Iterator[Fault]:
    """A question or a case was read against the sections it rests on as they are now."""
    for name, path, keys, section, was_read in changed_since_read(checked.package):
        what = "has changed since" if was_read else "is new since"
        fix = "Read it and its reasons against the section, then run `flask --app wsgi course stamp`."
        line = checked.line(path, *keys)
        yield Fault(path, line, f"{name} rests on {section}, which {what} it was read.", fix)


@rule("read-against-missing")
def read_against_missing(checked: Checked) -> Iterator[Fault]:
    """The package says which text its questions were read against."""
    has_questions = any(bank.questions for _, bank in checked.package.quizzes_in_use())
    if has_questions and READ_AGAINST not in checked.package.texts:
        yield Fault(READ_AGAINST, 1, "This file is missing.", "Run `flask --app wsgi course stamp`.")
