"""Record who was at a session: by the code on the screen, from a list, or as a number without names."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from course.content.library import Library
from course.domain.cohort import normal_join_code
from course.domain.errors import NotThere, SessionNotOpen
from course.domain.permission import Staff
from course.domain.session import MOST_WITHOUT_NAMES, How, list_key, listed_name, modules_credited, names_in
from course.services.sessions import code_times, session_for
from course.services.tally import counted, finish_tracks
from course.services.throttle import count_try, net_of, require_tries_left
from course.storage import people, sessions, tracks, waivers
from course.storage.engine import Store
from course.storage.host_scores import schedule_scores
from course.storage.sessions import Credit, Match, StoredSession
from course.storage.statements import schedule_statements, telling_what_goes

#: Wrong codes that are answered in an hour for one net. A room full of people is often one net, and some mistype.
WRONG_CODES = 30


@dataclass(frozen=True, slots=True)
class Present:
    """Somebody who was there, as far as she is known."""

    learner_id: int | None = None
    roster_row_id: int | None = None
    name: str = ""


def session_of_code(store: Store, secret_key: str, typed: str, *, address: str, now: datetime) -> StoredSession | None:
    """The session whose code this is. None for a wrong one, which is counted.

    Raises TooManyTries after many wrong ones from the same net, and SessionNotOpen before and after the session.
    """
    tries: dict[str, Any] = {
        "what": "attend",
        "who": net_of(address),
        "limit": WRONG_CODES,
        "per_seconds": 3600,
        "now": now,
    }
    require_tries_left(store, secret_key, **tries)
    code = normal_join_code(typed)
    with store.reading() as connection:
        found = sessions.session_by_code(connection, code) if code else None
    if found is None:
        count_try(store, secret_key, **tries)
        return None
    if not code_times(found).open_at(now):
        raise SessionNotOpen(found.code)
    return found


def attend(store: Store, library: Library, session_id: int, *, learner_id: int, name: str, now: datetime) -> None:
    """A learner says by the code that she is here. Doing it twice changes nothing."""
    with store.writing() as session:
        training = sessions.lock_session(session, session_id)
        if training is None or not code_times(training).open_at(now):
            raise SessionNotOpen(str(session_id))
        me = Present(learner_id, None, listed_name(name))
        with counted(session, [learner_id], session_id=session_id):
            _record(session, library, training, me, how=How.CODE, by=None, now=now)


def record_list(
    store: Store,
    library: Library,
    staff: Staff,
    session_id: int,
    *,
    members: Iterable[int],
    roster_rows: Iterable[int],
    names: str,
    now: datetime,
) -> int:
    """A trainer writes down who was there: members and expected people of the cohort, and typed names. How many."""
    with store.writing() as session:
        training = _begun(session, staff, session_id, now)
        present = _chosen(session, training, members, roster_rows)
        present += [Present(name=name) for name in names_in(names)]
        known = [one.learner_id for one in present if one.learner_id is not None]
        with counted(session, known, session_id=session_id):
            for one in present:
                _record(session, library, training, one, how=How.LIST, by=staff.account_id, now=now)
    return len(present)


def set_without_names(store: Store, staff: Staff, session_id: int, count: int, *, now: datetime) -> None:
    """How many were there of whom nothing is known but that they were."""
    with store.writing() as session:
        _begun(session, staff, session_id, now)
        sessions.set_values(session, session_id, {"without_names": max(0, min(count, MOST_WITHOUT_NAMES))})


def strike_out(store: Store, staff: Staff, session_id: int, attendance_id: int, *, now: datetime) -> None:
    """Somebody was not there after all: what her attendance passed is taken back with it."""
    with store.writing() as session:
        session_for(session.connection(), staff, session_id)
        with counted(session, (), session_id=session_id):
            gone = sessions.drop_attendance(session, session_id, attendance_id)
            if gone is None:
                raise NotThere(str(attendance_id))
            if gone.learner_id is not None:
                _take_back(session, gone.learner_id, session_id, now)


def _take_back(session: Session, learner_id: int, session_id: int, now: datetime) -> None:
    with telling_what_goes(session, learner_id, now=now):
        if not sessions.drop_completions(session, learner_id, session_id):
            return
        waivers.restore(session, learner_id)
        tracks.drop_unfounded(session, learner_id)
        people.record_changed(session, learner_id)
        schedule_scores(session, learner_id, now=now)


def credit_roster_row(session: Session, roster_row_id: int, learner_id: int) -> None:
    """Somebody on a roster has joined: what she attended before counts for her now."""
    for training, credit in sessions.credits_of_roster_row(session, roster_row_id):
        sessions.add_completions(session, learner_id, training, credit)
    sessions.set_learner_of_roster_row(session, roster_row_id, learner_id)


def _begun(session: Session, staff: Staff, session_id: int, now: datetime) -> StoredSession:
    """The session, held, once it may be written down who was there."""
    session_for(session.connection(), staff, session_id)
    training = sessions.lock_session(session, session_id)
    assert training is not None
    if training.cancelled_at is not None or now < code_times(training).opens:
        raise SessionNotOpen(str(session_id))
    return training


def _chosen(
    session: Session, training: StoredSession, members: Iterable[int], roster_rows: Iterable[int]
) -> list[Present]:
    """Those ticked who are in the session's own cohort; an id of anybody else is not there."""
    if training.cohort_id is None:
        return []
    in_cohort, expected = sessions.people_of_cohort(session.connection(), training.cohort_id)
    known, rows = dict(in_cohort), dict(expected)
    wanted, wanted_rows = set(members), set(roster_rows)
    if unknown := (wanted - set(known)) | (wanted_rows - set(rows)):
        raise NotThere(str(min(unknown)))
    # Members have their names from the cohort: no copy of them is kept here.
    found = [Present(learner_id=one) for one in sorted(wanted)]
    return found + [Present(roster_row_id=one) for one in sorted(wanted_rows)]


