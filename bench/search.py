"""What somebody waits who searches: the labelled queries of the tests, asked of the server one after another."""

from __future__ import annotations

import statistics
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

import yaml

from bench.client import Client
from course.content.library import Library

QUERIES = Path(__file__).resolve().parents[1] / "tests" / "search"
#: Each query is asked so often; the first time is not counted, as a site in use has met most words.
TIMES = 5


@dataclass(frozen=True)
class SearchWaits:
    """Milliseconds from the request to the last byte of the page."""

    median: float
    p95: float
    queries: int


def measure_search(port: int, library: Library) -> SearchWaits:
    client = Client(port)
    addresses = list(_addresses(library))
    waits = []
    for time_round in range(TIMES + 1):
        for address in addresses:
            began = time.perf_counter()
            answer = client.get(address)
            waited = (time.perf_counter() - began) * 1000
            if answer.status != 200:
                raise RuntimeError(f"{address}: {answer.status}")
            if time_round:
                waits.append(waited)
    return SearchWaits(statistics.median(waits), statistics.quantiles(waits, n=20)[-1], len(addresses))


def _addresses(library: Library) -> Iterator[str]:
    for language in library.languages:
        for name in (f"queries-{language}.yaml", f"unseen-{language}.yaml"):
            for query in yaml.safe_load((QUERIES / name).read_text(encoding="utf-8")):
                yield f"/{language}/search?{urlencode({'q': query['ask']})}"
