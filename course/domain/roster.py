"""A roster: people expected in a cohort, and what a file of them would change."""

from __future__ import annotations

import hashlib
import re
from base64 import b32encode
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from enum import StrEnum
from itertools import islice

from course.domain.cohort import NAME_MAX, normal_text

KEY_MAX = 40
EMAIL_MAX = 254
#: A larger group is several cohorts; a larger file is some other file.
ROWS_MAX = 5000

#: One sign @, no spaces, and a dot in what follows: the mail server is the only real judge.
_EMAIL = re.compile(r"[^\s@,;<>\"]+@[^\s@,;<>\"]+\.[^\s@.,;<>\"]+")

#: What people call the columns, in lower case. The first one is what an export writes.
HEADINGS: dict[str, tuple[str, ...]] = {
    "key": ("id", "tunnus", "tunniste", "nyckel", "key"),
    "name": ("name", "nimi", "namn", "koko nimi", "hela namnet", "full name"),
    "first": ("first name", "firstname", "given name", "etunimi", "förnamn"),
    "last": ("last name", "lastname", "surname", "family name", "sukunimi", "efternamn"),
    "email": (
        "email",
        "e-mail",
        "mail",
        "email address",
        "sähköposti",
        "sähköpostiosoite",
        "sposti",
        "e-post",
        "epost",
        "e-postadress",
    ),
    "organisation": ("organisation", "organization", "organisaatio", "työpaikka", "työnantaja", "arbetsplats"),
    "profession": ("profession", "job", "title", "ammatti", "tehtävä", "ammattinimike", "yrke", "befattning"),
}


#: What an export writes above its columns, in the order of `exported`.
EXPORT_HEADINGS: dict[str, tuple[str, ...]] = {
    "fi": ("tunnus", "nimi", "sähköposti", "organisaatio", "ammatti"),
    "sv": ("id", "namn", "e-post", "organisation", "yrke"),
    "en": ("id", "name", "email", "organisation", "profession"),
}


@dataclass(frozen=True, slots=True)
class Person:
    """Someone expected. What is not known is empty."""

    name: str
    email: str = ""
    organisation: str = ""
    profession: str = ""

    def filled_from(self, known: Person) -> Person:
        """What the file leaves empty stays as it is known."""
        missing = {one.name: getattr(known, one.name) for one in fields(self) if not getattr(self, one.name)}
        return replace(self, **missing)


class Fault(StrEnum):
    """What can be wrong with a row of the file."""

    NAME_MISSING = "name-missing"
    TOO_LONG = "too-long"
    EMAIL_WRONG = "email-wrong"
    SAME_ROW = "same-row"
    WHICH_PERSON = "which-person"
    TOO_MANY = "too-many"


@dataclass(frozen=True, slots=True)
class RowFault:
    #: Line of the file, the headings being line 1.
    line: int
    fault: Fault
    #: What was found: the text that is wrong, or the line that was first.
    value: str = ""


@dataclass(frozen=True, slots=True)
class FileRow:
    line: int
    #: Empty when the file gives none.
    key: str
    person: Person


@dataclass(frozen=True, slots=True)
class Change:
    """One row of the roster before and after; before is None for someone new."""

    key: str
    before: Person | None
    after: Person


@dataclass(frozen=True, slots=True)
class Plan:
    """What a file would change. Rows with a fault change nothing, and nobody is ever taken off by a file."""

    rows: int
    unchanged: int
    changes: tuple[Change, ...]
    faults: tuple[RowFault, ...]


def columns_of(heading: Sequence[str]) -> dict[str, int]:
    """Which column holds what: field -> place. Empty without a column of names."""
    found: dict[str, int] = {}
    for place, word in enumerate(heading):
        wanted = normal_text(word).casefold().rstrip(":*")
        for field, words in HEADINGS.items():
            if wanted in words:
                found.setdefault(field, place)
    return found if "name" in found or {"first", "last"} & set(found) else {}


def file_row(line: int, cells: Sequence[str], columns: Mapping[str, int]) -> FileRow:
    """A row of the file in its form. A column that is not there leaves its field empty."""

    def cell(field: str) -> str:
        place = columns.get(field)
        return normal_text(cells[place]) if place is not None and place < len(cells) else ""

    name = cell("name") or f"{cell('first')} {cell('last')}".strip()
    return FileRow(line, cell("key"), Person(name, cell("email"), cell("organisation"), cell("profession")))


def fault_of(row: FileRow) -> RowFault | None:
    """What is wrong with a row by itself."""
    person = row.person
    if not person.name:
        return RowFault(row.line, Fault.NAME_MISSING)
    for text, most in (
        (row.key, KEY_MAX),
        (person.name, NAME_MAX),
        (person.email, EMAIL_MAX),
        (person.organisation, NAME_MAX),
        (person.profession, NAME_MAX),
    ):
        if len(text) > most:
            return RowFault(row.line, Fault.TOO_LONG, f"{text[:30]}…")
    if person.email and not is_email(person.email):
        return RowFault(row.line, Fault.EMAIL_WRONG, person.email)
    return None


