"""What the templates of the counts, the API's keys and the item analysis are given."""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup

Choices = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class FilterField:
    name: str
    label: str
    choices: Choices
    value: str


@dataclass(frozen=True, slots=True)
class CountsForm:
    """The question as the form shows it."""

    by: Choices
    chosen_by: tuple[str, ...]
    counts: Choices
    chosen_counts: tuple[str, ...]
    filters: tuple[FilterField, ...]
    first_month: str
    last_month: str
    #: The question once more, for forms that ask it in another way.
    hidden: Choices


@dataclass(frozen=True, slots=True)
class CountsView:
    """The answer as the page shows it."""

    heads: tuple[str, ...]
    #: So many of the heads name the rows.
    names: int
    rows: tuple[tuple[str, ...], ...]
    #: Rows that the page leaves to the files; empty when there are none.
    more: str
    totals: tuple[str, ...]
    chart: Markup
    #: (words, address) of the same table as a file.
    files: Choices


@dataclass(frozen=True, slots=True)
class KeyRow:
    name: str
    made: str
    #: Empty while it works.
    revoked: str
    revoke_url: str


@dataclass(frozen=True, slots=True)
class OptionRow:
    text: str
    right: bool
    #: The share of answers that chose it, with its interval.
    share: str
    rare: bool


@dataclass(frozen=True, slots=True)
class ItemRow:
    id: str
    text: str
    answers: str
    #: Empty while there are too few answers.
    difficulty: str
    discrimination: str
    #: By language, in the order of the table's heads.
    languages: tuple[str, ...]
    #: What an editor should look at.
    flags: tuple[str, ...]
    options: tuple[OptionRow, ...]
