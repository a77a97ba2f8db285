"""Take a quiz: start, save each answer, submit once, and see what was wrong and why."""

from __future__ import annotations

import secrets
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from course.content.library import Library
from course.content.question_version import QuestionVersions, ShownQuestion, from_body
from course.domain.errors import NoOpenAttempt, NotThere, UnknownOption
from course.domain.gain import Form
from course.domain.quiz import NO_ANSWER, Answer, Question, draw, mark, shuffled_options
from course.services.people import hash_of
from course.services.tally import counted_hot, finish_tracks
from course.storage import learning, people
from course.storage.engine import Store
from course.storage.host_scores import schedule_scores
from course.storage.hot import Hot, Place
from course.storage.learning import StoredAnswer, StoredAttempt
from course.storage.statements import schedule_statements

OPEN = "open"
GRADED = "graded"
#: What stands with a question of an attempt that was marked again because its key was wrong: the day, the earlier keys,
#: and the version that was on the screen (`version` is the one that it is marked by).
CORRECTED, EARLIER_KEYS, SHOWN = "corrected", "earlier_keys", "shown"


@dataclass(frozen=True, slots=True)
class AskedQuestion:
    """A question of an attempt with its options in the order shown, and what is stored for it."""

    #: The hash of the question as it was shown.
    version_name: str
    shown: ShownQuestion
    option_order: tuple[str, ...]
    answer: StoredAnswer
    #: The day on which the attempt was marked again because the key had been wrong; see `course.services.regrading`.
    corrected_on: date | None = None

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
    #: As it was posted; the question knows how to read it.
    chosen: Sequence[str]
    #: The version that the page showed.
    version: int


#: A form as the attempt reads it: what was posted for a question, or None for a question that the form does not have.
Posted = Callable[[Question], PostedAnswer | None]


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
    keep_versions(store, versions, [versions.current[module_id, question.id] for question in quiz.questions])
    with store.writing_hot() as hot:
        progress = learning.progress_of(hot, learner_id)
        progress.require_open(module, [shown.id for shown in library.modules])
        before = learning.attempts_of(hot, learner_id, module_id)
        for attempt in before:
            if attempt.state == OPEN:
                return attempt.number
        seen = Counter(asked["id"] for attempt in before for asked in attempt.questions)
        seed = secrets.randbelow(2**31) if seed is None else seed
        drawn = draw(quiz.questions, size=quiz.draw, seed=seed, times_seen=seen)
        # Only somebody's first step is counted, so every later one is spared the counting.
        begun = progress.lessons_done or progress.quizzes_open or before
        with nullcontext() if begun else counted_hot(hot, learner_id):
            number = learning.add_attempt(
                hot,
                learner_id,
                module_id,
                questions=[_asked(versions, module_id, question, seed) for question in drawn],
                edition=library.edition,
                seed=seed,
                pass_mark=library.pass_mark,
                language=language,
                now=now,
            )
        if number is not None:
            people.record_changed(hot, learner_id)
            people.set_language(hot, learner_id, language)
            return number
    return _number_of_open(store, learner_id, module_id)


def _asked(versions: QuestionVersions, module_id: str, question: Question, seed: int) -> dict[str, Any]:
    return {
        "id": question.id,
        "version": versions.current[module_id, question.id],
        "options": list(shuffled_options(question, seed=seed)),
    }


def keep_versions(store: Store, versions: QuestionVersions, names: Sequence[str]) -> None:
    """All questions of a quiz are written down before its first attempt here shows any. They are never deleted."""
    if store.kept_versions.issuperset(names):
        return
    with store.reading() as connection:
        known = learning.known_versions(connection, names)
    new = [
        {"hash": name, "question_id": versions.bodies[name]["id"], "body": versions.bodies[name]}
        for name in dict.fromkeys(names)
        if name not in known
    ]
    if new:
        with store.writing() as session:
            learning.keep_question_versions(session, new)
    store.kept_versions.update(names)


def _number_of_open(store: Store, learner_id: int, module_id: str) -> int:
    with store.reading_hot() as hot:
        found = open_attempt(hot, learner_id=learner_id, module_id=module_id)
    if found is None:
        raise NoOpenAttempt(module_id)
    return found.number


def open_attempt(place: Place, *, learner_id: int, module_id: str) -> StoredAttempt | None:
    for attempt in learning.attempts_of(place, learner_id, module_id):
        if attempt.state == OPEN:
            return attempt
    return None


def view_attempt(place: Place, versions: QuestionVersions, attempt: StoredAttempt) -> AttemptView:
    """The attempt with its questions as they were shown, whatever the edition says of them today."""
    answers = learning.answers_of(place, attempt.id)
    missing = [asked["version"] for asked in attempt.questions if asked["version"] not in versions.shown]
    stored = learning.question_bodies(place, missing) if missing else {}
    questions = []
    for asked in attempt.questions:
        name = asked["version"]
        shown = versions.shown[name] if name in versions.shown else from_body(stored[name])
        answer = answers.get(asked["id"], StoredAnswer(NO_ANSWER, 0))
        found = AskedQuestion(name, shown, tuple(asked["options"]), answer)
        questions.append(_corrected(found, asked) if CORRECTED in asked else found)
    return AttemptView(attempt, tuple(questions))


