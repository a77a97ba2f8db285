"""The settings, their defaults, and the key that is made on the first run.

Each is read from the environment as `FLASK_COURSE_…` or from `instance/config.py` as `COURSE_…`. README lists them; a
test holds the two together.
"""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from flask import Config

#: name -> default. Fewer than twenty, and each with a line in README.
DEFAULTS: dict[str, object] = {
    # SQLAlchemy address of the database; empty: instance/course.sqlite3.
    "COURSE_DATABASE_URL": "",
    # Where the site is seen from outside: certificates and resume links carry it.
    "COURSE_BASE_URL": "http://127.0.0.1:8000",
    # Folder with modules/, quizzes/ and certificates/; empty: the content that came with the package.
    "COURSE_CONTENT_DIR": "",
    # Folder of database, secret key and kept files; empty: instance/ beside wsgi.py. Only from the environment.
    "COURSE_INSTANCE_DIR": "",
    # Folder of the certificate's template below certificates/.
    "COURSE_CERTIFICATE": "default",
    # The neutral page that the quick exit goes to.
    "COURSE_EXIT_URL": "https://www.ilmatieteenlaitos.fi/",
    # Host names that are answered, separated by commas; empty: all.
    "COURSE_TRUSTED_HOSTS": "",
    # Number of reverse proxies in front whose X-Forwarded-… headers are believed.
    "COURSE_PROXIES": 0,
    # Mail server, smtp://user:password@host:587 or smtps://…; empty: mails become files in instance/outbox/.
    "COURSE_MAIL_URL": "",
    # Whom mails come from.
    "COURSE_MAIL_FROM": "course@localhost",
}


def read_settings(config: Config, instance: Path) -> None:
    """Defaults, then instance/config.py, then the environment: the last one that speaks wins."""
    for name, default in DEFAULTS.items():
        config.setdefault(name, default)
    config.from_pyfile(str(instance / "config.py"), silent=True)
    for name, default in DEFAULTS.items():
        said = os.environ.get(f"FLASK_{name}")
        if said is not None:
            config[name] = int(said) if isinstance(default, int) else said
    said = os.environ.get("FLASK_SECRET_KEY")
    if said:
        config["SECRET_KEY"] = said


def make_instance_settings(config: Config, instance: Path) -> None:
    """What a stand-alone site needs and nobody has set: a database beside the code and a secret key that stays."""
    if not config["COURSE_DATABASE_URL"]:
        config["COURSE_DATABASE_URL"] = f"sqlite:///{instance / 'course.sqlite3'}"
    if not config.get("SECRET_KEY"):
        config["SECRET_KEY"] = kept_secret_key(instance / "secret_key")


def kept_secret_key(path: Path) -> str:
    """The key in the file; made at the first run. Of two processes that start at once, both get the same one."""
    try:
        return _read_key(path)
    except FileNotFoundError:
        path.parent.mkdir(parents=True, exist_ok=True)
        draft = path.with_name(f"{path.name}.{os.getpid()}")
        draft.touch(mode=0o600)
        draft.write_text(secrets.token_urlsafe(32))
        try:
            # A link appears whole or not at all, and never over another one.
            os.link(draft, path)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
        return _read_key(path)


def _read_key(path: Path) -> str:
    return path.read_text().strip()
