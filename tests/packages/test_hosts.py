"""Packages survive platforms that fail: nothing is lost, or the learner is told in plain words."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

from tests.packages.matrix import DOCUMENT, document, results, survived


@cache
def played() -> list[dict[str, Any]]:
    return results()


def test_on_a_platform_in_order_nothing_is_lost_and_nobody_is_warned() -> None:
    sound = [one for one in played() if not one["report"]]
    assert len(sound) == 3
    for one in sound:
        assert one["sameDevice"] and one["told"] and one["elsewhere"] and not one["putBack"], one
        assert one["warned"] == []


def test_the_same_learner_has_the_same_record_over_all_three_standards() -> None:
    sound = [one["record"] for one in played() if not one["report"]]
    assert sound[0] == sound[1] == sound[2]
    assert [(module["attempts"], module["best"], module["passed"]) for module in sound[0]["modules"]] == [
        (1, 100, True)
    ] * len(sound[0]["modules"])


def test_every_reported_fault_is_survived() -> None:
    faults = [one for one in played() if one["report"]]
    assert len({one["id"] for one in faults}) == len(faults) >= 20
    assert [one["id"] for one in faults if not survived(one)] == []
    assert max(one["length"] for one in faults) <= 4096


def test_every_fault_names_the_report_of_somebody() -> None:
    for one in played():
        if one["report"]:
            assert re.fullmatch(r"https://github\.com/[\w.-]+/[\w.-]+/(issues|pull)/\d+", one["report"]), one["id"]


def test_the_matrix_in_the_documents_says_what_was_found() -> None:
    assert DOCUMENT.read_text(encoding="utf-8") == document(played()), "run: python -m tests.packages.matrix"


def test_without_the_copy_on_the_device_a_lie_of_the_platform_is_not_survived() -> None:
    # The emulator must be able to find something: the same fault, in a browser that keeps nothing.
    [one] = results(only=["saved-is-a-lie"], device=False)
    assert not one["sameDevice"]
    assert not survived(one)


def test_a_browser_that_keeps_nothing_does_no_harm_on_a_platform_in_order() -> None:
    for one in results(only=["sound-scorm12", "sound-scorm2004", "sound-cmi5"], device=False):
        assert one["sameDevice"] and one["told"] and one["warned"] == []


def test_what_is_done_after_the_pass_is_kept_where_a_platform_opens_it_for_looking_back() -> None:
    # Moodle says "review" from the pass on, with any settings; modules and tries are left to the learner all the same.
    for one in results(only=["sound-scorm12", "sound-scorm2004"]):
        _, taken = one["back"]
        assert taken["done"] == 2 and taken["kept"] == 2, one["kind"]
        assert taken["warned"] == [] and taken["sign"] == "" and taken["passed"]


def test_looking_back_touches_neither_status_nor_score() -> None:
    for one in results(only=["sound-scorm12", "sound-scorm2004"]):
        for back in one["back"]:
            assert set(back["said"]) <= {
                "cmi.suspend_data",
                "cmi.core.lesson_location",
                "cmi.location",
                "cmi.core.exit",
                "cmi.exit",
            }


def test_a_platform_that_takes_nothing_while_one_looks_back_is_not_called_broken() -> None:
    for one in results(only=["sound-scorm12", "sound-scorm2004"]):
        deaf, _ = one["back"]
        assert deaf["kept"] == 1 and deaf["warned"] == [] and deaf["sign"] == "review" and deaf["passed"]
