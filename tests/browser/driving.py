"""What a learner does in a browser, step by step; and the same over plain HTTP, to get quickly where a test begins."""

from __future__ import annotations

import re
from collections.abc import Sequence
from urllib.parse import urlencode

from bs4 import BeautifulSoup
from playwright.sync_api import APIResponse, BrowserContext, Frame, Page, expect

from course.content.library import Library
from course.domain.quiz import Answer, Kind, Question
from tests.strict_client import values_of
from tests.web.journeys import fields_for, right_answers

LANGUAGES = ["fi", "sv", "en"]
START = "form[action$='/quiz/start'] button"
QUIZ = "form[data-save-url]"
SUBMIT = "[name=action][value=submit]"
SAVE = "[name=action][value=save]"


def asked(page: Page, library: Library, module_id: str) -> list[Question]:
    """The questions that the page shows, in its order."""
    ids = page.locator("[data-question]").evaluate_all("boxes => boxes.map((box) => box.dataset.question)")
    return [library.quiz(module_id).question(name) for name in ids]


def choose(page: Page | Frame, question: Question, answer: Answer) -> None:
    box = page.locator(f"[data-question='{question.id}']")
    if question.kind is Kind.ORDER:
        for place, option in enumerate(answer):
            box.locator("select").nth(place).select_option(option)
    elif question.kind is Kind.MATCH:
        for pair in answer:
            option, _, target = pair.partition("=")
            box.locator(f"[name='{question.id}.{option}']").select_option(target)
    else:
        for option in answer:
            box.locator(f"input[value='{option}']").check()


def other_answer(question: Question) -> Answer:
    """An answer that is not the right one and differs from it in every kind of question."""
    if question.kind is Kind.ORDER:
        return tuple(reversed(question.correct))
    if question.kind is Kind.MATCH:
        targets = [pair.partition("=")[2] for pair in question.correct]
        ends = zip(question.correct, reversed(targets), strict=True)
        return tuple(sorted(f"{pair.partition('=')[0]}={target}" for pair, target in ends))
    return tuple(option for option in question.options if option not in question.correct)[:1]


def choose_all(page: Page, questions: Sequence[Question]) -> None:
    """The right answers to all questions in one go, for pages that are only on the way."""
    values = {}
    for question in questions:
        values.update(fields_for(question, question.correct))
    page.locator(QUIZ).evaluate(
        """(form, values) => {
          for (const [name, value] of Object.entries(values)) {
            [...form.querySelectorAll(`select[name="${name}"]`)].forEach((one, place) => {
              one.value = [value].flat()[place];
            });
            form.querySelectorAll(`input[name="${name}"]`).forEach((one) => {
              one.checked = value.includes(one.value);
            });
            form.querySelector(`[name="${name}"]`).dispatchEvent(new Event("change", { bubbles: true }));
          }
        }""",
        values,
    )


def chosen(page: Page, question: Question) -> Answer:
    """What is marked in a question, as the library writes an answer."""
    box = page.locator(f"[data-question='{question.id}']")
    if question.kind in (Kind.ORDER, Kind.MATCH):
        fields = box.locator("select").evaluate_all("all => all.map((one) => [one.name, one.value])")
        if question.kind is Kind.ORDER:
            return question.normal([value for _, value in fields])
        return question.normal([f"{name.removeprefix(f'{question.id}.')}={value}" for name, value in fields])
    return question.normal(box.locator("input:checked").evaluate_all("all => all.map((one) => one.value)"))


def wait_until_saved(page: Page, question: Question) -> None:
    """Until the line below the question says that the answer is saved, in whatever language."""
    saved = page.locator(QUIZ).get_attribute("data-saved")
    line = page.locator(f"[data-question='{question.id}'] .status")
    expect(line).to_have_text(re.compile(rf"^{re.escape(saved or '')} \d"))


def wait_until_refused(page: Page, question: Question) -> str:
    """Until the line below the question says that something went wrong; returns what it says."""
    line = page.locator(f"[data-question='{question.id}'] .status.bad")
    expect(line).not_to_be_empty()
    return line.inner_text()


def start_quiz(page: Page, address: str) -> None:
    """Open the quiz and begin, or go on with the open attempt."""
    page.goto(address)
    page.locator(START).click()
    expect(page.locator(QUIZ)).to_be_visible()


def hand_in(page: Page) -> None:
    page.locator(SUBMIT).click()


# Over plain HTTP, with the cookies of the browser


def get(context: BrowserContext, address: str) -> BeautifulSoup:
    return BeautifulSoup(context.request.get(address).text(), "html.parser")


def begin(context: BrowserContext, site: str, language: str, module_id: str) -> BeautifulSoup:
    """An open attempt. The first one makes a learner."""
    address = f"{site}/{language}/modules/{module_id}/quiz/"
    page = get(context, address)
    if page.select(QUIZ):
        return page
    form = page.select("form[action$='/quiz/start']")[0]
    response = context.request.post(f"{address}start", form={"csrf_token": str(values_of(form)["csrf_token"])})
    assert response.ok, response.status
    return BeautifulSoup(response.text(), "html.parser")


def post(context: BrowserContext, page: BeautifulSoup, address: str, **fields: str | list[str]) -> APIResponse:
    """The page's quiz form, with some fields filled in, sent as a browser sends it."""
    whole = {**values_of(page.select(QUIZ)[0]), **fields}
    return context.request.post(
        address,
        data=urlencode(whole, doseq=True),
        headers={"Content-Type": "application/x-www-form-urlencoded"},
    )


def pass_quiz(context: BrowserContext, site: str, library: Library, language: str, module_id: str) -> None:
    page = begin(context, site, language, module_id)
    answers = right_answers(page, library, module_id)
    response = post(context, page, f"{site}/{language}/modules/{module_id}/quiz/", **answers, action="submit")
    assert "/attempts/" in response.url, response.url


def pass_course(context: BrowserContext, site: str, library: Library, language: str) -> None:
    for module in library.modules:
        pass_quiz(context, site, library, language, module.id)
