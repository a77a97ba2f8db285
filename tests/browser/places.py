"""The pages of the journey in the states that a learner meets, each with the way to it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from playwright.sync_api import Page, expect

from course.content.library import Library
from course.domain.case import End, Harm
from tests.browser.driving import (
    QUIZ,
    START,
    SUBMIT,
    asked,
    begin,
    choose,
    choose_all,
    hand_in,
    other_answer,
    pass_course,
    pass_quiz,
    post,
)
from tests.web.journeys import fields_for


@dataclass(frozen=True)
class Way:
    """Leads a page to the states, on one site and in one language."""

    page: Page
    site: str
    library: Library
    language: str
    #: For places that no page leads to.
    database_url: str = ""

    def go(self, path: str) -> None:
        self.page.goto(f"{self.site}/{self.language}/{path}")

    @property
    def first(self) -> str:
        return self.library.modules[0].id

    def pass_first(self) -> None:
        pass_quiz(self.page.context, self.site, self.library, self.language, self.first)

    def pass_all(self) -> None:
        pass_course(self.page.context, self.site, self.library, self.language)

    def hold_certificate(self) -> None:
        self.pass_all()
        self.go("certificate/")
        self.page.locator("[name=name]").fill("Aino-Kaarina Mäki-Petäjäniemi")
        self.page.locator("main form button").click()
        expect(self.page.locator(".certificate-card")).to_be_visible()

    def heaviest(self) -> str:
        """The lesson with the longest text: it has most of what lessons can have."""
        lessons = self.library.lessons[self.language].values()
        longest = max(lessons, key=lambda lesson: len(lesson.html))
        return f"modules/{longest.module_id}/{longest.id}/"

    def with_table(self) -> str:
        """The lesson with the widest table."""
        lessons = self.library.lessons[self.language].values()
        widest = max(lessons, key=lambda lesson: lesson.html.count("<table") * 1000 + lesson.html.count("<th"))
        return f"modules/{widest.module_id}/{widest.id}/"


def front(way: Way) -> None:
    way.go("")


def front_under_way(way: Way) -> None:
    way.pass_first()
    way.go("")


def module(way: Way) -> None:
    begin(way.page.context, way.site, way.language, way.first)
    way.go(f"modules/{way.first}/")


def locked_module(way: Way) -> None:
    way.go(f"modules/{way.library.modules[-1].id}/")


def lesson(way: Way) -> None:
    way.go(f"modules/{way.first}/{way.library.modules[0].lesson_ids[0]}/")


def long_lesson(way: Way) -> None:
    way.pass_first()
    way.go(way.heaviest())
    for answer in way.page.locator("details.answer summary").all():
        answer.click()


def lesson_with_a_table(way: Way) -> None:
    way.go(way.with_table())


def quiz_to_begin(way: Way) -> None:
    way.pass_first()
    way.go(f"modules/{way.first}/quiz/")


def locked_quiz(way: Way) -> None:
    way.go(f"modules/{way.library.modules[-1].id}/quiz/")


def open_quiz(way: Way) -> None:
    way.go(f"modules/{way.first}/quiz/")
    way.page.locator(START).click()
    expect(way.page.locator(QUIZ)).to_be_visible()


def quiz_with_errors(way: Way) -> None:
    open_quiz(way)
    way.page.locator(SUBMIT).click()
    expect(way.page.locator(".error-summary")).to_be_focused()


def answered_elsewhere(way: Way) -> None:
    """An open quiz whose first question was answered in another tab, and differently here."""
    open_quiz(way)
    question = asked(way.page, way.library, way.first)[0]
    page = begin(way.page.context, way.site, way.language, way.first)
    saved = post(way.page.context, page, way.page.url, **fields_for(question, question.correct), action="save")
    assert saved.ok, saved.status
    choose(way.page, question, other_answer(question))


def quiz_with_a_conflict(way: Way) -> None:
    answered_elsewhere(way)
    expect(way.page.locator(".conflict button")).to_have_count(2)


def quiz_handed_in_with_a_conflict(way: Way) -> None:
    answered_elsewhere(way)
    way.page.locator(SUBMIT).click()
    expect(way.page.locator(".error-summary")).to_be_focused()


def review_failed(way: Way) -> None:
    open_quiz(way)
    way.page.locator(SUBMIT).click()
    way.page.locator("[name=confirm]").click()
    expect(way.page.locator(".result.failed")).to_be_visible()


def review_passed(way: Way) -> None:
    open_quiz(way)
    choose_all(way.page, asked(way.page, way.library, way.first))
    hand_in(way.page)
    expect(way.page.locator(".result.passed")).to_be_visible()


def progress(way: Way) -> None:
    way.pass_first()
    way.go("progress/")
    way.page.locator(".module-row summary").first.click()


def resume_link(way: Way) -> None:
    way.pass_first()
    way.go("progress/")
    way.page.locator("form[action$='/resume-link'] button").click()
    expect(way.page.locator("#resume-link")).to_be_visible()


def resume_to_confirm(way: Way) -> None:
    resume_link(way)
    way.page.goto(way.page.locator("#resume-link").input_value())


def certificate_not_yet(way: Way) -> None:
    way.pass_first()
    way.go("certificate/")


def certificate_without_a_name(way: Way) -> None:
    way.pass_all()
    way.go("certificate/")
    way.page.locator("main form button").click()
    expect(way.page.locator(".error-summary")).to_be_focused()


def certificate_held(way: Way) -> None:
    way.hold_certificate()


def verify_name_does_not_match(way: Way) -> None:
    way.hold_certificate()
    way.page.locator(".certificate-card a[href*='/verify/']").click()
    way.page.locator("[name=name]").fill("Aino Virtanen")
    way.page.locator("form:has([name=name]) button").click()
    expect(way.page.locator("main .notice.warn")).to_be_visible()


def verify_unknown(way: Way) -> None:
    way.page.goto(f"{way.site}/verify/malformed?lang={way.language}")


def handbook(way: Way) -> None:
    way.go("handbook/")


def glossary(way: Way) -> None:
    way.go("glossary/")


def contacts(way: Way) -> None:
    way.go("contacts/")


def sources(way: Way) -> None:
    way.go("sources/")


def about_the_exit(way: Way) -> None:
    way.go("quick-exit/")


def tools(way: Way) -> None:
    way.go("tools/")


def all_cases(way: Way) -> None:
    way.go("cases/")


def case_begun(way: Way) -> None:
    way.go(f"cases/{next(iter(way.library.practice.cases))}/")


def case_decided(way: Way) -> None:
    """After an error: its feedback, the next decision, and the one before."""
    case_begun(way)
    case = next(iter(way.library.practice.cases.values()))
    harmful = next(choice.id for choice in case.graph.nodes[0].choices if choice.harm is not Harm.NONE)
    way.page.locator(f"#decision [value='{harmful}']").check()
    way.page.locator("#decision .buttons button").click()
    way.page.locator("#back summary").click()


def case_undecided(way: Way) -> None:
    case_begun(way)
    way.page.locator("#decision .buttons button").click()
    expect(way.page.locator(".error-summary")).to_be_focused()


def case_ended(way: Way) -> None:
    """With errors of both kinds, as far as a case goes."""
    case_begun(way)
    walk = next(iter(way.library.practice.cases.values())).graph.walk()
    graph = next(iter(way.library.practice.cases.values())).graph
    while not walk.ended:
        going_on = [one.id for one in walk.node.choices if graph.by_id[one.to].end is not End.LOSS]
        walk = graph.after(walk, going_on[-1])
        way.page.locator(f"#decision [value='{going_on[-1]}']").check()
        way.page.locator("#decision .buttons button").click()
    expect(way.page.locator("#summary-title")).to_be_visible()


def navigator(way: Way) -> None:
    way.go("tools/referral/")


def navigator_unanswered(way: Way) -> None:
    navigator(way)
    way.page.locator("#situation .buttons button").click()
    expect(way.page.locator(".error-summary")).to_be_focused()


def navigator_answered(way: Way) -> None:
    navigator(way)
    for group in way.page.locator("#situation fieldset").all():
        group.locator("input").nth(1).check()
    way.page.locator("#situation .buttons button").click()
    expect(way.page.locator("#answer-title")).to_be_visible()


def indicators(way: Way) -> None:
    way.go("tools/indicators/")


def indicators_of_a_setting(way: Way) -> None:
    way.go("tools/indicators/health-care/")


def error(way: Way) -> None:
    way.go("nowhere/")


PLACES: tuple[Callable[[Way], None], ...] = (
    front,
    front_under_way,
    module,
    locked_module,
    lesson,
    long_lesson,
    lesson_with_a_table,
    quiz_to_begin,
    locked_quiz,
    open_quiz,
    quiz_with_errors,
    quiz_with_a_conflict,
    quiz_handed_in_with_a_conflict,
    review_failed,
    review_passed,
    progress,
    resume_link,
    resume_to_confirm,
    certificate_not_yet,
    certificate_without_a_name,
    certificate_held,
    verify_name_does_not_match,
    verify_unknown,
    handbook,
    glossary,
    contacts,
    sources,
    about_the_exit,
    tools,
    all_cases,
    case_begun,
    case_decided,
    case_undecided,
    case_ended,
    navigator,
    navigator_unanswered,
    navigator_answered,
    indicators,
    indicators_of_a_setting,
    error,
)
#: Where the browser itself reports the status of the page: it is meant.
STATUSES = {
    quiz_with_errors: "422",
    review_failed: "422",
    quiz_with_a_conflict: "409",
    quiz_handed_in_with_a_conflict: "409",
    certificate_without_a_name: "422",
    case_undecided: "422",
    navigator_unanswered: "422",
    verify_unknown: "404",
    error: "404",
}
