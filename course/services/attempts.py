"""Take a quiz: start, save each answer, submit once, and see what was wrong and why."""

from __future__ import annotations

import secrets
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection
from sqlalchemy.orm import Session

from course.content.library import Library
from course.content.question_version import QuestionVersions, ShownQuestion, from_body
from course.domain.errors import NoOpenAttempt, NotThere, UnknownOption
from course.domain.quiz import NO_ANSWER, Answer, Question, Result, draw, mark, shuffled_options
from course.services.people import hash_of
from course.storage import learning, people
from course.storage.engine import Store
from course.storage.learning import StoredAnswer, StoredAttempt

OPEN = "open"
GRADED = "graded"


@dataclass(frozen=True, slots=True)
class AskedQuestion:
    """A question of an attempt with its options in the order shown, and what is stored for it."""

    shown: ShownQuestion
    option_order: tuple[str, ...]
    answer: StoredAnswer

    @property
    def question(self) -> Question:
        return self.shown.question


@dataclass(frozen=True, slots=True)
class AttemptView:
    attempt: StoredAttempt
    questions: tuple[AskedQuestion, ...]

    @property
    def unanswered(self) -> list[str]:
        return [asked.question.id for asked in self.questions if not asked.question.is_complete(asked.answer.chosen)]


@dataclass(frozen=True, slots=True)
class PostedAnswer:
    chosen: Answer
    #: The version that the page showed.
    version: int


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a posted form."""

    attempt_number: int
    #: Answers that another tab had changed: what was posted here, by question id. The stored ones stand.
    conflicts: Mapping[str, Answer]
    unanswered: Sequence[str]
    submitted: bool


def start_attempt(
    store: Store,
    library: Library,
    versions: QuestionVersions,
    *,
    learner_id: int,
    module_id: str,
    language: str,
    now: datetime,
    seed: int | None = None,
) -> int:
    """The number of the open attempt: a new one, or the one that is open already."""
    quiz = library.quiz(module_id)
    module = library.module(module_id)
    with store.writing() as session:
        connection = session.connection()
        progress = learning.progress_in(session, learner_id)
        progress.require_open(module, [shown.id for shown in library.modules])
        before = learning.attempts_of(connection, learner_id, module_id)
        for attempt in before:
            if attempt.state == OPEN:
                return attempt.number
        seen = Counter(asked["id"] for attempt in before for asked in attempt.questions)
        seed = secrets.randbelow(2**31) if seed is None else seed
        drawn = draw(quiz.questions, size=quiz.draw, seed=seed, times_seen=seen)
        asked = [_asked(versions, module_id, question, seed) for question in drawn]
        _keep_versions(session, versions, asked)
        number = learning.last_number(session, learner_id, module_id) + 1
        values = {
            "learner_id": learner_id,
            "quiz_id": module_id,
            "number": number,
            "state": OPEN,
            "edition": library.edition,
            "seed": seed,
            "pass_mark": library.pass_mark,
            "language": language,
            "questions": asked,
            "started_at": now,
        }
        added = learning.add_attempt(session, values, [question.id for question in drawn])
        if added is not None:
            people.record_changed(session, learner_id)
            people.set_language(session, learner_id, language)
            return number
    return _number_of_open(store, learner_id, module_id)


def _asked(versions: QuestionVersions, module_id: str, question: Question, seed: int) -> dict[str, Any]:
    return {
        "id": question.id,
        "version": versions.current[module_id, question.id],
        "options": list(shuffled_options(question, seed=seed)),
    }


def _keep_versions(session: Session, versions: QuestionVersions, asked: Sequence[Mapping[str, Any]]) -> None:
    """Questions that some attempt showed before are in the table already; only new ones are written."""
    names = [str(one["version"]) for one in asked]
    known = learning.known_versions(session.connection(), names)
    learning.keep_question_versions(
        session,
        [
            {"hash": name, "question_id": versions.bodies[name]["id"], "body": versions.bodies[name]}
            for name in dict.fromkeys(names)
            if name not in known
        ],
    )


def _number_of_open(store: Store, learner_id: int, module_id: str) -> int:
    with store.reading() as connection:
        found = open_attempt(connection, learner_id=learner_id, module_id=module_id)
    if found is None:
        raise NoOpenAttempt(module_id)
    return found.number


def open_attempt(connection: Connection, *, learner_id: int, module_id: str) -> StoredAttempt | None:
    for attempt in learning.attempts_of(connection, learner_id, module_id):
        if attempt.state == OPEN:
            return attempt
    return None


def view_attempt(connection: Connection, versions: QuestionVersions, attempt: StoredAttempt) -> AttemptView:
    """The attempt with its questions as they were shown, whatever the edition says of them today."""
    answers = learning.answers_of(connection, attempt.id)
    missing = [asked["version"] for asked in attempt.questions if asked["version"] not in versions.shown]
    stored = learning.question_bodies(connection, missing) if missing else {}
    questions = []
    for asked in attempt.questions:
        name = asked["version"]
        shown = versions.shown[name] if name in versions.shown else from_body(stored[name])
        answer = answers.get(asked["id"], StoredAnswer(NO_ANSWER, 0))
        questions.append(AskedQuestion(shown, tuple(asked["options"]), answer))
    return AttemptView(attempt, tuple(questions))


def past_attempt(
    connection: Connection, versions: QuestionVersions, *, learner_id: int, module_id: str, number: int
) -> AttemptView:
    """A graded attempt of this learner; raises NotThere for any other."""
    for attempt in learning.attempts_of(connection, learner_id, module_id):
        if attempt.number == number and attempt.state == GRADED:
            return view_attempt(connection, versions, attempt)
    raise NotThere(f"{module_id} {number}")


def result_of(view: AttemptView) -> Result:
    answers = {asked.question.id: asked.answer.chosen for asked in view.questions}
    return mark([asked.question for asked in view.questions], answers, pass_mark=view.attempt.pass_mark)


def save_one_answer(
    store: Store,
    library: Library,
    *,
    secret: str,
    module_id: str,
    number: int,
    question_id: str,
    chosen: Sequence[str],
    version: int,
    now: datetime,
) -> int | None:
    """The answer's new version, or None when it was not this tab's turn (see `explain_refusal`). One statement."""
    try:
        chosen = library.quiz(module_id).question(question_id).normal(chosen)
    except (NotThere, UnknownOption):
        # An edition has changed the question since the attempt began: the slow way knows what was shown.
        return None
    with store.in_turn():
        saved = learning.save_answer_by_secret(
            store.engine,
            secret_hash=hash_of(secret),
            quiz_id=module_id,
            number=number,
            question_id=question_id,
            chosen=chosen,
            expected=version,
            now=now,
        )
    return version + 1 if saved else None


def save_answers(
    store: Store,
    versions: QuestionVersions,
    *,
    learner_id: int,
    module_id: str,
    number: int,
    posted: Mapping[str, Sequence[str]],
    shown_versions: Mapping[str, int],
    now: datetime,
) -> Outcome:
    """Save a whole form. Each answer is judged by itself: a stale one never takes the others with it."""
    with store.writing() as session:
        view = _open_view(session, versions, learner_id, module_id, number)
        view, conflicts = _save_posted(session, view, posted, shown_versions, now)
    return Outcome(number, conflicts, view.unanswered, submitted=False)


def submit_attempt(
    store: Store,
    library: Library,
    versions: QuestionVersions,
    *,
    learner_id: int,
    module_id: str,
    number: int,
    posted: Mapping[str, Sequence[str]],
    shown_versions: Mapping[str, int],
    anyway: bool,
    language: str,
    now: datetime,
) -> Outcome:
    """Save the form and hand the attempt in. Doing it twice, or fifty times at once, makes one result.

    It stays open when another tab had changed an answer, and when questions are unanswered unless `anyway`.
    """
    with store.writing() as session:
        try:
            view = _open_view(session, versions, learner_id, module_id, number)
        except NoOpenAttempt:
            if _is_graded(session, learner_id, module_id, number):
                return Outcome(number, {}, (), submitted=True)
            raise
        view, conflicts = _save_posted(session, view, posted, shown_versions, now)
        if conflicts or (view.unanswered and not anyway):
            return Outcome(number, conflicts, view.unanswered, submitted=False)
        if learning.close_attempt(session, view.attempt.id):
            _grade(session, library, view, learner_id, module_id, language, now)
    return Outcome(number, {}, (), submitted=True)


def _grade(
    session: Session,
    library: Library,
    view: AttemptView,
    learner_id: int,
    module_id: str,
    language: str,
    now: datetime,
) -> None:
    final = learning.freeze_answers(session, view.attempt.id)
    questions = [asked.question for asked in view.questions]
    result = mark(questions, final, pass_mark=view.attempt.pass_mark)
    learning.grade_attempt(
        session, view.attempt.id, points=str(result.points), percent=result.percent, passed=result.passed, now=now
    )
    if result.passed:
        learning.add_completion(
            session,
            learner_id,
            module_id,
            attempt_id=view.attempt.id,
            edition=library.edition,
            language=language,
            now=now,
        )
    people.record_changed(session, learner_id)


def _open_view(
    session: Session, versions: QuestionVersions, learner_id: int, module_id: str, number: int
) -> AttemptView:
    # Whoever comes second waits here, and then reads what the first one left.
    learning.lock_attempt(session, learner_id, module_id, number)
    connection = session.connection()
    attempt = open_attempt(connection, learner_id=learner_id, module_id=module_id)
    if attempt is None or attempt.number != number:
        raise NoOpenAttempt(f"{module_id} {number}")
    return view_attempt(connection, versions, attempt)


def _is_graded(session: Session, learner_id: int, module_id: str, number: int) -> bool:
    attempts = learning.attempts_of(session.connection(), learner_id, module_id)
    return any(attempt.number == number and attempt.state != OPEN for attempt in attempts)


def _save_posted(
    session: Session,
    view: AttemptView,
    posted: Mapping[str, Sequence[str]],
    shown_versions: Mapping[str, int],
    now: datetime,
) -> tuple[AttemptView, dict[str, Answer]]:
    """The view with what is stored now, and the posted answers that met a newer one."""
    conflicts: dict[str, Answer] = {}
    questions = []
    for asked in view.questions:
        question_id = asked.question.id
        if question_id not in posted:
            questions.append(asked)
            continue
        chosen = asked.question.normal(posted[question_id])
        expected = shown_versions.get(question_id, -1)
        if chosen == asked.answer.chosen:
            questions.append(asked)
        elif expected == asked.answer.version and learning.save_answer(
            session, view.attempt.id, question_id, chosen, expected=expected, now=now
        ):
            questions.append(replace(asked, answer=StoredAnswer(chosen, expected + 1)))
        else:
            conflicts[question_id] = chosen
            questions.append(asked)
    return replace(view, questions=tuple(questions)), conflicts


def explain_refusal(
    store: Store,
    versions: QuestionVersions,
    *,
    learner_id: int,
    module_id: str,
    number: int,
    question_id: str,
    chosen: Sequence[str],
    version: int,
    now: datetime,
) -> AskedQuestion:
    """After `save_one_answer` said None: save it the slow way if it can be saved, and tell what is stored now.

    Raises NoOpenAttempt when the attempt is handed in or never was this learner's.
    """
    with store.writing() as session:
        view = _open_view(session, versions, learner_id, module_id, number)
        view, _ = _save_posted(session, view, {question_id: chosen}, {question_id: version}, now)
    for asked in view.questions:
        if asked.question.id == question_id:
            return asked
    raise NotThere(question_id)
