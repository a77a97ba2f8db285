"""The databases that tests get: real, migrated, empty, and each test's own."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine, func, insert, inspect, select, text

from course.storage.engine import make_engine
from course.storage.migrations import current, newest
from course.storage.tables import Base, Learner


@pytest.mark.parametrize("time", ["first", "second"])
def test_a_test_finds_its_database_migrated_and_empty(engine: Engine, time: str) -> None:
    assert current(engine) == newest()
    assert set(Base.metadata.tables) <= set(inspect(engine).get_table_names())
    with engine.begin() as connection:
        # The second time, the row of the first test would be there if the two shared a database.
        assert connection.execute(select(func.count()).select_from(Learner)).scalar() == 0
        connection.execute(insert(Learner).values(created_at=func.current_timestamp(), language="fi", version=0))


def test_both_kinds_are_what_they_say(sqlite_url: str, postgresql_url: str) -> None:
    versions = {}
    for url, question in ((sqlite_url, "select sqlite_version()"), (postgresql_url, "show server_version")):
        engine = make_engine(url)
        with engine.connect() as connection:
            versions[engine.dialect.name] = str(connection.execute(text(question)).scalar())
        engine.dispose()
    assert set(versions) == {"sqlite", "postgresql"}
    assert int(versions["postgresql"].split(".")[0]) >= 15
