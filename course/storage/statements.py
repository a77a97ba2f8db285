"""What a learning record store is told of: the events of a record, and the tasks that tell them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

from sqlalchemy import ColumnElement, Connection, Engine, and_, delete, select
from sqlalchemy.orm import Session

from course.domain.learning_event import LearningEvent, What
from course.storage.hot import Hot
from course.storage.insert import insert_if_new
from course.storage.outbox import hot_task
from course.storage.tables import Attempt, Completion, LessonDone, Task, TrackCompletion, VoidedStatement

#: A task that looks what is new in a record, and one that tells one thing of it.
LOOK = "xapi-record"
TELL = "xapi"
#: The option of a site's engine that says that somebody wants to be told.
_WANTED = "statements_wanted"

_LOOK = hot_task(LOOK)
_EVER = datetime.min.replace(tzinfo=UTC)


def want_statements(engine: Engine) -> None:
    """From now on changes of records are told. Without it, changing a record costs nothing more."""
    engine.update_execution_options(**{_WANTED: True})


def schedule_statements(place: Hot | Session, learner_id: int, *, now: datetime) -> None:
    """Tell what is new in this record after this transaction, if anybody wants to know."""
    if _is_wanted(place):
        _LOOK.changed(place, payload={"learner": learner_id}, now=now)


def _is_wanted(place: Hot | Session) -> bool:
    engine = place.engine if isinstance(place, Hot) else place.get_bind()
    return bool(engine.get_execution_options().get(_WANTED))


@contextmanager
def telling_what_goes(
    session: Session, learner_id: int, *, now: datetime, waiver: tuple[str, datetime] | None = None
) -> Iterator[None]:
    """Something of this record is taken back inside: tell that it does not count any more, and what is new.

    `waiver` is the (module, moment) of one that is taken back: it was told also when the module was earned later.
    """
    if not _is_wanted(session):
        yield
        return
    before = _what_may_go(session.connection(), learner_id)
    if waiver is not None:
        told = LearningEvent(What.WAIVED, *waiver, "", "")
        before[told.key] = told
    yield
    after = _what_may_go(session.connection(), learner_id)
    gone = [[key, one.at.isoformat()] for key, one in before.items() if key not in after]
    _LOOK.changed(session, payload={"learner": learner_id, "gone": gone, "gone_at": now.isoformat()}, now=now)


def _what_may_go(connection: Connection, learner_id: int) -> dict[str, LearningEvent]:
    """Modules and tracks done, by the keys of their events: what rests on a waiver or an attendance."""
    found = (*_completions(connection, learner_id, _EVER), *_tracks(connection, learner_id, _EVER))
    return {one.key: one for one in found}


def voided_of(connection: Connection, learner_id: int) -> dict[str, list[datetime]]:
    """When what was told of this record was declared void, by the keys of the events."""
    rows = connection.execute(
        select(VoidedStatement.key, VoidedStatement.gone_at)
        .where(VoidedStatement.learner_id == learner_id)
        .order_by(VoidedStatement.gone_at)
    )
    found: dict[str, list[datetime]] = {}
    for key, gone_at in rows:
        found.setdefault(key, []).append(gone_at)
    return found


def add_voided(session: Session, learner_id: int, key: str, gone_at: datetime) -> None:
    """Keep that it was declared void."""
    insert_if_new(session, VoidedStatement, [{"learner_id": learner_id, "key": key, "gone_at": gone_at}])


def events_of(connection: Connection, learner_id: int, *, since: datetime) -> Iterator[LearningEvent]:
    """What the learner has done since then, in the order in which it is told."""
    yield from _lessons(connection, learner_id, since)
    yield from _attempts(connection, learner_id, since)
    yield from _completions(connection, learner_id, since)
    yield from _tracks(connection, learner_id, since)


def _tracks(connection: Connection, learner_id: int, since: datetime) -> Iterator[LearningEvent]:
    rows = connection.execute(
        select(
            TrackCompletion.track_id, TrackCompletion.completed_at, TrackCompletion.edition, TrackCompletion.language
        )
        .where(TrackCompletion.learner_id == learner_id, TrackCompletion.completed_at >= since)
        .order_by(TrackCompletion.completed_at, TrackCompletion.track_id)
    )
    for track_id, at, edition, language in rows:
        yield LearningEvent(What.SATISFIED, track_id, at, edition, language)


def _lessons(connection: Connection, learner_id: int, since: datetime) -> Iterator[LearningEvent]:
    """All of them, as how far she is depends on the earlier ones; only those since then are told."""
    rows = connection.execute(
        select(LessonDone.lesson_id, LessonDone.done_at, LessonDone.edition, LessonDone.language)
        .where(LessonDone.learner_id == learner_id)
        .order_by(LessonDone.done_at, LessonDone.lesson_id)
    )
    read: list[str] = []
    for lesson_id, at, edition, language in rows:
        read.append(lesson_id)
        if at >= since:
            yield LearningEvent(What.PROGRESSED, lesson_id, at, edition, language, lessons_read=tuple(read))


def _attempts(connection: Connection, learner_id: int, since: datetime) -> Iterator[LearningEvent]:
    rows = connection.execute(
        select(
            Attempt.quiz_id,
            Attempt.submitted_at,
            Attempt.edition,
            Attempt.language,
            Attempt.number,
            Attempt.percent,
            Attempt.passed,
            Attempt.started_at,
        )
        .where(Attempt.learner_id == learner_id, Attempt.state == "graded", Attempt.submitted_at >= since)
        .order_by(Attempt.submitted_at, Attempt.id)
    )
    for quiz_id, at, edition, language, number, percent, passed, started_at in rows:
        assert at is not None
        what = What.PASSED if passed else What.FAILED
        yield LearningEvent(what, quiz_id, at, edition, language, number, percent, began_at=started_at)


def _completions(connection: Connection, learner_id: int, since: datetime) -> Iterator[LearningEvent]:
    rows = connection.execute(
        select(
            Completion.module_id, Completion.passed_at, Completion.edition, Completion.language, Completion.waiver_id
        )
        .where(Completion.learner_id == learner_id, Completion.passed_at >= since)
        .order_by(Completion.passed_at, Completion.module_id)
    )
    for module_id, at, edition, language, waiver_id in rows:
        what = What.COMPLETED if waiver_id is None else What.WAIVED
        yield LearningEvent(what, module_id, at, edition, language)


def of_learner(learner_id: int, kinds: Iterable[str] = (LOOK, TELL)) -> ColumnElement[bool]:
    """The tasks that tell of this learner."""
    return and_(Task.kind.in_(list(kinds)), Task.payload["learner"].as_integer() == learner_id)


def forget_statements(session: Session, learner_id: int) -> int:
    """Nothing more is told of her, and nothing is kept of what was; how many tasks that were."""
    return int(session.execute(delete(Task).where(of_learner(learner_id))).rowcount)  # type: ignore[attr-defined]
