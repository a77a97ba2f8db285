"""Long work that somebody waits for: how far it is, and its file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from flask import Response

from course.content.formats import short_date
from course.domain.permission import Permission
from course.services.certificate_zip import is_given_up, job_file, job_of
from course.storage import jobs
from course.storage.jobs import StoredJob
from course.web.area import Route
from course.web.pages_certificates import JobView
from course.web.staff import StaffArea

#: Seconds after which the page asks again.
ASK_AGAIN = 3
#: What the page says of a job that nobody works at any more; the job itself stays open, for an administrator.
GIVEN_UP = "given up"


class JobsArea(StaffArea):
    """A job is there for the account that asked for it, and for nobody else."""

    def routes(self) -> Iterable[Route]:
        yield Route("/jobs/<int:job_id>/", "job", self.show, Permission.TRAINER)
        yield Route("/jobs/<int:job_id>/certificates.zip", "job_file", self.file, Permission.TRAINER)

    def show(self, lang: str, job_id: int) -> Response:
        with self.site.store.reading() as connection:
            job = job_of(connection, job_id, self.site.staff.account_id, self.site.now())
            given_up = is_given_up(connection, job)
        response = self.staff_page(lang, "job.html", job=self._view(lang, job, GIVEN_UP if given_up else job.state))
        if job.state == jobs.OPEN and not given_up:
            response.headers["Refresh"] = str(ASK_AGAIN)
        return response

    def _view(self, lang: str, job: StoredJob, state: str) -> JobView:
        say = self.site.say
        return JobView(
            state=state,
            done=job.done,
            total=job.total,
            label=say(lang, "%(done)s of %(total)s certificates", done=job.done, total=job.total),
            error=job.error,
            file_url=self.site.url("job_file", lang=lang, job_id=job.id) if job.state == jobs.DONE else "",
            expires=short_date(job.expires_at, lang),
        )

    def file(self, lang: str, job_id: int) -> Response:
        with self.site.store.reading() as connection:
            job = job_of(connection, job_id, self.site.staff.account_id, self.site.now())
            size, _ = job_file(connection, job)
        response = Response(self._pieces(job), mimetype="application/zip")
        response.headers["Content-Length"] = str(size)
        response.headers["Content-Disposition"] = f'attachment; filename="certificates-{job.id}.zip"'
        return response

    def _pieces(self, job: StoredJob) -> Iterator[bytes]:
        """Read while they are sent: the file is never in memory as a whole."""
        with self.site.store.reading() as connection:
            yield from job_file(connection, job)[1]
