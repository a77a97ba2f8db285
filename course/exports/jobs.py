"""What a process beside the web server can be asked to do. The questions are values, so that they can be sent there."""

from __future__ import annotations

from dataclasses import dataclass

from course.domain.certificate import CertificateFacts


@dataclass(frozen=True, slots=True)
class MakeFile:
    """The signed PDF of a certificate."""

    facts: CertificateFacts
    #: The certificate's own number, from 0 upwards: its place in the list of revoked badges.
    status_index: int


@dataclass(frozen=True, slots=True)
class MakeBadge:
    """The certificate as a signed token for a digital wallet."""

    facts: CertificateFacts
    status_index: int


@dataclass(frozen=True, slots=True)
class MakeStatusList:
    """The signed list that says which badges are revoked."""

    number: int
    revoked: tuple[int, ...]


Job = MakeFile | MakeBadge | MakeStatusList
