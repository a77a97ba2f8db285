"""What a trainer types to make or change a session, and to write down who was there."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time

from werkzeug.datastructures import MultiDict

from course.content.formats import short_date
from course.content.library import Library
from course.domain.cohort import normal_text
from course.domain.home_time import HOME, NoSuchTime, at_home, day_at_home
from course.domain.session import (
    AGENDA_MAX,
    LINK_MAX,
    MOST_WITHOUT_NAMES,
    PLACE_MAX,
    TITLE_MAX,
    Fault,
    SessionDetails,
)
from course.web.forms.cohort import read_day

Say = Callable[..., str]

NAMES = ("title", "network", "cohort", "track", "language", "day", "begins", "ends", "place", "link", "agenda")
#: As browsers send a time, and as people in Finland write it: 9, 9.00, 9:00.
_TIME = re.compile(r"(\d{1,2})(?:[.:](\d{2}))?(?:[.:]\d{2})?")


@dataclass
class SessionForm:
    """What was typed, and a sentence for each field that is wrong."""

    values: Mapping[str, str]
    topics: tuple[str, ...]
    errors: dict[str, str] = field(default_factory=dict)
    #: Set when nothing is wrong.
    details: SessionDetails | None = None

    def errors_of(self, name: str) -> list[str]:
        """What is wrong with one field: no sentence or one."""
        return [self.errors[name]] if name in self.errors else []


def read_time(text: str) -> time:
    """A time of day. Raises ValueError for anything else."""
    found = _TIME.fullmatch(text.strip())
    if not found:
        raise ValueError(text)
    return time(int(found[1]), int(found[2] or 0))


def read_session(
    posted: MultiDict[str, str],
    library: Library,
    networks: Sequence[str],
    cohorts: Mapping[int, str],
    say: Say,
    language: str,
) -> SessionForm:
    """The form as sent. `cohorts` are those that may be chosen, each with its network."""
    values = {name: posted.get(name, "") for name in NAMES}
    known = [module.id for module in library.modules]
    form = SessionForm(values, tuple(one for one in known if one in posted.getlist("topics")))
    if values["network"] not in networks:
        form.errors["network"] = say("Choose a network.")
    if values["track"] not in {track.id for track in library.tracks}:
        form.errors["track"] = say("Choose a track.")
    cohort_id = _cohort(form, cohorts, say)
    begins, ends = _times(form, say, language)
    for name, most in (("title", TITLE_MAX), ("place", PLACE_MAX), ("link", LINK_MAX), ("agenda", AGENDA_MAX)):
        if len(values[name]) > most:
            form.errors[name] = say("Use at most %(most)s characters.", most=most)
    if begins is None or ends is None:
        return form
    details = SessionDetails(
        title=normal_text(values["title"]),
        network_id=values["network"],
        track_id=values["track"],
        module_ids=form.topics,
        language=values["language"] if values["language"] in library.languages else library.source_language,
        starts_at=begins,
        ends_at=ends,
        place=normal_text(values["place"]),
        link=values["link"].strip(),
        agenda="\n".join(line.rstrip() for line in values["agenda"].strip().splitlines()),
        cohort_id=cohort_id,
    )
    for fault in details.faults():
        name, sentence = _sentence(fault, say)
        form.errors.setdefault(name, sentence)
    if not form.errors:
        form.details = details
    return form


def _cohort(form: SessionForm, cohorts: Mapping[int, str], say: Say) -> int | None:
    typed = form.values["cohort"]
    if not typed:
        return None
    cohort_id = int(typed) if typed.isdecimal() else 0
    if cohorts.get(cohort_id) != form.values["network"]:
        form.errors["cohort"] = say("Choose a group of the same network, or none.")
    return cohort_id


def _times(form: SessionForm, say: Say, language: str) -> tuple[datetime | None, datetime | None]:
    example = short_date(date(2027, 2, 1), language)
    try:
        day = read_day(form.values["day"])
    except ValueError:
        day = None
    if day is None:
        form.errors["day"] = say("Write the day like this: %(day)s.", day=example)
    found: list[datetime | None] = []
    for name in ("begins", "ends"):
        moment = None
        try:
            clock = read_time(form.values[name])
            moment = at_home(day, clock) if day else None
        except NoSuchTime:
            form.errors[name] = say("This time does not exist on that day: clocks go forward. Choose another.")
        except ValueError:
            form.errors[name] = say("Write the time like this: 9.00.")
        found.append(moment)
    return found[0], found[1]


def _sentence(fault: Fault, say: Say) -> tuple[str, str]:
    """The field that a fault belongs to, and what to do about it."""
    return {
        Fault.TITLE: ("title", say("Give the session a title.")),
        Fault.END: ("ends", say("The end must come after the beginning.")),
        Fault.LENGTH: ("ends", say("A session lasts at most 14 hours. Make one for each day.")),
        Fault.WHERE: ("place", say("Give a place, or a link to the call, or both.")),
        Fault.LINK: ("link", say("Begin the link with https:// and leave out spaces.")),
        Fault.TOPICS: ("topics", say("Choose at least one topic.")),
    }[fault]


def form_of(details: SessionDetails) -> SessionForm:
    """The form as it is before anything is changed."""
    values = {
        "title": details.title,
        "network": details.network_id,
        "cohort": str(details.cohort_id or ""),
        "track": details.track_id,
        "language": details.language,
        "day": day_at_home(details.starts_at).isoformat(),
        "begins": f"{details.starts_at.astimezone(HOME):%H:%M}",
        "ends": f"{details.ends_at.astimezone(HOME):%H:%M}",
        "place": details.place,
        "link": details.link,
        "agenda": details.agenda,
    }
    return SessionForm(values, details.module_ids)


def read_numbers(posted: MultiDict[str, str], name: str) -> list[int]:
    """The ids of what was ticked."""
    return [int(one) for one in posted.getlist(name) if one.isdecimal()]


def read_headcount(typed: str, say: Say) -> tuple[int, str]:
    """(number, what is wrong with it)."""
    text = typed.strip() or "0"
    if text.isdecimal() and int(text) <= MOST_WITHOUT_NAMES:
        return int(text), ""
    return 0, say("Write a number from 0 to %(most)s.", most=MOST_WITHOUT_NAMES)
