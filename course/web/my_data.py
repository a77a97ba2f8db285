"""One's own data: everything that is kept, to be read, to be taken along, and to be erased."""

from __future__ import annotations

from collections.abc import Iterable

from flask import Response, jsonify, make_response, redirect, request
from werkzeug.wrappers import Response as WerkzeugResponse

from course.domain.errors import NotThere
from course.domain.permission import Permission
from course.services.erasure import erase_learner
from course.services.register import identity_of, register_of
from course.web.area import Area, Route
from course.web.identity import LearnerCookie
from course.web.pages_register import Section, sections_of

#: The button of the page that asks once more sends this.
SURE = "erase"


class MyDataArea(Area):
    def routes(self) -> Iterable[Route]:
        own = Permission.OWN_RECORD
        yield Route("/progress/my-data/", "my_data", self.show, own)
        yield Route("/progress/my-data.json", "my_data_json", self.as_json, own)
        yield Route("/progress/my-data/erase", "erase_me_form", self.ask, own)
        yield Route("/progress/my-data/erase", "erase_me", self.erase, own, ("POST",))
        yield Route("/progress/my-data/erased", "erased", self.erased, Permission.ANYONE)

    def show(self, lang: str) -> Response:
        found = self.site.visitor()
        sections: tuple[Section, ...] = ()
        if found is not None:
            with self.site.store.reading() as connection:
                kept = register_of(connection, found.learner.id)
            sections = sections_of(kept, self.site, lang)
        return self.page(
            lang,
            "my_data.html",
            "progress",
            known=found is not None,
            sections=sections,
            json_url=self.site.url("my_data_json", lang=lang),
            erase_url=self.site.url("erase_me_form", lang=lang),
            progress_url=self.site.url("progress", lang=lang),
        )

    def as_json(self, lang: str) -> Response:
        found = self.site.visitor()
        if found is None:
            return json_file({}, 0)
        with self.site.store.reading() as connection:
            return json_file(register_of(connection, found.learner.id), found.learner.id)

    def ask(self, lang: str) -> WerkzeugResponse:
        found = self.site.visitor()
        if found is None:
            return redirect(self.site.url("my_data", lang=lang))
        with self.site.store.reading() as connection:
            identity = identity_of(connection, found.learner.id)
        return self.page(
            lang,
            "erase_me.html",
            "progress",
            csrf=self.csrf(),
            staff=identity.staff,
            form_url=self.site.url("erase_me", lang=lang),
            back_url=self.site.url("my_data", lang=lang),
        )

    def erase(self, lang: str) -> WerkzeugResponse:
        if request.form.get("sure") != SURE:
            raise NotThere(request.path)
        found = self.site.visitor()
        if found is not None:
            erase_learner(self.site.store, found.learner.id, instance=self.site.instance, now=self.site.now())
        response = make_response(redirect(self.site.url("erased", lang=lang), 303))
        if isinstance(self.site.identity, LearnerCookie):
            self.site.identity.forget(response)
        return response

    def erased(self, lang: str) -> Response:
        return self.page(lang, "erased.html", home_url=self.site.url("home", lang=lang))


def json_file(kept: object, learner_id: int) -> Response:
    """The register as a file to take along."""
    response = jsonify(kept)
    response.headers["Content-Disposition"] = f'attachment; filename="my-data-{learner_id}.json"'
    response.headers["Cache-Control"] = "no-store"
    return response
