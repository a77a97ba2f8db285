"""All the commands, in their group. Importing this is what makes them."""

from __future__ import annotations

from course.cli import (
    audit,
    backup,
    books,
    certificate_files,
    certificates,
    content,
    counts,
    exports,
    lti,
    made_up,
    packages,
    people,
    questions,
    register,
    regrading,
    rosters,
    signing_keys,
    site,
    static_site,
    work,
)
from course.cli.group import course_commands

__all__ = [
    "audit",
    "backup",
    "books",
    "certificate_files",
    "certificates",
    "content",
    "counts",
    "course_commands",
    "exports",
    "lti",
    "made_up",
    "packages",
    "people",
    "questions",
    "register",
    "regrading",
    "rosters",
    "signing_keys",
    "site",
    "static_site",
    "work",
]
