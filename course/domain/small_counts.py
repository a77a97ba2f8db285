"""Counts of a table made safe to publish: no small number can be read off it, nor worked out from what is left.

A count from 1 to 4 is hidden (primary suppression). Where the totals would give it away, others are hidden with it
(complementary suppression). All hidden counts look the same, so nobody sees which of them are the small ones.

The table with its totals is a circulation: the grand total flows to the rows, from each row through its counts to the
columns, and from the columns back. What is hidden can be anything that keeps the flow whole; how far it can go either
way is a greatest flow through the other hidden counts. That is also all that a reader with pencil and paper can find
out, so the answer is exact.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar

#: Counts below this and above nothing are small. That nobody was there tells of nobody.
SMALL = 5

Row = TypeVar("Row", bound=Hashable)
Column = TypeVar("Column", bound=Hashable)

_SOURCE, _SINK = ("all",), ("all", "again")
_Edge = tuple[Hashable, Hashable]


@dataclass(frozen=True, slots=True)
class SafeTable(Generic[Row, Column]):
    """Counts as they may be shown: None where one is hidden. Rows and columns add up to the totals behind them."""

    counts: Mapping[tuple[Row, Column], int | None]
    row_totals: Mapping[Row, int | None]
    column_totals: Mapping[Column, int | None]
    total: int | None


def protect(counts: Mapping[tuple[Row, Column], int], *, small: int = SMALL) -> SafeTable[Row, Column]:
    """The table with every small count hidden so that its range, as far as a reader can narrow it, reaches `small`."""
    edges = _circulation(counts)
    hidden = {edge for edge, count in edges.items() if 0 < count < small}
    while (weak := _weakest(edges, hidden, small)) is not None:
        hidden.add(_next_to_hide(edges, hidden, weak))

    def shown(edge: _Edge) -> int | None:
        return None if edge in hidden else edges[edge]

    rows = dict.fromkeys(row for row, _ in counts)
    columns = dict.fromkeys(column for _, column in counts)
    return SafeTable(
        {(row, column): shown((("row", row), ("column", column))) for row, column in counts},
        {row: shown((_SOURCE, ("row", row))) for row in rows},
        {column: shown((("column", column), _SINK)) for column in columns},
        shown((_SINK, _SOURCE)),
    )


def _circulation(counts: Mapping[tuple[Row, Column], int]) -> dict[_Edge, int]:
    edges: dict[_Edge, int] = {}
    total = 0
    for (row, column), count in counts.items():
        edges[("row", row), ("column", column)] = count
        totals: tuple[_Edge, ...] = ((_SOURCE, ("row", row)), (("column", column), _SINK))
        for edge in totals:
            edges[edge] = edges.get(edge, 0) + count
        total += count
    edges[_SINK, _SOURCE] = total
    return edges


def _weakest(edges: Mapping[_Edge, int], hidden: set[_Edge], small: int) -> _Edge | None:
    """A hidden small count that a reader could still narrow down below `small`, or to one single number."""
    for edge in sorted(hidden, key=lambda one: (edges[one], repr(one))):
        if edges[edge] < small and edges[edge] + _slack(edges, hidden, edge, small) < small:
            return edge
    return None


def _slack(edges: Mapping[_Edge, int], hidden: set[_Edge], edge: _Edge, enough: int) -> int:
    """By how much the count behind `edge` could be greater, as far as a reader knows; counted up to `enough`.

    A hidden count may be any number from 1. More through this edge must come back through the other hidden ones: along
    them (they may grow without end) or against them (they may shrink to 1).
    """
    start, goal = edge[1], edge[0]
    room: dict[_Edge, int] = {}
    for one in hidden - {edge}:
        room[one] = room.get(one, 0) + enough
        back = (one[1], one[0])
        room[back] = room.get(back, 0) + edges[one] - 1
    found = 0
    while found < enough and (way := _way(room, start, goal)):
        step = min(room[part] for part in way)
        for here, there in way:
            room[here, there] -= step
            room[there, here] = room.get((there, here), 0) + step
        found += step
    return found


def _way(room: Mapping[_Edge, int], start: Hashable, goal: Hashable) -> list[_Edge]:
    """The shortest way with room all along it, as edges; empty when there is none."""
    neighbours: dict[Hashable, list[Hashable]] = {}
    for (one, other), left in room.items():
        if left > 0:
            neighbours.setdefault(one, []).append(other)
    came_from: dict[Hashable, Hashable] = {start: start}
    waiting = deque([start])
    while waiting and goal not in came_from:
        here = waiting.popleft()
        for there in neighbours.get(here, ()):
            if there not in came_from:
                came_from[there] = here
                waiting.append(there)
    if goal not in came_from:
        return []
    way: list[_Edge] = []
    end = goal
    while end != start:
        way.append((came_from[end], end))
        end = came_from[end]
    return way


def _next_to_hide(edges: Mapping[_Edge, int], hidden: set[_Edge], weak: _Edge) -> _Edge:
    """The count whose loss costs least: the smallest that is shown, counts before totals, near the weak one first.

    An empty place is never hidden: it is no use, as everybody can see that nobody belongs there, and it harms nobody.
    """
    reached = _reached(hidden, weak)
    free = [edge for edge, count in edges.items() if edge not in hidden and count > 0]

    def cost(edge: _Edge) -> tuple[bool, bool, int, str]:
        is_total = _SOURCE in edge or _SINK in edge
        return not (reached & set(edge)), is_total, edges[edge], repr(edge)

    return min(free, key=cost)


def _reached(hidden: set[_Edge], weak: _Edge) -> set[Hashable]:
    """The lines of the table that hang together with the weak count through hidden ones."""
    found: set[Hashable] = set(weak)
    grown = True
    while grown:
        more = {end for edge in hidden if found & set(edge) for end in edge} - found
        found |= more
        grown = bool(more)
    return found
