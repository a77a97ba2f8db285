"""Tries are counted for all processes together, whichever way they are counted."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from course.domain.errors import TooManyTries
from course.services.throttle import Allowances, count_try, require_tries_left
from course.storage.engine import Store
from course.storage.tables import Throttle

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
KEY = "a secret key"


@pytest.fixture
def store(engine) -> Store:
    return Store(engine)


def used(allowances: Allowances, store: Store, *, times: int, now: datetime = NOW) -> int:
    """How many of so many are let through."""
    through = 0
    for _ in range(times):
        try:
            allowances.use_one(store, KEY, "somebody", now=now)
        except TooManyTries:
            continue
        through += 1
    return through


def test_processes_that_take_some_at_a_time_share_one_limit(store):
    one, other = (Allowances(what="api", limit=50, per_seconds=3600, at_once=20) for _ in range(2))
    assert used(one, store, times=5) + used(other, store, times=100) + used(one, store, times=100) == 50
    later = NOW + timedelta(hours=1)
    assert used(one, store, times=100, now=later) == 50
    assert used(Allowances(what="mail", limit=3, per_seconds=3600, at_once=20), store, times=9) == 3


def test_a_process_writes_once_for_many_answers(store):
    allowances = Allowances(what="api", limit=1000, per_seconds=3600, at_once=20)
    assert used(allowances, store, times=20) == 20
    with store.reading() as connection:
        assert connection.execute(select(Throttle.tries)).scalars().all() == [20]


def test_older_windows_of_a_key_are_dropped_and_those_of_others_stay(store):
    tries = {"what": "code", "limit": 3, "per_seconds": 3600}
    for who in ("a", "b"):
        count_try(store, KEY, who=who, now=NOW, **tries)
    count_try(store, KEY, who="a", now=NOW + timedelta(hours=2), **tries)
    with store.reading() as connection:
        windows = connection.execute(select(Throttle.window)).scalars().all()
    assert len(windows) == 2 and len(set(windows)) == 2


def test_the_try_past_the_limit_is_refused_and_looking_counts_nothing(store):
    tries = {"what": "code", "who": "a", "limit": 2, "per_seconds": 3600, "now": NOW}
    for _ in range(2):
        require_tries_left(store, KEY, **tries)
        count_try(store, KEY, **tries)
    with pytest.raises(TooManyTries):
        require_tries_left(store, KEY, **tries)
    with pytest.raises(TooManyTries):
        count_try(store, KEY, **tries)
