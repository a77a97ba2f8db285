"""One course among others in an application: its settings, its folder, its keys and its database.

Nothing of a course is global. What a mount is given by its host wins over the settings of the application, and two
courses never share a database's tables, a cookie, a key or a folder.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import Engine

from course.cli import COURSE
from course.settings import DEFAULTS
from course.storage.engine import POOL, Store, make_engine
from course.storage.tables import Base

#: Where an application keeps its courses, by their names.
COURSES = "courses"
#: The name stands in endpoints, in the names of cookies and folders, and before commands.
_NAME = re.compile(r"[a-z][a-z0-9-]{0,39}")


class CannotMount(Exception):
    """The course cannot be mounted so; the message says why and what to do."""


def settings_of(app: Flask, name: str, given: Mapping[str, object]) -> dict[str, Any]:
    """The settings of one course: what its mount was given, else those of the application, else the defaults."""
    _require(bool(_NAME.fullmatch(name)), f"The name {name!r} is none: lower-case letters, digits and hyphens.")
    _require(name not in app.extensions, f"The application has something that is called {name} already.")
    unknown = sorted(set(given) - set(DEFAULTS))
    _require(not unknown, f"Nothing reads the settings {', '.join(unknown)}.")
    for setting, default in DEFAULTS.items():
        app.config.setdefault(setting, default)
    key = app.config.get("SECRET_KEY")
    _require(bool(key), "Set SECRET_KEY in the application: forms, links and second factors are protected by it.")
    settings = {setting: given.get(setting, app.config[setting]) for setting in DEFAULTS}
    folder = Path(app.instance_path) if name == COURSE else Path(app.instance_path) / name
    settings["COURSE_INSTANCE_DIR"] = str(given.get("COURSE_INSTANCE_DIR") or folder)
    settings["SECRET_KEY"] = _key_of(str(key), name)
    return settings


def _key_of(key: str, name: str) -> str:
    """What one course has signed is worth nothing in another one."""
    if name == COURSE:
        return key
    return hmac.new(key.encode(), f"course:{name}".encode(), hashlib.sha256).hexdigest()


def store_of(app: Flask, name: str, given: Mapping[str, object]) -> Store:
    """The course's tables: in a database that its mount names, else in the application's."""
    store = Store(_engine_of(app, str(given.get("COURSE_DATABASE_URL") or "")))
    for other, mounted in app.extensions.get(COURSES, {}).items():
        _require(
            mounted.store.engine.url != store.engine.url,
            f"The courses {other} and {name} would mix in one database. Give one of them its own: "
            'settings={"COURSE_DATABASE_URL": …}; with PostgreSQL another schema of the same database will do '
            "(see docs/host.md).",
        )
    return store


def _engine_of(app: Flask, own_url: str) -> Engine:
    if own_url:
        return make_engine(own_url)
    if "sqlalchemy" not in app.extensions:
        url = app.config["COURSE_DATABASE_URL"]
        _require(bool(url), "Name a database: COURSE_DATABASE_URL, or a Flask-SQLAlchemy of the application.")
        app.config.setdefault("SQLALCHEMY_DATABASE_URI", url)
        SQLAlchemy(app, metadata=Base.metadata, engine_options=POOL)
        return _engine(app)
    engine = _engine(app)
    if engine.dialect.name == "sqlite" and engine.url.database not in (None, "", ":memory:"):
        # Our way to begin a transaction is not the host's: with it, a page that has looked up its user would hold the
        # lock that the same request's writing waits for. So the host's connections are left as they are.
        return make_engine(engine.url.render_as_string(hide_password=False))
    return engine


def _engine(app: Flask) -> Engine:
    with app.app_context():
        engine: Engine = app.extensions["sqlalchemy"].engine
        return engine


def _require(met: bool, message: str) -> None:
    if not met:
        raise CannotMount(message)
