"""Make sessions, change them, and hold them: what a trainer of the network does. For others they are not there."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime
from uuid import uuid4

from sqlalchemy import Connection

from course.content.library import Library
from course.domain.cohort import CODES, join_code
from course.domain.errors import NotThere
from course.domain.permission import Staff
from course.domain.session import CodeTimes, SessionDetails
from course.services.cohorts import cohort_for
from course.services.tally import counted
from course.storage import sessions
from course.storage.engine import Store
from course.storage.sessions import StoredSession


@dataclass(frozen=True, slots=True)
class SessionLine:
    """One line of the list of sessions."""

    session: StoredSession
    #: People recorded; those counted without names are beside them.
    known: int


def session_for(connection: Connection, staff: Staff, session_id: int) -> StoredSession:
    """The session, for somebody who may see its network; for everybody else it is not there."""
    found = sessions.session_by_id(connection, session_id)
    if found is None or not staff.may_see_network(found.network_id):
        raise NotThere(str(session_id))
    return found


def session_lines(connection: Connection, staff: Staff, *, cohort_id: int | None = None) -> list[SessionLine]:
    """The sessions that she may see, newest first: one statement."""
    networks = None if staff.administrator else staff.networks
    return [SessionLine(*row) for row in sessions.sessions_of(connection, networks, cohort_id=cohort_id)]


def details_of(stored: StoredSession) -> SessionDetails:
    return SessionDetails(
        title=stored.title,
        network_id=stored.network_id,
        track_id=stored.track_id,
        module_ids=stored.module_ids,
        language=stored.language,
        starts_at=stored.starts_at,
        ends_at=stored.ends_at,
        place=stored.place,
        link=stored.link,
        agenda=stored.agenda,
        cohort_id=stored.cohort_id,
    )


def code_times(stored: StoredSession) -> CodeTimes:
    return CodeTimes(stored.starts_at, stored.ends_at, stored.code_ended_at, stored.cancelled_at is not None)


def create_session(store: Store, library: Library, staff: Staff, details: SessionDetails, *, now: datetime) -> int:
    """A new session with its calendar id and its code. Its id."""
    values = _values(library, staff, details)
    with store.writing() as session:
        _require_cohort(session.connection(), staff, details)
        return sessions.add_session(
            session,
            values
            | {
                "network_id": details.network_id,
                "uid": f"{uuid4()}@{library.id}",
                "sequence": 0,
                "code": _free_code(session.connection()),
                "without_names": 0,
                "created_by": staff.account_id,
                "created_at": now,
                "changed_at": now,
            },
        )


def change_session(
    store: Store, library: Library, staff: Staff, session_id: int, details: SessionDetails, *, now: datetime
) -> None:
    """Change everything but the network. A form sent twice, or unchanged, leaves the calendar entry as it is."""
    with store.writing() as session:
        stored = _open_for(session.connection(), staff, session_id)
        values = _values(library, staff, details)
        if details.network_id != stored.network_id:
            raise NotThere(details.network_id)
        _require_cohort(session.connection(), staff, details)
        if details != details_of(stored):
            with counted(session, (), session_id=session_id):
                sessions.change_session(session, session_id, values | {"changed_at": now})


def cancel_session(store: Store, staff: Staff, session_id: int, *, now: datetime) -> None:
    """The session does not take place: calendars are told so, its code ends, and it counts for nothing."""
    with store.writing() as session:
        _open_for(session.connection(), staff, session_id)
        with counted(session, (), session_id=session_id):
            sessions.change_session(session, session_id, {"cancelled_at": now, "changed_at": now})


def renew_code(store: Store, staff: Staff, session_id: int) -> None:
    """Another code, from now on: the one before was photographed, or had been ended."""
    with store.writing() as session:
        _open_for(session.connection(), staff, session_id)
        code = _free_code(session.connection())
        sessions.set_values(session, session_id, {"code": code, "code_ended_at": None})


def end_code(store: Store, staff: Staff, session_id: int, *, now: datetime) -> None:
    """From now on nobody comes in by the code."""
    with store.writing() as session:
        session_for(session.connection(), staff, session_id)
        sessions.set_values(session, session_id, {"code_ended_at": now})


def _free_code(connection: Connection) -> str:
    while True:
        code = join_code(secrets.randbelow(CODES))
        if sessions.session_by_code(connection, code) is None:
            return code


def _open_for(connection: Connection, staff: Staff, session_id: int) -> StoredSession:
    """A session that can still be changed: a cancelled one cannot."""
    stored = session_for(connection, staff, session_id)
    if stored.cancelled_at is not None:
        raise NotThere(str(session_id))
    return stored


def _values(library: Library, staff: Staff, details: SessionDetails) -> dict[str, object]:
    if faults := details.faults():
        raise ValueError(f"the form let through what is wrong: {', '.join(faults)}")
    if details.network_id not in library.networks or not staff.may_see_network(details.network_id):
        raise NotThere(details.network_id)
    library.track(details.track_id)
    for module_id in details.module_ids:
        library.module(module_id)
    return {
        "cohort_id": details.cohort_id,
        "title": details.title,
        "track_id": details.track_id,
        "module_ids": list(details.module_ids),
        "language": details.language,
        "starts_at": details.starts_at,
        "ends_at": details.ends_at,
        "place": details.place,
        "link": details.link,
        "agenda": details.agenda,
    }


def _require_cohort(connection: Connection, staff: Staff, details: SessionDetails) -> None:
    """The cohort is one that she may see, and of the session's own network."""
    if details.cohort_id is None:
        return
    cohort = cohort_for(connection, staff, details.cohort_id)
    if cohort.plan.network_id != details.network_id:
        raise NotThere(str(details.cohort_id))
