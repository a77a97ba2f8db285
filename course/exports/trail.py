"""The course map as a drawing: a path with one station a module, as the certificate shows it, all of them passed."""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import pairwise

#: How far the path winds before it comes back, in the unit of the drawing (millimetres).
_WAVE = 104.0
#: Where on the wave the first station lies. Chosen by eye: the path comes in from the right and leaves to the left.
_PHASE = 0.9
_STEP = 6.0


@dataclass(frozen=True, slots=True)
class Station:
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Trail:
    """A path down a column: the `d` of an SVG path and where the stations lie on it."""

    line: str
    stations: tuple[Station, ...]


def trail(count: int, *, x: float, swing: float, top: float, first: float, last: float, bottom: float) -> Trail:
    """Stations evenly from `first` to `last` down a path that winds by `swing` to both sides of `x`.

    The path itself runs from `top` to `bottom`, which may lie off the page: it comes from somewhere and goes on.
    """
    gap = (last - first) / max(count - 1, 1)

    def across(y: float) -> float:
        return x + swing * math.sin((y - first) / _WAVE * math.tau + _PHASE)

    stations = tuple(Station(round(across(first + gap * n), 2), round(first + gap * n, 2)) for n in range(count))
    steps = math.ceil((bottom - top) / _STEP)
    points = [(across(y), y) for y in (top + (bottom - top) * n / steps for n in range(-1, steps + 2))]
    return Trail(_smooth(points), stations)


def _smooth(points: list[tuple[float, float]]) -> str:
    """A Catmull-Rom curve through the inner points, written as the cubic curves of an SVG path."""
    start = points[1]
    parts = [f"M{start[0]:.2f} {start[1]:.2f}"]
    for (before, here), (there, after) in zip(pairwise(points), list(pairwise(points))[2:], strict=False):
        first = (here[0] + (there[0] - before[0]) / 6, here[1] + (there[1] - before[1]) / 6)
        second = (there[0] - (after[0] - here[0]) / 6, there[1] - (after[1] - here[1]) / 6)
        parts.append("C" + " ".join(f"{value:.2f}" for point in (first, second, there) for value in point))
    return "".join(parts)
