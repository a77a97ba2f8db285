"""What a trainer types to make or change a cohort, and a code for it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from werkzeug.datastructures import MultiDict

from course.content.formats import short_date
from course.content.library import Library
from course.domain.cohort import NAME_MAX, CohortPlan, normal_text

Say = Callable[..., str]

#: As people in Finland write a day where the browser has no calendar: 1.2.2027.
_FINNISH_DAY = re.compile(r"(\d{1,2})\.\s*(\d{1,2})\.\s*(\d{4})")
CAP_MAX = 5000


@dataclass
class CohortForm:
    """What was typed, and a sentence for each field that is wrong."""

    values: Mapping[str, str]
    trainers: tuple[int, ...]
    errors: dict[str, str] = field(default_factory=dict)
    #: Set when nothing is wrong.
    plan: CohortPlan | None = None

    def said(self, name: str) -> str:
        return self.values.get(name, "")

    def wrong(self, name: str) -> list[str]:
        return [self.errors[name]] if name in self.errors else []


def read_day(text: str) -> date | None:
    """A day as browsers send it, or as people write it. Raises ValueError for anything else; None for nothing."""
    text = text.strip()
    if not text:
        return None
    finnish = _FINNISH_DAY.fullmatch(text)
    return date(int(finnish[3]), int(finnish[2]), int(finnish[1])) if finnish else date.fromisoformat(text)


def read_cohort(
    posted: MultiDict[str, str], library: Library, networks: Sequence[str], say: Say, language: str
) -> CohortForm:
    """The form as sent. `networks` are those that the trainer may make cohorts in."""
    names = ("name", "network", "track", "language", "starts_on", "ends_on", "due_on", "scores")
    values = {name: posted.get(name, "") for name in names}
    chosen = tuple(int(one) for one in posted.getlist("trainers") if one.isdecimal())
    form = CohortForm(values, chosen)
    name = normal_text(values["name"])
    if not name:
        form.errors["name"] = say("Give the group a name.")
    elif len(name) > NAME_MAX:
        form.errors["name"] = say("Use at most %(most)s characters.", most=NAME_MAX)
    if values["network"] not in networks:
        form.errors["network"] = say("Choose a network.")
    if values["track"] not in {track.id for track in library.tracks}:
        form.errors["track"] = say("Choose a track.")
    days = {one: _day(form, one, say, language) for one in ("starts_on", "ends_on", "due_on")}
    starts = days["starts_on"]
    for later in ("ends_on", "due_on"):
        day = days[later]
        if starts and day and day < starts:
            form.errors[later] = say("This is before the first day, %(day)s.", day=short_date(starts, language))
    if not form.errors:
        form.plan = CohortPlan(
            network_id=values["network"],
            name=name,
            track_id=values["track"],
            language=values["language"] if values["language"] in library.languages else library.source_language,
            starts_on=starts,
            ends_on=days["ends_on"],
            due_on=days["due_on"],
            shows_scores=values["scores"] == "shown",
        )
    return form


def _day(form: CohortForm, name: str, say: Say, language: str) -> date | None:
    try:
        return read_day(form.values[name])
    except ValueError:
        form.errors[name] = say("Write the day like this: %(day)s.", day=short_date(date(2027, 2, 1), language))
        return None


def form_of(plan: CohortPlan, trainers: Sequence[int]) -> CohortForm:
    """The form as it is before anything is changed."""
    values = {
        "name": plan.name,
        "network": plan.network_id,
        "track": plan.track_id,
        "language": plan.language,
        "starts_on": plan.starts_on.isoformat() if plan.starts_on else "",
        "ends_on": plan.ends_on.isoformat() if plan.ends_on else "",
        "due_on": plan.due_on.isoformat() if plan.due_on else "",
        "scores": "shown" if plan.shows_scores else "",
    }
    return CohortForm(values, tuple(trainers))


def read_code_limits(
    posted: Mapping[str, str], say: Say, language: str
) -> tuple[int | None, date | None, dict[str, str]]:
    """(cap, last day, errors) of a new join code; both may be left empty."""
    errors = {}
    cap, last_day = None, None
    typed = posted.get("cap", "").strip()
    if typed:
        if typed.isdecimal() and 1 <= int(typed) <= CAP_MAX:
            cap = int(typed)
        else:
            errors["cap"] = say("Write a number from 1 to %(most)s, or leave it empty.", most=CAP_MAX)
    try:
        last_day = read_day(posted.get("last_day", ""))
    except ValueError:
        errors["last_day"] = say("Write the day like this: %(day)s.", day=short_date(date(2027, 2, 1), language))
    return cap, last_day, errors
