"""What learners did: lessons done, modules passed, attempts and their answers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Engine, bindparam, func, literal, or_, select, text, union_all, update
from sqlalchemy.orm import Session

from course.domain.progress import Progress
from course.storage.hot import HotStatement
from course.storage.insert import insert_if_new
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


def progress_of(engine: Engine, learner_id: int) -> Progress:
    """All that the pages need to know, in one statement."""
    return _progress(_PROGRESS.rows(engine, learner=learner_id))


def progress_in(session: Session, learner_id: int) -> Progress:
    """The same inside a transaction that will write."""
    return _progress(session.connection().execute(_PROGRESS.statement, {"learner": learner_id}))


def _progress(rows: Iterable[Sequence[Any]]) -> Progress:
    found: dict[str, set[str]] = {"lesson": set(), "module": set(), "quiz": set()}
    for kind, name in rows:
        found[kind].add(name)
    return Progress(frozenset(found["lesson"]), frozenset(found["module"]), frozenset(found["quiz"]))


def add_lesson_done(
    session: Session, learner_id: int, lesson_id: str, *, edition: str, language: str, now: datetime
) -> bool:
    """False when it was done before: the first date stands."""
    row = {"learner_id": learner_id, "lesson_id": lesson_id, "done_at": now, "edition": edition, "language": language}
    return insert_if_new(session, LessonDone, [row]) == 1


def add_completion(
    session: Session,
    learner_id: int,
    module_id: str,
    *,
    attempt_id: int | None,
    edition: str,
    language: str,
    now: datetime,
) -> bool:
    row = {
        "learner_id": learner_id,
        "module_id": module_id,
        "passed_at": now,
        "edition": edition,
        "language": language,
        "attempt_id": attempt_id,
    }
    return insert_if_new(session, Completion, [row]) == 1


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
_OF_QUIZ = (
    select(*_ATTEMPT_COLUMNS)
    .where(
        Attempt.learner_id == bindparam("learner"),
        Attempt.quiz_id == bindparam("quiz"),
        Attempt.state != literal("void", literal_execute=True),
    )
    .order_by(Attempt.number)
)
_ANSWERS = select(AnswerRow.question_id, AnswerRow.chosen, AnswerRow.version).where(
    AnswerRow.attempt_id == bindparam("attempt")
)


def attempts_of(connection: Connection, learner_id: int, quiz_id: str) -> list[StoredAttempt]:
    """The attempts of one learner at one quiz, oldest first, void ones left out."""
    rows = connection.execute(_OF_QUIZ, {"learner": learner_id, "quiz": quiz_id})
    return [StoredAttempt(*row) for row in rows]


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


def answers_of(connection: Connection, attempt_id: int) -> dict[str, StoredAnswer]:
    rows = connection.execute(_ANSWERS, {"attempt": attempt_id})
    return {question_id: StoredAnswer(tuple(chosen.split()), version) for question_id, chosen, version in rows}


def add_attempt(session: Session, values: Mapping[str, Any], question_ids: Sequence[str]) -> int | None:
    """The new attempt's id, with an empty answer for each question; None when another click was first."""
    if insert_if_new(session, Attempt, [dict(values)]) == 0:
        return None
    attempt_id = session.execute(
        select(Attempt.id).where(
            Attempt.learner_id == values["learner_id"],
            Attempt.quiz_id == values["quiz_id"],
            Attempt.number == values["number"],
        )
    ).scalar_one()
    rows = [
        {"attempt_id": attempt_id, "question_id": question_id, "chosen": "", "version": 0, "saved_at": None}
        for question_id in question_ids
    ]
    insert_if_new(session, AnswerRow, rows)
    return int(attempt_id)


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


def question_bodies(connection: Connection, hashes: Sequence[str]) -> dict[str, dict[str, Any]]:
    rows = connection.execute(
        select(QuestionVersion.hash, QuestionVersion.body).where(QuestionVersion.hash.in_(hashes))
    )
    return {name: body for name, body in rows}  # noqa: C416 - rows are no tuples to the type checker


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
            Attempt.state == "open",
        )
        .scalar_subquery(),
    )
    .values(chosen=bindparam("new_chosen"), version=AnswerRow.version + 1, saved_at=bindparam("now"))
)
_SAVE = (
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


def save_answer(
    session: Session, attempt_id: int, question_id: str, chosen: Sequence[str], *, expected: int, now: datetime
) -> bool:
    found = session.connection().execute(
        _SAVE,
        {
            "attempt": attempt_id,
            "question": question_id,
            "expected": expected,
            "new_chosen": " ".join(chosen),
            "now": now,
        },
    )
    return found.rowcount == 1


def lock_attempt(session: Session, learner_id: int, quiz_id: str, number: int) -> None:
    """Hold the attempt until the end of the transaction (on SQLite the transaction holds everything already)."""
    session.execute(
        select(Attempt.id)
        .where(Attempt.learner_id == learner_id, Attempt.quiz_id == quiz_id, Attempt.number == number)
        .with_for_update()
    ).all()


def close_attempt(session: Session, attempt_id: int) -> bool:
    """Take the attempt for marking. Of many submissions at once exactly one is told True."""
    found = session.connection().execute(
        update(Attempt).where(Attempt.id == attempt_id, Attempt.state == "open").values(state="submitted")
    )
    return found.rowcount == 1


def freeze_answers(session: Session, attempt_id: int) -> dict[str, tuple[str, ...]]:
    """The final answers. Their versions move on, so that a save under way finds its version gone and is refused."""
    rows = session.connection().execute(
        update(AnswerRow)
        .where(AnswerRow.attempt_id == attempt_id)
        .values(version=AnswerRow.version + 1)
        .returning(AnswerRow.question_id, AnswerRow.chosen)
    )
    return {question_id: tuple(chosen.split()) for question_id, chosen in rows}


def grade_attempt(session: Session, attempt_id: int, *, points: str, percent: int, passed: bool, now: datetime) -> None:
    session.connection().execute(
        update(Attempt)
        .where(Attempt.id == attempt_id)
        .values(state="graded", submitted_at=now, points=points, percent=percent, passed=passed)
    )
