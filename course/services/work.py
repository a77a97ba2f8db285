"""Do what was put in the outbox: each task at least once, and none for ever."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from course.storage import outbox
from course.storage.engine import Store
from course.storage.outbox import ClaimedTask

log = logging.getLogger("course.work")

#: What a kind of task does. It must be safe to repeat: a worker may be killed after the deed and before the note of it.
Handler = Callable[[Mapping[str, Any]], None]

#: A worker that was killed keeps its claim no longer than this.
CLAIM_LASTS = timedelta(minutes=15)
CLAIMED_AT_ONCE = 10
#: Waits before the second, third … try; after the last one the task waits for an administrator.
WAITS = (
    timedelta(minutes=1),
    timedelta(minutes=10),
    timedelta(hours=1),
    timedelta(hours=6),
    timedelta(days=1),
)
LONGEST_ERROR = 500


class GiveUp(Exception):
    """Raised by a handler when another try cannot help: the address is none, the record is gone."""


class Worker:
    """Takes due tasks from the outbox and hands each to the handler of its kind."""

    def __init__(self, store: Store, handlers: Mapping[str, Handler], now: Callable[[], datetime]) -> None:
        self.store = store
        self.handlers = handlers
        self.now = now

    def run_due(self) -> tuple[int, int]:
        """(done, failed) of all that is due now. Tasks that these put in for now are done as well."""
        done = failed = 0
        while claimed := self._claim():
            for task in claimed:
                if self._do(task):
                    done += 1
                else:
                    failed += 1
        return done, failed

    def _claim(self) -> list[ClaimedTask]:
        now = self.now()
        with self.store.writing() as session:
            return outbox.claim_due(session, self.handlers, now=now, until=now + CLAIM_LASTS, limit=CLAIMED_AT_ONCE)

    def _do(self, task: ClaimedTask) -> bool:
        try:
            self.handlers[task.kind](task.payload)
        except Exception as error:  # noqa: BLE001 - whatever a deed raises, the next ones must be done
            self._put_off(task, error)
            return False
        with self.store.writing() as session:
            outbox.finish(session, task.id, now=self.now())
        return True

    def _put_off(self, task: ClaimedTask, error: Exception) -> None:
        now = self.now()
        again = not isinstance(error, GiveUp) and task.tries <= len(WAITS)
        due_at = now + WAITS[task.tries - 1] if again else None
        said = f"{type(error).__name__}: {error}"[:LONGEST_ERROR]
        # The words of an error may name a person; they stand in the task, which is erased with her, and not in the log.
        log.warning("Task %s (%s), try %s: %s", task.id, task.kind, task.tries, type(error).__name__)
        with self.store.writing() as session:
            outbox.put_off(session, task.id, error=said, due_at=due_at, now=now)
