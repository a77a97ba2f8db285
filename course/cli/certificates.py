"""Commands for certificates: issue, check, revoke, and make the files."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

import click
from flask.cli import with_appcontext

from course.cli.group import console, course_commands, database, part
from course.content.library import Library
from course.domain.certificate_file import LARGEST_FILE, Finding
from course.domain.certificate_state import Reason
from course.domain.errors import CourseError, NotEarnedYet
from course.exports.certificate_preview import Previews
from course.exports.certificate_template import Templates
from course.exports.rendering_process import CheckingProcess
from course.exports.signing_keys import SigningSettings
from course.services.certificate_checks import (
    CheckedCertificate,
    StatementFinding,
    check_code,
    check_statement,
    code_of_file,
)
from course.services.certificate_register import entry_by_code, revoke_certificate
from course.services.certificates import OPERATOR, issue_certificate
from course.storage.engine import Store


class MountedCourse(Protocol):
    """What these commands need of the course that is mounted in the application."""

    library: Library
    store: Store
    signing: SigningSettings
    previews: Previews
    certificate_templates: Templates

    def now(self) -> datetime: ...

    def verify_url(self, code: str) -> str: ...


@course_commands.group("certificate")
def certificate_commands() -> None:
    """Certificates."""


def site_here() -> MountedCourse:
    """The course of this application; without usable content there is none."""
    site: MountedCourse | None = part()
    if site is None:
        raise click.ClickException("The content has faults. Run: flask --app wsgi course check")
    return site


@certificate_commands.command("verify")
@click.argument("what")
@with_appcontext
def verify_command(what: str) -> None:
    """Tell whether a certificate is genuine. WHAT is its number, a PDF file, or the text of its QR code.

    Ends with 0 for a valid certificate, 1 for one that is not, 2 for what is none.
    """
    site = site_here()
    if _is_file(what):
        sys.exit(_file(Path(what), site.signing))
    if "." in what or "#" in what:
        sys.exit(_statement(what, site.signing))
    sys.exit(_code(what))


def _is_file(what: str) -> bool:
    try:
        return Path(what).is_file()
    except OSError:
        # The text of a QR code is longer than any file's name.
        return False


def _say(text: str) -> None:
    console.print(text, highlight=False, markup=False)


def _code(typed: str) -> int:
    with Store(database()).reading() as connection:
        answer, found = check_code(connection, typed, datetime.now(UTC))
    if found is None:
        unknown = "No certificate has this number."
        slip = "This cannot be a number of ours: something is left out or mistyped."
        _say(unknown if answer.value == "unknown" else slip)
        return 1 if answer.value == "unknown" else 2
    _say(f"{_worth(found)}: {_stated(found)}.")
    return 0 if found.standing.is_valid else 1


def _worth(found: CheckedCertificate) -> str:
    standing = found.standing
    why = f" ({standing.reason.value})" if standing.reason else ""
    by = f" by {standing.successor}" if standing.successor else ""
    since = f" on {standing.since}" if standing.since else ""
    return f"{standing.state.value.capitalize()}{by}{since}{why}"


def _stated(found: CheckedCertificate) -> str:
    facts = found.facts
    if facts is None:
        return f"edition {found.edition}, issued {found.issued_on}, the holder's data is erased"
    return f"{facts.course_title}, {facts.track_title}, edition {facts.edition}, issued {facts.issued_on}"


def _file(path: Path, signing: SigningSettings) -> int:
    if path.stat().st_size > LARGEST_FILE:
        _say("This file is far larger than a certificate.")
        return 2
    checker = CheckingProcess(signing)
    try:
        finding, code = code_of_file(checker, path.read_bytes())
    finally:
        checker.close()
    said = {
        Finding.INTACT: "The file is as this site made it.",
        Finding.CHANGED: "The file was made by this site and changed afterwards.",
        Finding.FOREIGN: "The file was not made by this site.",
    }
    _say(said[finding])
    return _code(code) if code else 2


def _statement(text: str, signing: SigningSettings) -> int:
    finding, said = check_statement(text, signing)
    if said is None:
        words = {
            StatementFinding.FOREIGN: "The statement was signed with a key that is not ours.",
            StatementFinding.CHANGED: "This is no statement of a certificate, or it was changed.",
        }
        _say(words[finding])
        return 2
    _say(f"The statement is genuine: {said.code}, {said.track_id}, edition {said.edition}, issued {said.issued_on}.")
    return _code(said.code)


@certificate_commands.command("issue")
@click.argument("learner", type=int)
@click.option("--name", required=True, help="The holder's name as it will be printed.")
@click.option("--track", help="The track; without it the first one of the course.")
@click.option("--lang", "language", default="fi", show_default=True, help="The language of the certificate.")
@with_appcontext
def issue_command(learner: int, name: str, track: str | None, language: str) -> None:
    """Issue the certificate that the LEARNER with this id has earned, or show the one issued before."""
    site = site_here()
    if language not in site.library.languages:
        raise click.ClickException(f"The course has {', '.join(site.library.languages)}.")
    try:
        one = issue_certificate(
            site.store,
            site.library,
            learner_id=learner,
            track_id=track or site.library.tracks[0].id,
            name=name,
            language=language,
            verify_url=site.verify_url,
            now=site.now(),
            by=OPERATOR,
        )
    except NotEarnedYet as refused:
        raise click.ClickException(f"Not earned yet, still missing: {', '.join(refused.missing)}") from refused
    except CourseError as refused:
        raise click.ClickException(f"{type(refused).__name__}: {refused}") from refused
    _say(f"{one.facts.code}  {one.facts.name}  {one.facts.verify_url}")


@certificate_commands.command("revoke")
@click.argument("code")
@click.option(
    "--reason", required=True, type=click.Choice([reason.value for reason in Reason]), help="Told to whoever checks it."
)
@click.option("--note", default="", help="Words for administrators only.")
@with_appcontext
def revoke_command(code: str, reason: str, note: str) -> None:
    """Revoke the certificate with the number CODE. It is not deleted: whoever checks it reads that it was revoked."""
    store, now = Store(database()), datetime.now(UTC)
    try:
        with store.reading() as connection:
            found = entry_by_code(connection, code, now)
        revoke_certificate(store, certificate_id=found.id, reason=Reason(reason), note=note, by=OPERATOR, now=now)
    except CourseError as refused:
        raise click.ClickException(f"{type(refused).__name__}: {refused or code}") from refused
    _say(f"{found.code} is revoked.")
