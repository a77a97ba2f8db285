"""Questions before the course and after it on the pages: offered calmly, skipped freely, no answer told early."""

from __future__ import annotations

import re

import pytest

from course.content.library import Library
from course.domain.gain import Pair
from course.domain.quiz import Question
from course.services import people
from course.storage.cohorts import add_member
from course.storage.gain import add_gain
from tests.strict_client import StrictClient, text_of, values_of
from tests.web.journeys import QUIZ, READ, fields_for, hand_in, pass_course, right_answers, save_one, start_quiz
from tests.web.test_cohorts import make_cohort

PAGE = "/en/pre-test/"
START = "form[action$='/pre-test/start']"
OFFER = "main a[href$='/pre-test/']"


def begin(client: StrictClient, page: str = PAGE):
    return client.submit(client.get(page), START)


def asked(page, library: Library) -> list[Question]:
    known = {one.id: one for module in library.modules for one in module.quiz.questions}
    return [known[str(box["data-question"])] for box in page.select("[data-question]")]


def answers(page, library: Library, right: int) -> dict[str, str | list[str]]:
    """The first ones right, the others wrong."""
    fields: dict[str, str | list[str]] = {}
    for place, question in enumerate(asked(page, library)):
        wrong = tuple(one for one in question.options if one not in question.correct)[:1]
        fields |= fields_for(question, question.correct if place < right else wrong)
    return fields


def take(client: StrictClient, library: Library, right: int, page: str = PAGE):
    form = begin(client, page)
    return hand_in(client, form, answers(form, library, right))


def test_someone_new_is_offered_the_questions_and_may_skip_them(client):
    home = client.get("/en/")
    assert "Skip it if you like" in text_of(home.main) and home.select(OFFER)
    page = client.get(PAGE)
    assert page.select("main a.button[href$='/modules/tea/']")
    client.submit(client.get("/en/modules/tea/water/"), READ)
    assert not client.get("/en/").select(OFFER)


def test_looking_at_the_offer_makes_no_record(client):
    client.get(PAGE)
    assert not client.raw._cookies  # type: ignore[attr-defined]


def test_before_the_course_only_the_score_is_told(client, library):
    page = take(client, library, 3)
    assert "75%" in text_of(page.select_one(".result"))
    assert not page.select("[data-question], .review, .why, .reviewed")
    assert "not shown yet" in text_of(page.main)


def test_no_page_of_the_form_tells_a_key_or_a_reason(client, library):
    form = begin(client)
    reasons = [
        re.sub(r"<[^>]+>", "", words.why)
        for module in library.modules
        for question in module.quiz.words["en"].values()
        for words in question.options.values()
    ]
    told = answers(form, library, 4)
    page = hand_in(client, form, told)
    for one in (form, page, client.get("/en/"), client.get("/en/progress/")):
        assert not [why for why in reasons if why in str(one)]
    assert not form.select("[data-correct], .right, .wrong")


def test_a_question_left_open_is_asked_about_once_and_may_stay_open(client):
    form = begin(client)
    page = client.submit(form, QUIZ, button="[name=action][value=submit]", status=422)
    assert len(page.select(".error-summary li")) == 4
    page = client.submit(page, QUIZ, button="[name=confirm]")
    assert "0%" in text_of(page.select_one(".result"))


def test_the_language_is_switched_within_the_form_and_no_answer_is_lost(client, library):
    form = begin(client)
    first = asked(form, library)[0]
    fields = values_of(form.select_one(QUIZ)) | fields_for(first, first.correct)
    page = client.post("/en/pre-test/before/", {**fields, "action": "save", "switch": "sv"})
    assert client.response.request.path == "/sv/pre-test/"
    chosen = page.select(f"[data-question='{first.id}'] input[checked]")
    assert {str(one["value"]) for one in chosen} == set(first.correct)


def test_the_script_saves_one_answer_and_leaves_the_others(client, library):
    form = begin(client)
    first, second = asked(form, library)[:2]
    for question in (first, second):
        assert save_one(client, form, question, question.correct).json == {"version": 1}
    page = client.get(PAGE)
    for question in (first, second):
        chosen = page.select(f"[data-question='{question.id}'] input[checked]")
        assert {str(one["value"]) for one in chosen} == set(question.correct)


def test_a_stale_save_is_refused_with_what_is_stored(client, library):
    form = begin(client)
    first = asked(form, library)[0]
    save_one(client, form, first, first.correct)
    other = tuple(one for one in first.options if one not in first.correct)[:1]
    refused = save_one(client, form, first, other)
    assert refused.status_code == 409
    assert refused.json["version"] == 1 and set(refused.json["saved"]) == set(first.correct)


def test_a_save_after_the_end_says_that_the_form_is_closed(client, library):
    form = begin(client)
    hand_in(client, form, answers(form, library, 0))
    first = asked(form, library)[0]
    assert save_one(client, form, first, first.correct).status_code == 410


def test_handing_in_twice_shows_the_same_result(client, library):
    form = begin(client)
    told = answers(form, library, 2)
    for _ in range(2):
        assert "50%" in text_of(hand_in(client, form, told).select_one(".result"))