def _record(
    session: Session,
    library: Library,
    training: StoredSession,
    present: Present,
    *,
    how: How,
    by: int | None,
    now: datetime,
) -> None:
    key = list_key(present.name) if present.name else ""
    found = sessions.matches_of(
        session, training.id, learner_id=present.learner_id, roster_row_id=present.roster_row_id, name_key=key
    )
    same = [one for one in found if _may_be(one, present)]
    # A namesake keeps her name; the key by which a name is found again belongs to the first one.
    free_key = None if not key or any(one.name_key == key for one in found if one not in same) else key
    credit = _credit(library, training)
    if same:
        _complete(session, training, same, present, free_key)
    else:
        sessions.add_attendance(
            session,
            {
                "session_id": training.id,
                "learner_id": present.learner_id,
                "roster_row_id": present.roster_row_id,
                "name": present.name,
                "name_key": free_key,
                "how": how.value,
                "credited": list(credit.module_ids),
                "edition": credit.edition,
                "recorded_at": now,
                "recorded_by": by,
            },
        )
    learner_id = present.learner_id or next((one.learner_id for one in same if one.learner_id), None)
    if learner_id is not None:
        sessions.add_completions(session, learner_id, training, credit)
        finish_tracks(session, library, learner_id, language=training.language)
        schedule_scores(session, learner_id, now=now)
        schedule_statements(session, learner_id, now=now)
        people.record_changed(session, learner_id)


def _may_be(row: Match, present: Present) -> bool:
    """Whether the row is this person, as far as is known: nothing that is known of both differs."""
    for known, given in ((row.learner_id, present.learner_id), (row.roster_row_id, present.roster_row_id)):
        if known is not None and given is not None and known != given:
            return False
    return True


def _complete(
    session: Session, training: StoredSession, same: list[Match], present: Present, free_key: str | None
) -> None:
    """Rows that turn out to be one person become one row, and it says all that is known of her."""
    kept, *others = same
    for other in others:
        sessions.drop_attendance(session, training.id, other.id)
    rows = [kept, *others]
    values: dict[str, Any] = {
        "learner_id": present.learner_id or next((one.learner_id for one in rows if one.learner_id), None),
        "roster_row_id": present.roster_row_id or next((one.roster_row_id for one in rows if one.roster_row_id), None),
    }
    if present.name and kept.name_key is None:
        values |= {"name": present.name, "name_key": free_key}
    sessions.complete_attendance(session, kept.id, values)


def _credit(library: Library, training: StoredSession) -> Credit:
    """What this session's attendance passes: the topics of which its track says so, in the edition of today."""
    by_attendance = next((track.passed_by_attendance for track in library.tracks if track.id == training.track_id), ())
    return Credit(modules_credited(training.module_ids, by_attendance), library.edition)
