"""Engines and transactions. On SQLite every writing transaction begins with BEGIN IMMEDIATE.

Without it two transactions that read and then write lose updates silently (366 of 480 in our measurement); the test of
that name keeps it so.
"""

from __future__ import annotations

import fcntl
import os
import select
import threading
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.exc import InvalidatePoolError
from sqlalchemy.orm import Session
from sqlalchemy.pool import ConnectionPoolEntry

from course.storage.hot import Hot
from course.storage.kept_sums import KeptSums

SQLITE_PRAGMAS = (
    "journal_mode=WAL",
    "synchronous=FULL",
    "busy_timeout=5000",
    "foreign_keys=ON",
    # What is deleted is overwritten: whoever was erased is not in the file any more.
    "secure_delete=ON",
)
#: Every thread of a worker may hold a connection, none waits for one. The connection used last has the pages of the
#: database at hand, and those left over may close.
POOL: dict[str, Any] = {"pool_size": 20, "max_overflow": 20, "pool_use_lifo": True}
#: A connection to PostgreSQL that the server was not asked about for so many seconds is asked about.
ASK_AFTER = 5
_ASKED = "asked last"


def make_engine(url: str, **options: Any) -> Engine:
    """An engine for the command line and the tests; the site's own is Flask-SQLAlchemy's, and is prepared alike."""
    return prepare(create_engine(url, **POOL, **options))


def prepare(engine: Engine) -> Engine:
    """Give an SQLite engine its pragmas and its way to begin, and PostgreSQL's a look at what the pool hands out.

    Doing it twice does no harm.
    """
    if engine.dialect.name == "sqlite" and not event.contains(engine, "connect", _set_pragmas):
        event.listen(engine, "connect", _set_pragmas)
        event.listen(engine, "begin", _begin)
    if engine.dialect.driver == "psycopg" and not event.contains(engine, "checkout", _require_alive):
        event.listen(engine, "checkout", _require_alive)
    return engine


def _require_alive(connection: Any, record: ConnectionPoolEntry, _fairy: object) -> None:
    """Replace a connection that the server has closed, without asking the server each time: that costs as much as a
    short statement. A server that stops says so on the line; of one that went without a word we learn by asking."""
    now = time.monotonic()
    asked_last = record.info.setdefault(_ASKED, now)
    try:
        line = select.poll()
        line.register(connection.fileno(), select.POLLIN)
        if line.poll(0) or now - asked_last > ASK_AFTER:
            record.info[_ASKED] = now
            # A host may have its engine in autocommit, and keeps it so.
            kept, connection.autocommit = connection.autocommit, True
            connection.execute("SELECT 1")
            connection.autocommit = kept
    except connection.OperationalError as error:
        raise InvalidatePoolError from error


def _set_pragmas(dbapi_connection: Any, _record: Any) -> None:
    # The driver must not begin transactions by itself: `_begin` says how.
    dbapi_connection.isolation_level = None
    for pragma in SQLITE_PRAGMAS:
        dbapi_connection.execute(f"PRAGMA {pragma}")


def _begin(connection: Connection) -> None:
    # Pages read in autocommit: each statement sees the newest committed state and none waits for a writer.
    if not connection.get_execution_options().get("read_only"):
        connection.exec_driver_sql("BEGIN IMMEDIATE")


class Store:
    """The database as the services see it: something to read from, and transactions to write in."""

    def __init__(self, engine: Engine) -> None:
        self.engine = prepare(engine)
        if engine.dialect.name == "sqlite":
            self._reader = engine.execution_options(read_only=True)
        else:
            self._reader = engine.execution_options(isolation_level="AUTOCOMMIT")
        self._queue = _writers_queue(engine)
        #: Names of the questions' versions that are known to be in the table: nothing deletes them there.
        self.kept_versions: set[str] = set()
        #: Sums of what was published for ever.
        self.kept_sums = KeptSums(self.reading)

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A connection for pages. It takes no lock and never waits for a writer."""
        with self._reader.connect() as connection:
            yield connection

    @contextmanager
    def streaming(self) -> Iterator[Connection]:
        """A connection for one long read, whose rows come as they are asked for and all of one moment."""
        # A cursor of PostgreSQL lives in a transaction; SQLite's statement is one by itself, and takes no lock so.
        reader = self._reader if self.engine.dialect.name == "sqlite" else self.engine
        with reader.connect() as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """One writing transaction: committed at the end, rolled back when anything is raised."""
        with self._queue, Session(self.engine) as session, session.begin():
            yield session

    def reading_hot(self) -> Hot:
        """The same for hot statements (see `course.storage.hot`)."""
        return Hot(self.engine)

    @contextmanager
    def writing_hot(self) -> Iterator[Hot]:
        """One writing transaction of hot statements."""
        with self._queue, Hot(self.engine, writing=True) as hot:
            yield hot

    def in_turn(self) -> AbstractContextManager[None]:
        """The writers' line, for a single statement that is its own transaction."""
        return self._queue


class _NoQueue(AbstractContextManager[None]):
    """PostgreSQL lets writers in side by side."""

    def __enter__(self) -> None: ...

    def __exit__(self, *_: object) -> None: ...


class _WritersQueue(AbstractContextManager[None]):
    """Writers of one SQLite file stand in line, in this process and in the others.

    SQLite's own busy handler sleeps for growing times, so that one unlucky writer in sixteen waits fifty times longer
    than the others. A lock file hands over at once, in order. Whoever does not use it (the sqlite3 program) still meets
    BEGIN IMMEDIATE.
    """

    def __init__(self, path: str) -> None:
        self._path = f"{path}-writers"
        self._threads = threading.Lock()
        self._file: int | None = None
        self._pid = 0

    def __enter__(self) -> None:
        self._threads.acquire()
        try:
            if self._file is None or self._pid != os.getpid():
                self._file, self._pid = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600), os.getpid()
            fcntl.flock(self._file, fcntl.LOCK_EX)
        except BaseException:
            self._threads.release()
            raise

    def __exit__(self, *_: object) -> None:
        assert self._file is not None
        fcntl.flock(self._file, fcntl.LOCK_UN)
        self._threads.release()


def _writers_queue(engine: Engine) -> _NoQueue | _WritersQueue:
    path = engine.url.database
    if engine.dialect.name != "sqlite" or not path or path == ":memory:":
        return _NoQueue()
    return _WritersQueue(path)
