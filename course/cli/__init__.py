"""`flask --app wsgi course …`: the commands. They say what they do and what to do next, in plain words.

They are loaded when one is asked for: a site that serves needs nothing of what they work with, neither the time at its
start nor the memory. What there is stands in `course.cli.commands`. Each course of an application has them under its
own name, which is "course" unless the host says otherwise.
"""

from __future__ import annotations

from importlib import import_module

import click
from flask import Flask

#: The name of a course that is given none.
COURSE = "course"


class Commands(click.Group):
    """The group of all commands, empty until somebody looks into it. Its name is that of the course it works on."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return self._group().list_commands(ctx)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        return self._group().get_command(ctx, cmd_name)

    def _group(self) -> click.Group:
        found: click.Group = import_module("course.cli.commands").course_commands
        return found


def add_commands(app: Flask, name: str = COURSE) -> None:
    """Once for each course, however often it is asked for."""
    if name not in app.cli.commands:
        app.cli.add_command(Commands(name, help="The course: content, database, people, certificates, counts."))
