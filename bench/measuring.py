"""Interleaved rounds: every round measures each workload once, so that a busy minute falls on all of them alike."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from bench.server import Server

#: Rounds of the same hello that differ by more than this are a machine with other things to do.
NOISY = 0.15


@dataclass
class Workload:
    """Something to ask a server for, many times a round."""

    name: str
    server: Server
    ask: Callable[[], object]
    #: How often in a round, as a part of the usual number.
    share: float = 1.0
    #: How often before the first round; a tenth of a round where it says nothing.
    warm_up: int = 0
    #: CPU milliseconds a time, one figure a round.
    rounds: list[float] = field(default_factory=list)

    @property
    def milliseconds(self) -> float:
        return statistics.median(self.rounds)


def run_rounds(workloads: Sequence[Workload], *, rounds: int, times: int, tell: Callable[[], None]) -> None:
    for workload in workloads:
        for _ in range(workload.warm_up or max(3, int(times * workload.share / 10))):
            workload.ask()
    for _ in range(rounds):
        for workload in workloads:
            workload.rounds.append(_measure(workload, max(3, int(times * workload.share))))
            tell()


def _measure(workload: Workload, times: int) -> float:
    before = workload.server.cpu_seconds()
    for _ in range(times):
        workload.ask()
    return (workload.server.cpu_seconds() - before) / times * 1000


def ratio(one: Workload, other: Workload) -> float:
    """The median of the ratios of each round: what slows a whole round down falls out of it."""
    return statistics.median(mine / theirs for mine, theirs in zip(one.rounds, other.rounds, strict=True))


def spread(workload: Workload) -> float:
    """How far apart the middle rounds lie, as a part of the median."""
    ordered = sorted(workload.rounds)
    quarter = len(ordered) // 4
    return (ordered[-1 - quarter] - ordered[quarter]) / workload.milliseconds


@dataclass(frozen=True)
class Line:
    """One line of the table."""

    workload: str
    measured: str
    #: Times hello, bytes, milliseconds: what the bar is about.
    value: float
    bar: float
    unit: str = "× hello"
    note: str = ""

    @property
    def met(self) -> bool:
        return self.value <= self.bar
