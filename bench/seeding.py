"""Many learners in a scratch database, each with a record, written as fast as the database takes them."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy.orm import DeclarativeBase

from course.content.library import Library
from course.services.people import COOKIE, hash_of
from course.storage.bulk import BulkWriter, look_anew
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
            bulk = BulkWriter(connection)
            for entity, rows in _rows(library, ids):
                columns = tuple(rows[0])
                bulk.write(entity, columns, ([_plain(row[name], bulk) for name in columns] for row in rows))
            bulk.numbers_used(Learner)
        if tell:
            tell(len(ids))
    with engine.begin() as connection:
        look_anew(connection)
    engine.dispose()


def _plain(value: Any, bulk: BulkWriter) -> Any:
    """As the database keeps it."""
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M:%S}{bulk.clock_end}"
    return json.dumps(value) if isinstance(value, list) else value


def _rows(library: Library, ids: range) -> Iterator[tuple[type[DeclarativeBase], list[dict[str, Any]]]]:
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
