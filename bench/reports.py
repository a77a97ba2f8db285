"""What administrators ask of many learners: counts by any filter through the API, and the records as a file.

Beside an empty Flask page, and beside what the database's own program needs to write the same rows as CSV.
"""

from __future__ import annotations

import http.client
import random
import re
import shutil
import statistics
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import cycle
from urllib.parse import urlencode

import psycopg
from sqlalchemy import func, select
from sqlalchemy.engine import make_url

from bench.client import Client
from bench.measuring import Line, Workload, ratio, run_rounds
from bench.server import Server
from course.content.library import Library
from course.domain.counts import Dimension
from course.domain.permission import Staff
from course.services.api_keys import make_key
from course.services.made_up.seeding import seed_learners
from course.services.sign_ins import open_sign_in
from course.storage.engine import Store, make_engine
from course.storage.migrations import upgrade
from course.storage.tables import Account, Completion

FILTERS = 40
#: A key gets a thousand answers an hour.
KEYS = 6
#: Of the usual number of requests in a round.
SHARE = 1 / 5
COUNT_BAR, EXPORT_BAR = 5, 2
FIRST_BYTE_BAR, MEMORY_BAR = 100, 10
BLOCK = 65536
#: The first question about a new database closes all its months.
LONGEST = 600
#: The same rows as plainly as a database says them: everybody's completions, with the group that she joined last.
PLAIN = """
select c.learner_id, coalesce(m.name, ''), coalesce(g.name, ''), coalesce(g.network_id, p.network_id, ''),
       coalesce(p.organisation_id, ''), coalesce(p.profession_id, ''), c.module_id, c.passed_at, c.edition, c.language,
       c.session_id is not null, c.waiver_id is not null
from completion c
left join (select learner_id, max(cohort_id) as cohort_id from cohort_member group by learner_id) last
  on last.learner_id = c.learner_id
left join cohort_member m on m.learner_id = last.learner_id and m.cohort_id = last.cohort_id
left join cohort g on g.id = m.cohort_id
left join learner_profile p on p.learner_id = c.learner_id
order by c.learner_id, c.module_id
"""


@dataclass
class Reports:
    """One database with many learners, the server in front of it, and somebody who may ask for everything."""

    name: str
    url: str
    completions: int
    keys: list[str]
    sign_in: str
    server: Server | None = None
    asked: list[str] = field(default_factory=list)


def prepare(name: str, url: str, library: Library, learners: int, tell: Callable[[int], None]) -> Reports:
    """Fill the database, and let an administrator in."""
    engine = make_engine(url)
    upgrade(engine)
    store, now = Store(engine), datetime.now(UTC)
    seed_learners(store, library, learners, seed=1, verify_url=lambda code: f"/verify/{code}", now=now, tell=tell)
    with store.writing() as session:
        account = Account(email="admin@bench.example", name="A", language="en", administrator=True, created_at=now)
        session.add(account)
        session.flush()
        staff = Staff(account.id, "A", administrator=True)
        sign_in = open_sign_in(session, account.id, now=now)
    keys = [make_key(store, staff, f"bench {number}", now=now) for number in range(KEYS)]
    with store.reading() as connection:
        completions = int(connection.execute(select(func.count()).select_from(Completion)).scalar_one())
    engine.dispose()
    return Reports(name, url, completions, keys, sign_in, asked=questions(library))


def questions(library: Library) -> list[str]:
    """Random questions, each by one dimension and with up to two filters."""
    chance = random.Random(1)
    values = {
        Dimension.NETWORK: list(library.networks),
        Dimension.PROFESSION: list(library.professions),
        Dimension.ORGANISATION: list(library.organisations),
        Dimension.LANGUAGE: list(library.languages),
        Dimension.MODULE: [module.id for module in library.modules],
        Dimension.WAY_IN: ["web", "lti"],
    }
    found = []
    for _ in range(FILTERS):
        by = chance.choice([Dimension.MONTH, Dimension.NETWORK, Dimension.LANGUAGE, Dimension.TRACK])
        filters = chance.sample([one for one in values if one is not by], chance.randrange(3))
        asked = [("by", by.value), *((one.value, chance.choice(values[one])) for one in filters)]
        found.append(urlencode(asked))
    return found


# Counts


def lines_of_counts(hello: Workload, sites: list[Reports], *, rounds: int, times: int) -> Iterator[Line]:
    """CPU beside hello, once every set of dimensions was asked about; what the first question takes, in a note."""
    workloads = []
    for site in sites:
        assert site.server is not None
        first, cold = _cold(site)
        ask = _asking(site)
        note = f"the first question closed the months in {first:.0f} s; new dimensions then take {cold:.0f} ms once"
        workloads.append((Workload(site.name, site.server, ask, share=SHARE), note))
    hello.rounds.clear()
    run_rounds([hello, *(one for one, _ in workloads)], rounds=rounds, times=times, tell=lambda: None)
    for workload, note in workloads:
        value = ratio(workload, hello)
        yield Line(
            f"counts by any filter, {workload.name}", f"{workload.milliseconds:.3f} ms", value, COUNT_BAR, note=note
        )


