"""A small chart of numbers that grow over time, drawn as SVG. The numbers stand in a table beside it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from markupsafe import Markup, escape

WIDTH, HEIGHT = 640, 240
LEFT, RIGHT, TOP, BOTTOM = 44, 150, 16, 30
#: Names at the ends of lines stay so far apart.
LABEL_APART = 18


@dataclass(frozen=True, slots=True)
class Line:
    label: str
    values: Sequence[int]


def line_chart(
    title: str, first: str, last: str, lines: Sequence[Line], *, written: Callable[[int], str] = str
) -> Markup:
    """The lines on one scale from zero, each named at its end; the last one stands out.

    `first` and `last` name the ends of the time; `written` is a number as the page's language writes it.
    """
    most = max([1, *(value for line in lines for value in line.values)])
    drawn = "".join(_line(line, most, quiet=line is not lines[-1]) for line in lines)
    ends = _spread([_y(line.values[-1], most) for line in lines])
    names = "".join(
        f'<text x="{WIDTH - RIGHT + 10}" y="{end + 4:.0f}">'
        f"{escape(line.label)} {escape(written(line.values[-1]))}</text>"
        for line, end in zip(lines, ends, strict=True)
    )
    bottom = HEIGHT - BOTTOM
    axes = (
        f'<path class="axis" d="M{LEFT} {TOP}V{bottom}H{WIDTH - RIGHT}"/>'
        f'<text x="{LEFT - 8}" y="{TOP + 5}" text-anchor="end">{escape(written(most))}</text>'
        f'<text x="{LEFT - 8}" y="{bottom + 4}" text-anchor="end">0</text>'
        f'<text x="{LEFT}" y="{HEIGHT - 8}">{escape(first)}</text>'
        f'<text x="{WIDTH - RIGHT}" y="{HEIGHT - 8}" text-anchor="end">{escape(last)}</text>'
    )
    label = escape(title)
    # Every part is either a number of ours or escaped above.
    return Markup(  # noqa: S704
        f'<svg role="img" aria-label="{label}" viewBox="0 0 {WIDTH} {HEIGHT}">{axes}{drawn}{names}</svg>'
    )


def _line(line: Line, most: int, *, quiet: bool) -> str:
    steps = max(len(line.values) - 1, 1)
    wide = WIDTH - LEFT - RIGHT
    points = [(LEFT + wide * at / steps, _y(value, most)) for at, value in enumerate(line.values)]
    if len(points) == 1:
        points.append((WIDTH - RIGHT, points[0][1]))
    path = "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in points)
    return f'<path class="series{" series-quiet" if quiet else ""}" d="{path}"/>'


def _y(value: int, most: int) -> float:
    return TOP + (HEIGHT - TOP - BOTTOM) * (1 - value / most)


def _spread(ends: Sequence[float]) -> list[float]:
    """The heights of the names, so far apart that none covers another."""
    order = sorted(range(len(ends)), key=lambda place: ends[place])
    found = list(ends)
    for before, place in pairwise(order):
        found[place] = max(found[place], found[before] + LABEL_APART)
    return found
