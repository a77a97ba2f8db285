"""What learners did: lessons done, modules passed, attempts and their answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, Engine, bindparam, func, insert, literal, null, or_, select, text, union_all, update
from sqlalchemy.orm import Session

from course.domain.gain import Form
from course.domain.progress import Progress
from course.storage.hot import Hot, HotStatement, Place
from course.storage.insert import insert_if_new, insert_on
from course.storage.tables import AnswerRow, Attempt, Completion, LessonDone, QuestionVersion, WayIn

_PROGRESS = HotStatement(
    union_all(
        select(literal("lesson"), LessonDone.lesson_id).where(LessonDone.learner_id == bindparam("learner")),
        select(literal("module"), Completion.module_id).where(Completion.learner_id == bindparam("learner")),
        select(literal("quiz"), Attempt.quiz_id).where(
            Attempt.learner_id == bindparam("learner"), Attempt.state == text("'open'")
        ),
    )
)


def progress_of(place: Place, learner_id: int) -> Progress:
    """All that the pages need to know, in one statement."""
    found: dict[str, set[str]] = {"lesson": set(), "module": set(), "quiz": set()}
    for kind, name in _PROGRESS.rows(place, learner=learner_id):
        found[kind].add(name)
    # The questions before and after the course are no quiz of it.
    return Progress(frozenset(found["lesson"]), frozenset(found["module"]), frozenset(found["quiz"].difference(Form)))


def add_lesson_done(
    session: Session, learner_id: int, lesson_id: str, *, edition: str, language: str, now: datetime
) -> bool:
    """False when it was done before: the first date stands."""
    row = {"learner_id": learner_id, "lesson_id": lesson_id, "done_at": now, "edition": edition, "language": language}
    return insert_if_new(session, LessonDone, [row]) == 1


_COMPLETE = HotStatement(
    lambda dialect: (
        insert_on(dialect)(Completion)
        .values(
            learner_id=bindparam("learner"),
            module_id=bindparam("module"),
            passed_at=bindparam("now"),
            edition=bindparam("in_edition"),
            language=bindparam("in_language"),
            attempt_id=bindparam("attempt"),
        )
        # What was only waived gives way to what is earned.
        .on_conflict_do_update(
            index_elements=[Completion.learner_id, Completion.module_id],
            set_={
                "passed_at": bindparam("now"),
                "edition": bindparam("in_edition"),
                "language": bindparam("in_language"),
                "attempt_id": bindparam("attempt"),
                "waiver_id": null(),
            },
            where=Completion.waiver_id.is_not(None),
        )
    )
)


def add_completion(
    place: Place,
    learner_id: int,
    module_id: str,
    *,
    attempt_id: int | None,
    edition: str,
    language: str,
    now: datetime,
) -> None:
    """A module passed. The first time stands, unless a trainer had passed her in it."""
    _COMPLETE.changed(
        place,
        learner=learner_id,
        module=module_id,
        attempt=attempt_id,
        in_edition=edition,
        in_language=language,
        now=now,
    )


@dataclass(frozen=True, slots=True)
class StoredAnswer:
    chosen: tuple[str, ...]
    version: int


@dataclass(frozen=True, slots=True)
class StoredAttempt:
    id: int
    number: int
    state: str
    edition: str
    seed: int
    pass_mark: int
    questions: Sequence[Mapping[str, Any]]
    started_at: datetime
    submitted_at: datetime | None
    points: str | None
    percent: int | None
    passed: bool | None


_ATTEMPT_COLUMNS = (
    Attempt.id,
    Attempt.number,
    Attempt.state,
    Attempt.edition,
    Attempt.seed,
    Attempt.pass_mark,
    Attempt.questions,
    Attempt.started_at,
    Attempt.submitted_at,
    Attempt.points,
    Attempt.percent,
    Attempt.passed,
)
#: The state stands in the statement itself: as a value it would have SQLite plan the statement anew each time, because
#: of the index of open attempts.
_NOT_VOID = Attempt.state != text("'void'")
_OPEN = Attempt.state == text("'open'")
_OF_QUIZ = HotStatement(
    select(*_ATTEMPT_COLUMNS)
    .where(Attempt.learner_id == bindparam("learner"), Attempt.quiz_id == bindparam("quiz"), _NOT_VOID)
    .order_by(Attempt.number)
)
_LOCKED = HotStatement(
    select(*_ATTEMPT_COLUMNS)
    .where(
        Attempt.learner_id == bindparam("learner"),
        Attempt.quiz_id == bindparam("quiz"),
        Attempt.number == bindparam("number"),
        _NOT_VOID,
    )
    .with_for_update()
)
_ANSWERS = HotStatement(
    select(AnswerRow.question_id, AnswerRow.chosen, AnswerRow.version).where(
        AnswerRow.attempt_id == bindparam("attempt")
    )
)


def attempts_of(place: Place, learner_id: int, quiz_id: str) -> list[StoredAttempt]:
    """The attempts of one learner at one quiz, oldest first, void ones left out."""
    return [StoredAttempt(*row) for row in _OF_QUIZ.rows(place, learner=learner_id, quiz=quiz_id)]


def locked_attempt(place: Place, learner_id: int, quiz_id: str, number: int) -> StoredAttempt | None:
    """One attempt, held until the end of the transaction (on SQLite the transaction holds everything already).

    Whoever comes second waits here, and then reads what the first one left.
    """
    for row in _LOCKED.rows(place, learner=learner_id, quiz=quiz_id, number=number):
        return StoredAttempt(*row)
    return None


def all_attempts_of(connection: Connection, learner_id: int) -> dict[str, list[StoredAttempt]]:
    """Every quiz's attempts of one learner, in one statement."""
    found: dict[str, list[StoredAttempt]] = {}
    rows = connection.execute(
        select(Attempt.quiz_id, *_ATTEMPT_COLUMNS)
        .where(Attempt.learner_id == learner_id, Attempt.state != "void")
        .order_by(Attempt.number)
    )
    for quiz_id, *row in rows:
        found.setdefault(quiz_id, []).append(StoredAttempt(*row))
    return found