def _cold(site: Reports) -> tuple[float, float]:
    """(seconds of the very first question, milliseconds of each that is new after it at the median)"""
    ask, waits = _asking(site), []
    for _ in site.asked:
        began = time.perf_counter()
        ask()
        waits.append(time.perf_counter() - began)
    again = [wait for wait in waits[1:] if wait > statistics.median(waits) / 2]
    return waits[0], statistics.median(again) * 1000


def _asking(site: Reports) -> Callable[[], object]:
    assert site.server is not None
    client, keys, asked = Client(site.server.port, timeout=LONGEST), cycle(site.keys), cycle(site.asked)

    def ask() -> None:
        answer = client.get(f"/api/v1/counts?{next(asked)}", Authorization=f"Bearer {next(keys)}")
        if answer.status != 200:
            raise RuntimeError(f"the counts were answered with {answer.status}: {answer.text[:300]}")

    return ask


# Records


@dataclass
class Export:
    seconds: float
    first_byte: float
    bytes: int
    #: How much more memory the server took at most, in MiB.
    growth: float


def lines_of_records(site: Reports, *, rounds: int) -> Iterator[Line]:
    plain = _plain_on_sqlite if site.url.startswith("sqlite") else _plain_on_postgresql
    program = "sqlite3 -csv" if site.url.startswith("sqlite") else "COPY"
    if site.url.startswith("sqlite") and shutil.which("sqlite3") is None:
        return
    # The first time both read the file from the disk.
    pairs = [(_export(site), plain(site.url)) for _ in range(rounds + 1)][1:]
    ours, theirs = (
        statistics.median(one) for one in ([pair[0].seconds for pair in pairs], [pair[1] for pair in pairs])
    )
    name = f"records of {site.completions:,} completions, {site.name}"
    value = statistics.median(export.seconds / seconds for export, seconds in pairs)
    yield Line(name, f"{ours:.1f} and {theirs:.1f} s", value, EXPORT_BAR, f"× {program}")
    yield Line("  first byte", "", max(one.first_byte for one, _ in pairs) * 1000, FIRST_BYTE_BAR, "ms")
    yield Line("  growth of memory", "", max(one.growth for one, _ in pairs), MEMORY_BAR, "MiB")


def _export(site: Reports) -> Export:
    """The file as an administrator downloads it."""
    assert site.server is not None
    cookie = f"session={site.sign_in}"
    [token] = re.findall(
        r'name="csrf_token" value="([^"]+)"', Client(site.server.port, cookie).get("/en/admin/records/").text
    )[-1:]
    connection = http.client.HTTPConnection("127.0.0.1", site.server.port, timeout=LONGEST)
    headers = {
        "Cookie": cookie, "Content-Type": "application/x-www-form-urlencoded", "Sec-Fetch-Site": "same-origin",
    }  # fmt: skip
    with _Watch(site.server) as watch:
        began = time.perf_counter()
        connection.request("POST", "/en/admin/records.csv", urlencode({"csrf_token": token}), headers)
        response = connection.getresponse()
        size = len(response.read(1))
        first_byte = time.perf_counter() - began
        while block := response.read(BLOCK):
            size += len(block)
        seconds = time.perf_counter() - began
    if response.status != 200 or size < site.completions * 40:
        raise RuntimeError(f"the records were answered with {response.status} and {size} bytes")
    return Export(seconds, first_byte, size, watch.growth)


class _Watch:
    """Looks at a server's memory while something goes on."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self._before = server.memory()
        self._highest = self._before
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._look)

    def __enter__(self) -> _Watch:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def _look(self) -> None:
        while not self._over.wait(0.1):
            self._highest = max(self._highest, self._server.memory())

    @property
    def growth(self) -> float:
        return self._highest - self._before


def _plain_on_sqlite(url: str) -> float:
    path = make_url(url).database
    assert path
    began = time.perf_counter()
    with subprocess.Popen(["sqlite3", "-readonly", "-csv", path, PLAIN], stdout=subprocess.PIPE) as program:
        assert program.stdout
        while program.stdout.read(BLOCK):
            pass
    if program.returncode:
        raise RuntimeError("sqlite3 could not read the database")
    return time.perf_counter() - began


def _plain_on_postgresql(url: str) -> float:
    address = make_url(url)
    began = time.perf_counter()
    with (
        psycopg.connect(host=address.query["host"], user=address.username, dbname=address.database) as connection,  # type: ignore[arg-type]
        connection.cursor().copy(f"copy ({PLAIN}) to stdout (format csv)") as copy,
    ):
        for _ in copy:
            pass
    return time.perf_counter() - began
