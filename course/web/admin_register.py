"""One learner's register in an administrator's hands: found when the learner has asked, handed out, erased."""

from __future__ import annotations

from collections.abc import Iterable

from flask import Response, redirect, request
from werkzeug.wrappers import Response as WerkzeugResponse

from course.domain.certificate_state import Actor
from course.domain.errors import NotThere
from course.domain.permission import Permission
from course.services.audit import by_account
from course.services.certificates import By
from course.services.erasure import erase_learner
from course.services.register import exported_for, find_learner, identity_of
from course.web.area import Route
from course.web.my_data import SURE, json_file
from course.web.staff import StaffArea

_LONGEST_SEARCH = 254


class RegisterArea(StaffArea):
    def routes(self) -> Iterable[Route]:
        admin = Permission.ADMINISTRATOR
        one = "/admin/register/<int:learner_id>"
        yield Route("/admin/register/", "admin_register", self.search, admin)
        yield Route(f"{one}/", "admin_learner", self.learner, admin)
        yield Route(f"{one}/export", "export_learner", self.export, admin, ("POST",))
        yield Route(f"{one}/erase", "erase_learner", self.erase, admin, ("POST",))

    def search(self, lang: str) -> WerkzeugResponse:
        asked = request.args.get("q", "").strip()[:_LONGEST_SEARCH]
        if asked:
            with self.site.store.reading() as connection:
                found = find_learner(connection, asked)
            if found is not None:
                return redirect(self.site.url("admin_learner", lang=lang, learner_id=found))
        return self.staff_page(
            lang,
            "admin_register.html",
            "admin",
            asked=asked,
            erased=request.args.get("erased", type=int),
            search_url=self.site.url("admin_register", lang=lang),
            overview_url=self.site.url("admin", lang=lang),
        )

    def learner(self, lang: str, learner_id: int) -> Response:
        """What can be done; what is kept is read in the file, so that the audit log tells who read it."""
        with self.site.store.reading() as connection:
            identity = identity_of(connection, learner_id)
        return self.staff_page(
            lang,
            "admin_learner.html",
            "admin",
            number=learner_id,
            staff_account=identity.staff,
            export_url=self.site.url("export_learner", lang=lang, learner_id=learner_id),
            erase_url=self.site.url("erase_learner", lang=lang, learner_id=learner_id),
            search_url=self.site.url("admin_register", lang=lang),
        )

    def export(self, lang: str, learner_id: int) -> Response:
        by = self.site.staff.account_id
        return json_file(exported_for(self.site.store, learner_id, by=by, now=self.site.now()), learner_id)

    def erase(self, lang: str, learner_id: int) -> WerkzeugResponse:
        if request.form.get("sure") != SURE:
            raise NotThere(request.path)
        by = self.site.staff.account_id
        erase_learner(
            self.site.store,
            learner_id,
            instance=self.site.instance,
            now=self.site.now(),
            who=by_account(by),
            by=By(Actor.ADMINISTRATOR, by),
        )
        return redirect(self.site.url("admin_register", lang=lang, erased=learner_id), 303)
