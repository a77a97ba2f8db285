"""The main job in a browser, on the real content: from the front page to a certificate that somebody checks."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from course.content.library import Library, Module
from tests.browser.driving import LANGUAGES, QUIZ, START, asked, choose, choose_all, chosen, hand_in, wait_until_saved
from tests.browser_fixtures import LiveSite, Opener

NAME = "Áŋŋel Eŋŋa Šoŋ"
READ = ".actions form button"


@pytest.mark.parametrize("scripts", [True, False], ids=["with-scripts", "without-scripts"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_professional_studies_every_module_passes_and_holds_a_certificate_that_can_be_checked(
    open_page: Opener, real_site: LiveSite, real_library: Library, language: str, scripts: bool
) -> None:
    page = open_page(java_script_enabled=scripts, locale=f"{language}-FI", accept_downloads=True)
    page.goto(real_site.url)
    assert page.locator("html").get_attribute("lang") == language
    read_the_first_module(page, real_library.modules[0])
    for module in real_library.modules:
        take_the_quiz(page, real_library, module, scripts=scripts and module.number == 1)
        if module.number < len(real_library.modules):
            page.locator(f"main .buttons a[href$='/modules/{real_library.modules[module.number].id}/']").click()
            read_one_page(page)
    page.locator(f"main .buttons a[href='/{language}/certificate/']").click()
    page.locator("[name=name]").fill(NAME)
    page.locator("main form button").click()
    expect(page.locator(".certificate-card dd").first).to_have_text(NAME)
    address = page.locator(".certificate-card a[href$='.pdf']").get_attribute("href")
    pdf = page.context.request.get(f"{real_site.url}{address}")
    assert pdf.headers["content-type"] == "application/pdf"
    assert pdf.body().startswith(b"%PDF-")
    check_the_certificate(page)


def read_the_first_module(page: Page, module: Module) -> None:
    """From the front page through every page of the first module, each marked as read, to its quiz."""
    page.locator(f"main .go-on a[href$='/modules/{module.id}/']").click()
    page.locator("main .two-columns a.button").click()
    for lesson_id in module.lesson_ids:
        expect(page).to_have_url(re.compile(f"/modules/{module.id}/{lesson_id}/$"))
        page.locator(READ).click()
    expect(page).to_have_url(re.compile(f"/modules/{module.id}/quiz/$"))


def read_one_page(page: Page) -> None:
    """The first page of the module that is shown; then over to its quiz by the list of pages."""
    page.locator("main .two-columns a.button").click()
    here = page.locator(".contents [aria-current]")
    title = here.inner_text()
    page.locator(READ).click()
    expect(here).not_to_have_text(title)
    address = page.locator(".contents .quiz a").get_attribute("href")
    summary = page.locator(".contents summary")
    if summary.is_visible():
        summary.click()
    page.locator(f".contents .quiz a[href='{address}']").click()


def take_the_quiz(page: Page, library: Library, module: Module, *, scripts: bool) -> None:
    page.locator(START).click()
    expect(page.locator(QUIZ)).to_be_visible()
    questions = asked(page, library, module.id)
    assert len(questions) == library.quiz(module.id).draw
    if module.number == 1:
        for question in questions:
            choose(page, question, question.correct)
    else:
        choose_all(page, questions)
    if scripts:
        for question in questions:
            wait_until_saved(page, question)
        page.reload()
        assert [chosen(page, one) for one in questions] == [one.normal(one.correct) for one in questions]
    hand_in(page)
    expect(page).to_have_url(re.compile(f"/modules/{module.id}/quiz/attempts/1/$"))
    expect(page.locator(".result.passed .figure")).to_have_text(re.compile(r"^100\s?%$"))
    assert page.locator(".review.right").count() == len(questions)


def check_the_certificate(page: Page) -> None:
    """What an employer does, who has the document in her hands: the address below the QR code, and the name."""
    page.locator(".certificate-card a[href*='/verify/']").click()
    expect(page).to_have_url(re.compile(r"/verify/[0-9A-Z-]{10,}$"))
    expect(page.locator(".notice.good")).to_have_count(1)
    assert NAME not in page.locator("main").inner_text()
    page.locator("[name=name]").fill(NAME.lower())
    page.locator("form:has([name=name]) button").click()
    expect(page.locator(".notice.good")).to_have_count(2)
    page.locator("[name=name]").fill("Aino Virtanen")
    page.locator("form:has([name=name]) button").click()
    expect(page.locator("main .notice.warn")).to_have_count(1)
