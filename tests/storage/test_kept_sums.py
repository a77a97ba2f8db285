"""Sums kept in memory are those of the database, whatever is asked and in whatever order."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime
from random import Random

import pytest
from sqlalchemy import event

from course.domain.counts import Cell, CountQuery, Dimension, Kind, table_of
from course.storage import kept_sums, published_counts
from course.storage.engine import Store

NOW = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
VALUES = {
    Dimension.NETWORK: ("north", "south", ""),
    Dimension.PROFESSION: ("baker", "cook", ""),
    Dimension.LANGUAGE: ("fi", "sv"),
    Dimension.MODULE: ("tea", "bread", ""),
    Dimension.TRACK: ("core", ""),
}


def publish(store: Store, months: list[str], *, seed: int) -> None:
    chance = Random(seed)
    cells = Counter()
    for _ in range(300):
        kind = chance.choice(list(Kind))
        subject = {Kind.STARTED: "", Kind.COMPLETED: chance.choice(["tea", "bread"])}.get(kind, "core")
        place = (chance.choice(VALUES[one]) for one in (Dimension.NETWORK, Dimension.PROFESSION, Dimension.LANGUAGE))
        network, profession, language = place
        cells[Cell(kind.value, subject, chance.choice(months), network, "cafe", profession, language, "1", "web")] += (
            chance.randrange(5, 90)
        )
    with store.writing() as session:
        published_counts.add_published(session, cells)
        published_counts.close_month(session, max(months), now=NOW)


@pytest.fixture
def store(engine) -> Store:
    made = Store(engine)
    publish(made, ["2026-05", "2026-06", "2026-07"], seed=1)
    return made


def random_query(chance: Random) -> CountQuery:
    filters = chance.sample(list(VALUES), chance.randrange(4))
    return CountQuery(
        by=tuple(chance.sample(list(Dimension), chance.randrange(4))),
        kinds=tuple(sorted(chance.sample(list(Kind), chance.randrange(1, 5)))),
        where=tuple(
            (one, tuple(sorted(chance.sample(VALUES[one], chance.randrange(1, len(VALUES[one]) + 1)))))
            for one in filters
        ),
        first_month=chance.choice(["", "", "2026-06"]),
        last_month=chance.choice(["", "", "2026-06"]),
    )


def both(store: Store, query: CountQuery, until: str):
    kept = store.kept_sums.sums(query, until=until)
    with store.reading() as connection:
        summed = list(published_counts.sums(connection, query, until=until))
    return (table_of(query, found, until=until, small=5) for found in (kept, summed))


@pytest.mark.parametrize("most", [40_000, 25], ids=["all kept", "large ones not kept"])
def test_kept_sums_are_those_of_the_database(store, monkeypatch, most):
    monkeypatch.setattr(kept_sums, "MOST_OF_ONE", most)
    chance = Random(2)
    for _ in range(150):
        kept, summed = both(store, random_query(chance), "2026-07")
        assert kept == summed


def test_a_question_about_the_same_dimensions_does_not_ask_the_database_again(store):
    asked: list[str] = []
    event.listen(store.engine, "before_cursor_execute", lambda *given: asked.append(given[2]))
    for network in ("north", "south", "nowhere"):
        store.kept_sums.sums(CountQuery(by=(Dimension.MONTH,), where=((Dimension.NETWORK, (network,)),)), until="x")
    assert len([one for one in asked if "published_count" in one]) == 1


def test_another_closed_month_is_seen_at_once(store):
    query = CountQuery(by=(Dimension.MONTH,))
    before, _ = both(store, query, "2026-07")
    publish(store, ["2026-08"], seed=3)
    assert published_counts.last_closed(store.engine) == "2026-08"
    after, summed = both(store, query, "2026-08")
    assert after == summed
    assert len(after.rows) == len(before.rows) + 1


def test_no_more_is_kept_than_may_be(store, monkeypatch):
    monkeypatch.setattr(kept_sums, "MOST", 60)
    chance = Random(4)
    for _ in range(60):
        kept, summed = both(store, random_query(chance), "2026-07")
        assert kept == summed
        assert sum(len(one.rows) for one in store.kept_sums._kept.values() if one) <= 60
