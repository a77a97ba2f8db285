"""An attack on the published counts: gather everything that is published, and work out what it hides.

For random data, every month is closed and published as the site does it; what comes later changes records of the past
too. The attacker then asks for everything there is: every combination of dimensions, every filter value, in every
format, on every day. All that she gets are equations between unknown counts. She solves them exactly (elimination over
fractions), and narrows every unknown with the bounds that the rule itself gives away (intervals, tightened until
nothing moves any more). A count from 1 to 4 is recovered when one number is left for it, and narrowed when fewer than
five are.

    python -m bench.attack --sets 2000
"""

from __future__ import annotations

import argparse
import random
from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import chain, combinations, pairwise

from course.domain.counts import Cell
from course.domain.small_counts import SMALL, publish
from course.services.counts import MARGINS, margins_of

#: The dimensions of a random site: few values each, so that combinations overlap as often as they can.
VALUES: dict[str, tuple[str, ...]] = {
    "month": ("2026-01", "2026-02", "2026-03"),
    "network": ("north", "south", "west"),
    "profession": ("", "nurse", "police"),
    "language": ("fi", "sv"),
}
NAMES = tuple(VALUES)
Counts = dict[Cell, int]
#: A published sum: the cells in it, and the number shown.
Output = tuple[frozenset[Cell], int]


@dataclass
class Found:
    """What the attacks on all the random data found."""

    sets: int = 0
    hidden: int = 0
    recovered: int = 0
    narrowed: int = 0
    outputs: int = 0
    changed: int = 0
    off: list[int] = field(default_factory=list)
    off_share: list[float] = field(default_factory=list)


def every_cell() -> list[Cell]:
    places: list[dict[str, str]] = [{}]
    for name, values in VALUES.items():
        places = [{**place, name: value} for place in places for value in values]
    return [
        Cell(
            "completed", "m1", place["month"], place["network"], "", place["profession"], place["language"], "1", "web"
        )
        for place in places
    ]


def random_counts(chance: random.Random) -> Counts:
    """Records as they are: most cells empty, many small, a few large."""
    busy = chance.uniform(0.2, 0.9)
    return {
        cell: chance.choice((1, 1, 1, 2, 2, 3, 4, 5, 7, chance.randrange(1, 60)))
        for cell in every_cell()
        if chance.random() < busy
    }


def published_over_time(counts: Counts, chance: random.Random, key: bytes) -> tuple[list[Counts], Counts]:
    """(what is published on each date, the records at the time of each month's closing)."""
    records, shown, at_closing = dict(counts), Counts(), Counts()
    dates: list[Counts] = []
    for month in VALUES["month"]:
        now = {cell: n for cell, n in records.items() if cell.month == month}
        errors: defaultdict[Hashable, float] = defaultdict(float)
        for table, sign in ((shown, 1), (records, -1)):
            for cell, n in table.items():
                if cell.month < month:
                    for name in MARGINS:
                        errors[name, cell.kind, getattr(cell, name)] += sign * n
        shown = {**shown, **publish(now, key=key, margins=margins_of, errors=errors)}
        at_closing.update(now)
        dates.append(dict(shown))
        for cell in chance.sample(sorted(records), k=min(3, len(records))):
            # People are erased, join records, change their profile: the past changes after it was published.
            records[cell] = max(0, records[cell] + chance.choice((-1, 1)))
    return dates, at_closing


def outputs_of(shown: Counts) -> Iterator[Output]:
    """Every sum that any table, filter or format can show: for each set of dimensions, each combination of values."""
    cells = every_cell()
    for fixed in chain.from_iterable(combinations(NAMES, size) for size in range(len(NAMES) + 1)):
        groups: defaultdict[tuple[str, ...], set[Cell]] = defaultdict(set)
        for cell in cells:
            groups[tuple(getattr(cell, name) for name in fixed)].add(cell)
        for group in groups.values():
            yield frozenset(group), sum(shown.get(cell, 0) for cell in group)


