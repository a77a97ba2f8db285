"""A learner who goes through a package in a browser, as a person does: reads, answers, hands in, decides."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from playwright.sync_api import Frame, Page, expect

from course.content.library import Library, Module
from course.domain.quiz import Answer, Kind, Question
from tests.browser.driving import choose

Place = Page | Frame
#: Puts the right answers into the fields of the open quiz and tells the page of each.
ANSWER_ALL = """() => {
  const form = document.querySelector("form[data-quiz]");
  for (const box of form.querySelectorAll("[data-question]")) {
    const id = box.dataset.question, course = coursePackage.keeper.course;
    const question = coursePackage.questionOf(coursePackage.moduleOf(course, form.dataset.quiz), id);
    const pairs = Object.fromEntries(question.correct.map((one) => one.split("=")));
    box.querySelectorAll("input, select").forEach((one, place) => {
      if (question.kind === "order") one.value = question.correct[place];
      else if (question.kind === "match") one.value = pairs[one.name.slice(id.length + 1)];
      else one.checked = question.correct.includes(one.value);
    });
    box.querySelector("input, select").dispatchEvent(new Event("change", { bubbles: true }));
  }
}"""


def frame_of(page: Page) -> Frame:
    """The package inside the platform's page."""
    element = page.wait_for_selector("iframe")
    frame = element.content_frame() if element else None
    assert frame is not None
    frame.wait_for_selector("main h1")
    return frame


def go(place: Place, address: str) -> None:
    place.evaluate("(address) => { location.hash = address; }", address)
    shown = "/".join(address.split("/")[2:])
    place.locator(f"main[data-place='{shown}']").wait_for()


def read_module(place: Place, library: Library, module: Module, language: str) -> None:
    """Every lesson, each marked as read by its button."""
    go(place, f"#/{language}/lessons/{module.lesson_ids[0]}")
    for lesson_id in module.lesson_ids:
        place.locator(f"[data-act=read][data-value='{lesson_id}']").click()
    expect(place.locator("main h1")).to_contain_text(module.title[language])


def take_quiz(place: Place, module: Module, *, wrong: int = 0) -> list[str]:
    """The quiz of a module, with so many questions answered wrongly; the ids that were asked."""
    place.locator("main [data-act=start]").click()
    place.wait_for_selector("form[data-quiz]")
    ids: list[str] = place.locator("[data-question]").evaluate_all("all => all.map((one) => one.dataset.question)")
    assert module.quiz is not None
    for number, name in enumerate(ids):
        question = module.quiz.question(name)
        choose(place, question, unlike(question) if number < wrong else question.correct)
    place.locator("[data-act=submit]").click()
    place.wait_for_selector(".result")
    return ids


def take_quiz_at_once(place: Place, module: Module, language: str) -> None:
    """The right answers to all questions in one go, for modules that are only on the way."""
    go(place, f"#/{language}/quiz/{module.id}")
    place.locator(f"main [data-act=start][data-value='{module.id}']").click()
    place.wait_for_selector(f"form[data-quiz='{module.id}']")
    place.evaluate(ANSWER_ALL)
    place.locator("[data-act=submit]").click()
    place.wait_for_selector(".result.passed")


def unlike(question: Question) -> Answer:
    """A full answer that earns nothing."""
    if question.kind is Kind.ORDER:
        return (*question.correct[1:], question.correct[0])
    if question.kind is Kind.MATCH:
        targets = [pair.partition("=")[2] for pair in question.correct]
        turned: Sequence[str] = [*targets[1:], targets[0]]
        return tuple(
            f"{pair.partition('=')[0]}={target}" for pair, target in zip(question.correct, turned, strict=True)
        )
    return tuple(option for option in question.options if option not in question.correct)


def walk_case(place: Place, case_id: str, language: str) -> int:
    """A case from its beginning to an end, by the first choice each time; how many decisions it took."""
    go(place, f"#/{language}/cases/{case_id}")
    place.wait_for_selector("main .lead")
    decisions = 0
    while place.locator("form[data-case]").count():
        place.locator("form[data-case] input").first.check()
        place.locator("[data-act=decide]").click()
        decisions += 1
        place.locator(f"form[data-made='{decisions}'], #end-title").wait_for()
    return decisions


def calls_of(page: Page) -> list[tuple[str, list[str], str, str]]:
    """(name, values, answer, error code) of each call that the package made."""
    found: list[Any] = page.evaluate("window.calls")
    return [(name, values, answer, error) for name, values, answer, error in found]


def record_of(place: Place) -> dict[str, Any]:
    """The normalised record as the package has it."""
    found: dict[str, Any] = place.evaluate("coursePackage.keeper.record()")
    return found
