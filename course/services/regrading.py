"""Mark attempts again when the key of a question was wrong. See docs/decisions/020.

Nobody is set back: an answer that was right by the earlier key stays right, so a result only ever rises. What the
attempt showed stays written down, and beside it what it is marked by now.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection
from sqlalchemy.orm import Session

from course.content.library import Library
from course.content.question_version import QuestionVersions, from_body
from course.domain.home_time import day_at_home
from course.domain.quiz import Answer, Question, Result, mark
from course.services.attempts import CORRECTED, EARLIER_KEYS, GRADED, SHOWN, AttemptView, keep_versions, view_attempt
from course.services.audit import OPERATOR, What, record_audit
from course.services.tally import counted, finish_tracks
from course.storage import learning, people
from course.storage.engine import Store
from course.storage.host_scores import schedule_scores
from course.storage.learning import StoredAttempt
from course.storage.regrading import (
    Resting,
    attempts_resting_on,
    bodies_of_question,
    count_resting_on,
    write_questions,
    write_result,
)
from course.storage.statements import schedule_statements

_AT_ONCE = 200


@dataclass(slots=True)
class Regraded:
    """What marking again did, or would do."""

    #: Attempts that rested on an earlier key.
    attempts: int = 0
    #: Of these, the ones that are not handed in yet: they will be marked by the right key.
    open: int = 0
    #: Attempts handed in whose result rises.
    raised: int = 0
    #: Learners who pass the module by it.
    passing: set[int] = field(default_factory=set)


Tell = Callable[[Regraded], None]


@dataclass(frozen=True, slots=True)
class _Correction:
    """A question as it is now, and the keys of the versions that it corrects."""

    module_id: str
    question: Question
    #: The hash of the question as it is now.
    version: str
    #: hash -> key
    earlier: Mapping[str, Answer]

    def rests_on_it(self, attempt: StoredAttempt) -> bool:
        return any(asked["version"] in self.earlier for asked in attempt.questions)

    def of_attempt(self, attempt: StoredAttempt, now: datetime) -> StoredAttempt:
        """The attempt with its question marked by the right key from now on."""
        return replace(attempt, questions=[self._of(asked, now) for asked in attempt.questions])

    def _of(self, asked: Mapping[str, Any], now: datetime) -> Mapping[str, Any]:
        name = asked["version"]
        if name not in self.earlier:
            return asked
        return {
            **asked,
            "version": self.version,
            SHOWN: asked.get(SHOWN, name),
            EARLIER_KEYS: [*asked.get(EARLIER_KEYS, ()), list(self.earlier[name])],
            CORRECTED: day_at_home(now).isoformat(),
        }


def corrected_versions(
    connection: Connection, library: Library, module_id: str, question_id: str
) -> Mapping[str, Answer]:
    """hash -> key of each version that had today's options and another key. Raises NotThere."""
    today = library.quiz(module_id).question(question_id)
    found = {}
    for name, body in bodies_of_question(connection, question_id).items():
        earlier = from_body(body).question
        if today.corrects(earlier):
            found[name] = earlier.normal(earlier.correct)
    return found


def count_marked_by_other_keys(
    connection: Connection, library: Library, module_id: str, question_ids: Collection[str]
) -> dict[str, int]:
    """For each of these questions of the module how many attempts rest on a key that it no longer has, if any do."""
    counts = {}
    for question_id in question_ids:
        names = list(corrected_versions(connection, library, module_id, question_id))
        if number := count_resting_on(connection, module_id, names):
            counts[question_id] = number
    return counts


