"""A trainer's pages: her cohorts, a new one, and how the people of one are getting on."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from flask import Response, make_response, redirect, request
from werkzeug.wrappers import Response as WerkzeugResponse

from course.domain.cohort import MemberProgress, Show, listed
from course.domain.errors import NotThere
from course.domain.home_time import day_at_home
from course.domain.permission import Permission
from course.exports.sheet import CSV_TYPE, XLSX_TYPE, csv_sheet, xlsx_sheet
from course.services import cohorts
from course.services.certificate_zip import request_zip
from course.services.cohorts import CohortRecord, cohort_for, cohort_record, modules_of, visible_networks
from course.services.gain import gain_of_cohort
from course.services.waivers import may_waive
from course.storage.cohorts import StoredCohort, trainers_of_cohorts, trainers_of_networks
from course.web.area import Route
from course.web.cohort_pages import CohortPresenter
from course.web.forms.cohort import CohortForm, form_of, read_cohort
from course.web.pre_test_pages import GainPresenter
from course.web.presenting import Presenter
from course.web.staff import StaffArea

HERE = "trainer"
SHEETS = {"csv": CSV_TYPE, "xlsx": XLSX_TYPE}


class TrainerArea(StaffArea):
    def routes(self) -> Iterable[Route]:
        trainer, one = Permission.TRAINER, "/trainer/cohorts/<int:cohort_id>"
        yield Route("/trainer/", HERE, self.overview, Permission.COHORT)
        yield Route("/trainer/cohorts/new", "new_cohort", self.new, trainer)
        yield Route("/trainer/cohorts/new", "create_cohort", self.create, trainer, ("POST",))
        yield Route(f"{one}/", "cohort", self.cohort, Permission.COHORT)
        yield Route(f"{one}/edit", "edit_cohort", self.edit, trainer)
        yield Route(f"{one}/edit", "change_cohort", self.change, trainer, ("POST",))
        yield Route(f"{one}/members.<any(csv,xlsx):kind>", "cohort_file", self.file, Permission.COHORT)
        yield Route(f"{one}/members/remove", "remove_member", self.remove, trainer, ("POST",))
        yield Route(f"{one}/close", "close_cohort", self.close, trainer, ("POST",))
        yield Route(f"{one}/reopen", "reopen_cohort", self.reopen, trainer, ("POST",))
        yield Route(f"{one}/certificates", "cohort_certificates", self.certificates, trainer, ("POST",))

    def pages(self, lang: str) -> CohortPresenter:
        return CohortPresenter(Presenter(self.site, lang), self.site.now())

    def found(self, cohort_id: int) -> StoredCohort:
        """The cohort, if she may see it."""
        with self.site.store.reading() as connection:
            return cohort_for(connection, self.site.staff, cohort_id)

    # Overview

    def overview(self, lang: str) -> Response:
        pages = self.pages(lang)
        with self.site.store.reading() as connection:
            found = cohorts.overview(connection, self.site.library, self.site.staff)
        networks = visible_networks(self.site.library, self.site.staff)
        return self.staff_page(
            lang,
            "trainer.html",
            HERE,
            cohorts=[pages.line(one) for one in found if one.cohort.closed_at is None],
            closed=[pages.line(one) for one in found if one.cohort.closed_at is not None],
            networks=", ".join(pages.network(one) for one in networks),
            several=len(networks) > 1,
            new_url=self.site.url("new_cohort", lang=lang),
        )

    # Making and changing

    def new(self, lang: str) -> Response:
        networks = visible_networks(self.site.library, self.site.staff)
        values = {"language": lang, "network": networks[0] if len(networks) == 1 else ""}
        return self._form_page(lang, CohortForm(values, (self.site.staff.account_id,)))

    def create(self, lang: str) -> WerkzeugResponse:
        form = self._read(lang)
        if form.plan is None:
            return self._form_page(lang, form, status=422)
        cohort_id = cohorts.create_cohort(
            self.site.store,
            self.site.library,
            self.site.staff,
            form.plan,
            trainers=form.trainers,
            now=self.site.now(),
        )
        return redirect(self.site.url("cohort", lang=lang, cohort_id=cohort_id), 303)

    def edit(self, lang: str, cohort_id: int) -> Response:
        cohort = self.found(cohort_id)
        with self.site.store.reading() as connection:
            trainers = trainers_of_cohorts(connection, [cohort_id]).get(cohort_id, [])
        return self._form_page(lang, form_of(cohort.plan, [one[0] for one in trainers]), cohort)

    def change(self, lang: str, cohort_id: int) -> WerkzeugResponse:
        cohort = self.found(cohort_id)
        form = self._read(lang, cohort)
        if form.plan is None:
            return self._form_page(lang, form, cohort, status=422)
        cohorts.change_cohort(
            self.site.store,
            self.site.library,
            self.site.staff,
            cohort_id,
            form.plan,
            trainers=form.trainers,
            now=self.site.now(),
        )
        return redirect(self.site.url("cohort", lang=lang, cohort_id=cohort_id), 303)

    def _networks(self, cohort: StoredCohort | None) -> tuple[str, ...]:
        return (cohort.plan.network_id,) if cohort else visible_networks(self.site.library, self.site.staff)

    def _read(self, lang: str, cohort: StoredCohort | None = None) -> CohortForm:
        say = self.pages(lang).say
        posted = request.form.copy()
        if cohort:
            posted["network"] = cohort.plan.network_id
        return read_cohort(posted, self.site.library, self._networks(cohort), say, lang)

    def _form_page(
        self, lang: str, form: CohortForm, cohort: StoredCohort | None = None, *, status: int = 200
    ) -> Response:
        pages, library = self.pages(lang), self.site.library
        networks = self._networks(cohort)
        with self.site.store.reading() as connection:
            known = trainers_of_networks(connection, networks)
        here = self.site.url("edit_cohort", lang=lang, cohort_id=cohort.id) if cohort else ""
        return self.staff_page(
            lang,
            "cohort_form.html",
            HERE,
            status=status,
            form=form,
            cohort_name=cohort.plan.name if cohort else "",
            form_url=here or self.site.url("new_cohort", lang=lang),
            back_url=self.site.url("cohort", lang=lang, cohort_id=cohort.id)
            if cohort
            else self.site.url(HERE, lang=lang),
            networks=[(one, pages.network(one)) for one in networks],
            tracks=[(track.id, track.title[lang]) for track in library.tracks],
            languages=[(one.code, one.name) for one in self.frame(lang).languages],
            trainers=_one_line_each(known, pages, several=len(networks) > 1),
        )

    # One cohort

    def cohort(self, lang: str, cohort_id: int) -> Response:
        pages = self.pages(lang)
        with self.site.store.reading() as connection:
            cohort = cohort_for(connection, self.site.staff, cohort_id)
            record = cohort_record(connection, self.site.library, cohort)
            gain = gain_of_cohort(connection, self.site.library, cohort_id, small=self.site.small_count)
        shown = self._listed(record.members, record.modules)
        drawing, points = pages.chart(record)
        return self.staff_page(
            lang,
            "cohort.html",
            HERE,
            cohort=cohort.plan,
            closed=pages.day(day_at_home(cohort.closed_at)) if cohort.closed_at else "",
            facts=self._facts(pages, record),
            figures=self._figures(pages, record),
            heads=pages.heads(record),
            members=pages.members(cohort, shown, record.modules),
            everybody=[(str(one.learner_id), one.name) for one in listed(record.members, (), show=Show.ALL)],
            total=len(record.members),
            filter=self._filter(pages, record),
            topics=pages.topics(record),
            codes=[pages.code(cohort_id, one, closed=cohort.closed_at is not None) for one in record.codes],
            gain=GainPresenter(pages.presenter).group(gain),
            asks_before=self.site.library.pre_test is not None,
            small=self.site.small_count,
            chart=drawing,
            points=points,
            may_change=self.site.staff.may(Permission.TRAINER),
            may_waive=may_waive(self.site.staff, record.trainers),
            urls=self._urls(lang, cohort_id),
        )

    def _listed(self, members: Sequence[MemberProgress], modules: Sequence[str]) -> list[MemberProgress]:
        wanted = request.args.get("show", "")
        lacks = request.args.get("lacks", "")
        return listed(
            members,
            modules,
            show=Show(wanted) if wanted in set(Show) else Show.ALL,
            lacks=lacks if lacks in modules else "",
            name=request.args.get("name", ""),
        )

    def _filter(self, pages: CohortPresenter, record: CohortRecord) -> dict[str, object]:
        say = pages.say
        modules = [(one.id, f"{one.number}. {one.title}") for one in pages.heads(record)]
        return {
            "show": request.args.get("show", Show.ALL.value),
            "shows": [
                (Show.ALL.value, say("Everybody")),
                (Show.MISSING.value, say("Not done yet")),
                (Show.DONE.value, say("All done")),
                (Show.NOT_BEGUN.value, say("No module passed yet")),
            ],
            "lacks": request.args.get("lacks", ""),
            "modules": [("", say("Any module")), *modules],
            "name": request.args.get("name", "")[:120],
        }

    def _facts(self, pages: CohortPresenter, record: CohortRecord) -> list[tuple[str, str]]:
        say, plan = pages.say, record.cohort.plan
        dates = " – ".join(day for day in (pages.day(plan.starts_on), pages.day(plan.ends_on)) if day)
        facts = [
            (say("Network"), pages.network(plan.network_id)),
            (say("Track"), pages.track(plan.track_id)),
            (say("Dates"), dates),
            (say("Due date"), pages.day(plan.due_on)),
            (say("Trainers"), ", ".join(name for _, name in record.trainers)),
            (say("Trainers see"), say("Done or not, and scores") if plan.shows_scores else say("Done or not")),
        ]
        return [(label, value) for label, value in facts if value]

    def _figures(self, pages: CohortPresenter, record: CohortRecord) -> list[tuple[int, str]]:
        done = sum(one.is_done(record.modules) for one in record.members)
        return [
            (done, pages.say("done")),
            (len(record.members) - done, pages.say("not done yet")),
            (record.expected, pages.say("expected, not joined")),
        ]

    def _urls(self, lang: str, cohort_id: int) -> dict[str, str]:
        def here(endpoint: str, **values: str) -> str:
            return self.site.url(endpoint, lang=lang, cohort_id=cohort_id, **values)

        asked = {name: request.args[name] for name in ("show", "lacks", "name") if request.args.get(name)}
        return {
            "all": self.site.url(HERE, lang=lang),
            "cohort": here("cohort"),
            "edit": here("edit_cohort"),
            "roster": here("roster"),
            "codes": here("make_code"),
            "remove": here("remove_member"),
            "close": here("close_cohort"),
            "reopen": here("reopen_cohort"),
            "certificates": here("cohort_certificates"),
            "waivers": here("waivers"),
            "remind": here("reminder"),
            "session": self.site.url("new_session", lang=lang, cohort=cohort_id),
            "csv": here("cohort_file", kind="csv", **asked),
            "xlsx": here("cohort_file", kind="xlsx", **asked),
        }

    def file(self, lang: str, cohort_id: int, kind: str) -> Response:
        """The list as it is filtered on the page."""
        pages = self.pages(lang)
        with self.site.store.reading() as connection:
            cohort = cohort_for(connection, self.site.staff, cohort_id)
            members = cohorts.member_progress(connection, self.site.library, cohort)
        modules = modules_of(self.site.library, cohort.plan)
        heading, rows = pages.sheet(self._listed(members, modules), modules, scores=cohort.plan.shows_scores)
        made = csv_sheet(heading, rows) if kind == "csv" else xlsx_sheet(cohort.plan.name, heading, rows)
        return sent_file(made, SHEETS[kind], f"group-{cohort_id}.{kind}")

    def remove(self, lang: str, cohort_id: int) -> WerkzeugResponse:
        learner = request.form.get("learner", "")
        if not learner.isdecimal():
            raise NotThere(learner)
        cohorts.remove_member(self.site.store, self.site.staff, cohort_id, int(learner))
        return redirect(self.site.url("cohort", lang=lang, cohort_id=cohort_id), 303)

    def close(self, lang: str, cohort_id: int) -> WerkzeugResponse:
        cohorts.close_cohort(self.site.store, self.site.staff, cohort_id, now=self.site.now())
        return redirect(self.site.url("cohort", lang=lang, cohort_id=cohort_id), 303)

    def reopen(self, lang: str, cohort_id: int) -> WerkzeugResponse:
        cohorts.reopen_cohort(self.site.store, self.site.staff, cohort_id, now=self.site.now())
        return redirect(self.site.url("cohort", lang=lang, cohort_id=cohort_id), 303)

    def certificates(self, lang: str, cohort_id: int) -> WerkzeugResponse:
        """Ask for the members' certificates as one file; without any, the page says so."""
        with self.site.store.reading() as connection:
            cohort = cohort_for(connection, self.site.staff, cohort_id)
            ids = cohorts.certificates_of_members(connection, self.site.library, cohort)
        if not ids:
            return self.staff_page(
                lang,
                "cohort_no_certificates.html",
                HERE,
                back_url=self.site.url("cohort", lang=lang, cohort_id=cohort_id),
            )
        job_id = request_zip(self.site.store, self.site.staff.account_id, ids, self.site.now())
        return redirect(self.site.url("job", lang=lang, job_id=job_id), 303)


def sent_file(made: bytes, kind: str, name: str) -> Response:
    """A file to be kept by the reader and nobody else."""
    response = make_response(made)
    response.headers["Content-Type"] = kind
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["Cache-Control"] = "no-store"
    return response


def _one_line_each(
    known: Sequence[tuple[int, str, str]], pages: CohortPresenter, *, several: bool
) -> list[tuple[int, str]]:
    """Each trainer once, with her networks where the form offers several."""
    networks: dict[tuple[int, str], list[str]] = {}
    for account_id, name, network_id in known:
        networks.setdefault((account_id, name), []).append(pages.network(network_id))
    return [
        (account_id, f"{name} ({', '.join(where)})" if several else name)
        for (account_id, name), where in networks.items()
    ]
