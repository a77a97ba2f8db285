"""All the commands, in their group. Importing this is what makes them."""

from __future__ import annotations

from course.cli import certificate_files, certificates, content, exports, people, rosters, signing_keys, site, work
from course.cli.group import course_commands

__all__ = [
    "certificate_files",
    "certificates",
    "content",
    "course_commands",
    "exports",
    "people",
    "rosters",
    "signing_keys",
    "site",
    "work",
]
