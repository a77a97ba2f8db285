"""The waivers of a cohort: given by one of its own trainers with a reason, listed, and taken back."""

from __future__ import annotations

from collections.abc import Iterable

from flask import Response, redirect, request
from werkzeug.wrappers import Response as WerkzeugResponse
from wtforms import Form

from course.content.formats import short_date
from course.domain.permission import Permission
from course.domain.waiver import REASON_MAX, Refusal
from course.services.cohorts import modules_of
from course.services.waivers import cohort_to_waive_in, take_back, waive_module
from course.storage.cohorts import StoredCohort, members_of
from course.storage.waivers import StoredWaiver, waivers_of_cohort
from course.web.area import Route
from course.web.forms.waiver import waiver_form
from course.web.pages_cohorts import WaiverLine
from course.web.presenting import Presenter
from course.web.staff import StaffArea


class WaiversArea(StaffArea):
    def routes(self) -> Iterable[Route]:
        trainer, one = Permission.TRAINER, "/trainer/cohorts/<int:cohort_id>/waivers"
        yield Route(f"{one}/", "waivers", self.show, trainer)
        yield Route(f"{one}/", "waive", self.waive, trainer, ("POST",))
        yield Route(f"{one}/<int:waiver_id>/take-back", "take_back_waiver", self.take_back, trainer, ("POST",))

    def _found(self, cohort_id: int) -> tuple[StoredCohort, dict[int, str], list[StoredWaiver]]:
        """The cohort with its members' names and waivers, if she may give one there."""
        with self.site.store.reading() as connection:
            cohort = cohort_to_waive_in(connection, self.site.staff, cohort_id)
            members = {learner_id: name for learner_id, name, _ in members_of(connection, cohort_id)}
            return cohort, members, waivers_of_cohort(connection, cohort_id)

    def show(self, lang: str, cohort_id: int) -> Response:
        cohort, members, given = self._found(cohort_id)
        form = self._form(lang, cohort, members)(
            learner=request.args.get("learner", ""), module=request.args.get("module", "")
        )
        return self._page(lang, cohort, members, given, form)

    def _form(self, lang: str, cohort: StoredCohort, members: dict[int, str]) -> type[Form]:
        say, library = Presenter(self.site, lang).say, self.site.library
        by_name = sorted(members.items(), key=lambda pair: (pair[1].casefold(), pair[0]))
        people = [("", say("Choose")), *((str(learner_id), name) for learner_id, name in by_name)]
        modules = [library.module(one) for one in modules_of(library, cohort.plan)]
        titles = [("", say("Choose")), *((one.id, f"{one.number}. {one.title[lang]}") for one in modules)]
        return waiver_form(say, people, titles)

    def _page(
        self,
        lang: str,
        cohort: StoredCohort,
        members: dict[int, str],
        given: list[StoredWaiver],
        form: Form,
        status: int = 200,
    ) -> Response:
        return self.staff_page(
            lang,
            "waivers.html",
            "trainer",
            status=status,
            form=form,
            longest=REASON_MAX,
            cohort_name=cohort.plan.name,
            cohort_url=self.site.url("cohort", lang=lang, cohort_id=cohort.id),
            has_members=bool(members),
            waivers=[self._line(lang, cohort.id, members, one) for one in given],
            form_url=self.site.url("waive", lang=lang, cohort_id=cohort.id),
        )

    def _line(self, lang: str, cohort_id: int, members: dict[int, str], waiver: StoredWaiver) -> WaiverLine:
        return WaiverLine(
            name=members[waiver.learner_id],
            module=module_title(Presenter(self.site, lang), waiver.module_id),
            reason=waiver.reason,
            author=waiver.author,
            day=short_date(waiver.waived_at, lang),
            counts=waiver.counts,
            take_back_url=self.site.url("take_back_waiver", lang=lang, cohort_id=cohort_id, waiver_id=waiver.id),
        )

    def waive(self, lang: str, cohort_id: int) -> WerkzeugResponse:
        cohort, members, given = self._found(cohort_id)
        form = self._form(lang, cohort, members)(request.form)
        if not form.validate():
            return self._page(lang, cohort, members, given, form, 422)
        refused = waive_module(
            self.site.store,
            self.site.library,
            self.site.staff,
            cohort_id,
            learner_id=int(form.data["learner"]),
            module_id=form.data["module"],
            reason=form.data["reason"],
            now=self.site.now(),
        )
        if refused is not None:
            say = Presenter(self.site, lang).say
            why = {
                Refusal.PASSED: say("This member has passed the module already."),
                Refusal.ONESELF: say("You cannot pass yourself. Ask another trainer of the group."),
            }
            field = form["reason"] if refused is Refusal.NO_REASON else form["learner"]
            field.errors = [why.get(refused, say("Choose whom you pass."))]
            return self._page(lang, cohort, members, given, form, 422)
        return redirect(self.site.url("waivers", lang=lang, cohort_id=cohort_id), 303)

    def take_back(self, lang: str, cohort_id: int, waiver_id: int) -> WerkzeugResponse:
        take_back(self.site.store, self.site.staff, cohort_id, waiver_id, now=self.site.now())
        return redirect(self.site.url("waivers", lang=lang, cohort_id=cohort_id), 303)


def module_title(presenter: Presenter, module_id: str) -> str:
    """With its number; of a module that this edition does not have, its id."""
    for module in presenter.library.modules:
        if module.id == module_id:
            return f"{module.number}. {module.title[presenter.language]}"
    return module_id
