"""The main job without JavaScript: choose a language, read, pass the quiz, hold a certificate, have it checked."""

from __future__ import annotations

import pytest

from tests.strict_client import text_of
from tests.web.journeys import (
    QUIZ,
    READ,
    asked,
    hand_in,
    pass_course,
    pass_module,
    right_answers,
    start_quiz,
    wrong_answers,
)

LANGUAGES = ["fi", "sv", "en"]


@pytest.mark.parametrize(("wish", "language"), [("sv-FI,sv;q=0.9", "sv"), ("en-GB", "en"), ("de", "fi"), ("fi", "fi")])
def test_the_front_door_chooses_the_language_by_the_browsers_wish(client, wish, language):
    page = client.get("/", headers={"Accept-Language": wish})
    assert page.html["lang"] == language


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_front_page_shows_the_course_map_with_every_module_that_has_text(client, library, language):
    page = client.get(f"/{language}/")
    shown = text_of(page.main)
    assert all(module.title[language] in shown for module in library.modules)
    assert len(page.select("main a[href*='/modules/']")) >= len(library.modules)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_learner_reads_passes_every_quiz_and_gets_a_certificate(client, library, language):
    for module in library.modules:
        page = client.get(f"/{language}/modules/{module.id}/")
        for lesson_id in module.lesson_ids:
            page = client.get(f"/{language}/modules/{module.id}/{lesson_id}/")
            page = client.submit(page, READ)
        review = pass_module(client, library, module.id, language)
        assert "100" in text_of(review.main)
    page = client.get(f"/{language}/certificate/")
    page = client.submit(page, name="Áŋŋel Eŋŋa Šoŋ")
    assert "Áŋŋel Eŋŋa Šoŋ" in text_of(page.main)
    pdf = client.raw.get(page.select_one("a[href$='.pdf']")["href"])
    assert pdf.data.startswith(b"%PDF-")


def test_marking_a_page_as_read_goes_on_to_the_next_and_after_the_last_to_the_quiz(client, library):
    page = client.submit(client.get("/fi/modules/tea/water/"), READ)
    assert client.response.request.path == "/fi/modules/tea/leaves/"
    client.submit(page, READ)
    assert client.response.request.path == "/fi/modules/tea/quiz/"


def test_the_first_click_makes_a_learner_whose_progress_is_there_at_the_next_visit(client):
    client.submit(client.get("/fi/modules/tea/water/"), READ)
    page = client.get("/fi/modules/tea/")
    assert page.select("main li.done, main .done")
    assert client.raw.get_cookie("learner") is not None


def test_someone_who_only_reads_gets_no_cookie(client):
    for address in ("/fi/", "/fi/modules/tea/", "/fi/modules/tea/water/", "/fi/handbook/", "/fi/progress/"):
        client.get(address)
    assert client.raw.get_cookie("learner") is None


def test_going_on_leads_to_the_first_page_not_read(client):
    client.submit(client.get("/fi/modules/tea/water/"), READ)
    page = client.get("/fi/")
    assert page.select("main a[href='/fi/modules/tea/leaves/']")


def test_the_place_of_reading_is_kept_to_the_section(client, library):
    page = client.submit(client.get("/fi/modules/tea/water/"), READ)
    token = page.select_one("[name=csrf_token]")["value"]
    section = library.lesson("fi", "leaves").sections[0].id
    assert client.send("/sv/progress/place", {"csrf_token": token, "place": section}).status_code == 204
    assert client.get("/sv/").select(f"main a[href='/sv/modules/tea/leaves/#{section}']")


def test_a_place_that_does_not_exist_is_refused(client):
    page = client.submit(client.get("/fi/modules/tea/water/"), READ)
    token = page.select_one("[name=csrf_token]")["value"]
    assert client.send("/fi/progress/place", {"csrf_token": token, "place": "nowhere"}).status_code == 404


def test_a_locked_module_says_why_and_can_be_read_but_not_marked(client, library):
    page = client.get("/fi/modules/bread/")
    assert library.module("tea").title["fi"] in text_of(page.main)
    page = client.get("/fi/modules/bread/dough/")
    assert not page.select(READ)
    assert library.module("tea").title["fi"] in text_of(page.select_one(".actions"))
    quiz = client.get("/fi/modules/bread/quiz/")
    assert not quiz.select("form[action$='/quiz/start']")


def test_starting_the_quiz_of_a_locked_module_is_refused_with_the_reason(client):
    token = client.get("/fi/modules/tea/quiz/").select_one("[name=csrf_token]")["value"]
    page = client.post("/fi/modules/bread/quiz/start", {"csrf_token": token}, status=409)
    assert page.select("main a")


def test_passing_a_module_opens_the_next(client, library):
    pass_module(client, library, "tea")
    assert start_quiz(client, "bread").select(QUIZ)