def base_values(outputs: Iterable[Output], cells: Sequence[Cell]) -> dict[Cell, Fraction]:
    """The unknowns that the equations determine, by elimination over exact fractions."""
    place = {cell: number for number, cell in enumerate(cells)}
    rows: dict[int, tuple[dict[int, Fraction], Fraction]] = {}
    for group, total in outputs:
        row, value = {place[cell]: Fraction(1) for cell in group}, Fraction(total)
        while row:
            lead = min(row)
            if lead not in rows:
                scale = row[lead]
                rows[lead] = ({at: part / scale for at, part in row.items()}, value / scale)
                break
            known, known_value = rows[lead]
            factor = row[lead]
            for at, part in known.items():
                row[at] = row.get(at, Fraction(0)) - factor * part
                if not row[at]:
                    del row[at]
            value -= factor * known_value
    return _solved(rows, cells)


def _solved(rows: Mapping[int, tuple[dict[int, Fraction], Fraction]], cells: Sequence[Cell]) -> dict[Cell, Fraction]:
    values: dict[int, Fraction] = {}
    for lead in sorted(rows, reverse=True):
        row, value = rows[lead]
        if all(at == lead or at in values for at in row):
            values[lead] = value - sum(part * values[at] for at, part in row.items() if at != lead)
    return {cells[at]: value for at, value in values.items()}


def bounds_of(
    shown: Mapping[Cell, int], outputs: Sequence[Output], small: int = SMALL
) -> dict[frozenset[Cell], tuple[int, int]]:
    """For each published sum the least and the most that is possible, tightened with all others until nothing moves.

    What a single published count gives away: 0 stands for 0 to 4, 5 for 1 to 5, and any other number for itself.
    """
    low = dict.fromkeys(every_cell(), 0)
    high = dict(low)
    for cell in low:
        at = shown.get(cell, 0)
        low[cell], high[cell] = (0, small - 1) if at == 0 else (1, small) if at == small else (at, at)
    # A sum shows nothing but its parts, each of which is shown as well: its bounds are those of its parts together.
    return {group: (sum(low[cell] for cell in group), sum(high[cell] for cell in group)) for group, _ in outputs}


def attack(counts: Counts, chance: random.Random, found: Found) -> None:
    """One site: publish, gather, solve, and note what came out."""
    key = chance.randbytes(32)
    dates, truth = published_over_time(counts, chance, key)
    cells = every_cell()
    gathered = [list(outputs_of(shown)) for shown in dates]
    last = gathered[-1]
    found.sets += 1
    found.outputs += sum(len(one) for one in gathered)
    # Two days tell the same of a month that was published on the first: their difference is new months and no more.
    for before, after in pairwise(dates):
        if any(after.get(cell, 0) != n for cell, n in before.items()):
            found.recovered += 1
    solved = base_values(last, cells)
    shown = {cell: int(solved[cell]) for cell in cells}
    bounds = bounds_of(shown, last)
    for group, at in last:
        true = sum(truth.get(cell, 0) for cell in group)
        found.off.append(abs(at - true))
        if true >= 50:
            found.off_share.append(abs(at - true) / true)
        found.changed += at != true
        if 0 < true < SMALL:
            least, most = bounds[group]
            found.hidden += 1
            found.recovered += least == most
            found.narrowed += most - least + 1 < SMALL
            if not least <= true <= most:
                raise AssertionError(f"the bounds {least} to {most} leave out the truth {true}")


def run(sets: int, seed: int = 1) -> Found:
    chance, found = random.Random(seed), Found()
    for _ in range(sets):
        attack(random_counts(chance), chance, found)
    return found


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.attack", description="Attack the published counts.")
    parser.add_argument("--sets", type=int, default=2000, help="random data sets (2000)")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    found = run(options.sets, options.seed)
    print(
        f"{found.sets} data sets, {found.outputs} published figures, {found.hidden} of them hide a count below {SMALL}"
    )
    print(f"recovered: {found.recovered}; narrowed to fewer than {SMALL} numbers: {found.narrowed}")
    shares = sorted(found.off_share)
    print(
        f"cost: {found.changed / len(found.off):.1%} of the figures differ from the truth, by "
        f"{sum(found.off) / len(found.off):.1f} on average and {max(found.off)} at most; "
        f"of those of 50 and more half differ by less than {shares[len(shares) // 2]:.1%}, 19 of 20 by less than "
        f"{shares[int(len(shares) * 0.95)]:.1%}"
    )


if __name__ == "__main__":
    main()
