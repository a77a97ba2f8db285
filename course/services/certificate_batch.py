"""Make the files of all certificates that have none, with every core of the machine."""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from dataclasses import dataclass
from datetime import datetime
from itertools import chain, islice

from course.domain.certificate import CertificateFacts, facts_from_json
from course.exports.rendering_process import FILES_PER_PROCESS
from course.services.certificate_files import CertificateRenderer, keep_files
from course.storage import certificates
from course.storage.engine import Store

#: What is read from the register at once, and what is written into it at once.
READ_AT_ONCE = 200
KEPT_AT_ONCE = 25
#: Certificates that wait for each process: none is ever idle, and memory stays flat however many there are.
AHEAD = 4

#: Makes the renderer in each process, which begins from nothing: it must be importable, with all it is given.
MakeRenderer = Callable[[], CertificateRenderer]

_renderers: list[CertificateRenderer] = []


@dataclass(slots=True)
class Done:
    """How it went."""

    made: int = 0
    failed: int = 0
    bytes: int = 0
    #: What went wrong first, in words.
    fault: str = ""


def cores() -> int:
    """The cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def count_missing_files(store: Store) -> int:
    with store.reading() as connection:
        return certificates.count_without_file(connection)


def make_missing_files(
    store: Store, make_renderer: MakeRenderer, *, processes: int, now: datetime, tell: Callable[[Done], None]
) -> Done:
    """Make each file that is missing, and `tell` how far it is. Stopped at any moment, the next call goes on."""
    done, waiting = Done(), missing_files(store)
    beside = multiprocessing.get_context("spawn")
    # A process that has made many files keeps memory of each. After a round all of them end and new ones begin; the
    # pool's own way of renewing its processes stands still in Python 3.11.
    while first := next(waiting, None):
        a_round = chain([first], islice(waiting, processes * FILES_PER_PROCESS - 1))
        with ProcessPoolExecutor(processes, mp_context=beside, initializer=_begin, initargs=(make_renderer,)) as pool:
            for made in _made(pool, a_round, processes * AHEAD, done):
                keep_files(store, made, now)
                tell(done)
    return done


def _made(
    pool: ProcessPoolExecutor, waiting: Iterator[tuple[CertificateFacts, int]], ahead: int, done: Done
) -> Iterator[list[tuple[int, bytes]]]:
    """The files in handfuls, as they are ready; so many at most are ahead of whoever takes them."""
    made: list[tuple[int, bytes]] = []
    running = {pool.submit(_make, *one) for one in islice(waiting, ahead)}
    while running:
        ready, running = wait(running, return_when=FIRST_COMPLETED)
        running |= {pool.submit(_make, *one) for one in islice(waiting, len(ready))}
        made += _collected(ready, done)
        if len(made) >= KEPT_AT_ONCE or not running:
            yield made
            made = []


def missing_files(store: Store) -> Iterator[tuple[CertificateFacts, int]]:
    """Each certificate that has no file. Those that differ by their holders only follow each other, out of what is read
    at once: they are made with one form, in a quarter of the time."""
    after = 0
    while True:
        with store.reading() as connection:
            found = certificates.without_file(connection, after=after, limit=READ_AT_ONCE)
        if not found:
            return
        known = ((facts_from_json(one.facts.encode()), one.id) for one in found if one.facts is not None)
        yield from sorted(known, key=_alike)
        after = found[-1].id


def _alike(one: tuple[CertificateFacts, int]) -> tuple[object, ...]:
    facts, certificate_id = one
    return facts.track_id, facts.edition, facts.issued_on, facts.language, certificate_id


def _collected(ready: set[Future[tuple[int, bytes]]], done: Done) -> Iterator[tuple[int, bytes]]:
    for future in ready:
        error = future.exception()
        if error is None:
            certificate_id, pdf = future.result()
            done.made += 1
            done.bytes += len(pdf)
            yield certificate_id, pdf
        else:
            done.failed += 1
            done.fault = done.fault or f"{type(error).__name__}: {error}"


def _begin(make_renderer: MakeRenderer) -> None:
    _renderers.append(make_renderer())


def _make(facts: CertificateFacts, certificate_id: int) -> tuple[int, bytes]:
    return certificate_id, _renderers[-1].render(facts, certificate_id)
