"""What a check says about a file: the rule, the place, the fault and the fix."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum


class Level(StrEnum):
    #: The package is wrong for a learner, or cannot be used.
    ERROR = "error"
    #: Somebody should look at it.
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Finding:
    """One fault in one file, told to an author."""

    rule: str
    level: Level
    #: Below the root of the package, with forward slashes.
    path: str
    #: From 1.
    line: int
    what: str
    fix: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.level}: {self.what} {self.fix} [{self.rule}]"


class ContentError(Exception):
    """The package cannot be used as it is; every reason is a finding."""

    def __init__(self, findings: Sequence[Finding]) -> None:
        super().__init__("\n".join(str(finding) for finding in findings))
        self.findings = tuple(findings)
