"""One record: a scripted learner has the same whichever way she takes the course; her state is short and reads back.

One set of a thousand scripts. The runtime of the packages and the rules of the site play all of it at every run; the
platforms play the first hundred, and the databases some of these in turn. This plays all of them in every way in:
`EVERY_LOOK=1 ./run test tests/packages/test_one_record.py tests/web/test_lti_record.py`.
"""

from __future__ import annotations

import copy
from collections.abc import Sequence
from typing import Any

import pytest
from flask import Flask
from ralph.models.xapi.base.statements import BaseXapiStatement

from course.content.library import Library
from course.exports.packages.limits import MOST_CHARACTERS, StateTooLong, longest_state, require_short
from course.exports.packages.package import Kind, runtime_of
from course.services.people import learner_of
from course.web.site import Site
from tests.packages.by_the_rules import ByTheRules
from tests.packages.in_node import ask, key_for
from tests.packages.page_learner import OnThePages, chosen_seeds, earns_certificate, record_on_the_site
from tests.packages.record_store import SESSION, RecordStore, verb_of
from tests.packages.scripts import PLAYED, SCRIPTS, Action, in_turn, scripts_of

Record = dict[str, Any]


def same(record: Record) -> Record:
    """Without how far she is, which only a package tells."""
    return {name: record[name] for name in ("modules", "completed", "score")}


def test_a_thousand_learners_have_the_same_record_by_the_runtime_of_the_packages_and_by_the_rules_of_the_site(
    real_library: Library,
) -> None:
    scripts = scripts_of(real_library)
    found = ask("records", key=key_for(real_library), scripts=scripts)
    wanted = [ByTheRules(real_library).play(script) for script in scripts]
    assert [same(record) for record in found["records"]] == wanted
    assert len(wanted) == SCRIPTS and found["longest"] <= MOST_CHARACTERS
    # The scripts reach what they are meant to reach.
    modules = [one for record in wanted for one in record["modules"]]
    assert any(one["attempts"] > 3 for one in modules)
    assert any(0 < (one["best"] or 0) < real_library.pass_mark for one in modules)
    assert {record["completed"] for record in wanted} == {True, False}
    assert any(record["completed"] and not all(one["passed"] for one in record["modules"]) for record in wanted)
    done = {(name, *values[:1]) for script in scripts for name, *values in script if name in ("leave", "before")}
    assert {("leave", "closed"), ("leave", "killed"), ("leave", "elsewhere")} < done and len(done) > 20


def played_on_platforms(library: Library, kind: str, scripts: Sequence[Sequence[Action]]) -> list[dict[str, Any]]:
    """What came of each script: the package's record, the one on another device, and what the platform was told."""
    runtime = runtime_of(Kind(kind)).decode()
    found: list[dict[str, Any]] = ask(
        kind, program="players.mjs", runtime=runtime, key=key_for(library), scripts=scripts
    )
    return found


@pytest.mark.parametrize("kind", ["scorm12", "scorm2004"])
def test_every_learner_has_the_same_record_on_a_platform_for_scorm(real_library: Library, kind: str) -> None:
    scripts = scripts_of(real_library, PLAYED)
    for number, (script, one) in enumerate(zip(scripts, played_on_platforms(real_library, kind, scripts), strict=True)):
        wanted = ByTheRules(real_library).play(script)
        assert same(one["record"]) == same(one["kept"]) == wanted, number
        assert one["told"] == told_of(wanted, kind), number
        assert one["faults"] == [] and one["longest"] <= MOST_CHARACTERS, number


def told_of(record: Record, kind: str) -> dict[str, Any]:
    """What the platform has in its own words."""
    score, done = record["score"], record["completed"]
    if kind == "scorm12":
        return {"status": "passed" if done else "incomplete", "score": score}
    return {
        "completion": "completed" if done else "incomplete",
        "success": "passed" if done else "unknown",
        "scaled": "" if score is None else f"{score / 100:g}",
        "score": score,
    }


