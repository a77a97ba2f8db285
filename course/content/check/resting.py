"""Questions and the text they rest on: when a section changes, its questions are read again."""

from __future__ import annotations

from collections.abc import Iterator

from course.content.check.registry import Checked, Fault, rule
from course.content.resting import READ_AGAINST, read_against, rests_on, section_stamps


@rule("question-stale")
def question_stale(checked: Checked) -> Iterator[Fault]:
    """A question was read against the section it rests on as that section is now."""
    written = read_against(checked.package)
    if not written:
        return
    stamps = section_stamps(checked.package)
    for module, bank in checked.package.quizzes_in_use():
        path = f"quizzes/{module.quiz}.yaml"
        for question in bank.questions:
            for section in rests_on(question):
                carried = written.get((question.id, section))
                if section in stamps and carried != stamps[section]:
                    what = "has changed since" if carried else "is new since"
                    fix = "Read the question and its reasons against it, then run `flask --app wsgi course stamp`."
                    line = checked.line(path, "questions", question.id)
                    yield Fault(path, line, f"{question.id} rests on {section}, which {what} it was read.", fix)


@rule("read-against-missing")
def read_against_missing(checked: Checked) -> Iterator[Fault]:
    """The package says which text its questions were read against."""
    has_questions = any(bank.questions for _, bank in checked.package.quizzes_in_use())
    if has_questions and READ_AGAINST not in checked.package.texts:
        yield Fault(READ_AGAINST, 1, "This file is missing.", "Run `flask --app wsgi course stamp`.")
