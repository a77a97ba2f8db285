"""Sums of published counts, kept in memory: what is published never changes until another month is closed.

A site with a million learners has half a million cells, and adding them up takes half a second. So the first question
about some dimensions adds them up for every value at once, and the next ones, whatever they filter by, look up what
they need. Dimensions together that have too many values for that are added up anew each time.
"""

from __future__ import annotations

import threading
from collections import OrderedDict, defaultdict
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from itertools import product

from sqlalchemy import Connection

from course.domain.counts import CountQuery, Dimension
from course.storage import published_counts

#: Sums kept of one set of dimensions, and of all sets together.
MOST_OF_ONE, MOST = 40_000, 120_000
Sum = tuple[tuple[str, ...], str, int]


@dataclass(slots=True)
class _Sums:
    """Every sum over a set of dimensions, found by the values of some of them."""

    dimensions: tuple[Dimension, ...]
    rows: list[Sum]
    found_by: dict[tuple[int, ...], dict[tuple[str, ...], list[Sum]]] = field(default_factory=dict)

    def with_values(self, filters: dict[int, tuple[str, ...]]) -> Iterator[Sum]:
        """The sums with one of these values in each of these places of their key."""
        places = tuple(filters)
        if places not in self.found_by:
            index: defaultdict[tuple[str, ...], list[Sum]] = defaultdict(list)
            for row in self.rows:
                index[tuple(row[0][place] for place in places)].append(row)
            self.found_by[places] = dict(index)
        index_of_values = self.found_by[places]
        for values in product(*filters.values()):
            yield from index_of_values.get(values, ())


class KeptSums:
    """The sums of one database, up to the month that was closed last."""

    def __init__(self, reading: Callable[[], AbstractContextManager[Connection]]) -> None:
        self._reading = reading
        #: The last month that is in them.
        self.until = ""
        self._kept: OrderedDict[frozenset[Dimension], _Sums | None] = OrderedDict()
        # Threads that ask the same at once add it up once.
        self._lock = threading.Lock()

    def sums(self, query: CountQuery, *, until: str) -> Iterable[Sum]:
        """What `published_counts.sums` says, from memory where that is possible. A key may come several times."""
        months = bool(query.first_month or query.last_month)
        asked = frozenset({*query.by, *(one for one, _ in query.where), *((Dimension.MONTH,) if months else ())})
        with self._lock:
            kept = self._of(asked, until)
            if kept is not None:
                return list(_answer(kept, query))
        with self._reading() as connection:
            return list(published_counts.sums(connection, query, until=until))

    def _of(self, asked: frozenset[Dimension], until: str) -> _Sums | None:
        if until != self.until:
            self._kept.clear()
            self.until = until
        if asked in self._kept:
            self._kept.move_to_end(asked)
            return self._kept[asked]
        dimensions = tuple(sorted(asked))
        with self._reading() as connection:
            rows = _as_few_texts(published_counts.sums(connection, CountQuery(by=dimensions), until=until))
        made = self._kept[asked] = _Sums(dimensions, rows) if len(rows) <= MOST_OF_ONE else None
        while sum(len(one.rows) for one in self._kept.values() if one) > MOST:
            self._kept.popitem(last=False)
        return made


def _as_few_texts(rows: Iterator[Sum]) -> list[Sum]:
    """Equal texts are one text; no more rows than may be kept, and one to show that there are."""
    texts: dict[str, str] = {}
    found: list[Sum] = []
    for key, kind, count in rows:
        found.append((tuple(texts.setdefault(one, one) for one in key), texts.setdefault(kind, kind), count))
        if len(found) > MOST_OF_ONE:
            break
    return found


def _answer(kept: _Sums, query: CountQuery) -> Iterator[Sum]:
    places = {dimension: place for place, dimension in enumerate(kept.dimensions)}
    by, kinds = [places[one] for one in query.by], {kind.value for kind in query.kinds}
    month = places.get(Dimension.MONTH)
    for key, kind, count in kept.with_values({places[one]: values for one, values in query.where}):
        if kind not in kinds or (month is not None and not _within(key[month], query)):
            continue
        yield tuple(key[place] for place in by), kind, count


def _within(month: str, query: CountQuery) -> bool:
    return query.first_month <= month and (not query.last_month or month <= query.last_month)
