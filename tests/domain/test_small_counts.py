"""Small counts cannot be read off a published table, nor worked out from it."""

from __future__ import annotations

from itertools import product

from hypothesis import given, settings
from hypothesis import strategies as st

from course.domain.small_counts import SMALL, protect

ROWS, COLUMNS = ("a", "b", "c"), ("2025", "2026")
TABLES = st.fixed_dictionaries({cell: st.integers(0, 12) for cell in product(ROWS, COLUMNS)})


def possible(table, rows, columns, most):
    """Every table that a reader could think of, who sees what is shown: slow, and therefore sure."""
    cells = list(product(rows, columns))
    free = [cell for cell in cells if table.counts[cell] is None]
    for values in product(range(1, most + 1), repeat=len(free)):
        guess = {**{cell: table.counts[cell] for cell in cells}, **dict(zip(free, values, strict=True))}
        sums = [(table.row_totals[row], sum(guess[row, column] for column in columns)) for row in rows]
        sums += [(table.column_totals[column], sum(guess[row, column] for row in rows)) for column in columns]
        sums.append((table.total, sum(guess.values())))
        if all(total is None or total == found for total, found in sums):
            yield guess


@settings(max_examples=60)
@given(st.fixed_dictionaries({cell: st.integers(0, 7) for cell in product(("a", "b"), ("2025", "2026"))}))
def test_an_attacker_who_tries_every_table_finds_none_of_the_small_counts(counts):
    table = protect(counts)
    guesses = list(possible(table, ("a", "b"), COLUMNS, most=9))
    assert counts in guesses
    for cell, count in counts.items():
        if 0 < count < SMALL:
            found = {guess[cell] for guess in guesses}
            assert max(found) >= SMALL and len(found) > 1, (cell, found)


@given(TABLES)
def test_no_small_number_is_shown_anywhere(counts):
    table = protect(counts)
    shown = [*table.counts.values(), *table.row_totals.values(), *table.column_totals.values(), table.total]
    assert not [count for count in shown if count is not None and 0 < count < SMALL]


@given(TABLES)
def test_what_is_shown_is_true(counts):
    table = protect(counts)
    assert all(shown in (None, counts[cell]) for cell, shown in table.counts.items())
    assert table.total in (None, sum(counts.values()))


@given(TABLES)
def test_an_empty_place_is_shown_as_empty(counts):
    table = protect(counts)
    assert all(table.counts[cell] == 0 for cell, count in counts.items() if count == 0)


def test_a_table_without_small_counts_is_shown_whole():
    counts = {cell: 5 + place for place, cell in enumerate(product(ROWS, COLUMNS))}
    table = protect(counts)
    assert dict(table.counts) == counts
    assert None not in (*table.row_totals.values(), *table.column_totals.values(), table.total)


def test_a_single_small_count_takes_a_rectangle_of_others_with_it():
    counts = {cell: 50 for cell in product(ROWS, COLUMNS)} | {("a", "2025"): 3}
    hidden = {cell for cell, count in protect(counts).counts.items() if count is None}
    # One in its row and one in its column are not enough: the fourth corner would give the others away.
    assert len(hidden) == 4 and ("a", "2025") in hidden


def test_two_small_counts_that_add_up_to_a_small_number_are_not_left_alone():
    table = protect({("a", "2025"): 1, ("b", "2025"): 1, ("c", "2025"): 40})
    assert table.counts["c", "2025"] is None or table.total is None


def test_a_lonely_small_count_takes_its_totals_with_it():
    table = protect({("a", "2025"): 2})
    assert (table.counts["a", "2025"], table.total, table.row_totals["a"]) == (None, None, None)


def test_an_empty_table_is_empty():
    table = protect({})
    assert table.total == 0 and not table.counts
