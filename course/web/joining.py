"""Joining a cohort by code or by a personal link, leaving it, and what a learner may tell of her work."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from flask import Response, redirect, request
from werkzeug.wrappers import Response as WerkzeugResponse

from course.content.library import Group
from course.domain.cohort import NAME_MAX, normal_join_code
from course.domain.errors import NameNeeded, NotThere
from course.domain.permission import Permission
from course.services import cohort_joining as joining
from course.services.cohort_joining import OpenDoor
from course.storage.cohorts import member_name, trainers_of_cohorts
from course.storage.profiles import Profile, profile_of
from course.storage.rosters import StoredRow
from course.web.area import Area, Route
from course.web.cohort_pages import CohortPresenter
from course.web.presenting import Presenter


class JoiningArea(Area):
    def routes(self) -> Iterable[Route]:
        own = Permission.OWN_RECORD
        yield Route("//join/", "join_form", self.form, Permission.ANYONE)
        yield Route("//join/<code>", "join", self.by_code, own)
        yield Route("//join/<code>", "join_now", self.join_by_code, own, ("POST",))
        yield Route("//join/person/<secret>", "join_by_link", self.by_link, own)
        yield Route("//join/person/<secret>", "join_by_link_now", self.join_by_link, own, ("POST",))
        yield Route("/progress/cohorts/<int:cohort_id>/leave", "leave_cohort", self.leave, own, ("POST",))
        yield Route("/about-you/", "about_you", self.about, own)
        yield Route("/about-you/", "tell_about_you", self.tell, own, ("POST",))

    # Finding the group

    def form(self) -> WerkzeugResponse:
        typed = request.args.get("code", "").strip()
        if typed:
            return redirect(self.site.url("join", code=normal_join_code(typed) or typed[:40]))
        return self._form_page("")

    def _form_page(self, typed: str) -> Response:
        lang = self.reader_language()
        return self.page(
            lang,
            "join_form.html",
            status=404 if typed else 200,
            typed=typed,
            form_url=self.site.url("join_form"),
        )

    def _door(self, code: str) -> OpenDoor | None:
        return joining.door_of_code(
            self.site.store,
            self.site.secret_key,
            code,
            address=request.remote_addr or "",
            now=self.site.now(),
        )

    def by_code(self, code: str) -> Response:
        door = self._door(code)
        return self._page(door, self._code_url(door)) if door else self._form_page(code)

    def join_by_code(self, code: str) -> WerkzeugResponse:
        door = self._door(code)
        return self._join(door, self._code_url(door)) if door else self._form_page(code)

    def _code_url(self, door: OpenDoor) -> str:
        assert door.code is not None
        return self.site.url("join", code=door.code.code)

    def by_link(self, secret: str) -> Response:
        return self._page(self._personal(secret), self.site.url("join_by_link", secret=secret))

    def join_by_link(self, secret: str) -> WerkzeugResponse:
        return self._join(self._personal(secret), self.site.url("join_by_link", secret=secret))

    def _personal(self, secret: str) -> OpenDoor:
        with self.site.store.reading() as connection:
            return joining.door_of_link(connection, secret)

    # Joining

    def _page(self, door: OpenDoor, url: str, *, error: str = "", status: int = 200) -> Response:
        """What the group is, what its trainers will see, and the name under which to join."""
        plan = door.cohort.plan
        lang = self.reader_language(plan.language)
        pages = CohortPresenter(Presenter(self.site, lang), self.site.now())
        found = self.site.visitor()
        with self.site.store.reading() as connection:
            known = member_name(connection, door.cohort.id, found.learner.id) if found else None
            told = profile_of(connection, found.learner.id) if found else None
            trainers = trainers_of_cohorts(connection, [door.cohort.id]).get(door.cohort.id, [])
        expected = door.row.person.name if door.row else ""
        return self.page(
            lang,
            "join.html",
            status=status,
            group=pages.own(door.cohort, known or "", trainers),
            scores=plan.shows_scores,
            member=known is not None,
            full=known is None and door.code is not None and door.code.is_full,
            name=request.form.get("name", known or expected),
            error=error,
            ask=told is None,
            choices=self._choices(lang),
            profile={
                "profession": request.form.get("profession", ""),
                "organisation": request.form.get("organisation", ""),
                "network": request.form.get("network", plan.network_id),
            },
            form_url=f"{url}?lang={lang}",
            csrf=self.csrf(),
        )

    def _join(self, door: OpenDoor, url: str) -> WerkzeugResponse:
        lang = self.reader_language(door.cohort.plan.language)
        name = request.form.get("name", "")
        try:
            joining.cohort_name(name)
        except NameNeeded:
            words = Presenter(self.site, lang).say(
                "Write a name of at most %(most)s characters. A nickname will do.", most=NAME_MAX
            )
            return self._page(door, url, error=words, status=422)
        row = self._namesake(door, name)
        answer = request.form.get("expected", "")
        if row is not None and answer not in ("yes", "no"):
            return self._ask(door, url, lang, name)
        learner_id, new = self.learner_or_new(lang)
        joining.join(
            self.site.store,
            door,
            learner_id=learner_id,
            name=name,
            as_expected=row if answer == "yes" else None,
            now=self.site.now(),
        )
        if "profession" in request.form:
            joining.tell_profile(self.site.store, self.site.library, learner_id, _told(), now=self.site.now())
        return self.remembering(redirect(self.site.url("progress", lang=lang), 303), new)

    def _namesake(self, door: OpenDoor, name: str) -> StoredRow | None:
        """Somebody expected under the name that was typed, if she came by the code and is no member yet."""
        if door.code is None:
            return None
        found = self.site.visitor()
        with self.site.store.reading() as connection:
            if found and member_name(connection, door.cohort.id, found.learner.id) is not None:
                return None
            return joining.namesake(connection, door, name)

    def _ask(self, door: OpenDoor, url: str, lang: str, name: str) -> Response:
        kept = ("profession", "organisation", "network")
        return self.page(
            lang,
            "join_confirm.html",
            group=door.cohort.plan.name,
            name=name,
            kept=[(field, request.form[field]) for field in kept if field in request.form],
            form_url=f"{url}?lang={lang}",
            csrf=self.csrf(),
        )

    def leave(self, lang: str, cohort_id: int) -> WerkzeugResponse:
        found = self.site.visitor()
        if found is None:
            raise NotThere(str(cohort_id))
        joining.leave(self.site.store, found.learner.id, cohort_id)
        return redirect(self.site.url("progress", lang=lang), 303)

    # What she may tell of her work

    def about(self, lang: str) -> Response:
        found = self.site.visitor()
        with self.site.store.reading() as connection:
            told = profile_of(connection, found.learner.id) if found else None
        told = told or Profile()
        return self.page(
            lang,
            "about_you.html",
            "progress",
            choices=self._choices(lang),
            profile={
                "profession": told.profession_id or "",
                "organisation": told.organisation_id or "",
                "network": told.network_id or "",
            },
            form_url=self.site.url("tell_about_you", lang=lang),
            csrf=self.csrf(),
        )

    def tell(self, lang: str) -> WerkzeugResponse:
        learner_id, new = self.learner_or_new(lang)
        joining.tell_profile(self.site.store, self.site.library, learner_id, _told(), now=self.site.now())
        return self.remembering(redirect(self.site.url("progress", lang=lang), 303), new)

    def _choices(self, lang: str) -> dict[str, list[tuple[str, str]]]:
        library = self.site.library
        nothing = ("", Presenter(self.site, lang).say("I leave this open"))

        def words(groups: Mapping[str, Group]) -> list[tuple[str, str]]:
            return [nothing, *((one.id, one.name[lang]) for one in groups.values())]

        return {
            "profession": words(library.professions),
            "organisation": words(library.organisations),
            "network": words(library.networks),
        }


def _told() -> Profile:
    return Profile(
        request.form.get("profession") or None,
        request.form.get("organisation") or None,
        request.form.get("network") or None,
    )
