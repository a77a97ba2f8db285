"""A cohort's roster: files read, shown, done and taken back; people by hand; invitations."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from flask import Response, redirect, request
from werkzeug.datastructures import FileStorage
from werkzeug.wrappers import Response as WerkzeugResponse

from course.content.formats import moment, short_date
from course.domain.cohort import NAME_MAX, normal_text
from course.domain.errors import NotThere
from course.domain.permission import Permission
from course.domain.roster import Change, FileRefused, Person, Refusal
from course.exports.sheet import csv_sheet, xlsx_sheet
from course.exports.sheet_reading import FILE_MAX
from course.services import rosters
from course.services.cohorts import cohort_for
from course.storage.cohorts import StoredCohort
from course.storage.rosters import APPLIED, PLANNED, StoredImport, StoredRow, last_applied, rows_of
from course.web.area import LARGEST_REQUEST, Route
from course.web.pages_cohorts import ChangeLine, ExpectedLine
from course.web.presenting import Presenter
from course.web.staff import StaffArea
from course.web.trainer import HERE, SHEETS, sent_file

#: A list shows so many people, and a plan so many changes and faults, in full; the file has the rest.
SHOWN_MOST = 200


class RosterArea(StaffArea):
    def routes(self) -> Iterable[Route]:
        trainer, one = Permission.TRAINER, "/trainer/cohorts/<int:cohort_id>/roster"
        file, person = f"{one}/imports/<int:import_id>", f"{one}/people/<int:row_id>"
        largest = FILE_MAX + LARGEST_REQUEST
        yield Route(f"{one}/", "roster", self.roster, trainer)
        yield Route(f"{one}/", "import_roster", self.upload, trainer, ("POST",), largest)
        yield Route(f"{one}/file.<any(csv,xlsx):kind>", "roster_file", self.file, trainer)
        yield Route(f"{file}/", "roster_import", self.plan, trainer)
        yield Route(f"{file}/apply", "apply_import", self.apply, trainer, ("POST",))
        yield Route(f"{file}/undo", "undo_import", self.undo, trainer, ("POST",))
        yield Route(f"{one}/people", "add_person", self.add, trainer, ("POST",))
        yield Route(f"{person}/remove", "remove_person", self.remove, trainer, ("POST",))
        yield Route(f"{person}/link", "person_link", self.link, trainer, ("POST",))
        yield Route(f"{one}/invitations", "invite", self.invite, trainer, ("POST",))

    def _cohort(self, cohort_id: int) -> StoredCohort:
        with self.site.store.reading() as connection:
            return cohort_for(connection, self.site.staff, cohort_id)

    # The list

    def roster(self, lang: str, cohort_id: int) -> Response:
        return self._page(lang, self._cohort(cohort_id))

    def _page(
        self, lang: str, cohort: StoredCohort, *, file_error: str = "", person_error: str = "", status: int = 200
    ) -> Response:
        with self.site.store.reading() as connection:
            rows = rows_of(connection, cohort.id)
            done = last_applied(connection, cohort.id)
        names = ("name", "email", "organisation", "profession")
        shown = _named(rows, request.args.get("find", ""))
        return self.staff_page(
            lang,
            "roster.html",
            HERE,
            status=status,
            cohort=cohort.plan,
            people=[self._expected(lang, cohort, row) for row in shown[:SHOWN_MOST]],
            total=len(rows),
            find=request.args.get("find", "")[:NAME_MAX],
            most=SHOWN_MOST,
            # Nobody is invited into a closed group.
            waiting=0 if cohort.closed_at else len(rosters.to_invite(rows)),
            mail=self._mail(cohort, Person(self.site.say(cohort.plan.language, "Firstname Lastname")), "…"),
            mail_lang=cohort.plan.language,
            file_error=file_error,
            person_error=person_error,
            typed={name: request.form.get(name, "") for name in names},
            last=self._last(lang, done) if done else None,
            urls=self._urls(lang, cohort.id),
        )

    def _urls(self, lang: str, cohort_id: int) -> dict[str, str]:
        def here(endpoint: str, **values: str) -> str:
            return self.site.url(endpoint, lang=lang, cohort_id=cohort_id, **values)

        return {
            "cohort": here("cohort"),
            "roster": here("roster"),
            "add": here("add_person"),
            "invite": here("invite"),
            "csv": here("roster_file", kind="csv"),
            "xlsx": here("roster_file", kind="xlsx"),
        }

    def _last(self, lang: str, done: StoredImport) -> dict[str, str]:
        values = {"lang": lang, "cohort_id": done.cohort_id, "import_id": done.id}
        return {
            "name": done.file_name,
            "at": moment(done.applied_at or done.created_at, lang),
            "url": self.site.url("roster_import", **values),
        }

    def _expected(self, lang: str, cohort: StoredCohort, row: StoredRow) -> ExpectedLine:
        say = Presenter(self.site, lang).say
        if row.learner_id is not None:
            state, word = "done", say("Has joined")
        elif row.invited_at:
            state, word = "partly", say("Link made on %(day)s", day=short_date(row.invited_at, lang))
        else:
            state, word = "none", say("Expected")
        values = {"lang": lang, "cohort_id": cohort.id, "row_id": row.id}
        may_join = row.learner_id is None and cohort.closed_at is None
        return ExpectedLine(
            name=row.person.name,
            email=row.person.email,
            organisation=row.person.organisation,
            profession=row.person.profession,
            state=state,
            state_word=word,
            remove_url=self.site.url("remove_person", **values),
            link_url=self.site.url("person_link", **values) if may_join else "",
        )

    def file(self, lang: str, cohort_id: int, kind: str) -> Response:
        cohort = self._cohort(cohort_id)
        with self.site.store.reading() as connection:
            heading, rows = rosters.exported(connection, cohort_id, lang)
        made = csv_sheet(heading, rows) if kind == "csv" else xlsx_sheet(cohort.plan.name, heading, rows)
        return sent_file(made, SHEETS[kind], f"roster-{cohort_id}.{kind}")

    # Files

    def upload(self, lang: str, cohort_id: int) -> WerkzeugResponse:
        cohort = self._cohort(cohort_id)
        given: FileStorage | None = request.files.get("file")
        try:
            import_id = rosters.plan_import(
                self.site.store,
                cohort_id,
                given.read() if given else b"",
                file_name=normal_text(given.filename or "") if given else "",
                account_id=self.site.staff.account_id,
                now=self.site.now(),
            )
        except FileRefused as refused:
            why = refused.why if given and given.filename else Refusal.EMPTY
            words = rosters.refusal_words(why, Presenter(self.site, lang).say)
            return self._page(lang, cohort, file_error=words, status=422)
        return redirect(self._import_url(lang, cohort_id, import_id), 303)

    def _import_url(self, lang: str, cohort_id: int, import_id: int) -> str:
        return self.site.url("roster_import", lang=lang, cohort_id=cohort_id, import_id=import_id)

    def plan(self, lang: str, cohort_id: int, import_id: int) -> Response:
        """What the file changes, before and after it was done."""
        cohort = self._cohort(cohort_id)
        with self.site.store.reading() as connection:
            found = rosters.import_of(connection, cohort_id, import_id)
        plan, say = found.plan, Presenter(self.site, lang).say
        values = {"lang": lang, "cohort_id": cohort_id, "import_id": import_id}
        return self.staff_page(
            lang,
            "roster_plan.html",
            HERE,
            cohort=cohort.plan,
            file_name=found.file_name,
            state=found.state,
            planned=found.state == PLANNED,
            applied=found.state == APPLIED,
            new=sum(one.before is None for one in plan.changes),
            changed=sum(one.before is not None for one in plan.changes),
            unchanged=plan.unchanged,
            changes=[self._change(lang, one) for one in plan.changes[:SHOWN_MOST]],
            more_changes=max(len(plan.changes) - SHOWN_MOST, 0),
            faults=[(one.line, rosters.fault_words(one, say)) for one in plan.faults[:SHOWN_MOST]],
            more_faults=max(len(plan.faults) - SHOWN_MOST, 0),
            apply_url=self.site.url("apply_import", **values),
            undo_url=self.site.url("undo_import", **values),
            roster_url=self.site.url("roster", lang=lang, cohort_id=cohort_id),
        )

    def _change(self, lang: str, change: Change) -> ChangeLine:
        say = Presenter(self.site, lang).say
        labels = {
            "name": say("Name"),
            "email": say("Mail address"),
            "organisation": say("Organisation"),
            "profession": say("Profession"),
        }
        before = change.before or Person("")
        fields = tuple(
            (label, getattr(before, name), getattr(change.after, name))
            for name, label in labels.items()
            if getattr(before, name) != getattr(change.after, name)
        )
        return ChangeLine(change.before is None, change.after.name, fields)

    def apply(self, lang: str, cohort_id: int, import_id: int) -> WerkzeugResponse:
        self._cohort(cohort_id)
        rosters.apply_import(self.site.store, cohort_id, import_id, now=self.site.now(), by=self.site.staff.account_id)
        return redirect(self._import_url(lang, cohort_id, import_id), 303)

    def undo(self, lang: str, cohort_id: int, import_id: int) -> WerkzeugResponse:
        self._cohort(cohort_id)
        rosters.undo_import(self.site.store, cohort_id, import_id, now=self.site.now(), by=self.site.staff.account_id)
        return redirect(self._import_url(lang, cohort_id, import_id), 303)

    # One by one

    def add(self, lang: str, cohort_id: int) -> WerkzeugResponse:
        cohort = self._cohort(cohort_id)
        texts = [normal_text(request.form.get(name, "")) for name in ("name", "email", "organisation", "profession")]
        fault = rosters.add_person(self.site.store, cohort_id, Person(*texts), now=self.site.now())
        if fault is not None:
            words = rosters.fault_words(fault, Presenter(self.site, lang).say)
            return self._page(lang, cohort, person_error=words, status=422)
        return redirect(self.site.url("roster", lang=lang, cohort_id=cohort_id), 303)

    def remove(self, lang: str, cohort_id: int, row_id: int) -> WerkzeugResponse:
        self._cohort(cohort_id)
        rosters.remove_person(self.site.store, cohort_id, row_id)
        return redirect(self.site.url("roster", lang=lang, cohort_id=cohort_id), 303)

    def link(self, lang: str, cohort_id: int, row_id: int) -> WerkzeugResponse:
        """A personal link to hand over by other ways than mail. The one before ends."""
        cohort = self._cohort(cohort_id)
        secret = rosters.personal_link(self.site.store, cohort_id, row_id, now=self.site.now())
        roster_url = self.site.url("roster", lang=lang, cohort_id=cohort_id)
        if secret is None:
            return redirect(roster_url, 303)
        return self.staff_page(
            lang, "roster_link.html", HERE, cohort=cohort.plan, link=self._link(secret), back_url=roster_url
        )

    def invite(self, lang: str, cohort_id: int) -> WerkzeugResponse:
        cohort = self._cohort(cohort_id)
        if cohort.closed_at:
            raise NotThere(str(cohort_id))
        rosters.invite(
            self.site.store,
            cohort_id,
            lambda person, secret: self._mail(cohort, person, self._link(secret)),
            now=self.site.now(),
        )
        return redirect(self.site.url("roster", lang=lang, cohort_id=cohort_id), 303)

    def _link(self, secret: str) -> str:
        return self.site.outside("join_by_link", secret=secret)

    def _mail(self, cohort: StoredCohort, person: Person, link: str) -> tuple[str, str]:
        """(subject, text) of an invitation, in the language of the cohort."""
        plan, library = cohort.plan, self.site.library
        lang = plan.language if plan.language in library.languages else library.source_language
        say = Presenter(self.site, lang).say
        title = library.title[lang]
        due = [say("Please pass the modules by %(day)s.", day=short_date(plan.due_on, lang))] if plan.due_on else []
        text = [
            say("Hello %(name)s,", name=person.name),
            say("You are invited to the group %(group)s of the course %(course)s.", group=plan.name, course=title),
            *due,
            say("Open this link to see what your trainer would see, and decide whether to join:"),
            link,
            say("The link is for you alone. If you do not want to join, you need not do anything."),
        ]
        return say("Invitation to the course %(course)s", course=title), "\n\n".join(text) + "\n"


def _named(rows: Sequence[StoredRow], find: str) -> list[StoredRow]:
    """Those on a roster whose name or address has these letters."""
    wanted = normal_text(find).casefold()
    return [row for row in rows if wanted in row.person.name.casefold() or wanted in row.person.email.casefold()]