def test_every_learner_has_the_same_record_in_cmi5_and_its_statements_come_in_their_order(
    real_library: Library,
) -> None:
    scripts = scripts_of(real_library, PLAYED)
    for number, (script, one) in enumerate(
        zip(scripts, played_on_platforms(real_library, "cmi5", scripts), strict=True)
    ):
        rules = ByTheRules(real_library)
        scores = [rules.record()["score"] for action in script if not rules.do(*action) and rules.record()["completed"]]
        assert same(one["record"]) == same(one["kept"]) == rules.record(), number
        told = judged(one["told"])
        moved = [(verb_of(statement), statement["result"].get("score", {}).get("raw")) for statement in told]
        # A pass is said once, with the score that it was passed with.
        assert moved == ([("completed", None), ("passed", scores[0])] if scores else []), number
        assert one["longest"] <= MOST_CHARACTERS


def judged(sent: Sequence[tuple[int, dict[str, Any]]]) -> list[dict[str, Any]]:
    """The statements of completion, after a record store that knows the rules has taken all of them."""
    store = RecordStore("")
    for launch, statement in sent:
        store.launches = launch
        assert statement["context"]["extensions"][SESSION] == f"session-{launch}"
        assert store.against_the_order(statement) == ""
        assert statement["id"] not in [known["id"] for known in store.statements]
        BaseXapiStatement.model_validate(statement)
        store.statements.append(statement)
    assert verb_of(store.statements[-1]) == "terminated"
    return [one for one in store.statements if verb_of(one) in ("completed", "passed")]


def test_every_learner_has_the_same_record_on_the_pages_of_the_site(real_app: Flask) -> None:
    site: Site = real_app.extensions["course"]
    library, earned = site.library, set()
    numbers = in_turn(library, site.store.engine.dialect.name, every=5)
    with chosen_seeds() as seeds:
        for number, script in zip(numbers, scripts_of(library, numbers), strict=True):
            learner = OnThePages(real_app, site, seeds, scripted=number % 3 > 0)
            learner.play(script)
            found = learner_of(site.store, learner.secret, now=site.now())
            assert found is not None
            record = record_on_the_site(site, library, found.id)
            assert record == ByTheRules(library).play(script), number
            assert earns_certificate(site, found.id) == record["completed"], number
            earned.add(record["completed"])
    assert earned == {True, False}


def test_the_longest_state_that_a_search_finds_fits_and_comes_close_to_what_is_reckoned(real_library: Library) -> None:
    key = key_for(real_library)
    found = ask("search", key=key, rounds=12, seed=5)["longest"]
    assert 0.85 * longest_state(key) <= found <= longest_state(key) <= MOST_CHARACTERS


def test_a_course_whose_states_would_be_too_long_is_refused(real_library: Library) -> None:
    key = key_for(real_library)
    key["modules"] = [copy.deepcopy(module) for _ in range(2) for module in key["modules"]]
    with pytest.raises(StateTooLong):
        require_short(key)


def longest_script(library: Library) -> list[Action]:
    return max(scripts_of(library, range(40)), key=len)


def test_a_state_that_was_cut_or_changed_is_taken_for_nobody(real_library: Library) -> None:
    script = longest_script(real_library)
    found = ask("damaged", key=key_for(real_library), script=script, cuts=[one / 200 for one in range(200)])
    assert found["length"] > 100
    assert found["taken"] == []


def test_two_records_of_one_person_are_joined_and_nothing_of_either_is_lost(real_library: Library) -> None:
    scripts = scripts_of(real_library, range(180))
    pairs = [scripts[first : first + 3] for first in range(0, len(scripts), 3)]
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
    script = longest_script(real_library)
    read = [["read", lesson["id"]] for lesson in before["modules"][0]["lessons"]]
    found = ask("edited", before=before, after=after, script=[*read, *script])
    for old, new in zip(found["before"]["modules"], found["after"]["modules"], strict=True):
        assert set(old["lessons"]) - {gone} == set(new["lessons"])
        assert (old["attempts"], old["best"], old["passed"]) == (new["attempts"], new["best"], new["passed"])
    for attempt in [found["open"][first["id"]][name] for name in ("open", "last")]:
        for asked in attempt["questions"] if attempt else ():
            assert asked["id"] != lost["id"]
            assert asked["id"] != changed["id"] or asked["answer"] == []
