"""Records person by person as a file, for administrators and for trainers of their own groups' members."""

from __future__ import annotations

from collections.abc import Iterable

from flask import Response

from course.domain.permission import Permission
from course.exports.sheet import CSV_TYPE
from course.services.records import networks_of, stream_records, write_down
from course.web.area import Route
from course.web.presenting import Presenter
from course.web.session_pages import SessionPresenter
from course.web.staff import StaffArea


class RecordsArea(StaffArea):
    def routes(self) -> Iterable[Route]:
        trainer = Permission.TRAINER
        yield Route("/admin/records/", "records", self.show, trainer)
        yield Route("/admin/records.csv", "records_file", self.file, trainer, ("POST",))

    def show(self, lang: str) -> Response:
        networks = networks_of(self.site.staff)
        pages = SessionPresenter(Presenter(self.site, lang), self.site.now())
        return self.staff_page(
            lang,
            "records.html",
            "counts",
            networks=None if networks is None else [pages.network(one) for one in sorted(networks)],
            file_url=self.site.url("records_file", lang=lang),
            counts_url=self.site.url("counts", lang=lang),
        )

    def file(self, lang: str) -> Response:
        site = self.site
        say = Presenter(site, lang).say
        write_down(site.store, site.staff, now=site.now())
        heading = [
            say("Learner"),
            say("Name"),
            say("Group"),
            say("Network"),
            say("Kind of organisation"),
            say("Profession"),
            say("Module"),
            say("Passed on"),
            say("Edition"),
            say("Language"),
            say("By attendance"),
            say("By a trainer’s decision"),
        ]
        response = Response(stream_records(site.store, site.staff, heading, say("yes")))
        response.headers["Content-Type"] = CSV_TYPE
        response.headers["Content-Disposition"] = 'attachment; filename="records.csv"'
        response.headers["Cache-Control"] = "no-store"
        return response
