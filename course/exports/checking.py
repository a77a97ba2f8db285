"""Checks files that people bring, within limits. Imported only in a process that does just this and has no key."""

from __future__ import annotations

import resource

from course.domain.certificate_file import CheckedFile
from course.exports.signing_keys import SigningSettings, former_and_current
from course.exports.uploaded_pdf import check_pdf

#: A certificate takes a hundredth of it. A file that needs more was made to use up the machine.
_MEMORY = 1024 * 1024 * 1024


class Checker:
    """Knows the certificates of all our keys."""

    def __init__(self, signing: SigningSettings) -> None:
        self._signing = signing
        _, hard = resource.getrlimit(resource.RLIMIT_AS)
        most = _MEMORY if hard == resource.RLIM_INFINITY else min(_MEMORY, hard)
        resource.setrlimit(resource.RLIMIT_AS, (most, hard))

    def do(self, pdf: bytes) -> CheckedFile:
        return check_pdf(pdf, former_and_current(self._signing))
