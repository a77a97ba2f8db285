"""The attack on the published counts finds nothing, and would find something if there were anything to find."""

from __future__ import annotations

from random import Random

from bench.attack import base_values, every_cell, outputs_of, random_counts, run
from course.domain.small_counts import SMALL


def test_the_attack_recovers_and_narrows_nothing():
    found = run(12, seed=3)
    assert found.hidden > 300 and found.outputs > 5000
    assert (found.recovered, found.narrowed) == (0, 0)


def test_hiding_small_sums_alone_would_be_found_out():
    """What the attack is for: with the small sums left out and the others true, the rest gives them away."""
    recovered = 0
    for seed in range(5):
        counts = random_counts(Random(seed))
        true = [(group, total) for group, total in outputs_of(counts) if total == 0 or total >= SMALL]
        solved = base_values(true, every_cell())
        recovered += sum(1 for cell, value in solved.items() if 0 < value < SMALL and value == counts.get(cell, 0))
    assert recovered > 0


def test_what_is_published_of_a_month_is_the_same_on_every_later_day():
    """With a rule whose chance changed from day to day, the attack would notice; here it never does."""
    assert run(5, seed=9).recovered == 0
