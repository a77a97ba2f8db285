"""A key that was wrong: the administrator sees it, the editor's command mends it, the learner is told."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from sqlalchemy import select, update

from course.content.question_version import hash_of
from course.storage.tables import Attempt, QuestionVersion
from tests.strict_client import text_of
from tests.web.journeys import hand_in, right_answers, start_quiz

REVIEW = "modules/tea/quiz/attempts/1/"


@pytest.fixture
def begun(client, site) -> str:
    """A question with one right option, in an attempt that is open and was begun with a wrong key."""
    start_quiz(client, "tea")
    with site.store.writing() as session:
        [attempt] = session.scalars(select(Attempt))
        chosen = next(one for one in attempt.questions if site.versions.bodies[one["version"]]["kind"] == "one")
        body = dict(site.versions.bodies[chosen["version"]])
        body["correct"] = [next(one for one in body["options"] if one not in body["correct"])]
        session.add(QuestionVersion(hash=hash_of(body), question_id=body["id"], body=body))
        questions = [{**one, "version": hash_of(body)} if one is chosen else one for one in attempt.questions]
        session.execute(update(Attempt).values(questions=questions))
    return str(body["id"])


@pytest.fixture
def asked(client, library, begun) -> str:
    """The same, handed in all right."""
    page = start_quiz(client, "tea")
    hand_in(client, page, right_answers(page, library, "tea"))
    return begun


def regrade(app: Flask, *words: str, code: int = 0) -> str:
    done = app.test_cli_runner().invoke(args=["course", "regrade", *words])
    assert done.exit_code == code, done.output
    return str(done.output)


@pytest.mark.parametrize(
    ("language", "said"), [("fi", "Kysymyksen oikea vastaus korjattiin"), ("sv", "Facit"), ("en", "The key of this")]
)
def test_the_review_tells_that_the_key_was_corrected_and_the_quiz_is_passed(app, client, asked, language, said):
    before = client.get(f"/{language}/{REVIEW}")
    assert not before.select(".corrected") and "66" in text_of(before.select_one(".result .figure"))
    regrade(app, "tea", asked, "--apply")
    for _ in range(2):
        after = client.get(f"/{language}/{REVIEW}")
        [note] = after.select(f"#q-{asked} .corrected")
        assert text_of(note).startswith(said)
        assert "100" in text_of(after.select_one(".result .figure"))


def test_the_page_of_questions_names_those_that_rest_on_an_earlier_key(app, admin_client, asked):
    flagged = "Attempts marked by an earlier key: 1"
    assert flagged in text_of(admin_client.get("/en/admin/items/?module=tea").main)
    regrade(app, "tea", asked, "--apply")
    assert flagged not in text_of(admin_client.get("/en/admin/items/?module=tea").main)


def test_the_command_says_what_would_change_and_changes_nothing_until_it_is_told_to(app, client, asked):
    said = regrade(app, "tea", asked)
    assert re.search(r"with a better result: 1\n.*pass the module by it: 1\n.*--apply", said)
    assert "66" in text_of(client.get(f"/en/{REVIEW}").select_one(".result .figure"))
    assert regrade(app, "tea", asked, "--apply").endswith("Done.\n")
    assert "Nothing to do" in regrade(app, "tea", asked, "--apply")


def test_the_command_names_what_it_does_not_know(app):
    assert "The course has no coffee." in regrade(app, "coffee", "which-first", code=1)
    assert "The course has no which-last." in regrade(app, "tea", "which-last", code=1)


def test_the_page_of_an_open_attempt_is_the_same_after_the_correction(app, client, begun):
    before = start_quiz(client, "tea").main
    assert before.select(f"[data-question={begun}]")
    assert "when they are: 1" in regrade(app, "tea", begun, "--apply")
    assert str(start_quiz(client, "tea").main) == str(before)
