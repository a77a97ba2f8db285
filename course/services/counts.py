"""Answer questions about counts: one way for the page, the files, the API and the command line.

What is not exact comes from months that are closed: a week after its end a month is protected and published, once and
for ever, so that no two days can be compared. What is recorded for it later is in the exact counts only.
"""

from __future__ import annotations

import hashlib
from collections.abc import Hashable, Iterator
from dataclasses import replace
from datetime import datetime

from course.domain.counts import Cell, CountQuery, CountTable, closable_month, month_of, table_of, words_of
from course.domain.home_time import day_at_home
from course.domain.small_counts import publish
from course.services.audit import What, record_audit
from course.storage import published_counts
from course.storage.engine import Store

#: Sums that people look at: by kind and one more, which the rounding keeps near the truth.
MARGINS = ("subject", "network", "organisation", "profession", "language")


def key_of(secret_key: str) -> bytes:
    """The key of the protection, made of the site's own: what is published tells nothing of either."""
    return hashlib.sha256(f"small counts:{secret_key}".encode()).digest()


def count(store: Store, query: CountQuery, *, key: bytes, small: int, now: datetime) -> CountTable:
    """What may be told to others. Exact counts have a way of their own."""
    query = replace(query, exact=False)
    until = close_months(store, key=key, small=small, now=now)
    return table_of(query, store.kept_sums.sums(query, until=until), until=until, small=small)


def close_months(store: Store, *, key: bytes, small: int, now: datetime) -> str:
    """Publish the months that are over, if that was not done yet. The last month that is published."""
    wanted = closable_month(now)
    # What is published stays so: nobody need ask again.
    if store.kept_sums.until >= wanted:
        return store.kept_sums.until
    closed = published_counts.last_closed(store.engine)
    if closed >= wanted:
        return closed
    with store.writing() as session:
        if published_counts.close_month(session, wanted, now=now):
            connection = session.connection()
            counts = published_counts.counters_between(connection, closed, wanted)
            errors: dict[Hashable, float] = {
                (name, *place): float(error)
                for name in MARGINS
                for place, error in published_counts.errors_by(connection, name, closed).items()
            }
            published_counts.add_published(
                session, publish(counts, key=key, small=small, margins=margins_of, errors=errors)
            )
    return wanted


def margins_of(cell: Cell) -> Iterator[tuple[str, ...]]:
    """The sums that a cell is part of and that people look at."""
    yield ("month", cell.kind, cell.month)
    for name in MARGINS:
        value: str = getattr(cell, name)
        yield (name, cell.kind, value)
    yield ("network and month", cell.kind, cell.network, cell.month)


def count_exactly(store: Store, query: CountQuery, *, who: str, small: int, now: datetime) -> CountTable:
    """The true counts up to now, asked for expressly. That it was done, by whom and what was asked, is written down."""
    with store.writing() as session:
        connection = session.connection()
        exact = replace(query, exact=True)
        table = table_of(exact, published_counts.sums(connection, exact, until=""), until=month_now(now), small=small)
        asked = " ".join(f"{name}={value}" for name, value in words_of(exact))
        record_audit(session, who, What.EXACT_COUNTS, "counts", {"asked": asked}, now=now)
    return table


def month_now(now: datetime) -> str:
    return month_of(day_at_home(now))
