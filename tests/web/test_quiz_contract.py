"""Quiz pages keep the contract that outside drivers use, and tell nothing of the key before the answers are in."""

from __future__ import annotations

import json
import re
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
import yaml

from course.content.loading import load
from course.extension import create_app
from course.services import attempts
from course.web.quiz_pages import QuizPresenter
from tests.browser.driving import other_answer
from tests.strict_client import StrictClient
from tests.web.journeys import asked, hand_in, save_one, start_quiz, wrong_answers
from tests.web.quiz_contract import contract_faults, told


def test_every_question_is_a_fieldset_with_its_id_and_every_option_carries_its_own(client, library):
    for _ in range(3):
        page = start_quiz(client, "tea")
        assert contract_faults(page, library, "tea") == []
        hand_in(client, page, wrong_answers(page, library, "tea"))
        assert told(client.response.text, library, "tea") != []


def test_a_driver_that_finds_something_else_is_told_what(client, library):
    page = start_quiz(client, "tea")
    box = page.select("[data-question]")[0]
    box.name = "div"
    for field in box.select("input, option"):
        field["value"] = "1"
    assert len(contract_faults(page, library, "tea")) >= 2


def test_before_the_answers_are_in_no_page_tells_a_reason_or_marks_a_right_option(client, library):
    client.get("/fi/modules/tea/")
    page = client.get("/fi/modules/tea/quiz/")
    assert told(client.response.text, library, "tea") == []
    page = start_quiz(client, "tea")
    for language in library.languages:
        client.get(f"/{language}/modules/tea/quiz/")
        assert told(client.response.text, library, "tea") == []
    hand_in(client, page, {}, status=422)
    assert told(client.response.text, library, "tea") == []


def test_the_reply_to_a_right_answer_is_the_reply_to_a_wrong_one(client, library):
    page = start_quiz(client, "tea")
    for question in asked(page, library, "tea"):
        for version, answer in enumerate([question.correct, other_answer(question)]):
            response = save_one(client, page, question, answer, version)
            assert (response.status_code, response.json) == (200, {"version": version + 1})


def test_the_reply_that_shows_two_answers_tells_no_reason(client, library):
    page = start_quiz(client, "tea")
    question = asked(page, library, "tea")[0]
    save_one(client, page, question, question.correct)
    late = save_one(client, page, question, other_answer(question))
    assert late.status_code == 409
    assert told(json.dumps(late.json, ensure_ascii=False), library, "tea") == []


def test_no_file_of_the_pages_tells_anything(client, site, library):
    for name in site.assets.names.values():
        body = client.raw.get(f"/assets/{name}").data
        if name.endswith((".css", ".js", ".svg")):
            assert told(body.decode(), library, "tea") == []


def another_key(question: dict) -> object:
    """A key that is as good as the written one: which options are right is all that differs."""
    options, correct = question["options"], question["correct"]
    match question["kind"]:
        case "several":
            return [*correct[1:], next(option for option in options if option not in correct)]
        case "match":
            return dict(zip(correct, reversed(correct.values()), strict=True))
        case "order":
            # What it starts with depends on the key by rule: it never starts solved.
            return correct
        case _:
            return [next(option for option in options if option not in correct)]


@pytest.fixture
def two_keys(fixture_course, tmp_path, sqlite_template, monkeypatch):
    """Two sites with the same words and different keys, each with an attempt that draws alike."""
    monkeypatch.setattr(attempts.secrets, "randbelow", lambda _: 7)
    clients = []
    for number in range(2):
        folder = tmp_path / str(number)
        content = folder / "content"
        shutil.copytree(fixture_course, content)
        if number:
            change_keys(content / "quizzes" / "tea.yaml")
        database = shutil.copy(sqlite_template, folder / "course.sqlite3")
        settings = {
            "TESTING": True,
            "SECRET_KEY": "tests only",
            "COURSE_DATABASE_URL": f"sqlite:///{database}",
            "COURSE_CONTENT_DIR": str(content),
            "COURSE_INSTANCE_DIR": str(folder / "instance"),
            "COURSE_BASE_URL": "http://localhost",
        }
        clients.append((StrictClient(create_app(settings)), load(content)))
    return clients


def change_keys(file: Path) -> None:
    bank = yaml.safe_load(file.read_text())
    for question in bank["questions"]:
        question["correct"] = another_key(question)
    file.write_text(yaml.safe_dump(bank))


def pages_of(client: StrictClient) -> list[str]:
    """The pages of an open attempt, without what is this visitor's own."""
    page = start_quiz(client, "tea")
    bodies = [client.response.text]
    hand_in(client, page, {}, status=422)
    bodies.append(client.response.text)
    return [re.sub(r'(name="csrf_token" value=)"[^"]*"', r"\1", body) for body in bodies]


def test_a_quiz_with_another_key_shows_the_very_same_pages(two_keys):
    [(one, library), (other, changed)] = two_keys
    keys = [{question.id: question.correct for question in each.quiz("tea").questions} for each in (library, changed)]
    assert sum(keys[0][name] != keys[1][name] for name in keys[0]) == len(keys[0]) - 1
    assert pages_of(one) == pages_of(other)


def test_pages_that_differ_by_the_key_are_noticed(two_keys, monkeypatch):
    plain = QuizPresenter.question

    def right_option_first(self, asked, *place, **told):
        view = plain(self, asked, *place, **told)
        return replace(view, options=tuple(sorted(view.options, key=lambda one: one.id not in asked.question.correct)))

    monkeypatch.setattr(QuizPresenter, "question", right_option_first)
    [(one, _), (other, _)] = two_keys
    assert pages_of(one) != pages_of(other)


def test_a_page_with_a_reason_in_it_is_noticed(client, library, monkeypatch):
    plain = QuizPresenter.question

    def with_reasons(self, asked, *place, **told):
        view = plain(self, asked, *place, **told)
        words = self.words(asked).options
        options = tuple(
            replace(one, text_html=f"{one.text_html} <span>{words[one.id].why}</span>") for one in view.options
        )
        return replace(view, options=options)

    monkeypatch.setattr(QuizPresenter, "question", with_reasons)
    start_quiz(client, "tea")
    assert any("reason" in one for one in told(client.response.text, library, "tea"))


@pytest.mark.parametrize("mark", ['<input data-correct="1">', '<fieldset data-key="b">', '<label class="why">'])
def test_a_page_with_a_mark_in_it_is_noticed(library, mark):
    assert told(f"<html>{mark}</html>", library, "tea") != []


def test_a_reply_with_the_points_in_it_is_noticed(library):
    assert told('{"version": 1, "points": 1}', library, "tea") != []
