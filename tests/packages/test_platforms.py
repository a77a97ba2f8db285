"""A whole run of the course in Chromium: SCORM on scorm-again, cmi5 on a record store that knows its rules."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect
from pydantic import ValidationError
from ralph.models.xapi.base.statements import BaseXapiStatement

from course.content.library import Library
from course.exports.packages.package import name_of
from tests.browser_fixtures import Opener
from tests.packages.hosting import Platform, platform_with
from tests.packages.making import unpacked
from tests.packages.record_store import CMI5, RecordStore, verb_of
from tests.packages.run import calls_of, frame_of, go, read_module, record_of, take_quiz, take_quiz_at_once, walk_case

MOVE_ON = "https://w3id.org/xapi/cmi5/context/categories/moveon"
MASTERY = "https://w3id.org/xapi/cmi5/context/extensions/masteryscore"
#: The platform's own page has no icon, and a commit while a page goes away is refused by the browser itself.
OF_THE_PLATFORM = "status of 404"
#: Of twenty milliseconds each: a busy machine takes its time.
WAITS = 500


@pytest.fixture
def platform(request: pytest.FixtureRequest, library: Library, real_library: Library) -> Iterator[Platform]:
    """A platform with a package: (kind, whether it is the course itself)."""
    kind, real = request.param
    with platform_with(unpacked(real_library if real else library, kind)) as found:
        yield found


@pytest.mark.parametrize(
    ("platform", "kind"),
    [(("scorm12", True), "scorm12"), (("scorm2004", True), "scorm2004")],
    indirect=["platform"],
    ids=["scorm12", "scorm2004"],
)
def test_the_whole_course_is_gone_through_in_an_independent_player_without_one_error(
    open_page: Opener, platform: Platform, real_library: Library, kind: str
) -> None:
    page = open_page(viewport={"width": 1280, "height": 900})
    page.goto(f"{platform.url}/play/{kind}#/fi")
    frame = frame_of(page)
    for module in real_library.modules:
        if module.number == 1:
            read_module(frame, real_library, module, "fi")
            take_quiz(frame, module, wrong=2)
            expect(frame.locator(".result.failed")).to_have_count(1)
            take_quiz(frame, module)
        else:
            take_quiz_at_once(frame, module, "fi")
    walk_case(frame, next(iter(real_library.practice.cases)), "fi")
    record = record_of(frame)
    assert record["completed"] and record["score"] == 100
    assert [(one["attempts"], one["passed"]) for one in record["modules"]][:2] == [(2, True), (1, True)]
    page.evaluate("document.querySelector('iframe').remove()")
    calls = calls_of(page)
    assert [call for call in calls if call[3] != "0"] == []
    assert [call[0] for call in calls].count("LMSInitialize" if kind == "scorm12" else "Initialize") == 1
    assert calls[-1][0] == ("LMSFinish" if kind == "scorm12" else "Terminate")
    told_of_a_pass(platform, kind)
    comes_back(open_page, platform, kind, record["score"])
    open_page.expect(OF_THE_PLATFORM)


def told_of_a_pass(platform: Platform, kind: str) -> None:
    cmi = platform.kept["cmi"]
    assert len(cmi["suspend_data"]) <= 4096
    if kind == "scorm12":
        assert (cmi["core"]["lesson_status"], cmi["core"]["exit"]) == ("passed", "suspend")
        assert {name: cmi["core"]["score"][name] for name in ("raw", "min", "max")} == {
            "raw": "100",
            "min": "0",
            "max": "100",
        }
    else:
        assert (cmi["completion_status"], cmi["success_status"], cmi["exit"]) == ("completed", "passed", "suspend")
        assert (cmi["score"]["scaled"], cmi["progress_measure"]) == ("1", "1")
    statuses = [one["cmi"].get("core", one["cmi"]) for one in platform.commits]
    assert (statuses[0].get("lesson_status") or statuses[0]["completion_status"]) == "incomplete"


def comes_back(open_page: Opener, platform: Platform, kind: str, score: int) -> None:
    """On another device: everything is there, and the page last read."""
    page = open_page()
    page.goto(f"{platform.url}/play/{kind}")
    frame = frame_of(page)
    assert record_of(frame)["score"] == score
    assert "/lessons/" in frame.url
    assert page.evaluate("window.calls.filter((call) => call[3] !== '0').length") == 0


@pytest.mark.parametrize("platform", [("cmi5", False)], indirect=True)
def test_every_statement_of_cmi5_is_valid_and_comes_in_its_order(
    open_page: Opener, platform: Platform, library: Library
) -> None:
    store = RecordStore(name_of(library.id, "unit"), return_url=f"{platform.url}/package/style/icon.svg")
    platform.more = store.answer
    page = open_page()
    for module in library.modules:
        # Each module in a visit of its own, as people do.
        page.goto(f"{store.launch(platform.url)}#/en/quiz/{module.id}")
        take_quiz_at_once(page, module, "en")
        expect(page.locator("#kept")).to_contain_text(":")
        page.goto("about:blank")
        wait_for_the_end(store, page)
    page.goto(store.launch(platform.url))
    page.locator("[data-act=end]").click()
    page.wait_for_url("**/icon.svg")
    expect_statements(store, ["initialized", "terminated"] * (len(library.modules) - 1), page.wait_for_timeout)
    for statement in store.statements:
        BaseXapiStatement.model_validate(statement)
        assert {"id": CMI5} in statement["context"]["contextActivities"]["category"]
    with pytest.raises(ValidationError):
        BaseXapiStatement.model_validate({**store.statements[0], "actor": {"objectType": "Agent"}})
    moved = [one for one in store.statements if {"id": MOVE_ON} in one["context"]["contextActivities"]["category"]]
    assert [verb_of(one) for one in moved] == ["completed", "passed"]
    assert moved[1]["result"]["score"]["scaled"] == 1
    assert moved[1]["context"]["extensions"][MASTERY] == 0.8
    assert all("duration" in one["result"] for one in store.statements if verb_of(one) != "initialized")
    open_page.expect(OF_THE_PLATFORM)


def wait_for_the_end(store: RecordStore, page: Page) -> None:
    """What a page says while it closes is under way on its own; the next launch would end its session."""
    for _ in range(WAITS):
        if verb_of(store.statements[-1]) == "terminated":
            return
        page.wait_for_timeout(20)


def expect_statements(store: RecordStore, before: list[str], wait: object) -> None:
    assert store.refused == []
    verbs = [verb_of(one) for one in store.statements]
    last = ["initialized", "completed", "passed", "terminated", "initialized", "terminated"]
    for _ in range(WAITS):
        if verbs == [*before, *last]:
            break
        wait(20)  # type: ignore[operator]
        verbs = [verb_of(one) for one in store.statements]
    assert verbs == [*before, *last]


@pytest.mark.parametrize("platform", [("cmi5", False)], indirect=True)
@pytest.mark.parametrize("mode", ["Browse", "Review"])
def test_in_browse_and_review_nothing_is_said_of_completion(
    open_page: Opener, platform: Platform, library: Library, mode: str
) -> None:
    store = RecordStore(name_of(library.id, "unit"), mode=mode)
    platform.more = store.answer
    page = open_page()
    page.goto(f"{store.launch(platform.url)}#/en")
    for module in library.modules:
        take_quiz_at_once(page, module, "en")
    assert record_of(page)["completed"]
    page.goto("about:blank")
    for _ in range(WAITS):
        if len(store.statements) == 2:
            break
        page.wait_for_timeout(20)
    assert [verb_of(one) for one in store.statements] == ["initialized", "terminated"]
    assert list(store.states) == ["LMS.LaunchData"]
    open_page.expect(OF_THE_PLATFORM)


@pytest.mark.parametrize("platform", [("cmi5", False)], indirect=True)
def test_after_the_end_of_a_visit_nothing_more_is_said_and_the_page_tells_so(
    open_page: Opener, platform: Platform, library: Library
) -> None:
    store = RecordStore(name_of(library.id, "unit"))
    platform.more = store.answer
    page = open_page()
    page.goto(f"{store.launch(platform.url)}#/en")
    expect(page.locator("#kept")).to_contain_text(":")
    page.reload()
    expect(page.locator("#notices .warn")).to_contain_text("This visit has ended.")
    go(page, f"#/en/lessons/{library.modules[0].lesson_ids[0]}")
    page.locator("[data-act=read]").click()
    page.goto("about:blank")
    page.wait_for_timeout(100)
    assert [verb_of(one) for one in store.statements] == ["initialized", "terminated"]
    # What was done after the end is not lost: the next visit finds it on the device.
    page.goto(f"{store.launch(platform.url)}#/en")
    expect(page.locator("#notices .good")).to_contain_text("Your work is here")
    assert len(record_of(page)["modules"][0]["lessons"]) == 1
    open_page.expect(OF_THE_PLATFORM)


@pytest.mark.parametrize("platform", [("scorm12", False)], indirect=True)
def test_a_platform_that_lied_about_saving_is_found_out_at_the_next_visit(
    open_page: Opener, platform: Platform, library: Library
) -> None:
    page = open_page(accept_downloads=False)
    page.goto(f"{platform.url}/play/scorm12#/en")
    take_quiz_at_once(frame_of(page), library.modules[0], "en")
    page.goto("about:blank")
    # It said "true" to every commit.
    platform.kept = {}
    page.goto(f"{platform.url}/play/scorm12#/en")
    frame = frame_of(page)
    expect(frame.locator("#notices")).to_contain_text("There is earlier work on this device")
    frame.locator("[data-act=use-copy]").click()
    expect(frame.locator("#notices .good")).to_contain_text("Your work is here")
    assert record_of(frame)["modules"][0]["passed"]
    assert len(platform.kept["cmi"]["suspend_data"]) > 30
    open_page.expect(OF_THE_PLATFORM)
