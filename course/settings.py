"""The settings, their defaults, and the key that is made on the first run.

Each is read from the environment as `FLASK_COURSE_…` or from `instance/config.py` as `COURSE_…`. README lists them; a
test holds the two together.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from flask import Config

from course.exports.kept_file import kept
from course.exports.signing_keys import SigningSettings

#: name -> default. Fewer than twenty, and each with a line in README.
DEFAULTS: dict[str, object] = {
    # SQLAlchemy address of the database; empty: instance/course.sqlite3.
    "COURSE_DATABASE_URL": "",
    # Where the application's root is seen from outside, with the path of the server: letters and certificates carry it.
    "COURSE_BASE_URL": "http://127.0.0.1:8000",
    # Folder with modules/, quizzes/ and certificates/; empty: the content that came with the package.
    "COURSE_CONTENT_DIR": "",
    # Folder of database, secret key and kept files; empty: instance/ beside wsgi.py. Only from the environment.
    "COURSE_INSTANCE_DIR": "",
    # Folder of the certificate's template below certificates/.
    "COURSE_CERTIFICATE": "default",
    # PKCS#12 file with the key and the certificate that sign PDF files; empty: made on the first run, self-signed.
    "COURSE_SIGNING_KEY": "",
    # The password of that file.
    "COURSE_SIGNING_PASSWORD": "",
    # Address of a time stamp authority (RFC 3161) that confirms when a certificate was signed; empty: none.
    "COURSE_TIMESTAMP_URL": "",
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
    # An organisation's own sign-in service (OpenID Connect), https://client-id:client-secret@issuer; empty: none.
    "COURSE_OIDC_URL": "",
    # A learning record store that is told what learners do, https://user:password@host/path; empty: none.
    "COURSE_LRS_URL": "",
    # Counts below this and above nothing are small: they are never published as they are.
    "COURSE_SMALL_COUNT": 5,
    # Days that kinds of data are kept, where they differ from the defaults: "record=365, audit=1095".
    "COURSE_KEEP": "",
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


def signing_settings(config: Mapping[str, Any], instance: Path) -> SigningSettings:
    """Where the keys for certificates lie: in the instance folder, or for PDF files in a file of one's own."""
    given = str(config["COURSE_SIGNING_KEY"])
    return SigningSettings(
        folder=instance / "signing",
        base_url=str(config["COURSE_BASE_URL"]),
        key_file=Path(given) if given else None,
        key_password=str(config["COURSE_SIGNING_PASSWORD"]),
        timestamp_url=str(config["COURSE_TIMESTAMP_URL"]),
    )


def kept_secret_key(path: Path) -> str:
    """The key in the file; made at the first run. Of two processes that start at once, both get the same one."""
    return kept(path, lambda: secrets.token_urlsafe(32).encode()).decode().strip()