def is_email(text: str) -> bool:
    """Whether it looks like a mail address at all."""
    return _EMAIL.fullmatch(text) is not None and len(text) <= EMAIL_MAX


def plan(rows: Iterable[FileRow], known: Mapping[str, Person]) -> Plan:
    """Compare a file with the roster as it stands. `known` is by row key.

    A row of the roster answers to one row of the file at most, and what one row changes never makes another row mean
    somebody else the next time: the same file twice changes nothing.
    """
    everything = list(islice(rows, ROWS_MAX + 1))
    read = everything[:ROWS_MAX]
    faults = [RowFault(one.line, Fault.TOO_MANY, str(ROWS_MAX)) for one in everything[ROWS_MAX:]]
    sound = _sound(read, faults)
    roster = _Known(known, sound)
    changes: list[Change] = []
    unchanged = 0
    for row in sound:
        key = roster.claim(row)
        if key is None:
            faults.append(RowFault(row.line, Fault.WHICH_PERSON, row.person.name))
            continue
        before = known.get(key)
        after = row.person.filled_from(before) if before else row.person
        if after == before:
            unchanged += 1
        else:
            changes.append(Change(key, before, after))
    return Plan(len(read), unchanged, tuple(changes), tuple(sorted(faults, key=lambda one: one.line)))


def _sound(rows: Iterable[FileRow], faults: list[RowFault]) -> list[FileRow]:
    """The rows with nothing wrong in themselves, each person once; the faults of the others are put down."""
    seen: dict[str, int] = {}
    sound = []
    for row in rows:
        fault = fault_of(row)
        mark = row.key or made_key(row.person)
        if fault is None and mark in seen:
            fault = RowFault(row.line, Fault.SAME_ROW, str(seen[mark]))
        if fault is not None:
            faults.append(fault)
            continue
        seen[mark] = row.line
        sound.append(row)
    return sound


def made_key(person: Person) -> str:
    """The key of someone new whose row has none: the same file gives the same key again.

    It begins with a letter, so that no spreadsheet takes it for a number or a date.
    """
    mark = f"mail:{person.email}" if person.email else f"name:{person.name}\n{person.organisation}"
    return "r" + b32encode(hashlib.sha256(mark.casefold().encode()).digest()).decode().lower()[:12]


class _Known:
    """Finds the row of the roster that a row of the file means.

    Without a key it is the one with the same mail address and name or, without an address, with the same name and
    organisation. Both stay as they are when the file is done, so the same file means the same people the next time.
    Where somebody else of that name could be meant nothing is guessed.
    """

    def __init__(self, known: Mapping[str, Person], rows: Iterable[FileRow]) -> None:
        self._known = known
        self._claimed = {row.key for row in rows if row.key}
        self._by_email: dict[str, list[str]] = {}
        self._by_name: dict[str, list[str]] = {}
        for key, person in known.items():
            if key not in self._claimed:
                self._by_email.setdefault(person.email.casefold(), []).append(key)
                self._by_name.setdefault(person.name.casefold(), []).append(key)

    def claim(self, row: FileRow) -> str | None:
        """The row's key: given, found or made. None when it may be one of several people."""
        if row.key:
            return row.key
        found = self._by_address(row.person) if row.person.email else self._by_place(row.person)
        if found is not None:
            return found[0] if len(found) == 1 else None
        key = made_key(row.person)
        return None if key in self._known or key in self._claimed else key

    def _by_address(self, person: Person) -> list[str] | None:
        """None for somebody new."""
        same = self._by_email.get(person.email.casefold())
        namesakes = self._by_name.get(person.name.casefold(), [])
        if same is None:
            # Somebody of that name without an address may be she, and may be another.
            return [] if any(not self._known[key].email for key in namesakes) else None
        return [key for key in same if key in namesakes]

    def _by_place(self, person: Person) -> list[str] | None:
        namesakes = self._by_name.get(person.name.casefold())
        if namesakes is None:
            return None
        where = person.organisation.casefold()
        return [
            key for key in namesakes if not self._known[key].email and self._known[key].organisation.casefold() == where
        ]


class Refusal(StrEnum):
    """Why a whole file cannot be read."""

    EMPTY = "empty"
    NO_NAMES = "no-names"
    NO_TABLE = "no-table"
    OLD_OR_LOCKED = "old-or-locked"
    TOO_LARGE = "too-large"


class FileRefused(Exception):
    """The file is no table of people."""

    def __init__(self, why: Refusal) -> None:
        super().__init__(why.value)
        self.why = why