def answers_of(place: Place, attempt_id: int) -> dict[str, StoredAnswer]:
    return {
        question_id: StoredAnswer(tuple(chosen.split()), version)
        for question_id, chosen, version in _ANSWERS.rows(place, attempt=attempt_id)
    }


#: The number is the next one, void attempts counted; whoever finds it taken was not first.
_ADD_ATTEMPT = HotStatement(
    lambda dialect: (
        insert_on(dialect)(Attempt)
        .values(
            learner_id=bindparam("learner"),
            quiz_id=bindparam("quiz"),
            number=select(func.coalesce(func.max(Attempt.number), 0) + 1)
            .where(Attempt.learner_id == bindparam("learner"), Attempt.quiz_id == bindparam("quiz"))
            .scalar_subquery(),
            state=text("'open'"),
            edition=bindparam("in_edition"),
            seed=bindparam("by_seed"),
            pass_mark=bindparam("needed"),
            language=bindparam("in_language"),
            questions=bindparam("asked", type_=Attempt.questions.type),
            started_at=bindparam("now"),
        )
        .on_conflict_do_nothing()
        .returning(Attempt.id, Attempt.number)
    )
)


@lru_cache
def _add_answers(questions: int) -> HotStatement:
    """One statement for all the empty answers of an attempt."""
    rows = [
        {"attempt_id": bindparam("attempt"), "question_id": bindparam(f"question_{number}"), "chosen": "", "version": 0}
        for number in range(questions)
    ]
    return HotStatement(insert(AnswerRow).values(rows))


def add_attempt(
    hot: Hot,
    learner_id: int,
    quiz_id: str,
    *,
    questions: Sequence[Mapping[str, Any]],
    edition: str,
    seed: int,
    pass_mark: int,
    language: str,
    now: datetime,
) -> int | None:
    """The new open attempt's number, with an empty answer for each question; None when another click was first."""
    added = _ADD_ATTEMPT.rows(
        hot,
        learner=learner_id,
        quiz=quiz_id,
        in_edition=edition,
        by_seed=seed,
        needed=pass_mark,
        in_language=language,
        asked=list(questions),
        now=now,
    )
    for attempt_id, number in added:
        names = {f"question_{number}": question["id"] for number, question in enumerate(questions)}
        _add_answers(len(names)).changed(hot, attempt=attempt_id, **names)
        return int(number)
    return None


def last_number(session: Session, learner_id: int, quiz_id: str) -> int:
    number = session.execute(
        select(func.max(Attempt.number)).where(Attempt.learner_id == learner_id, Attempt.quiz_id == quiz_id)
    ).scalar()
    return int(number or 0)


def keep_question_versions(session: Session, versions: Sequence[Mapping[str, Any]]) -> None:
    insert_if_new(session, QuestionVersion, [dict(version) for version in versions])


