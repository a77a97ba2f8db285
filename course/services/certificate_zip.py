"""The certificates of many as one ZIP file: asked for by a trainer, made by the worker, there for some days."""

from __future__ import annotations

import tempfile
import unicodedata
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import IO, Any

from sqlalchemy import Connection

from course.domain.certificate import facts_from_json
from course.domain.errors import NotThere
from course.services.certificate_files import CertificateRenderer, file_to_hand_out
from course.services.work import GiveUp
from course.storage import certificates, jobs, outbox
from course.storage.certificates import StoredCertificate
from course.storage.engine import Store
from course.storage.jobs import StoredJob

CERTIFICATE_ZIP = "certificate-zip"
FILE_LASTS = timedelta(days=3)
PART = 1024 * 1024
#: The progress is written this often, not for each file.
EVERY = 10
#: Names of files this long are taken by every system, with the number and the ending.
_NAME_MAX = 80
_NOT_IN_NAMES = frozenset('/\\:*?"<>|')


def request_zip(store: Store, account_id: int, certificate_ids: Sequence[int], now: datetime) -> int:
    """The id of the job whose page is `/<lang>/jobs/<id>/`. Whoever calls it has seen to it that the account may."""
    with store.writing() as session:
        jobs.drop_expired(session, now)
        job_id = jobs.add_job(session, account_id, certificate_ids, now=now, expires_at=now + FILE_LASTS)
        outbox.add_task(session, CERTIFICATE_ZIP, {"job": job_id}, now=now, key=_key(job_id))
    return job_id


def job_of(connection: Connection, job_id: int, account_id: int, now: datetime) -> StoredJob:
    """The job, for the account that asked for it. To everybody else it is not there, and to nobody when it is over."""
    job = jobs.job_by_id(connection, job_id)
    if job is None or job.account_id != account_id or job.expires_at <= now:
        raise NotThere(str(job_id))
    return job


def is_given_up(connection: Connection, job: StoredJob) -> bool:
    """Whether the worker tries no more to make the file: an administrator has to look, or a new one is asked for."""
    return job.state == jobs.OPEN and outbox.state_of(connection, _key(job.id)) == outbox.FAILED


def job_file(connection: Connection, job: StoredJob) -> tuple[int, Iterator[bytes]]:
    """(size, pieces) of the file. Raises NotThere while there is none."""
    if job.state != jobs.DONE:
        raise NotThere(str(job.id))
    return jobs.size_of(connection, job.id), jobs.parts_of(connection, job.id)


class CertificateZipHandler:
    """What the worker does with a task of the kind "certificate-zip". Begun again, it begins from nothing."""

    def __init__(self, store: Store, renderer: CertificateRenderer, now: Callable[[], datetime]) -> None:
        self._store = store
        self._renderer = renderer
        self._now = now

    def __call__(self, payload: Mapping[str, Any]) -> None:
        job_id = int(payload["job"])
        with self._store.reading() as connection:
            job = jobs.job_by_id(connection, job_id)
            ids = jobs.certificates_in(connection, job_id)
        if job is None:
            raise GiveUp("there is no such job")
        if job.state != jobs.OPEN:
            return
        try:
            with tempfile.TemporaryFile() as file:
                self._write(file, job_id, ids)
                self._keep(file, job_id)
        except Exception as error:
            # The worker will try again; whoever waits reads meanwhile that something is wrong.
            with self._store.writing() as session:
                jobs.set_error(session, job_id, str(error) or type(error).__name__)
            raise

    def _write(self, file: IO[bytes], job_id: int, ids: Sequence[int]) -> None:
        taken: set[str] = set()
        # PDF files are packed already.
        with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as packed:
            for number, stored in enumerate(self._certificates(ids), 1):
                pdf = file_to_hand_out(self._store, self._renderer, stored, self._now())
                if pdf is not None:
                    moment = stored.issued_at.timetuple()[:6]
                    packed.writestr(zipfile.ZipInfo(_free(name_in_zip(stored), taken), moment), pdf)
                if number % EVERY == 0:
                    self._tell(job_id, number)
        self._tell(job_id, len(ids))

    def _certificates(self, ids: Sequence[int]) -> Iterator[StoredCertificate]:
        for at in range(0, len(ids), EVERY):
            with self._store.reading() as connection:
                yield from certificates.certificates_by_id(connection, ids[at : at + EVERY])

    def _tell(self, job_id: int, done: int) -> None:
        with self._store.writing() as session:
            jobs.set_done(session, job_id, done)

    def _keep(self, file: IO[bytes], job_id: int) -> None:
        """Parts first, one transaction each, and then the word that it is done: a half file is never handed out."""
        file.seek(0)
        with self._store.writing() as session:
            jobs.drop_parts(session, job_id)
        number = 0
        while content := file.read(PART):
            with self._store.writing() as session:
                jobs.add_part(session, job_id, number, content)
            number += 1
        with self._store.writing() as session:
            # Somebody in it may have been erased meanwhile: then the job is dropped, and its file with it.
            if not jobs.close(session, job_id, jobs.DONE):
                jobs.drop_parts(session, job_id)


def _key(job_id: int) -> str:
    return f"{CERTIFICATE_ZIP}:{job_id}"


def name_in_zip(stored: StoredCertificate) -> str:
    """The holder's name and the beginning of the number: two people of one name have two files."""
    assert stored.facts is not None
    facts = facts_from_json(stored.facts.encode())
    kept = (
        " " if character in _NOT_IN_NAMES or unicodedata.category(character)[0] == "C" else character
        for character in facts.name
    )
    name = " ".join("".join(kept).split()).strip(". ")[:_NAME_MAX].strip()
    return f"{name} {facts.code[:9]}.pdf".strip()


def _free(name: str, taken: set[str]) -> str:
    """The name, with a number after it when there is one like it: some systems do not tell capitals apart."""
    stem, number = name.removesuffix(".pdf"), 1
    while name.casefold() in taken:
        number += 1
        name = f"{stem} ({number}).pdf"
    taken.add(name.casefold())
    return name
