"""One record: a scripted learner has the same in a package and on the site; her state is short and reads back."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from course.content.library import Library
from course.exports.packages.limits import MOST_CHARACTERS, StateTooLong, longest_state, require_short
from course.services.people import start_learner
from course.web.site import Site
from tests.packages.in_node import ask, key_for
from tests.packages.web_learner import MOMENT, ByTheRules, OnTheSite, script_of

SCRIPTS = 1000


def same(record: dict[str, Any]) -> dict[str, Any]:
    """Without what the package adds for the host."""
    return {"modules": record["modules"], "completed": record["completed"]}


def test_a_thousand_learners_have_the_same_record_in_a_package_and_by_the_rules_of_the_site(
    real_library: Library,
) -> None:
    scripts = [script_of(real_library, seed, steps=8 + seed % 25) for seed in range(SCRIPTS)]
    found = ask("records", key=key_for(real_library), scripts=scripts)
    wanted = [ByTheRules(real_library).play(script) for script in scripts]
    assert [same(record) for record in found["records"]] == wanted
    assert found["longest"] <= MOST_CHARACTERS
    # The scripts reach what they are meant to reach.
    assert any(one["passed"] for record in wanted for one in record["modules"][6:])
    assert any(one["attempts"] > 3 for record in wanted for one in record["modules"])
    assert any(0 < (one["best"] or 0) < real_library.pass_mark for record in wanted for one in record["modules"])


def test_a_learner_has_the_same_record_in_a_package_and_in_the_database_of_the_site(site: Site) -> None:
    scripts = [script_of(site.library, seed, steps=5) for seed in range(12)]
    found = ask("records", key=key_for(site.library), scripts=scripts)["records"]
    for script, record in zip(scripts, found, strict=True):
        learner_id = start_learner(site.store, language="en", now=MOMENT).learner_id
        played = OnTheSite(site.store, site.library, site.versions, learner_id).play(script)
        assert same(record) == played == ByTheRules(site.library).play(script)
    assert any(record["completed"] for record in found)


def test_the_longest_state_that_a_search_finds_fits_and_comes_close_to_what_is_reckoned(real_library: Library) -> None:
    key = key_for(real_library)
    found = ask("search", key=key, rounds=12, seed=5)["longest"]
    assert 0.85 * longest_state(key) <= found <= longest_state(key) <= MOST_CHARACTERS


def test_a_course_whose_states_would_be_too_long_is_refused(real_library: Library) -> None:
    key = key_for(real_library)
    key["modules"] = [copy.deepcopy(module) for _ in range(2) for module in key["modules"]]
    with pytest.raises(StateTooLong):
        require_short(key)


def test_a_state_that_was_cut_or_changed_is_taken_for_nobody(real_library: Library) -> None:
    script = script_of(real_library, 8, steps=30)
    found = ask("damaged", key=key_for(real_library), script=script, cuts=[one / 200 for one in range(200)])
    assert found["length"] > 100
    assert found["taken"] == []


def test_two_records_of_one_person_are_joined_and_nothing_of_either_is_lost(real_library: Library) -> None:
    pairs = [[script_of(real_library, seed + part, steps=8) for part in (0, 1000, 2000)] for seed in range(60)]
    for one, other, both in ask("joined", key=key_for(real_library), pairs=pairs):
        for here, there, joined in zip(one["modules"], other["modules"], both["modules"], strict=True):
            assert set(joined["lessons"]) == {*here["lessons"], *there["lessons"]}
            assert joined["passed"] == (here["passed"] or there["passed"])
            assert joined["attempts"] == max(here["attempts"], there["attempts"])
            assert (joined["best"] or 0) == max(here["best"] or 0, there["best"] or 0)


def test_an_edit_of_the_content_sets_nobody_back(real_library: Library) -> None:
    before = key_for(real_library)
    after = copy.deepcopy(before)
    # Everything stands in another order, a lesson and a question are gone, a question has other options.
    for module in after["modules"]:
        module["lessons"].reverse()
        module["quiz"]["questions"].reverse()
    first = after["modules"][0]
    gone = first["lessons"].pop()["id"]
    lost, changed = first["quiz"]["questions"][0], first["quiz"]["questions"][1]
    first["quiz"]["questions"].remove(lost)
    changed["shape"] = "-" if changed["shape"] != "-" else "_"
    script = script_of(real_library, 11, steps=25)
    read = [["read", lesson["id"]] for lesson in before["modules"][0]["lessons"]]
    found = ask("edited", before=before, after=after, script=[*read, *script])
    for old, new in zip(found["before"]["modules"], found["after"]["modules"], strict=True):
        assert set(old["lessons"]) - {gone} == set(new["lessons"])
        assert (old["attempts"], old["best"], old["passed"]) == (new["attempts"], new["best"], new["passed"])
    for attempt in [found["open"][first["id"]][name] for name in ("open", "last")]:
        for asked in attempt["questions"] if attempt else ():
            assert asked["id"] != lost["id"]
            assert asked["id"] != changed["id"] or asked["answer"] == []
