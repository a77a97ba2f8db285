"""Remind the members of a cohort who are not done: by hand, and twice before the due date. And stop, with one click."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from typing import Any

from sqlalchemy import Connection
from sqlalchemy.orm import Session

from course.content.formats import short_date
from course.content.library import Library
from course.domain.errors import LinkNotValid, NotThere
from course.domain.permission import Staff
from course.domain.reminder import (
    Member,
    Receivers,
    address_key,
    due_mornings,
    is_timely,
    key_of_stop_token,
    occasion_by_hand,
    receivers,
    stop_token,
)
from course.services.mail import Letter, put_mail
from course.services.work import GiveUp
from course.storage import refreshers, reminders
from course.storage.engine import Store
from course.storage.reminders import RemindedCohort

#: say(language, text, **values)
Say = Callable[..., str]


@dataclass(frozen=True, slots=True)
class ReminderSite:
    """What letters need of the site that sends them."""

    library: Library
    secret_key: str
    say: Say
    #: Address of the course's first page in a language.
    home: Callable[[str], str]
    #: Address that stops reminders, by its token.
    stop: Callable[[str], str]

    def key_of(self, email: str) -> str:
        return address_key(self.secret_key, email)


@dataclass(frozen=True, slots=True)
class Preview:
    """What a trainer sees before anything is sent."""

    cohort: RemindedCohort
    receivers: Receivers
    #: People on the roster who have not joined: not members yet, so not reminded.
    expected: int
    #: language -> the letter as its readers get it
    letters: Mapping[str, Letter]
    #: occasion -> when it goes by itself
    coming: Mapping[str, datetime]
    #: (occasion, when, to how many) of what was sent before, newest first
    sent: tuple[tuple[str, datetime, int], ...]


def preview_reminder(
    connection: Connection, site: ReminderSite, staff: Staff, cohort_id: int, *, now: datetime
) -> Preview:
    """Who would get a reminder now, who would not and why, and what it says. A fixed number of statements."""
    cohort = _cohort_for(connection, staff, cohort_id)
    modules = modules_of_track(site.library, cohort.track_id)
    members = reminders.members_to_remind(connection, cohort_id, site.key_of)
    found = receivers(members, modules, occasion=occasion_by_hand(now), now=now)
    languages = sorted({one.language for one in found.chosen}) or [cohort.language]
    # The letter names what is missing; in the preview that is everything.
    letters = {language: reminder_letter(site, cohort, language, modules, stop_url="…") for language in languages}
    return Preview(
        cohort,
        found,
        reminders.expected_without_joining(connection, cohort_id),
        letters,
        due_mornings(cohort.due_on, now=now) if cohort.due_on else {},
        tuple(reminders.sent_reminders(connection, cohort_id)),
    )


def remind_by_hand(store: Store, site: ReminderSite, staff: Staff, cohort_id: int, *, now: datetime) -> int:
    """Send a reminder to all who should get one. How many; a second click the same week sends none."""
    with store.writing() as session:
        cohort = _cohort_for(session.connection(), staff, cohort_id)
        return _remind(session, site, cohort, occasion_by_hand(now), now=now, by=staff.account_id)


class DueReminderHandler:
    """What the worker does with a reminder before a due date."""

    def __init__(self, store: Store, site: ReminderSite, now: Callable[[], datetime]) -> None:
        self._store, self._site, self._now = store, site, now

    def __call__(self, payload: Mapping[str, Any]) -> None:
        now = self._now()
        with self._store.writing() as session:
            cohort = reminders.cohort_to_remind(session.connection(), payload["cohort"])
            if cohort is None:
                raise GiveUp("the cohort is not there any more")
            due_on = date.fromisoformat(payload["due"])
            # Otherwise it was closed, the date was moved or taken away, or the worker stood still for days.
            open_and_due = cohort.closed_at is None and cohort.due_on == due_on
            if open_and_due and is_timely(due_on, payload["occasion"], now=now):
                _remind(session, self._site, cohort, payload["occasion"], now=now, by=None)


def _remind(
    session: Session, site: ReminderSite, cohort: RemindedCohort, occasion: str, *, now: datetime, by: int | None
) -> int:
    reminders.lock_cohort(session, cohort.id)
    modules = modules_of_track(site.library, cohort.track_id)
    members = reminders.members_to_remind(session.connection(), cohort.id, site.key_of)
    chosen = receivers(members, modules, occasion=occasion, now=now).chosen
    noted = reminders.add_reminders(
        session, cohort.id, [one.learner_id for one in chosen], occasion=occasion, now=now, sent_by=by
    )
    for member in chosen:
        if member.learner_id in noted:
            _put(session, site, cohort, member, member.missing(modules), occasion=occasion, now=now)
    return len(noted)


def _put(
    session: Session,
    site: ReminderSite,
    cohort: RemindedCohort,
    member: Member,
    missing: tuple[str, ...],
    *,
    occasion: str,
    now: datetime,
) -> None:
    stop_url = site.stop(stop_token(site.secret_key, site.key_of(member.email)))
    letter = reminder_letter(site, cohort, member.language, missing, stop_url=stop_url)
    put_mail(
        session,
        to=member.email,
        subject=letter.subject,
        text=letter.text,
        now=now,
        key=f"reminder:{cohort.id}:{member.learner_id}:{occasion}",
        # RFC 8058: mail programs offer their own button, and press ours without opening a page.
        headers={"List-Unsubscribe": f"<{stop_url}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"},
    )


def reminder_letter(
    site: ReminderSite, cohort: RemindedCohort, language: str, missing: tuple[str, ...], *, stop_url: str
) -> Letter:
    """The mail in the member's language: what is missing, until when, where to go on, and how to stop."""
    known = language if language in site.library.languages else site.library.source_language
    say = partial(site.say, known)
    course = site.library.title[known]
    titles = [f"  – {module.title[known]}" for module in site.library.modules if module.id in missing]
    paragraphs = [
        say("You are in the group %(cohort)s. Some modules of the course are still to do:", cohort=cohort.name),
        "\n".join(titles),
        say("The group wants to be done by %(date)s.", date=short_date(cohort.due_on, known)) if cohort.due_on else "",
        say("Go on where you began, on the same device or with your own link:"),
        f"  {site.home(known)}",
        say("A module takes about as long as a coffee break. What you have done is kept."),
        say("You get this because you joined the group. If you want no more reminders, stop them here:"),
        f"  {stop_url}",
    ]
    text = "\n\n".join(one for one in paragraphs if one)
    return Letter(say("Reminder: %(course)s", course=course), f"{text}\n")


