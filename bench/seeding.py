"""Many learners in a scratch database, each with a record, written as fast as the database takes them."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, insert

from course.content.library import Library
from course.services.people import COOKIE, hash_of
from course.storage.engine import make_engine
from course.storage.migrations import upgrade
from course.storage.tables import Attempt, Completion, Learner, LessonDone, WayIn

BEGAN = datetime(2026, 1, 1, 8, 0, tzinfo=UTC)
BATCH = 10_000


def secret_of(learner_id: int) -> str:
    return f"bench-learner-{learner_id:08d}"


def cookie_of(learner_id: int) -> str:
    return f"learner={secret_of(learner_id)}"


def seed(url: str, library: Library, learners: int, tell: Callable[[int], None] | None = None) -> None:
    """Each learner has passed the first module, with its lessons read and one attempt, and has begun the second."""
    engine = make_engine(url)
    upgrade(engine)
    for first in range(1, learners + 1, BATCH):
        ids = range(first, min(first + BATCH, learners + 1))
        with engine.begin() as connection:
            for entity, rows in _rows(library, ids):
                _write(connection, entity, rows)
        if tell:
            tell(len(ids))
    if engine.dialect.name == "postgresql":
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            # The rows were made behind the back of the sequence, and the planner has not seen them yet.
            connection.exec_driver_sql(
                "select setval(pg_get_serial_sequence('learner', 'id'), (select max(id) from learner))"
            )
            connection.exec_driver_sql("analyze")
    engine.dispose()


def _write(connection: Connection, entity: type, rows: list[dict[str, Any]]) -> None:
    if connection.dialect.name == "postgresql":
        connection.execute(insert(entity), rows)
        return
    # The driver's own executemany is four times as fast as SQLAlchemy's, and a million learners are eight million rows.
    compiled = insert(entity).values(dict.fromkeys(rows[0])).compile(dialect=connection.dialect)
    order: list[str] = compiled.positiontup or []
    driver: Any = connection.connection.dbapi_connection
    driver.executemany(str(compiled), ([_plain(row[name]) for name in order] for row in rows))


def _plain(value: Any) -> Any:
    """As SQLAlchemy would write it."""
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d %H:%M:%S.%f")
    return json.dumps(value) if isinstance(value, list) else value


def _rows(library: Library, ids: range) -> Iterator[tuple[type, list[dict[str, Any]]]]:
    first, second = library.modules[:2]
    at = {one: BEGAN + timedelta(minutes=one % 400_000) for one in ids}
    common = {"edition": library.edition, "language": "fi"}
    lessons = [*first.lesson_ids, second.lesson_ids[0]]
    yield Learner, [{"id": one, "created_at": at[one], "language": "fi", "version": 7, "place": None} for one in ids]
    yield WayIn, [
        {"learner_id": one, "kind": COOKIE, "secret_hash": hash_of(secret_of(one)), "created_at": at[one],
         "expires_at": None} for one in ids
    ]  # fmt: skip
    yield (
        LessonDone,
        [{"learner_id": one, "lesson_id": lesson, "done_at": at[one], **common} for one in ids for lesson in lessons],
    )
    yield Attempt, [
        {"learner_id": one, "quiz_id": first.id, "number": 1, "state": "graded", "seed": 1, "pass_mark": 80,
         "questions": [], "started_at": at[one], "submitted_at": at[one], "points": "6", "percent": 100,
         "passed": True, **common} for one in ids
    ]  # fmt: skip
    yield (
        Completion,
        [{"learner_id": one, "module_id": first.id, "passed_at": at[one], "attempt_id": None, **common} for one in ids],
    )
