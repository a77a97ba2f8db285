"""How often Flask was asked for what a short way before it can answer."""

from __future__ import annotations

from collections import Counter

from flask import Flask


class Woken:
    """Counts how often some views of the course were asked."""

    def __init__(self, app: Flask, *views: str) -> None:
        self.by_view: Counter[str] = Counter()
        for view in views:
            self._count(app, view)

    @property
    def times(self) -> int:
        return self.by_view.total()

    def _count(self, app: Flask, name: str) -> None:
        view = app.view_functions[f"course.{name}"]

        def counted(**arguments: object) -> object:
            self.by_view[name] += 1
            return view(**arguments)

        app.view_functions[f"course.{name}"] = counted