def known_versions(connection: Connection, hashes: Sequence[str]) -> set[str]:
    """Which of these the table has, without reading the bodies."""
    return set(connection.execute(select(QuestionVersion.hash).where(QuestionVersion.hash.in_(hashes))).scalars())


_BODY = HotStatement(select(QuestionVersion.body).where(QuestionVersion.hash == bindparam("name")))


def question_bodies(place: Place, hashes: Sequence[str]) -> dict[str, dict[str, Any]]:
    """Looked up one by one: only an attempt of an earlier edition asks for any."""
    return {name: body for name in hashes for (body,) in _BODY.rows(place, name=name)}


#: One statement says whose answer it is, that the attempt is open, and that nobody was faster.
_SAVE_BY_SECRET = HotStatement(
    update(AnswerRow)
    .where(
        AnswerRow.question_id == bindparam("question"),
        AnswerRow.version == bindparam("expected"),
        AnswerRow.attempt_id
        == select(Attempt.id)
        .join(WayIn, WayIn.learner_id == Attempt.learner_id)
        .where(
            WayIn.secret_hash == bindparam("secret_hash"),
            WayIn.kind == "cookie",
            or_(WayIn.expires_at.is_(None), WayIn.expires_at > bindparam("now")),
            Attempt.quiz_id == bindparam("quiz"),
            Attempt.number == bindparam("number"),
            _OPEN,
        )
        .scalar_subquery(),
    )
    .values(chosen=bindparam("new_chosen"), version=AnswerRow.version + 1, saved_at=bindparam("now"))
)
_SAVE = HotStatement(
    update(AnswerRow)
    .where(
        AnswerRow.attempt_id == bindparam("attempt"),
        AnswerRow.question_id == bindparam("question"),
        AnswerRow.version == bindparam("expected"),
    )
    .values(chosen=bindparam("new_chosen"), version=AnswerRow.version + 1, saved_at=bindparam("now"))
)


def save_answer_by_secret(
    engine: Engine,
    *,
    secret_hash: str,
    quiz_id: str,
    number: int,
    question_id: str,
    chosen: Sequence[str],
    expected: int,
    now: datetime,
) -> bool:
    """True when saved: the answer belongs to an open attempt of this secret's learner and had the expected version."""
    changed = _SAVE_BY_SECRET.changed(
        engine,
        secret_hash=secret_hash,
        quiz=quiz_id,
        number=number,
        question=question_id,
        expected=expected,
        new_chosen=" ".join(chosen),
        now=now,
    )
    return changed == 1


def save_answers(hot: Hot, attempt_id: int, answers: Mapping[str, StoredAnswer], *, now: datetime) -> set[str]:
    """The questions whose answers could not be saved: they no longer had the version that is expected."""
    values = [
        {
            "attempt": attempt_id,
            "question": question_id,
            "expected": answer.version,
            "new_chosen": " ".join(answer.chosen),
            "now": now,
        }
        for question_id, answer in answers.items()
    ]
    if not values or _SAVE.each(hot, values) == len(values):
        return set()
    stored = answers_of(hot, attempt_id)
    return {
        question_id
        for question_id, answer in answers.items()
        if stored.get(question_id) != StoredAnswer(answer.chosen, answer.version + 1)
    }


_FREEZE = HotStatement(
    update(AnswerRow)
    .where(AnswerRow.attempt_id == bindparam("attempt"))
    .values(version=AnswerRow.version + 1)
    .returning(AnswerRow.question_id, AnswerRow.chosen)
)
_GRADE = HotStatement(
    update(Attempt)
    .where(Attempt.id == bindparam("attempt"), _OPEN)
    .values(
        state=text("'graded'"),
        submitted_at=bindparam("now"),
        points=bindparam("new_points"),
        percent=bindparam("new_percent"),
        passed=bindparam("new_passed"),
    )
)


def freeze_answers(place: Place, attempt_id: int) -> dict[str, tuple[str, ...]]:
    """The final answers. Their versions move on, so that a save under way finds its version gone and is refused."""
    return {question_id: tuple(chosen.split()) for question_id, chosen in _FREEZE.rows(place, attempt=attempt_id)}


def grade_attempt(
    place: Place, attempt_id: int, *, points: str, percent: int, passed: bool | None, now: datetime
) -> bool:
    """Close an open attempt with its result. Of many submissions at once exactly one is told True.

    `passed` is None where there is nothing to pass.
    """
    changed = _GRADE.changed(
        place, attempt=attempt_id, new_points=points, new_percent=percent, new_passed=passed, now=now
    )
    return changed == 1
