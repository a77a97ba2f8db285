"""Long work that somebody waits for: how far it is, and its file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from flask import Response

from course.content.formats import short_date
from course.domain.permission import Permission
from course.services.certificate_zip import job_file, job_of
from course.storage import jobs
from course.storage.jobs import StoredJob
from course.web.area import Route
from course.web.pages_certificates import JobView
from course.web.staff import StaffArea

#: Seconds after which the page asks again.
ASK_AGAIN = 3


class JobsArea(StaffArea):
    """A job is there for the account that asked for it, and for nobody else."""

    def routes(self) -> Iterable[Route]:
        yield Route("/jobs/<int:job_id>/", "job", self.show, Permission.TRAINER)
        yield Route("/jobs/<int:job_id>/certificates.zip", "job_file", self.file, Permission.TRAINER)

    def show(self, lang: str, job_id: int) -> Response:
        job = self._job(job_id)
        response = self.staff_page(lang, "job.html", job=self._view(lang, job))
        if job.state == jobs.OPEN:
            response.headers["Refresh"] = str(ASK_AGAIN)
        return response

    def _job(self, job_id: int) -> StoredJob:
        with self.site.store.reading() as connection:
            return job_of(connection, job_id, self.site.staff.account_id, self.site.now())

    def _view(self, lang: str, job: StoredJob) -> JobView:
        say = self.site.say
        return JobView(
            state=job.state,
            done=job.done,
            total=job.total,
            label=say(lang, "%(done)s of %(total)s certificates", done=job.done, total=job.total),
            error=job.error,
            file_url=self.site.url("job_file", lang=lang, job_id=job.id) if job.state == jobs.DONE else "",
            expires=short_date(job.expires_at, lang),
        )

    def file(self, lang: str, job_id: int) -> Response:
        job = self._job(job_id)
        with self.site.store.reading() as connection:
            size, _ = job_file(connection, job)
        response = Response(self._pieces(job), mimetype="application/zip")
        response.headers["Content-Length"] = str(size)
        response.headers["Content-Disposition"] = f'attachment; filename="certificates-{job.id}.zip"'
        return response

    def _pieces(self, job: StoredJob) -> Iterator[bytes]:
        """Read while they are sent: the file is never in memory as a whole."""
        with self.site.store.reading() as connection:
            yield from job_file(connection, job)[1]
