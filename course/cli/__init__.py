"""`flask --app wsgi course …`: the commands. They say what they do and what to do next, in plain words."""

from __future__ import annotations

from flask import Flask

from course.cli import certificates, content, site, work
from course.cli.group import course_commands

__all__ = ["add_commands", "certificates", "content", "site", "work"]


def add_commands(app: Flask) -> None:
    app.cli.add_command(course_commands)
