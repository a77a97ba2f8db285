"""Before and now as two bars on one scale from 0 to 100 %, drawn as SVG. The numbers stand in a table beside it."""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup, escape

#: Drawn small, so that its words can be read on a telephone, too.
WIDTH, BAR, STEP, TOP = 340, 20, 54, 22
BARS = ("bar-open", "bar-done")


@dataclass(frozen=True, slots=True)
class GainBar:
    label: str
    #: In per cent, and as it is written.
    value: int
    word: str
    #: From where to where it may be, in per cent; nothing for one person's result.
    low: int | None = None
    high: int | None = None


def gain_chart(title: str, bars: tuple[GainBar, GainBar]) -> Markup:
    """One bar for before, one for now; a line through the end of a bar is its interval."""
    drawn = "".join(
        _bar(bar, TOP + STEP * place, style) for place, (bar, style) in enumerate(zip(bars, BARS, strict=True))
    )
    return Markup(  # noqa: S704 - every part is either a number of ours or escaped here and below.
        f'<svg role="img" aria-label="{escape(title)}" viewBox="0 0 {WIDTH} {TOP + STEP + BAR + 8}">{drawn}</svg>'
    )


def _bar(bar: GainBar, top: int, style: str) -> str:
    parts = [
        f'<text x="0" y="{top - 6}">{escape(bar.label)}</text>',
        f'<text class="value" x="{WIDTH}" y="{top - 6}" text-anchor="end">{escape(bar.word)}</text>',
        f'<rect class="whole" x=".5" y="{top}" width="{WIDTH - 1}" height="{BAR}"/>',
        f'<rect class="{style}" x=".5" y="{top}" width="{_x(bar.value):.1f}" height="{BAR}"/>',
    ]
    if bar.low is not None and bar.high is not None:
        low, high, middle = _x(bar.low), _x(bar.high), top + BAR / 2
        ends = "".join(f"M{x:.1f} {top + 3}V{top + BAR - 3}" for x in (low, high))
        path = f"M{low:.1f} {middle}H{high:.1f}{ends}"
        # Drawn twice, so that it is seen on the bar and beside it.
        parts.append(f'<path class="under" d="{path}"/><path class="interval" d="{path}"/>')
    return "".join(parts)


def _x(percent: int) -> float:
    return (WIDTH - 1) * min(max(percent, 0), 100) / 100
