"""Certificates made and files checked beside the web process: its lock, its memory and its safety stay its own.

WeasyPrint holds the interpreter for the whole of a page and keeps some 100 MB with what signs. It goes into one child,
which starts with the first certificate and ends a minute after the last. Files from outside are opened in another one,
which knows no private key and may be killed.
"""

from __future__ import annotations

from functools import cached_property, partial
from typing import TYPE_CHECKING

from course.domain.certificate import CertificateFacts
from course.domain.certificate_file import LARGEST_FILE, CheckedFile, Finding
from course.domain.errors import PdfNotAvailable
from course.exports.certificate_pdf import available
from course.exports.certificate_template import TemplateFault, Templates
from course.exports.child_process import IDLE_SECONDS, ChildProcess
from course.exports.jobs import Job, MakeBadge, MakeFile, MakeStatusList
from course.exports.signing_keys import SigningSettings

if TYPE_CHECKING:
    from course.exports.checking import Checker
    from course.exports.workshop import Workshop

RENDER_SECONDS = 60.0
#: Pango keeps some 20 kB of each page that it has set, and gives them back to nobody. A process that has made so many
#: files is ended and another takes its place: memory stays flat, and the start costs 1 file in 50.
FILES_PER_PROCESS = 400
#: To look at a certificate takes a twentieth of a second; the rest is for the child to start on a busy machine.
CHECK_SECONDS = 20.0


class RenderingProcess:
    """Makes certificates and badges in a child process, one at a time. It starts at first use, and again if it died."""

    def __init__(
        self,
        templates: Templates,
        signing: SigningSettings,
        *,
        idle: float = IDLE_SECONDS,
        timeout: float = RENDER_SECONDS,
    ) -> None:
        self._child: ChildProcess[Job, bytes | str] = ChildProcess(
            partial(_workshop, templates, signing),
            name="certificates",
            idle=idle,
            timeout=timeout,
            renew_after=FILES_PER_PROCESS,
        )

    def render(self, facts: CertificateFacts, status_index: int) -> bytes:
        """The signed PDF. Raises PdfNotAvailable."""
        if reason := available():
            raise PdfNotAvailable(reason)
        return _bytes(self._child.ask(MakeFile(facts, status_index)))

    def badge(self, facts: CertificateFacts, status_index: int) -> str:
        """The Open Badges 3.0 credential as a token (VC-JWT), for `application/vc+jwt`."""
        return str(self._child.ask(MakeBadge(facts, status_index)))

    def status_list(self, number: int, revoked: tuple[int, ...]) -> bytes:
        """The signed Bitstring Status List number `number`, for `application/vc`; `revoked` are status indexes."""
        return _bytes(self._child.ask(MakeStatusList(number, revoked)))

    def wake(self) -> None:
        """Start the child if it sleeps: somebody is about to ask for a certificate. Returns at once."""
        if available() is None:
            self._child.wake()

    def close(self) -> None:
        """End the child now, and wait until it is gone. The next certificate starts another."""
        self._child.close()

    @property
    def running(self) -> bool:
        return self._child.running

    def memory(self) -> float:
        """MiB that the child holds now; 0 when there is none, or where the system does not tell."""
        return self._child.memory()


class InProcess:
    """Makes certificates and badges right here: for tests and for the command line."""

    def __init__(self, templates: Templates, signing: SigningSettings) -> None:
        self._templates = templates
        self._signing = signing

    @cached_property
    def _here(self) -> Workshop:
        return _workshop(self._templates, self._signing)

    def wake(self) -> None:
        """Nothing sleeps here."""

    def render(self, facts: CertificateFacts, status_index: int) -> bytes:
        try:
            return _bytes(self._here.do(MakeFile(facts, status_index)))
        except TemplateFault as fault:
            raise PdfNotAvailable(str(fault)) from fault

    def badge(self, facts: CertificateFacts, status_index: int) -> str:
        return str(self._here.do(MakeBadge(facts, status_index)))

    def status_list(self, number: int, revoked: tuple[int, ...]) -> bytes:
        return _bytes(self._here.do(MakeStatusList(number, revoked)))


class CheckingProcess:
    """Checks files that people bring, in a child process with little memory and little time."""

    def __init__(self, signing: SigningSettings, *, idle: float = IDLE_SECONDS, timeout: float = CHECK_SECONDS) -> None:
        self._child: ChildProcess[bytes, CheckedFile] = ChildProcess(
            partial(_checker, signing), name="checking", idle=idle, timeout=timeout
        )

    def check(self, pdf: bytes) -> CheckedFile:
        """Ours and intact, ours but changed, or not ours. Raises PdfNotAvailable when it could not be found out."""
        if len(pdf) > LARGEST_FILE or not pdf.startswith(b"%PDF-"):
            return CheckedFile(Finding.FOREIGN)
        return self._child.ask(pdf)

    def close(self) -> None:
        """End the child now, and wait until it is gone."""
        self._child.close()

    @property
    def running(self) -> bool:
        return self._child.running


def _workshop(templates: Templates, signing: SigningSettings) -> Workshop:
    from course.exports.workshop import Workshop

    return Workshop(templates, signing)


def _checker(signing: SigningSettings) -> Checker:
    from course.exports.checking import Checker

    return Checker(signing)


def _bytes(answer: bytes | str) -> bytes:
    assert isinstance(answer, bytes)
    return answer
