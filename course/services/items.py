"""Tell an editor which questions to look at."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from sqlalchemy import Connection

from course.content.library import Library
from course.domain.errors import UnknownOption
from course.domain.item_analysis import Given, ItemReport, analyse
from course.domain.quiz import Kind
from course.storage.item_answers import answers_of_first_attempts

#: More attempts tell nothing new, and the page would wait for them.
ATTEMPTS_MOST = 5_000
#: Only here an option is chosen or not; in the other kinds it stands in some place.
_CHOSEN = frozenset({Kind.ONE, Kind.SEVERAL, Kind.TRUE_FALSE})


def item_reports(connection: Connection, library: Library, module_id: str) -> list[ItemReport]:
    """A report for each question of the module that was ever answered, flagged ones first. Raises NotThere."""
    questions = {question.id: question for question in library.quiz(module_id).questions}
    options = {name: question.options for name, question in questions.items() if question.kind in _CHOSEN}
    found = analyse(_given(connection, library, module_id), options, source_language=library.source_language)
    return sorted(found.values(), key=lambda one: (-len(one.flags), one.item))


def _given(connection: Connection, library: Library, module_id: str) -> Iterator[Given]:
    questions = {question.id: question for question in library.quiz(module_id).questions}
    rows = answers_of_first_attempts(connection, module_id, most=ATTEMPTS_MOST)
    for _, attempt in groupby(rows, key=lambda row: row[0]):
        answers = []
        for _, language, question_id, chosen in attempt:
            question = questions.get(question_id)
            if question is None:
                # This edition has retired it.
                continue
            try:
                answers.append((question, language, question.normal(chosen)))
            except UnknownOption:
                # It has other options now: what was answered then tells nothing of it.
                continue
        right = [chosen == question.normal(question.correct) for question, _, chosen in answers]
        score, of = sum(right), len(right)
        for (question, language, chosen), is_right in zip(answers, right, strict=True):
            yield Given(question.id, language, chosen, is_right, score, of)