def modules_of_track(library: Library, track_id: str) -> tuple[str, ...]:
    """The modules to pass; none for a track that the package does not have any more, and then nobody is reminded."""
    return next((track.module_ids for track in library.tracks if track.id == track_id), ())


def _cohort_for(connection: Connection, staff: Staff, cohort_id: int) -> RemindedCohort:
    """An open cohort of hers; in a closed one nobody is reminded."""
    cohort = reminders.cohort_to_remind(connection, cohort_id)
    if cohort is None or cohort.closed_at or not staff.may_see_network(cohort.network_id):
        raise NotThere(str(cohort_id))
    return cohort


# Stopping


def require_stop_link(secret_key: str, token: str) -> str:
    """The kept name of the address in a stop link. Raises LinkNotValid for one that we did not sign."""
    key = key_of_stop_token(secret_key, token)
    if not key:
        raise LinkNotValid(token[:4])
    return key


def stop_reminders(store: Store, secret_key: str, token: str, *, now: datetime) -> None:
    """No reminders to this address any more, from any cohort, and no refreshers. Stopping twice is stopping once."""
    key = require_stop_link(secret_key, token)
    with store.writing() as session:
        reminders.add_stop(session, key, now=now)
        refreshers.drop_of_address(session, key)


def is_stopped(connection: Connection, secret_key: str, token: str) -> bool:
    key = require_stop_link(secret_key, token)
    # Refreshers may have been asked for anew after a stop, and then there is something to stop again.
    return reminders.is_stopped(connection, key) and not refreshers.is_wanted(connection, key)
