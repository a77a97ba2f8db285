"""Figures about questions are near the truth, say how near, and find a fault in a translation."""

from __future__ import annotations

import math
from random import Random

import pytest

from course.domain import item_analysis
from course.domain.item_analysis import FEWEST, Flag, Given, mantel_haenszel, wilson

LANGUAGES = ("fi", "sv", "en")
ITEMS = 10


def analyse(answers, options):
    return item_analysis.analyse(answers, options, source_language="fi")


def simulated(random: Random, *, faults: dict[tuple[str, str], float], each: int = 200, head_start: float = 0.0):
    """Answers by the model of Rasch: people of three languages, ten questions, some harder in one language.

    `head_start` is how much more the Finnish-speaking know.
    """
    hard = {f"q{number}": random.uniform(-1.2, 0.8) for number in range(ITEMS)}
    answers = []
    for language in LANGUAGES:
        for _ in range(each):
            skill = random.gauss(head_start if language == "fi" else 0.0, 1.0)
            right = {
                item: random.random() < 1 / (1 + math.exp(-(skill - difficulty - faults.get((item, language), 0.0))))
                for item, difficulty in hard.items()
            }
            score = sum(right.values())
            answers += [Given(item, language, ("a",) if it else ("b",), it, score, ITEMS) for item, it in right.items()]
    return answers


def harder(reports):
    return {(item, report.harder_in.language) for item, report in reports.items() if report.harder_in is not None}


def test_a_fault_in_a_translation_is_found_four_times_in_five():
    random, found, rounds = Random(20261122), 0, 300
    for turn in range(rounds):
        language = LANGUAGES[1 + turn % 2]
        reports = analyse(simulated(random, faults={("q3", language): 0.6}), {})
        found += ("q3", language) in harder(reports)
        assert len(reports) == ITEMS
    assert found / rounds >= 0.8


@pytest.mark.parametrize("head_start", [0.0, 0.5])
def test_of_a_hundred_questions_without_a_fault_at_most_five_are_flagged(head_start):
    random, flagged, asked = Random(1), 0, 0
    for _ in range(100):
        reports = analyse(simulated(random, faults={}, head_start=head_start), {})
        flagged += len(harder(reports))
        asked += len(reports)
    assert flagged / asked <= 0.05


def test_knowing_less_is_no_fault_of_the_translation():
    answers = simulated(Random(3), faults={}, each=400, head_start=1.0)
    easier = [one.right for one in answers if one.language == "fi"]
    assert sum(easier) / len(easier) > sum(one.right for one in answers) / len(answers) + 0.05
    assert len(harder(analyse(answers, {}))) <= 1


def test_the_interval_of_a_share_holds_the_truth_about_ninety_five_times_in_a_hundred():
    random, held, tries = Random(1), 0, 2000
    for _ in range(tries):
        truth, count = random.uniform(0.1, 0.9), random.randrange(30, 200)
        estimate = wilson(sum(random.random() < truth for _ in range(count)), count)
        held += estimate.low <= truth <= estimate.high
    assert 0.93 <= held / tries <= 0.97


def test_a_share_of_none_and_of_all_stays_between_nothing_and_everything():
    assert wilson(0, 30).low == 0.0 and wilson(0, 30).high > 0.05
    assert wilson(30, 30).high == 1.0 and wilson(30, 30).low < 0.95


def given(count: int, *, right: bool = True, language: str = "fi", chosen: str = "a") -> list[Given]:
    return [Given("q", language, (chosen,), right, 5 + right, 10) for _ in range(count)]


def test_below_thirty_answers_no_figure_is_given():
    report = analyse(given(FEWEST - 1), {"q": ("a", "b")})["q"]
    assert report.answers == FEWEST - 1
    assert (report.difficulty, report.discrimination, report.options, report.flags) == (None, None, {}, frozenset())


def test_a_language_with_few_answers_has_no_figure_of_its_own():
    report = analyse([*given(60), *given(FEWEST - 1, language="sv", right=False)], {})["q"]
    assert set(report.by_language) == {"fi"} and report.harder_in is None


def test_a_question_that_everybody_gets_is_too_easy_and_its_idle_option_is_named():
    report = analyse(given(200), {"q": ("a", "b")})["q"]
    assert report.flags == {Flag.EASY, Flag.RARE_OPTION}
    assert report.options["b"].value == 0.0


def test_a_question_that_the_able_get_wrong_is_weak():
    answers = [Given("q", "fi", ("a",), able == 0, 9 if able else 3, 10) for able in (0, 1) for _ in range(60)]
    assert Flag.WEAK in analyse(answers, {})["q"].flags


def test_a_test_without_anything_to_compare_says_nothing():
    assert mantel_haenszel(given(50), "sv") is None
