"""What a learner does in a browser, as requests: take a whole quiz, or save one answer again and again."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bench.client import Answer, Client, Fields
from course.content.library import Library
from course.domain.quiz import Kind, Question

_TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')
_ASKED = re.compile(r'data-question="([^"]+)"')
_ATTEMPT = re.compile(r'name="attempt" value="(\d+)"')


class Attempt:
    """One attempt of one learner at one quiz. Every answer is checked for what it should be."""

    def __init__(self, client: Client, library: Library, module_id: str) -> None:
        self._client = client
        self._address = f"/fi/modules/{module_id}/quiz/"
        self._quiz = library.quiz(module_id)
        self._token = ""
        self._number = ""
        self._versions: dict[str, int] = {}
        self._review = ""

    def view(self) -> Answer:
        page = _good(self._client.get(self._address), 200)
        self._token = _found(_TOKEN, page.text)
        return page

    def start(self) -> None:
        """The button, and the page with the questions that it leads to."""
        _good(self._client.post(f"{self._address}start", [("csrf_token", self._token)]), 303)
        text = self.view().text
        self._number = _found(_ATTEMPT, text)
        self._versions = dict.fromkeys(_ASKED.findall(text), 0)

    def questions(self) -> Iterator[Question]:
        for name in self._versions:
            yield self._quiz.question(name)

    def save_fields(self, question: Question) -> Fields:
        """What the script sends when an answer changes."""
        return [*self._own(), (f"version.{question.id}", str(self._versions[question.id])), *_right(question)]

    def save(self, question: Question) -> None:
        _good(self._client.post(f"{self._address}save", self.save_fields(question)), 200)
        self._versions[question.id] += 1

    def submit(self) -> None:
        """The whole form, as the button sends it."""
        fields = [*self._own(), ("action", "submit")]
        for question in self.questions():
            fields += [(f"version.{question.id}", str(self._versions[question.id])), *_right(question)]
        answer = _good(self._client.post(self._address, fields), 303)
        self._review = answer.headers["Location"]

    def review(self) -> Answer:
        return _good(self._client.get(self._review), 200)

    def _own(self) -> Fields:
        return [("csrf_token", self._token), ("attempt", self._number)]


def whole_attempt(client: Client, library: Library, module_id: str, *, saves: bool) -> None:
    """View, start, save every answer (or none), submit, review."""
    attempt = Attempt(client, library, module_id)
    attempt.view()
    attempt.start()
    if saves:
        for question in attempt.questions():
            attempt.save(question)
    attempt.submit()
    attempt.review()


def _right(question: Question) -> Fields:
    if question.kind is Kind.MATCH:
        pairs = (pair.split("=", 1) for pair in question.correct)
        return [(f"{question.id}.{option}", target) for option, target in pairs]
    return [(question.id, option) for option in question.correct]


def _found(pattern: re.Pattern[str], text: str) -> str:
    found = pattern.search(text)
    if found is None:
        raise RuntimeError(f"the page has no {pattern.pattern}")
    return found[1]


def _good(answer: Answer, status: int) -> Answer:
    if answer.status != status:
        raise RuntimeError(f"the site answered {answer.status} and not {status}:\n{answer.text[:2000]}")
    return answer
