"""The register of a learner in words: what each kind of row and each of its values is called."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from course.content.formats import moment
from course.domain.gain import Form
from course.web.site import Site


@dataclass(frozen=True, slots=True)
class Section:
    title: str
    #: Each row as (label, value) pairs; what is empty is left out.
    rows: tuple[tuple[tuple[str, str], ...], ...]


def sections_of(kept: Mapping[str, Sequence[Mapping[str, Any]]], site: Site, language: str) -> tuple[Section, ...]:
    """All that is kept, in the reader's language. A kind of which nothing is kept is left out."""
    titles, labels = _titles(site, language), _labels(site, language)
    return tuple(
        Section(titles[name], tuple(_pairs(row, labels, site, language) for row in rows))
        for name, rows in kept.items()
        if rows
    )


def _pairs(row: Mapping[str, Any], labels: Mapping[str, str], site: Site, language: str) -> tuple[tuple[str, str], ...]:
    flat = {name: value for name, value in row.items() if name not in NUMBERS and value not in (None, "", [], {})}
    holder = flat.pop("facts", None)
    if holder:
        flat["holder"] = holder["name"]
    return tuple((labels[name], _value(name, value, site, language)) for name, value in flat.items())


#: Numbers that bind rows together: they stand in the file, and say nothing to a reader.
NUMBERS = frozenset({"attempt_id"})


def _value(name: str, value: Any, site: Site, language: str) -> str:
    library = site.library
    if isinstance(value, bool):
        return site.say(language, "Yes") if value else site.say(language, "No")
    if name.endswith("_at"):
        return moment(datetime.fromisoformat(value), language)
    if name in ("module_id", "quiz_id") and value in {one.id for one in library.modules}:
        return library.module(value).title[language]
    if name == "quiz_id" and value in set(Form):
        return (
            site.say(language, "Before the course") if value == Form.BEFORE else site.say(language, "After the course")
        )
    if name == "lesson_id" and value in {one for module in library.modules for one in module.lesson_ids}:
        return library.lesson(language, value).title
    return str(value)


def _titles(site: Site, language: str) -> dict[str, str]:
    say = _say(site, language)
    return {
        "learner": say("Your record"),
        "profile": say("What you told of your work"),
        "lessons": say("Pages read"),
        "modules": say("Modules passed"),
        "tracks": say("Tracks completed"),
        "attempts": say("Attempts at quizzes"),
        "answers": say("Answers"),
        "gain": say("Before the course and after it"),
        "changes read": say("Changes of the content that you have read"),
        "cases": say("Cases"),
        "certificates": say("Certificates"),
        "certificate journal": say("What happened to your certificates"),
        "groups": say("Groups"),
        "rosters": say("Lists of people expected"),
        "attendances": say("Sessions attended"),
        "waivers": say("Modules passed by a trainer’s decision"),
        "reminders": say("Reminders sent to you"),
        "refreshers": say("Refreshers"),
        "refreshers sent": say("Refreshers sent to you"),
        "refresher answers": say("Answers to refreshers"),
        "account": say("Account"),
        "mails": say("Mails to you"),
        "statements": say("Told to a learning record store"),
        "feedback": say("Your feedback on accessibility"),
        "ways in": say("Devices and links that lead to your record"),
        "sign-ins": say("Devices signed in"),
        "password": say("Password"),
        "second factors": say("Codes from an app"),
        "passkeys": say("Passkeys"),
    }


def _labels(site: Site, language: str) -> dict[str, str]:
    say = _say(site, language)
    return _labels_of_study(say) | _labels_of_people(say)


def _labels_of_study(say: Callable[[str], str]) -> dict[str, str]:
    return {
        "place": say("Where you stopped"),
        "lesson_id": say("Page"),
        "module_id": say("Module"),
        "quiz_id": say("Module"),
        "track_id": say("Track"),
        "case_id": say("Case"),
        "question_id": say("Question"),
        "number": say("Number"),
        "state": say("State"),
        "edition": say("Edition"),
        "language": say("Language"),
        "points": say("Points"),
        "percent": say("Per cent"),
        "passed": say("Passed"),
        "before_percent": say("Per cent before"),
        "after_percent": say("Per cent after"),
        "finished_at": say("Finished"),
        "chosen": say("Chosen"),
        "path": say("Your way"),
        "code": say("Code"),
        "holder": say("Name"),
        "deed": say("What happened"),
        "reason": say("Reason"),
        "at": say("When"),
        "actor": say("By whom"),
        "done_at": say("Read"),
        "read_at": say("Read"),
        "waived_at": say("When"),
        "author": say("By whom"),
        "passed_at": say("Passed on"),
        "completed_at": say("Completed"),
        "started_at": say("Begun"),
        "submitted_at": say("Submitted"),
        "saved_at": say("Saved"),
        "changed_at": say("Changed"),
        "issued_at": say("Issued"),
    }


def _labels_of_people(say: Callable[[str], str]) -> dict[str, str]:
    return {
        "id": say("Number"),
        "created_at": say("Since"),
        "asked_at": say("Asked"),
        "joined_at": say("Joined"),
        "recorded_at": say("Recorded"),
        "sent_at": say("Sent"),
        "confirmed_at": say("Confirmed"),
        "counted_from": say("Counted from"),
        "round_id": say("Number"),
        "answered_at": say("Saved"),
        "starts_at": say("When"),
        "expires_at": say("Ends"),
        "seen_at": say("Last used"),
        "used_at": say("Last used"),
        "profession_id": say("Profession"),
        "organisation_id": say("Kind of organisation"),
        "network_id": say("Network"),
        "group": say("Group"),
        "name": say("Name"),
        "email": say("E-mail address"),
        "organisation": say("Organisation"),
        "profession": say("Profession"),
        "administrator": say("Administrator"),
        "title": say("Session"),
        "how": say("How recorded"),
        "occasion": say("Occasion"),
        "to": say("To"),
        "subject": say("Subject"),
        "text": say("Text"),
        "page": say("Page"),
        "message": say("Message"),
        "kind": say("Kind"),
        "device": say("Device"),
    }


def _say(site: Site, language: str) -> Callable[[str], str]:
    def say(text: str) -> str:
        return site.say(language, text)

    return say
