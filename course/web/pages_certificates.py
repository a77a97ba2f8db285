"""What the templates of certificates are given. See `course.web.pages`."""

from __future__ import annotations

from dataclasses import dataclass

from course.web.pages import Link


@dataclass(frozen=True, slots=True)
class StandingView:
    """What a certificate is worth, in the reader's words."""

    #: valid, replaced, revoked, expired; for a check also unknown, mistyped.
    state: str
    #: good, warn, info: the kind of the notice.
    kind: str
    #: The same kinds for `mark` of components/staff.html: done, off, late, none.
    mark: str
    #: One word or two, for a list.
    word: str
    #: The one clear answer.
    title: str
    #: What it means, and what to do.
    text: str
    #: The check of the certificate that stands in its place.
    successor: Link | None = None


@dataclass(frozen=True, slots=True)
class CheckView:
    """The answer of the check page."""

    code: str
    standing: StandingView
    #: (label, value): everything but the name.
    facts: tuple[tuple[str, str], ...]
    #: One sentence when the holder's data is erased; empty otherwise.
    erased: str = ""
    #: match, no-match, or empty before a name was typed.
    name_result: str = ""
    #: Whether there is a name to compare with.
    asks_name: bool = True


@dataclass(frozen=True, slots=True)
class FileView:
    """What was found out about a file that somebody brought."""

    #: intact, changed, foreign
    finding: str
    kind: str
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class StatementView:
    """What the statement in a certificate's code says, found out without the register."""

    #: genuine, foreign, changed
    finding: str
    kind: str
    title: str
    text: str
    facts: tuple[tuple[str, str], ...] = ()
    code: str = ""
    verify_url: str = ""
    name_result: str = ""


@dataclass(frozen=True, slots=True)
class CertificateCard:
    """A certificate that the learner was given."""

    name: str
    track: str
    edition: str
    issued: str
    #: Empty for one without an end.
    valid_until: str
    code: str
    standing: StandingView
    pdf_url: str
    badge_url: str
    verify_url: str
    #: Empty when its name cannot be corrected here (any more).
    correct_url: str
    #: (label, value): what profile pages ask for.
    profile: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class RegisterRow:
    """A line of the administrators' search."""

    #: Empty when the holder's data is erased.
    name: str
    code: str
    track: str
    edition: str
    issued: str
    url: str
    standing: StandingView


@dataclass(frozen=True, slots=True)
class JournalLine:
    """What happened, when, by whom and why."""

    date: str
    deed: str
    by: str
    reason: str = ""
    note: str = ""
    successor: Link | None = None


@dataclass(frozen=True, slots=True)
class RegisterEntry:
    """A certificate as an administrator sees it."""

    row: RegisterRow
    facts: tuple[tuple[str, str], ...]
    facts_hash: str
    journal: tuple[JournalLine, ...]
    verify_url: str
    #: Empty when there is nothing to revoke or to correct.
    revoke_url: str
    reissue_url: str


@dataclass(frozen=True, slots=True)
class JobView:
    """Long work that somebody waits for."""

    #: open, given up, done, dropped
    state: str
    done: int
    total: int
    #: The progress in words.
    label: str
    error: str
    #: Empty until the file is there.
    file_url: str
    expires: str


@dataclass(frozen=True, slots=True)
class TemplateRow:
    """A certificate template and its samples."""

    name: str
    in_use: bool
    samples: tuple[Link, ...]