def regrade(
    store: Store,
    library: Library,
    versions: QuestionVersions,
    *,
    module_id: str,
    question_id: str,
    apply: bool,
    now: datetime,
    tell: Tell = lambda _: None,
) -> Regraded:
    """Mark again every attempt that rests on an earlier key of this question; without `apply` say what it would do.

    Each attempt is a transaction of its own: stopped at any moment, the next call goes on. Raises NotThere.
    """
    correction = _correction_of(store, library, versions, module_id, question_id)
    done = Regraded()
    after = 0
    while found := _next(store, correction, after):
        for one in found:
            if apply:
                with store.writing() as session, counted(session, [one.learner_id]):
                    _apply(session, library, versions, correction, one, done, now)
            else:
                with store.reading() as connection:
                    _look(connection, versions, correction, one, done, now)
            after = one.attempt_id
            tell(done)
    if apply and done.attempts:
        details = {"module": module_id, "attempts": done.attempts, "raised": done.raised, "passed": len(done.passing)}
        with store.writing() as session:
            record_audit(session, OPERATOR, What.REGRADED, f"question:{question_id}", details, now=now)
    return done


def _correction_of(
    store: Store, library: Library, versions: QuestionVersions, module_id: str, question_id: str
) -> _Correction:
    question = library.quiz(module_id).question(question_id)
    name = versions.current[module_id, question_id]
    keep_versions(store, versions, [name])
    with store.reading() as connection:
        earlier = corrected_versions(connection, library, module_id, question_id)
    return _Correction(module_id, question, name, earlier)


def _next(store: Store, correction: _Correction, after: int) -> list[Resting]:
    if not correction.earlier:
        return []
    with store.reading() as connection:
        return attempts_resting_on(
            connection, correction.module_id, list(correction.earlier), after=after, limit=_AT_ONCE
        )


def _look(
    connection: Connection,
    versions: QuestionVersions,
    correction: _Correction,
    one: Resting,
    done: Regraded,
    now: datetime,
) -> None:
    """Count what marking this attempt again would do."""
    attempt = learning.locked_attempt(connection, one.learner_id, correction.module_id, one.number)
    if attempt is not None and correction.rests_on_it(attempt):
        result = _result_of(view_attempt(connection, versions, correction.of_attempt(attempt, now)))
        _count(connection, correction, one, attempt, result, done)


def _apply(
    session: Session,
    library: Library,
    versions: QuestionVersions,
    correction: _Correction,
    one: Resting,
    done: Regraded,
    now: datetime,
) -> None:
    """Mark this attempt again, inside the transaction that holds its learner."""
    attempt = learning.locked_attempt(session, one.learner_id, correction.module_id, one.number)
    # Somebody may have marked it again, or voided it, since it was looked for.
    if attempt is None or not correction.rests_on_it(attempt):
        return
    corrected = correction.of_attempt(attempt, now)
    result = _result_of(view_attempt(session, versions, corrected))
    _count(session, correction, one, attempt, result, done)
    write_questions(session, attempt.id, corrected.questions)
    people.record_changed(session, one.learner_id)
    if attempt.state == GRADED:
        write_result(session, attempt.id, points=str(result.points), percent=result.percent, passed=result.passed)
        if result.passed and not attempt.passed:
            _pass(session, library, correction.module_id, one, attempt, now)
        schedule_scores(session, one.learner_id, now=now, module_id=correction.module_id)
        schedule_statements(session, one.learner_id, now=now)


def _pass(
    session: Session, library: Library, module_id: str, one: Resting, attempt: StoredAttempt, now: datetime
) -> None:
    """She passes the module today: the counts of earlier months stay as they were published."""
    learning.add_completion(
        session,
        one.learner_id,
        module_id,
        attempt_id=attempt.id,
        edition=attempt.edition,
        language=one.language,
        now=now,
    )
    finish_tracks(session, library, one.learner_id, language=one.language)


def _result_of(view: AttemptView) -> Result:
    answers = {asked.question.id: asked.answer.chosen for asked in view.questions}
    return mark([asked.question for asked in view.questions], answers, pass_mark=view.attempt.pass_mark)


def _count(
    place: Connection | Session,
    correction: _Correction,
    one: Resting,
    attempt: StoredAttempt,
    result: Result,
    done: Regraded,
) -> None:
    done.attempts += 1
    if attempt.state != GRADED:
        done.open += 1
        return
    done.raised += str(result.points) != attempt.points
    if result.passed and correction.module_id not in learning.progress_of(place, one.learner_id).modules_passed:
        done.passing.add(one.learner_id)