def _corrected(found: AskedQuestion, asked: Mapping[str, Any]) -> AskedQuestion:
    keys = tuple(tuple(key) for key in asked[EARLIER_KEYS])
    question = replace(found.question, earlier_keys=keys)
    return replace(
        found, shown=replace(found.shown, question=question), corrected_on=date.fromisoformat(asked[CORRECTED])
    )


def past_attempt(
    place: Place, versions: QuestionVersions, *, learner_id: int, module_id: str, number: int
) -> AttemptView:
    """A graded attempt of this learner; raises NotThere for any other."""
    for attempt in learning.attempts_of(place, learner_id, module_id):
        if attempt.number == number and attempt.state == GRADED:
            return view_attempt(place, versions, attempt)
    raise NotThere(f"{module_id} {number}")


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
    posted: Posted,
    now: datetime,
) -> Outcome:
    """Save a whole form. Each answer is judged by itself: a stale one never takes the others with it."""
    with store.writing_hot() as hot:
        view = _open_view(hot, versions, learner_id, module_id, number)
        view, conflicts = save_posted_answers(hot, view, posted, now)
    return Outcome(number, conflicts, view.unanswered, submitted=False)


def submit_attempt(
    store: Store,
    library: Library,
    versions: QuestionVersions,
    *,
    learner_id: int,
    module_id: str,
    number: int,
    posted: Posted,
    anyway: bool,
    language: str,
    now: datetime,
) -> Outcome:
    """Save the form and hand the attempt in. Doing it twice, or fifty times at once, makes one result.

    It stays open when another tab had changed an answer, and when questions are unanswered unless `anyway`.
    """
    with store.writing_hot() as hot:
        # The questions before and after the course pass no module: they are handed in elsewhere.
        attempt = None if module_id in set(Form) else learning.locked_attempt(hot, learner_id, module_id, number)
        if attempt is None:
            raise NoOpenAttempt(f"{module_id} {number}")
        if attempt.state != OPEN:
            return Outcome(number, {}, (), submitted=True)
        view, conflicts = save_posted_answers(hot, view_attempt(hot, versions, attempt), posted, now)
        unanswered = view.unanswered
        if conflicts or (unanswered and not anyway):
            return Outcome(number, conflicts, unanswered, submitted=False)
        _grade(hot, library, view, learner_id, module_id, language, now)
    return Outcome(number, {}, (), submitted=True)


def _grade(
    hot: Hot,
    library: Library,
    view: AttemptView,
    learner_id: int,
    module_id: str,
    language: str,
    now: datetime,
) -> None:
    final = learning.freeze_answers(hot, view.attempt.id)
    questions = [asked.question for asked in view.questions]
    result = mark(questions, final, pass_mark=view.attempt.pass_mark)
    first = learning.grade_attempt(
        hot, view.attempt.id, points=str(result.points), percent=result.percent, passed=result.passed, now=now
    )
    if not first:
        return
    if result.passed:
        with counted_hot(hot, learner_id):
            learning.add_completion(
                hot,
                learner_id,
                module_id,
                attempt_id=view.attempt.id,
                edition=library.edition,
                language=language,
                now=now,
            )
            finish_tracks(hot, library, learner_id, language=language)
    schedule_scores(hot, learner_id, now=now, module_id=module_id)
    schedule_statements(hot, learner_id, now=now)
    people.record_changed(hot, learner_id)


def _open_view(hot: Hot, versions: QuestionVersions, learner_id: int, module_id: str, number: int) -> AttemptView:
    attempt = learning.locked_attempt(hot, learner_id, module_id, number)
    if attempt is None or attempt.state != OPEN:
        raise NoOpenAttempt(f"{module_id} {number}")
    return view_attempt(hot, versions, attempt)


def save_posted_answers(
    hot: Hot, view: AttemptView, posted: Posted, now: datetime
) -> tuple[AttemptView, dict[str, Answer]]:
    """The view with what is stored now, and the posted answers that met a newer one."""
    changed: dict[str, StoredAnswer] = {}
    conflicts: dict[str, Answer] = {}
    for asked in view.questions:
        given = posted(asked.question)
        chosen = asked.answer.chosen if given is None else asked.question.normal(given.chosen)
        if given is None or chosen == asked.answer.chosen:
            continue
        if given.version == asked.answer.version:
            changed[asked.question.id] = StoredAnswer(chosen, given.version)
        else:
            conflicts[asked.question.id] = chosen
    for question_id in learning.save_answers(hot, view.attempt.id, changed, now=now):
        conflicts[question_id] = changed.pop(question_id).chosen
    if not changed:
        return view, conflicts
    questions = tuple(
        replace(asked, answer=StoredAnswer(changed[asked.question.id].chosen, asked.answer.version + 1))
        if asked.question.id in changed
        else asked
        for asked in view.questions
    )
    return replace(view, questions=questions), conflicts


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
    given = PostedAnswer(chosen, version)
    with store.writing_hot() as hot:
        view = _open_view(hot, versions, learner_id, module_id, number)
        view, _ = save_posted_answers(hot, view, lambda question: given if question.id == question_id else None, now)
    for asked in view.questions:
        if asked.question.id == question_id:
            return asked
    raise NotThere(question_id)
