"""A small chart of whole numbers in parts, drawn as SVG bars. The numbers stand in a table beside it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup, escape

WIDTH, BAR, GAP, LEFT, RIGHT, TOP = 640, 28, 16, 64, 90, 34
#: A part that is hidden has no length: the bar ends with a gap of this width and a sign.
STYLES = ("bar-done", "bar-open", "bar-both")


@dataclass(frozen=True, slots=True)
class Bar:
    label: str
    #: One number for each part; None where it is hidden.
    parts: Sequence[int | None]
    #: What stands at the end of the bar.
    end: str


def bar_chart(title: str, names: Sequence[str], bars: Sequence[Bar], *, left: int = LEFT) -> Markup:
    """One bar a line, its parts beside one another on one scale; a legend names the parts.

    `left` is the room for the bars' labels.
    """
    most = max([1, *(sum(part or 0 for part in bar.parts) for bar in bars)])
    height = TOP + len(bars) * (BAR + GAP)
    drawn = "".join(_bar(bar, place, most, left) for place, bar in enumerate(bars))
    return Markup(  # noqa: S704 - every part is either a number of ours or escaped here and below.
        f'<svg role="img" aria-label="{escape(title)}" viewBox="0 0 {WIDTH} {height}">{_legend(names)}{drawn}</svg>'
    )


def _legend(names: Sequence[str]) -> str:
    step = WIDTH // max(len(names), 1)
    return "".join(
        f'<rect class="{style}" x="{place * step}" y="4" width="14" height="14"/>'
        f'<text x="{place * step + 20}" y="16">{escape(name)}</text>'
        for place, (name, style) in enumerate(zip(names, STYLES, strict=False))
    )


def _bar(bar: Bar, place: int, most: int, begins: int) -> str:
    top, left = TOP + place * (BAR + GAP), float(begins)
    drawn = [f'<text x="{begins - 10}" y="{top + BAR / 2 + 5:.0f}" text-anchor="end">{escape(bar.label)}</text>']
    for part, style in zip(bar.parts, STYLES, strict=False):
        wide = (WIDTH - begins - RIGHT) * (part or 0) / most
        if wide:
            drawn.append(f'<rect class="{style}" x="{left:.1f}" y="{top}" width="{wide:.1f}" height="{BAR}"/>')
        left += wide
    drawn.append(f'<text x="{left + 8:.1f}" y="{top + BAR / 2 + 5:.0f}">{escape(bar.end)}</text>')
    return "".join(drawn)