def test_after_a_track_the_second_form_is_offered_and_before_and_now_are_drawn_with_a_table(client, library):
    take(client, library, 1)
    assert not client.get("/en/").select(OFFER)
    pass_course(client, library)
    assert "What do you know now?" in text_of(client.get("/en/").main)
    page = take(client, library, 3)
    drawing = page.select_one(".gain svg[role=img]")
    assert "25%" in str(drawing["aria-label"]) and "75%" in str(drawing["aria-label"])
    cells = [text_of(cell) for cell in page.select(".gain td")]
    assert cells == ["25%", "75%", "+50 percentage points"]
    assert not client.get("/en/").select(OFFER)
    assert "75%" in text_of(client.get("/en/progress/").main)


def test_the_certificate_page_offers_the_second_form_until_it_is_taken(client, library):
    take(client, library, 1)
    pass_course(client, library)
    assert not client.get("/en/certificate/").select(OFFER)
    client.submit(client.get("/en/certificate/"), name="Aino")
    assert "What do you know now?" in text_of(client.get("/en/certificate/").main)
    begin(client)
    assert "You have begun." in text_of(client.get("/en/certificate/").main)
    hand_in(client, client.get(PAGE), answers(client.get(PAGE), library, 4))
    assert not client.get("/en/certificate/").select(OFFER)


def test_after_the_second_form_every_question_comes_with_its_reasons(client, library):
    take(client, library, 0)
    pass_course(client, library)
    page = take(client, library, 4)
    assert len(page.select(".review.right")) == 4 and page.select(".why")


def test_reasons_are_shown_only_of_modules_that_she_has_passed(client, library):
    take(client, library, 0)
    page = start_quiz(client, "tea")
    hand_in(client, page, right_answers(page, library, "tea"))
    page = take(client, library, 4)
    bread = {one.id for one in library.quiz("bread").questions}
    shown = {str(one["id"]).removeprefix("q-") for one in page.select(".review")}
    assert shown and not shown & bread


@pytest.mark.parametrize(("right", "said"), [(0, "fewer points than before"), (2, "as many points as before")])
def test_a_result_that_is_no_gain_is_told_without_shame(client, library, right, said):
    take(client, library, 2)
    pass_course(client, library)
    assert said in text_of(take(client, library, right).main)


def test_after_the_first_quiz_the_page_says_that_it_is_too_late(client, library):
    page = start_quiz(client, "tea")
    hand_in(client, page, right_answers(page, library, "tea"))
    page = client.get(PAGE)
    assert "You have begun the course already" in text_of(page.main) and not page.select(START)
    assert not client.get("/en/progress/").select(OFFER)


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_the_way_is_there_in_every_language(client, library, language):
    assert client.get(f"/{language}/").select(OFFER)
    take(client, library, 1, f"/{language}/pre-test/")
    pass_course(client, library, language)
    assert take(client, library, 4, f"/{language}/pre-test/").select(".gain svg")


def test_the_form_of_the_course_has_no_page_below_the_modules(client, library):
    take(client, library, 1)
    client.get("/en/modules/gain:before/quiz/", status=404)
    client.get("/en/modules/gain:before/quiz/attempts/1/", status=404)


# Groups


def plant_gains(site, number: int, cohort: str = "") -> None:
    """So many who took both forms, members of the cohort if one is given by its address."""
    for place in range(number):
        learner = people.start_learner(site.store, language="fi", now=site.now()).learner_id
        with site.store.writing_hot() as hot:
            add_gain(hot, learner, Pair(40 + place, 70), edition="1", now=site.now())
        if cohort:
            with site.store.writing() as session:
                add_member(session, int(cohort.split("/")[-2]), learner, name=f"N {place}", now=site.now())


def section(page, title: str) -> str:
    return text_of(page.select_one(f"#{title}").find_parent("section"))


def test_a_trainer_sees_what_her_group_gained_from_five_members_on(trainer_client, site):
    cohort = make_cohort(trainer_client)
    plant_gains(site, 4, cohort)
    assert "at least 5 people" in section(trainer_client.get(cohort), "gain-title")
    plant_gains(site, 1, cohort)
    told = section(trainer_client.get(cohort), "gain-title")
    assert "+30 percentage points" in told and "−5 to +60 percentage points" in told
    plant_gains(site, 4, cohort)
    assert section(trainer_client.get(cohort), "gain-title") == told


def test_the_trainers_of_another_network_do_not_see_it(other_trainer_client, trainer_client, site):
    cohort = make_cohort(trainer_client)
    plant_gains(site, 5, cohort)
    other_trainer_client.get(cohort, status=404)


def test_the_counts_tell_the_gain_of_everybody_and_never_of_a_few(admin_client, site):
    plant_gains(site, 4)
    assert "at least 5 people" in text_of(admin_client.get("/en/admin/counts/").main)
    plant_gains(site, 6)
    page = admin_client.get("/en/admin/counts/")
    cells = [text_of(cell) for cell in page.select(".gain td")]
    assert cells[0] == "10" and len(cells) == 5
    assert page.select(".gain svg .interval")


def test_no_list_or_file_of_a_group_has_a_members_own_result(trainer_client, site):
    cohort = make_cohort(trainer_client, scores="shown")
    plant_gains(site, 6, cohort)
    listed = trainer_client.raw.get(f"{cohort}members.csv").get_data(as_text=True)
    assert "N 0" in listed and not re.search(r"4[0-5]|70", listed)


# Her own data


def test_my_data_shows_the_forms_and_the_result_in_words(client, library):
    take(client, library, 1)
    pass_course(client, library)
    take(client, library, 3)
    said = text_of(client.get("/en/progress/my-data/").main)
    assert "Before the course and after it" in said and "Per cent before" in said
    assert "gain:before" not in said
