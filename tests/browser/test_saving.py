"""An answer once given is not lost: two tabs, no network, a failing server, a reload, another language or device."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from course.content.library import Library
from course.domain.quiz import Kind, Question
from tests.browser.driving import (
    QUIZ,
    SAVE,
    START,
    SUBMIT,
    asked,
    begin,
    choose,
    chosen,
    hand_in,
    other_answer,
    pass_quiz,
    start_quiz,
    wait_until_refused,
    wait_until_saved,
)
from tests.browser_fixtures import LiveSite, Opener

EXIT = "https://www.ilmatieteenlaitos.fi/"
#: As long as the script waits before it tries again by itself.
A_QUARTER_OF_A_MINUTE = 16_000


@pytest.fixture
def quiz(live_server: LiveSite) -> str:
    return f"{live_server.url}/fi/modules/tea/quiz/"


def plain_question(page: Page, library: Library) -> Question:
    """A question with one right option: every draw of the fixture course has one."""
    return next(question for question in asked(page, library, "tea") if question.kind is Kind.ONE)


def second_tab(open_page: Opener, page: Page) -> Page:
    """The same page in another tab of the same browser."""
    tab = page.context.new_page()
    open_page.watch(tab)
    tab.goto(page.url)
    return tab


def test_a_reload_right_after_an_answer_loses_nothing(open_page: Opener, quiz: str, library: Library) -> None:
    page = open_page()
    start_quiz(page, quiz)
    for question in asked(page, library, "tea"):
        choose(page, question, question.correct)
    page.reload()
    for question in asked(page, library, "tea"):
        assert chosen(page, question) == question.normal(question.correct)


def test_an_answer_is_on_the_server_when_the_page_says_that_it_is_saved(
    open_page: Opener, quiz: str, library: Library
) -> None:
    page = open_page()
    start_quiz(page, quiz)
    question = plain_question(page, library)
    choose(page, question, question.correct)
    wait_until_saved(page, question)
    elsewhere = open_page(storage_state=page.context.storage_state(), java_script_enabled=False)
    elsewhere.goto(quiz)
    assert chosen(elsewhere, question) == question.correct


def conflict(open_page: Opener, quiz: str, library: Library) -> tuple[Page, list[Question]]:
    """A tab that was too late with every answer: it shows its own and the one that the first tab saved."""
    first = open_page()
    start_quiz(first, quiz)
    late = second_tab(open_page, first)
    questions = asked(first, library, "tea")
    for question in questions:
        choose(first, question, question.correct)
    for question in questions:
        wait_until_saved(first, question)
    for question in questions:
        choose(late, question, other_answer(question))
    expect(late.locator(".conflict")).to_have_count(len(questions))
    open_page.expect("409")
    return late, questions


def test_a_late_tab_shows_both_answers_and_takes_neither_away(open_page: Opener, quiz: str, library: Library) -> None:
    late, questions = conflict(open_page, quiz, library)
    words = library.quiz("tea").words["fi"]
    for question in questions:
        assert set(other_answer(question)) <= set(chosen(late, question))
        note = late.locator(f"[data-question='{question.id}'] .conflict").inner_text().replace("\u00ad", "")
        for option in question.correct:
            assert words[question.id].options[option.partition("=")[0]].text.replace("\u00ad", "") in note


def test_the_answer_of_the_late_tab_can_be_kept(open_page: Opener, quiz: str, library: Library) -> None:
    late, questions = conflict(open_page, quiz, library)
    kept = {question.id: chosen(late, question) for question in questions}
    for question in questions:
        late.locator(f"[data-question='{question.id}'] .conflict button").first.click()
        wait_until_saved(late, question)
    assert late.locator(".conflict").count() == 0
    late.reload()
    assert {question.id: chosen(late, question) for question in questions} == kept


def test_the_answer_of_the_first_tab_can_be_kept(open_page: Opener, quiz: str, library: Library) -> None:
    late, questions = conflict(open_page, quiz, library)
    for question in questions:
        late.locator(f"[data-question='{question.id}'] .conflict button").last.click()
        assert chosen(late, question) == question.normal(question.correct)
    assert late.locator(".conflict").count() == 0
    late.reload()
    for question in questions:
        assert chosen(late, question) == question.normal(question.correct)


def test_without_scripts_a_late_tab_shows_both_answers_too(open_page: Opener, quiz: str, library: Library) -> None:
    first = open_page(java_script_enabled=False)
    start_quiz(first, quiz)
    late = second_tab(open_page, first)
    question = plain_question(first, library)
    choose(first, question, question.correct)
    first.locator(SAVE).click()
    choose(late, question, other_answer(question))
    late.locator(SUBMIT).click()
    open_page.expect("409")
    assert late.locator(".error-summary a").count() == 1
    assert late.locator(f"[data-question='{question.id}'] .conflict .two > div").count() == 2
    choose(late, question, other_answer(question))
    late.locator(SAVE).click()
    first.goto(quiz)
    assert chosen(first, question) == other_answer(question)


def test_an_answer_given_without_network_is_kept_and_sent_when_the_network_is_back(
    open_page: Opener, quiz: str, library: Library
) -> None:
    page = open_page()
    start_quiz(page, quiz)
    question = plain_question(page, library)
    page.context.set_offline(True)
    choose(page, question, question.correct)
    assert wait_until_refused(page, question) == page.locator(QUIZ).get_attribute("data-unsaved")
    open_page.expect("ERR_INTERNET_DISCONNECTED")
    page.context.set_offline(False)
    wait_until_saved(page, question)
    page.evaluate("sessionStorage.clear()")
    page.reload()
    assert chosen(page, question) == question.correct


def test_a_failing_server_is_asked_again_without_a_click(open_page: Opener, quiz: str, library: Library) -> None:
    page = open_page()
    page.clock.install()
    start_quiz(page, quiz)
    question = plain_question(page, library)
    page.route("**/quiz/save", lambda route: route.fulfill(status=500, body="<h1>Oh</h1>"), times=1)
    choose(page, question, question.correct)
    page.clock.run_for(1000)
    assert wait_until_refused(page, question) == page.locator(QUIZ).get_attribute("data-unsaved")
    open_page.expect("500")
    page.clock.run_for(A_QUARTER_OF_A_MINUTE)
    wait_until_saved(page, question)


def test_an_answer_that_the_server_never_took_survives_a_reload(open_page: Opener, quiz: str, library: Library) -> None:
    page = open_page()
    start_quiz(page, quiz)
    question = plain_question(page, library)
    page.route("**/quiz/save", lambda route: route.fulfill(status=500, body="<h1>Oh</h1>"))
    choose(page, question, question.correct)
    wait_until_refused(page, question)
    page.unroute("**/quiz/save")
    open_page.expect("500")
    page.reload()
    wait_until_saved(page, question)
    assert chosen(page, question) == question.correct


def test_a_tab_left_behind_is_told_that_the_attempt_was_handed_in_and_leads_to_its_result(
    open_page: Opener, quiz: str, library: Library
) -> None:
    left = open_page()
    start_quiz(left, quiz)
    other = second_tab(open_page, left)
    for question in asked(other, library, "tea"):
        choose(other, question, question.correct)
    hand_in(other)
    expect(other.locator(".result.passed")).to_be_visible()
    question = plain_question(left, library)
    choose(left, question, other_answer(question))
    assert wait_until_refused(left, question) != left.locator(QUIZ).get_attribute("data-unsaved")
    open_page.expect("410")
    hand_in(left)
    expect(left).to_have_url(other.url)
    assert left.locator(".result.passed").count() == 1


@pytest.mark.parametrize("scripts", [True, False], ids=["with-scripts", "without-scripts"])
def test_changing_the_language_inside_an_attempt_keeps_its_answers(
    open_page: Opener, quiz: str, library: Library, scripts: bool
) -> None:
    page = open_page(java_script_enabled=scripts)
    start_quiz(page, quiz)
    questions = asked(page, library, "tea")
    for question in questions:
        choose(page, question, question.correct)
    for language in ("sv", "en", "fi"):
        page.locator(f".languages button[value={language}]").click()
        expect(page.locator("html")).to_have_attribute("lang", language)
        assert asked(page, library, "tea") == questions
        assert [chosen(page, one) for one in questions] == [one.normal(one.correct) for one in questions]


def test_the_way_back_from_a_result_leads_to_no_form_that_could_be_sent_again(
    open_page: Opener, quiz: str, library: Library
) -> None:
    page = open_page()
    start_quiz(page, quiz)
    for question in asked(page, library, "tea"):
        choose(page, question, question.correct)
    hand_in(page)
    expect(page.locator(".result")).to_be_visible()
    page.go_back()
    expect(page.locator(START)).to_be_visible()
    assert page.locator(QUIZ).count() == 0
    assert page.evaluate("Object.keys(sessionStorage)") == []


@pytest.mark.parametrize("way", ["link", "keys"])
def test_the_quick_exit_leaves_no_page_of_ours_behind_it(
    open_page: Opener, live_server: LiveSite, library: Library, way: str
) -> None:
    page = open_page()
    page.route(f"{EXIT}**", lambda route: route.fulfill(body="<title>Sää</title>", content_type="text/html"))
    page.goto(f"{live_server.url}/fi/")
    page.goto(f"{live_server.url}/fi/modules/tea/water/")
    page.evaluate("sessionStorage.setItem('kept', 'here')")
    if way == "link":
        page.locator(".exit").click()
    else:
        for _ in range(3):
            page.keyboard.press("Shift")
    page.wait_for_url(EXIT)
    open_page.expect("request to another host")
    page.go_back()
    expect(page).to_have_url(f"{live_server.url}/fi/")
    assert page.evaluate("Object.keys(sessionStorage)") == []


def test_three_shifts_among_other_keys_are_typing_and_no_exit(open_page: Opener, live_server: LiveSite) -> None:
    page = open_page()
    page.goto(f"{live_server.url}/verify/")
    page.locator("[name=code]").focus()
    for letter in ("A", "B", "C"):
        page.keyboard.press(f"Shift+{letter}")
    expect(page.locator("[name=code]")).to_have_value("ABC")
    assert page.url == f"{live_server.url}/verify/"


def test_a_resume_link_can_be_copied_and_joins_what_was_done_on_two_devices(
    open_page: Opener, live_server: LiveSite, library: Library
) -> None:
    page = open_page(permissions=["clipboard-read", "clipboard-write"])
    pass_quiz(page.context, live_server.url, library, "fi", "tea")
    page.goto(f"{live_server.url}/fi/progress/")
    page.locator("form[action$='/resume-link'] button").click()
    button = page.locator("[data-copy]")
    button.click()
    expect(page.locator("#copy-status")).to_have_text(button.get_attribute("data-copied") or "-")
    link = page.evaluate("navigator.clipboard.readText()")
    assert link == page.locator("#resume-link").input_value()

    there = open_page()
    there.goto(f"{live_server.url}/sv/modules/tea/leaves/")
    there.locator(".actions form button").click()
    there.goto(link)
    there.locator("main form[action*='/resume/'] button").click()
    expect(there).to_have_url(re.compile(r"/fi/progress/$"))
    there.goto(f"{live_server.url}/fi/modules/tea/")
    assert there.locator("li.quiz.done").count() == 1
    assert there.locator("li.done a[href$='/tea/leaves/']").count() == 1


def test_without_scripts_the_resume_link_stands_in_a_field_and_no_dead_button_beside_it(
    open_page: Opener, live_server: LiveSite, library: Library
) -> None:
    page = open_page(java_script_enabled=False)
    begin(page.context, live_server.url, "fi", "tea")
    page.goto(f"{live_server.url}/fi/progress/")
    page.locator("form[action$='/resume-link'] button").click()
    assert page.locator("#resume-link").input_value().startswith(f"{live_server.url}/resume/")
    expect(page.locator("[data-copy]")).to_be_hidden()


def test_going_on_leads_to_the_section_that_was_read_last(
    open_page: Opener, live_server: LiveSite, library: Library
) -> None:
    page = open_page(viewport={"width": 360, "height": 500})
    begin(page.context, live_server.url, "fi", "tea")
    page.goto(f"{live_server.url}/fi/modules/tea/leaves/")
    page.locator("#offer-it").scroll_into_view_if_needed()
    page.evaluate("document.getElementById('offer-it').scrollIntoView({behavior: 'instant'})")
    page.goto(f"{live_server.url}/sv/")
    link = page.locator("main .go-on a[href='/sv/modules/tea/leaves/#offer-it']")
    # The place is sent while the page goes away, and may arrive just after the next page was asked for.
    for _ in range(20):
        if link.count():
            break
        page.wait_for_timeout(100)
        page.reload()
    link.click()
    expect(page.locator("#offer-it")).to_be_in_viewport()
