"""What is missing or misconfigured on this machine, said in plain words."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy.exc import SQLAlchemyError

from course.content.findings import ContentError
from course.content.folders import certificate_folder
from course.content.loading import load
from course.exports.certificate_pdf import available
from course.exports.signing_keys import KeyFault, SigningSettings, document_key
from course.services.made_up.demo import is_demo
from course.storage.engine import Store, make_engine
from course.storage.migrations import current


@dataclass(frozen=True, slots=True)
class Diagnosis:
    good: bool
    says: str
    todo: str = ""
    #: True when the site cannot work without it.
    stops: bool = False


def diagnose(
    config: Mapping[str, Any], known_settings: Collection[str], root: Path, newest_revision: str
) -> list[Diagnosis]:
    """Every check in turn; none changes anything."""
    checks: tuple[Callable[[], Iterator[Diagnosis]], ...] = (
        lambda: _content(root),
        lambda: _certificate(root, config),
        lambda: _database(config, newest_revision),
        lambda: _addresses(config),
        lambda: _secret(config),
        lambda: _settings(config, known_settings),
        _pdf,
        lambda: _signing_key(config),
    )
    return [found for look in checks for found in look()]


def _content(root: Path) -> Iterator[Diagnosis]:
    try:
        library = load(root)
    except ContentError as error:
        yield Diagnosis(
            False,
            f"The content in {root} cannot be used: {len(error.findings)} faults.",
            "Run: flask --app wsgi course check",
            stops=True,
        )
        return
    yield Diagnosis(True, f"Content: edition {library.edition}, {len(library.modules)} modules with text.")


def _certificate(root: Path, config: Mapping[str, Any]) -> Iterator[Diagnosis]:
    folder = certificate_folder(root, str(config["COURSE_CERTIFICATE"]))
    if (folder / "certificate.html").is_file():
        yield Diagnosis(True, f"Certificate template: {folder.name}.")
    else:
        yield Diagnosis(False, f"There is no certificate template in {folder}.", "Set FLASK_COURSE_CERTIFICATE.", True)


def _database(config: Mapping[str, Any], newest_revision: str) -> Iterator[Diagnosis]:
    try:
        engine = make_engine(str(config["COURSE_DATABASE_URL"]))
        revision = current(engine)
    except (SQLAlchemyError, OSError) as error:
        yield Diagnosis(
            False,
            f"The database does not answer: {error.__class__.__name__}.",
            "Look at FLASK_COURSE_DATABASE_URL, and whether the database is running.",
            stops=True,
        )
        return
    if revision == newest_revision:
        yield Diagnosis(True, f"Database: {engine.dialect.name}, up to date.")
        with Store(engine).reading() as connection:
            if is_demo(connection):
                yield Diagnosis(
                    False,
                    "The demonstration is in this database, and everybody can know how to sign in to it.",
                    "For real people, set FLASK_COURSE_DATABASE_URL to a database of their own.",
                )
    else:
        has = f"has the form {revision}" if revision else "has no tables yet"
        yield Diagnosis(False, f"The database {has}.", "Run: flask --app wsgi course init-db", stops=True)


def _addresses(config: Mapping[str, Any]) -> Iterator[Diagnosis]:
    address = str(config["COURSE_BASE_URL"])
    parts = urlsplit(address)
    if parts.scheme not in ("http", "https") or not parts.netloc:
        yield Diagnosis(
            False,
            f"{address} is no web address.",
            "Set FLASK_COURSE_BASE_URL to where people see the site.",
            stops=True,
        )
    elif parts.hostname in ("127.0.0.1", "localhost"):
        yield Diagnosis(
            False,
            f"Certificates and links will carry {address}, which works on this machine only.",
            "Before others use the site, set FLASK_COURSE_BASE_URL to its public address.",
        )
    elif parts.scheme == "http":
        yield Diagnosis(
            False,
            f"{address} is not encrypted.",
            "Put a server with HTTPS in front and set FLASK_COURSE_BASE_URL to the https address.",
        )
    else:
        yield Diagnosis(True, f"Public address: {address}.")


def _secret(config: Mapping[str, Any]) -> Iterator[Diagnosis]:
    if len(str(config.get("SECRET_KEY") or "")) >= 20:
        yield Diagnosis(True, "The secret key is set.")
    else:
        yield Diagnosis(
            False,
            "The secret key is missing or short.",
            "Remove FLASK_SECRET_KEY to have one made, or set a random text of 20 characters or more.",
            stops=True,
        )


def _settings(config: Mapping[str, Any], known: Collection[str]) -> Iterator[Diagnosis]:
    for name in sorted(config):
        if name.startswith("COURSE_") and name not in known:
            yield Diagnosis(False, f"Nothing reads the setting {name}.", "Look for a slip in its name (see README).")


def _pdf() -> Iterator[Diagnosis]:
    missing = available()
    if missing is None:
        yield Diagnosis(True, "PDF certificates can be made.")
    else:
        yield Diagnosis(False, missing)


def _signing_key(config: Mapping[str, Any]) -> Iterator[Diagnosis]:
    """The key is made with the first certificate, so there is only something to look at when one was given."""
    given = str(config["COURSE_SIGNING_KEY"])
    if not given:
        yield Diagnosis(True, "Certificates are signed with a key of this site; nobody else vouches for it.")
        return
    password = str(config["COURSE_SIGNING_PASSWORD"])
    try:
        key = document_key(SigningSettings(Path(), "", key_file=Path(given), key_password=password))
    except KeyFault as fault:
        yield Diagnosis(
            False,
            f"Certificates cannot be signed: {fault}.",
            "Look at FLASK_COURSE_SIGNING_KEY and FLASK_COURSE_SIGNING_PASSWORD.",
        )
        return
    yield Diagnosis(True, f"Certificates are signed as {key.certificate.subject.rfc4514_string()}.")
