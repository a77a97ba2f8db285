"""Further pages of a learner: the search, refreshers, notes, and what changed since she studied."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

from playwright.sync_api import expect

from course.content.question_version import QuestionVersions
from course.domain.refresher import round_token
from course.services.attempts import keep_versions
from course.services.people import start_learner
from course.storage.engine import Store, make_engine
from course.storage.refreshers import add_round
from tests.browser.driving import QUIZ, SUBMIT
from tests.browser.places import Way, lesson

QUERIES = {"fi": "ihmiskaupan uhri", "sv": "offer för människohandel", "en": "victim of human trafficking"}


def search_to_begin(way: Way) -> None:
    way.go("search")


def search_with_results(way: Way) -> None:
    way.go(f"search?q={QUERIES[way.language]}")
    expect(way.page.locator(".hits li").first).to_be_visible()


def search_without_results(way: Way) -> None:
    way.go("search?q=xqzvbw")
    expect(way.page.locator(".suggested").first).to_be_visible()


def refreshers_too_early(way: Way) -> None:
    way.go("refreshers/")


def refreshers_to_ask_for(way: Way) -> None:
    way.pass_all()
    way.go("refreshers/")
    expect(way.page.locator("#email")).to_be_visible()


def refreshers_without_an_address(way: Way) -> None:
    refreshers_to_ask_for(way)
    way.page.locator("form:has(#email) button").click()
    expect(way.page.locator(".error-summary")).to_be_focused()


def refreshers_asked_for(way: Way) -> None:
    refreshers_to_ask_for(way)
    way.page.locator("#email").fill(f"aino.{way.language}.{datetime.now(UTC).timestamp()}@example.org")
    way.page.locator("form:has(#email) button").click()
    expect(way.page.locator("main .notice.info")).to_be_visible()


def refresher(way: Way) -> None:
    """The questions of a mail, half of them answered: one of each kind where the course has it."""
    store, versions, now = Store(make_engine(way.database_url)), QuestionVersions(way.library), datetime.now(UTC)
    keep_versions(store, versions, list(versions.current.values()))
    of_kinds = {
        question.kind: (module.id, question)
        for module in way.library.modules
        if module.quiz
        for question in module.quiz.questions
    }
    asked = [
        {
            "id": question.id,
            "version": versions.current[module_id, question.id],
            "options": list(question.options),
            "module": module_id,
        }
        for module_id, question in of_kinds.values()
    ]
    learner = start_learner(store, language=way.language, now=now).learner_id
    with store.writing() as session:
        sent = add_round(session, learner, counted_from=now.date(), occasion="two-weeks", questions=asked, now=now)
    assert sent is not None
    way.page.goto(f"{way.site}/refresher/{round_token('tests only', sent)}?lang={way.language}")
    box = way.page.locator("[data-question]:has(input[type=radio])").first
    box.locator("input[type=radio]").first.check()
    way.page.locator("main form button").last.click()
    expect(way.page.locator("#answered-title")).to_be_visible()


def notes_empty(way: Way) -> None:
    way.go("notes/")
    expect(way.page.locator("#notes-list p")).to_be_visible()


def lesson_with_an_open_note(way: Way) -> None:
    lesson(way)
    way.page.locator(".note-button").first.click()
    way.page.locator(".note-panel textarea").fill("Keskustele tiimissä. " * 20)
    expect(way.page.locator(".note-panel [role=status]")).not_to_be_empty()


def notes(way: Way) -> None:
    lesson_with_an_open_note(way)
    way.go("notes/")
    expect(way.page.locator(".note-card")).to_have_count(1)
    way.page.locator("#notes-tools summary").click()


def nothing_changed(way: Way) -> None:
    way.go("progress/changed/")


def book_to_ask_for(way: Way) -> None:
    way.go("handbook/epub/")


def book_being_made(way: Way) -> None:
    """No worker runs beside the site of the tests, so it stays so."""
    way.go("handbook/pdf/")
    if way.page.locator("main form").count():
        way.page.locator("main form button").click()
    expect(way.page.locator("main progress")).to_be_visible()


def pre_test_offered(way: Way) -> None:
    way.go("pre-test/")


def pre_test_under_way(way: Way) -> None:
    pre_test_offered(way)
    way.page.locator("form[action$='/pre-test/start'] button").click()
    expect(way.page.locator(QUIZ)).to_be_visible()


def pre_test_with_errors(way: Way) -> None:
    pre_test_under_way(way)
    way.page.locator(SUBMIT).click()
    expect(way.page.locator(".error-summary")).to_be_focused()


def before_the_course(way: Way) -> None:
    pre_test_with_errors(way)
    way.page.locator("[name=confirm]").click()
    expect(way.page.locator(".result")).to_be_visible()


def after_the_course(way: Way) -> None:
    before_the_course(way)
    way.pass_all()
    pre_test_offered(way)


def before_and_now(way: Way) -> None:
    after_the_course(way)
    way.page.locator("form[action$='/pre-test/start'] button").click()
    for name in way.page.locator("[data-question]").evaluate_all("all => all.map((one) => one.dataset.question)"):
        way.page.locator(f"[data-question='{name}'] input:not([type=hidden])").first.check()
    way.page.locator(SUBMIT).click()
    expect(way.page.locator(".gain svg")).to_be_visible()


def pre_test_too_late(way: Way) -> None:
    way.pass_first()
    pre_test_offered(way)


STUDY_PLACES: tuple[Callable[[Way], None], ...] = (
    search_to_begin,
    search_with_results,
    search_without_results,
    refreshers_too_early,
    refreshers_to_ask_for,
    refreshers_without_an_address,
    refreshers_asked_for,
    refresher,
    notes_empty,
    lesson_with_an_open_note,
    notes,
    nothing_changed,
    book_to_ask_for,
    book_being_made,
    pre_test_offered,
    pre_test_with_errors,
    before_the_course,
    after_the_course,
    before_and_now,
    pre_test_too_late,
)
#: As in `places.STATUSES`.
STUDY_STATUSES = {
    refreshers_without_an_address: "422",
    pre_test_with_errors: "422",
    before_the_course: "422",
    after_the_course: "422",
    before_and_now: "422",
}
