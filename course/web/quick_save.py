"""Saves an answer before Flask wakes up.

A quiz saves at every change, so a site full of learners does little else. When nothing stands in the way of an answer
(our own page, the right token, the version that is stored), it is one statement. Everything else goes on to Flask,
which says what is wrong. See docs/decisions/004.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from sqlalchemy.exc import OperationalError

from course.services.attempts import save_one_answer
from course.web.forms.quiz import QuizForm, posted_answer
from course.web.short_way import ShortWay
from course.web.site import Site

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

#: One answer is a few hundred bytes.
_LONGEST = 8192


def save_posted(site: Site, secret: str, module_id: str, form: QuizForm) -> int | None:
    """The new version of the form's one answer, or None when it was not this tab's turn."""
    question_id = form.only_question()
    return save_one_answer(
        site.store,
        site.library,
        secret=secret,
        module_id=module_id,
        number=form.attempt,
        question_id=question_id,
        chosen=posted_answer(site.library, module_id, question_id, form.fields),
        version=form.versions.get(question_id, -1),
        now=site.now(),
    )


class SavesAnswers(ShortWay):
    """WSGI wrapper: saves an answer that nothing stands in the way of; everything else goes on to the application."""

    def __init__(self, application: WSGIApplication, site: Site, *, trusted_hosts: Sequence[str] = ()) -> None:
        super().__init__(application, site, trusted_hosts=trusted_hosts)
        self._address = self.addresses("quiz/save")
        self._headers = [("Content-Type", "application/json"), *self.headers]

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        if environ["REQUEST_METHOD"] == "POST":
            found = self._address.fullmatch(environ.get("PATH_INFO", ""))
            version = self._save(environ, found[2]) if found else None
            if version is not None:
                body = b'{"version":%d}\n' % version
                start_response("200 OK", [*self._headers, ("Content-Length", str(len(body)))])
                return [body]
        return self.application(environ, start_response)

    def _save(self, environ: WSGIEnvironment, module_id: str) -> int | None:
        found = self.form(environ, _LONGEST)
        if found is None:
            return None
        secret, fields = found
        form = QuizForm.read(fields)
        if len(form.versions) != 1:
            return None
        try:
            return save_posted(self.site, secret, module_id, form)
        except OperationalError:
            return None
