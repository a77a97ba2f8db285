"""A scripted learner on the pages of the site: every step is a request, as her browser sends it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import pytest
from flask import Flask
from lxml import html
from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse

from course.content.library import Library
from course.domain.errors import CourseError, NotEarnedYet, NotThere
from course.domain.quiz import Kind, Question
from course.services import attempts
from course.services.attempts import GRADED
from course.services.certificates import issue_certificate
from course.storage import learning
from course.web.site import Site
from tests.packages.by_the_rules import normalised
from tests.services.graduates import verify_url
from tests.strict_client import StrictClient

Fields = MultiDict[str, str]
#: The answers of the site to somebody who does what is not open to her, or what cannot be read.
_REFUSALS = {400, 404, 409, 410, 422}
_FORM = {"Origin": "http://localhost", "Sec-Fetch-Site": "same-origin"}


class Seeds:
    """The chance of the site, which a script decides."""

    def __init__(self) -> None:
        self.next = 0

    def randbelow(self, limit: int) -> int:
        assert self.next < limit
        return self.next


@contextmanager
def chosen_seeds() -> Iterator[Seeds]:
    seeds = Seeds()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(attempts, "secrets", seeds)
        yield seeds


class OnThePages:
    """`scripted` is a browser that saves each answer as it is given; without, the form is saved by its button.

    `enter(client, number)` makes the browser of another device known to the site; a guest's has her cookie.
    """

    def __init__(
        self,
        app: Flask,
        site: Site,
        seeds: Seeds,
        *,
        scripted: bool = True,
        enter: Callable[[StrictClient, int], object] | None = None,
    ) -> None:
        self.app, self.site, self.library, self.seeds = app, site, site.library, seeds
        self._scripted, self._enter = scripted, enter
        self._visits = 0
        self._client = StrictClient(app)
        #: The form of each quiz that stands open in the browser, as it is filled in.
        self._forms: dict[str, Fields] = {}
        self._unsaved = ""
        self._token = ""
        if enter:
            enter(self._client, 0)

    def play(self, script: Sequence[Sequence[Any]]) -> None:
        for name, *values in script:
            if self._unsaved and (name != "answer" or values[0] != self._unsaved):
                self._press_save(keep=name == "submit" and values[0] == self._unsaved)
            getattr(self, f"_{name}")(*values)
        if self._unsaved:
            self._press_save(keep=False)

    @property
    def secret(self) -> str:
        """That of the cookie which leads to her record."""
        found = self._client.raw.get_cookie("lti-learner") or self._client.raw.get_cookie("learner")
        assert found is not None
        return found.value

    # Requests

    def _get(self, address: str) -> html.HtmlElement:
        answer = self._client.raw.get(f"/en/{address}", follow_redirects=True)
        assert answer.status_code == 200, f"{address}: {answer.status}"
        return html.fromstring(answer.text)

    def _post(self, address: str, fields: Mapping[str, Any] | Fields) -> TestResponse:
        answer = self._client.raw.post(f"/en/{address}", data=fields, headers=_FORM)
        assert answer.status_code in {200, 303} | _REFUSALS, f"{address}: {answer.status}"
        if "Set-Cookie" in answer.headers:
            # A cookie that is new has another token.
            self._token = ""
        return answer

    def _press(self, address: str, **fields: str) -> TestResponse:
        """A small form of which nothing but the button matters."""
        if not self._token:
            page = self._get(f"modules/{self.library.modules[0].id}/quiz/")
            self._token = page.xpath("//input[@name='csrf_token']/@value")[0]
        return self._post(address, {"csrf_token": self._token, **fields})

    # Steps

    def _read(self, lesson_id: str) -> None:
        try:
            module_id = self.library.lesson("en", lesson_id).module_id
        except NotThere:
            module_id = self.library.modules[0].id
        self._press(f"modules/{module_id}/{lesson_id}/done")

    def _start(self, module_id: str, seed: int) -> None:
        self.seeds.next = seed
        if self._press(f"modules/{module_id}/quiz/start").status_code == 303:
            self._open(module_id)

    def _open(self, module_id: str) -> Fields | None:
        """The open attempt as the page shows it."""
        return self._shown(module_id, self._get(f"modules/{module_id}/quiz/"))

    def _shown(self, module_id: str, page: html.HtmlElement) -> Fields | None:
        found = [form for form in page.forms if form.get("data-save-url")]
        if found:
            self._forms[module_id] = MultiDict(found[0].form_values())
        else:
            self._forms.pop(module_id, None)
        return self._forms.get(module_id)

    def _form(self, module_id: str) -> Fields | None:
        return self._forms.get(module_id) or self._open(module_id)

    def _answer(self, module_id: str, question_id: str, chosen: Sequence[str]) -> None:
        form, question = self._form(module_id), self.library.quiz(module_id).question(question_id)
        version = f"version.{question_id}"
        if form is None or version not in form:
            self._answer_unasked(module_id, question, chosen)
        elif self._scripted:
            self._save_one(module_id, form, question, chosen)
        elif _can_be_chosen(question, chosen):
            _fill_in(form, question, chosen)
            self._unsaved = module_id

    def _save_one(self, module_id: str, form: Fields, question: Question, chosen: Sequence[str]) -> None:
        version = f"version.{question.id}"
        fields = MultiDict({name: form[name] for name in ("csrf_token", "attempt", version)})
        _fill_in(fields, question, chosen)
        answer = self._post(f"modules/{module_id}/quiz/save", fields)
        assert (answer.status_code == 200) == _can_be_chosen(question, chosen)
        if answer.status_code == 200:
            _fill_in(form, question, chosen)
            form[version] = str(answer.json["version"])

    def _answer_unasked(self, module_id: str, question: Question, chosen: Sequence[str]) -> None:
        fields = MultiDict({"attempt": "1", f"version.{question.id}": "0"})
        _fill_in(fields, question, chosen)
        answer = self._press(f"modules/{module_id}/quiz/save", **fields.to_dict(flat=False))
        assert answer.status_code in _REFUSALS

    def _press_save(self, *, keep: bool) -> None:
        """The button of the whole form; it is handed in as it is when that is the next step."""
        module_id, self._unsaved = self._unsaved, ""
        if not keep:
            answer = self._post(f"modules/{module_id}/quiz/", self._with(self._forms[module_id], action="save"))
            self._shown(module_id, html.fromstring(answer.text))

    def _with(self, form: Fields, **more: str) -> Fields:
        return MultiDict([*form.items(multi=True), *more.items()])

    def _submit(self, module_id: str, anyway: bool) -> None:
        form = self._form(module_id)
        if form is None:
            self._press(f"modules/{module_id}/quiz/", attempt="1", action="submit")
            return
        confirmed = {"confirm": "unanswered"} if anyway else {}
        answer = self._post(f"modules/{module_id}/quiz/", self._with(form, action="submit", **confirmed))
        if answer.status_code == 303:
            del self._forms[module_id]
        else:
            assert answer.status_code == 422 and not anyway
            self._shown(module_id, html.fromstring(answer.text))

    def _decide(self, case_id: str, made: int, choice_id: str) -> None:
        self._press(f"cases/{case_id}/", made=str(made), choice=choice_id)

    def _takeBack(self, case_id: str, keep: int) -> None:  # noqa: N802 - named as the runtime's change is
        self._press(f"cases/{case_id}/back", keep=str(keep))

    def _before(self, seed: int) -> None:
        """The questions before the course, handed in without an answer: they count for nothing in it."""
        self._press("pre-test/start")
        form = next(one for one in self._get("pre-test/").forms if one.get("data-save-url"))
        fields = self._with(MultiDict(form.form_values()), action="submit", confirm="unanswered")
        assert self._post("pre-test/before/", fields).status_code == 303

    def _pause(self) -> None:
        """A page waits."""

    def _leave(self, how: str) -> None:
        """Another window; whether it is on another device is for `enter` to say."""
        self._forms.clear()
        if how == "elsewhere" and self._enter:
            self._visits += 1
            self._client, self._token = StrictClient(self.app), ""
            self._enter(self._client, self._visits)


def _can_be_chosen(question: Question, chosen: Sequence[str]) -> bool:
    try:
        question.normal(chosen)
    except CourseError:
        return False
    return True


def _fill_in(form: Fields, question: Question, chosen: Sequence[str]) -> None:
    """The fields of one question as a browser has them when this is chosen."""
    for name in [name for name in form if name == question.id or name.startswith(f"{question.id}.")]:
        del form[name]
    if question.kind is Kind.MATCH:
        form.update({f"{question.id}.{option}": target for option, _, target in (one.partition("=") for one in chosen)})
    else:
        form.setlist(question.id, list(chosen))


def record_on_the_site(site: Site, library: Library, learner_id: int) -> dict[str, Any]:
    """The record as it stands in the database."""
    graded: dict[str, list[tuple[int, bool]]] = {}
    with site.store.reading() as connection:
        lessons = learning.progress_of(connection, learner_id).lessons_done
        for module in library.modules:
            for one in learning.attempts_of(connection, learner_id, module.id):
                if one.state == GRADED:
                    graded.setdefault(module.id, []).append((one.percent or 0, bool(one.passed)))
    return normalised(library, lessons, graded)


def earns_certificate(site: Site, learner_id: int) -> bool:
    """Whether she is given the certificate of the course when she asks for it."""
    try:
        issue_certificate(
            site.store,
            site.library,
            learner_id=learner_id,
            track_id=site.library.tracks[0].id,
            name="Aino",
            language="en",
            verify_url=verify_url,
            now=site.now(),
        )
    except NotEarnedYet:
        return False
    return True