def test_a_failed_quiz_shows_what_was_wrong_and_why_with_the_sections_and_asks_other_questions_next(client, library):
    page = start_quiz(client, "tea")
    first = {question.id for question in asked(page, library, "tea")}
    review = hand_in(client, page, wrong_answers(page, library, "tea"))
    links = {link["href"].split("#")[-1] for link in review.select("main a[href*='#']")}
    assert {library.quiz("tea").question(name).section for name in first} <= links
    again = client.submit(review, "form[action$='/quiz/start']")
    second = {question.id for question in asked(again, library, "tea")}
    assert not first & second


def test_a_failed_quiz_opens_nothing(client, library):
    page = start_quiz(client, "tea")
    hand_in(client, page, wrong_answers(page, library, "tea"))
    assert not client.get("/fi/modules/bread/quiz/").select("form[action$='/quiz/start']")


def test_unanswered_questions_are_listed_and_can_be_handed_in_all_the_same(client, library):
    page = start_quiz(client, "tea")
    page = hand_in(client, page, {}, status=422)
    assert len(page.select(".error-summary a")) == 3
    review = client.submit(page, QUIZ, button="[name=confirm]")
    assert "0" in text_of(review.main)
    assert client.response.request.path == "/fi/modules/tea/quiz/attempts/1/"


def test_an_attempt_goes_on_in_another_language_with_its_answers(client, library):
    page = start_quiz(client, "tea")
    answers = right_answers(page, library, "tea")
    token = {**answers, "switch": "sv"}
    form = page.select_one(QUIZ)
    hidden = {field["name"]: field["value"] for field in form.select("input[type=hidden]")}
    page = client.post(form["action"], {**hidden, **token})
    assert page.html["lang"] == "sv"
    review = client.submit(page, QUIZ, button="[name=action][value=submit]")
    assert "100" in text_of(review.main)


def test_the_certificate_page_lists_what_is_missing(client, library):
    pass_module(client, library, "tea")
    page = client.get("/sv/certificate/")
    assert not page.select("[name=name]")
    assert page.select("main a[href='/sv/modules/bread/']")


def test_asking_for_a_certificate_too_early_is_refused(client, library):
    pass_module(client, library, "tea")
    token = client.get("/fi/progress/").select_one("[name=csrf_token]")["value"]
    client.post("/fi/certificate/", {"csrf_token": token, "name": "Aino"}, status=409)


@pytest.mark.parametrize("name", ["", "   ", "x" * 121, "12345", "Aino\u202eonia"])
def test_a_name_that_cannot_stand_on_a_certificate_is_refused_with_a_sentence(client, library, name):
    pass_course(client, library)
    page = client.get("/fi/certificate/")
    page = client.submit(page, name=name, status=422)
    assert page.select(".error-summary")
    assert page.select_one("[name=name]").has_attr("aria-describedby")


def test_the_certificate_is_the_same_file_at_every_download_and_for_its_holder_only(client, another_client, library):
    pass_course(client, library)
    page = client.submit(client.get("/fi/certificate/"), name="Aino")
    address = page.select_one("a[href$='.pdf']")["href"]
    first = client.raw.get(address)
    assert first.data == client.raw.get(address).data
    assert first.headers["Cache-Control"] == "no-store"
    assert another_client.raw.get(address).status_code == 404


def test_a_second_name_does_not_make_a_second_certificate(client, library):
    pass_course(client, library)
    page = client.get("/fi/certificate/")
    token = page.select_one("[name=csrf_token]")["value"]
    for name in ("Aino", "Toinen"):
        page = client.post("/fi/certificate/", {"csrf_token": token, "name": name})
    assert "Aino" in text_of(page.main)
    assert "Toinen" not in text_of(page.main)


def test_progress_shows_every_attempt_and_the_certificate(client, library):
    pass_course(client, library)
    client.submit(client.get("/en/certificate/"), name="Aino")
    page = client.get("/en/progress/")
    assert len(page.select("main a[href*='/attempts/']")) == len(library.modules)
    assert page.select("main a[href$='.pdf']")


def test_progress_carries_on_another_device_by_a_link(client, another_client, library):
    pass_module(client, library, "tea")
    made = client.submit(client.get("/fi/progress/"), "form[action$='/resume-link']")
    link = made.select_one("input[readonly]")["value"]
    assert made.select(".qr svg")
    there = another_client.get(link.removeprefix("http://localhost"))
    another_client.submit(there)
    assert start_quiz(another_client, "bread").select(QUIZ)


def test_opening_a_resume_link_alone_changes_nothing(client, another_client, library):
    pass_module(client, library, "tea")
    made = client.submit(client.get("/fi/progress/"), "form[action$='/resume-link']")
    another_client.get(made.select_one("input[readonly]")["value"].removeprefix("http://localhost"))
    assert another_client.raw.get_cookie("learner") is None


def test_a_mistyped_resume_link_says_what_to_do(client):
    client.get("/resume/not-a-link", status=410)
