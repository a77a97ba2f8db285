"""What a learner does on the site, step by step, for tests that need her to have done it."""

from __future__ import annotations

from bs4 import BeautifulSoup, Tag

from course.content.library import Library
from course.domain.quiz import Kind, Question
from tests.strict_client import StrictClient, values_of

READ = ".actions form"
QUIZ = "form[data-save-url]"


def start_quiz(client: StrictClient, module_id: str, language: str = "fi") -> BeautifulSoup:
    """The open attempt's page."""
    page = client.get(f"/{language}/modules/{module_id}/quiz/")
    if page.select(QUIZ):
        return page
    return client.submit(page, "form[action$='/quiz/start']")


def asked(page: BeautifulSoup, library: Library, module_id: str) -> list[Question]:
    quiz = library.quiz(module_id)
    return [quiz.question(str(box["data-question"])) for box in page.select("[data-question]")]


def fields_for(question: Question, answer: tuple[str, ...]) -> dict[str, str | list[str]]:
    """The form fields that give an answer."""
    if question.kind is Kind.MATCH:
        return {f"{question.id}.{pair.split('=')[0]}": pair.split("=")[1] for pair in answer}
    return {question.id: list(answer)}


def right_answers(page: BeautifulSoup, library: Library, module_id: str) -> dict[str, str | list[str]]:
    fields: dict[str, str | list[str]] = {}
    for question in asked(page, library, module_id):
        fields.update(fields_for(question, question.correct))
    return fields


def wrong_answers(page: BeautifulSoup, library: Library, module_id: str) -> dict[str, str | list[str]]:
    """One wrong answer to every question, complete, so that the form can be handed in."""
    fields: dict[str, str | list[str]] = {}
    for question in asked(page, library, module_id):
        if question.kind is Kind.MATCH:
            options = question.options
            targets = [pair.split("=")[1] for pair in question.correct]
            answer = tuple(f"{one}={target}" for one, target in zip(options, reversed(targets), strict=True))
        elif question.kind is Kind.ORDER:
            answer = tuple(reversed(question.correct))
        else:
            answer = tuple(option for option in question.options if option not in question.correct)[:1]
        fields.update(fields_for(question, answer))
    return fields


def hand_in(
    client: StrictClient, page: BeautifulSoup, fields: dict[str, str | list[str]], *, status: int = 200
) -> BeautifulSoup:
    return client.submit(page, QUIZ, button="[name=action][value=submit]", status=status, **fields)


def pass_module(client: StrictClient, library: Library, module_id: str, language: str = "fi") -> BeautifulSoup:
    """The review page of a passed attempt."""
    page = start_quiz(client, module_id, language)
    return hand_in(client, page, right_answers(page, library, module_id))


def pass_course(client: StrictClient, library: Library, language: str = "fi") -> None:
    for module in library.modules:
        pass_module(client, library, module.id, language)


def save_one(client: StrictClient, page: BeautifulSoup, question: Question, answer: tuple[str, ...], version: int = 0):
    """What the script sends at a change: one question of the form."""
    form = page.select_one(QUIZ)
    assert isinstance(form, Tag)
    hidden = values_of(form)
    fields = {
        "csrf_token": hidden["csrf_token"],
        "attempt": hidden["attempt"],
        f"version.{question.id}": str(version),
        **fields_for(question, answer),
    }
    return client.send(str(form["data-save-url"]), fields)
