"""What a refresher may ask a learner: what she passed, what of it she got wrong, and what was changed since."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy.orm import Session

from course.content.library import Library
from course.content.question_version import QuestionVersions
from course.domain.edition import changed_since
from course.domain.quiz import Answer, Question
from course.services.attempts import GRADED
from course.storage import learning, refreshers


@dataclass
class LearnerPool:
    questions: list[Question] = field(default_factory=list)
    #: question id -> module id
    module_of: dict[str, str] = field(default_factory=dict)
    weak: set[str] = field(default_factory=set)
    #: question id -> how many refreshers asked it
    asked: Counter[str] = field(default_factory=Counter)


@dataclass(frozen=True, slots=True)
class _Met:
    """How a learner met a question the last time."""

    at: datetime
    #: Under which edition; empty where it was not written down.
    edition: str
    version: str
    answer: Answer


def pool_of(session: Session, library: Library, versions: QuestionVersions, learner_id: int) -> LearnerPool:
    """The questions of the modules that she passed, as this edition has them."""
    pool = LearnerPool()
    passed = learning.progress_of(session, learner_id).modules_passed
    met = _last_met(session, pool, learner_id)
    for module in library.modules:
        if module.id not in passed or module.quiz is None:
            continue
        for question in module.quiz.questions:
            pool.questions.append(question)
            pool.module_of[question.id] = module.id
            last = met.get(question.id)
            if last is not None and _is_weak(library, versions.current[module.id, question.id], question, last):
                pool.weak.add(question.id)
    return pool


def _last_met(session: Session, pool: LearnerPool, learner_id: int) -> Mapping[str, _Met]:
    """question id -> how it went the last time, in a quiz or in a refresher"""
    connection = session.connection()
    met: dict[str, _Met] = {}
    for attempts in learning.all_attempts_of(connection, learner_id).values():
        for attempt in attempts:
            if attempt.state != GRADED or attempt.submitted_at is None:
                continue
            answers = learning.answers_of(session, attempt.id)
            for asked in attempt.questions:
                stored = answers.get(asked["id"])
                answer = stored.chosen if stored else ()
                _meet(met, asked["id"], _Met(attempt.submitted_at, attempt.edition, asked["version"], answer))
    rounds = refreshers.rounds_of(connection, learner_id)
    given = refreshers.answers_in(connection, [one.id for one in rounds])
    for one in rounds:
        for asked in one.questions:
            pool.asked[asked["id"]] += 1
            if (one.id, asked["id"]) in given:
                last = _Met(one.sent_at, asked.get("edition", ""), asked["version"], given[one.id, asked["id"]])
                _meet(met, asked["id"], last)
    return met


def _meet(met: dict[str, _Met], question_id: str, last: _Met) -> None:
    if question_id not in met or met[question_id].at <= last.at:
        met[question_id] = last


def _is_weak(library: Library, version: str, question: Question, last: _Met) -> bool:
    """The question or what it rests on has changed since she met it, or she answered wrong as it stood then."""
    rests_on = {question.section, *question.option_sections.values()}
    if version != last.version or rests_on & changed_since(library.editions, last.edition):
        return True
    return not question.is_right(last.answer)
