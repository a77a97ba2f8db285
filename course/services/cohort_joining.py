"""How learners come into a cohort and out of it. Joining is always their own doing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from course.content.library import Library
from course.domain.certificate import comparable_name
from course.domain.cohort import NAME_MAX, normal_join_code, normal_text
from course.domain.errors import CohortFull, LinkNotValid, NameNeeded
from course.services.attendance import credit_roster_row
from course.services.people import hash_of
from course.services.tally import counted
from course.services.throttle import count_try, net_of, require_tries_left
from course.storage import cohorts, people, profiles, rosters
from course.storage.cohorts import StoredCode, StoredCohort
from course.storage.engine import Store
from course.storage.host_scores import schedule_scores
from course.storage.profiles import Profile
from course.storage.rosters import StoredRow
from course.storage.statements import schedule_statements

#: Wrong codes that are answered in an hour, for all addresses of one net together.
WRONG_CODES = 10


@dataclass(frozen=True, slots=True)
class OpenDoor:
    """A cohort that somebody may join: by a code, or as somebody on the roster by her own link."""

    cohort: StoredCohort
    code: StoredCode | None = None
    row: StoredRow | None = None


def door_of_code(store: Store, secret_key: str, typed: str, *, address: str, now: datetime) -> OpenDoor | None:
    """The cohort that a typed code opens. None for a wrong, ended or revoked one, which counts as a wrong try.

    Raises TooManyTries after ten wrong ones an hour from the same net, also for the right code then.
    """
    who = net_of(address)
    require_tries_left(store, secret_key, what="join", who=who, limit=WRONG_CODES, per_seconds=3600, now=now)
    code = normal_join_code(typed)
    with store.reading() as connection:
        found = cohorts.code_named(connection, code) if code else None
        cohort = cohorts.cohort_by_id(connection, found.cohort_id) if found else None
    if found is None or cohort is None or cohort.closed_at or not found.is_open(now):
        count_try(store, secret_key, what="join", who=who, limit=WRONG_CODES, per_seconds=3600, now=now)
        return None
    return OpenDoor(cohort, code=found)


def door_of_link(connection: Connection, secret: str) -> OpenDoor:
    """The cohort that a personal link opens. Raises LinkNotValid for one that was replaced, used, or never sent."""
    found = rosters.row_of_link(connection, hash_of(secret))
    cohort = cohorts.cohort_by_id(connection, found[0]) if found else None
    if found is None or cohort is None or cohort.closed_at or found[1].learner_id is not None:
        raise LinkNotValid(secret[:4])
    return OpenDoor(cohort, row=found[1])


def namesake(connection: Connection, door: OpenDoor, name: str) -> StoredRow | None:
    """The one person expected under this name, to be asked whether it is she; None when it is nobody or several."""
    wanted = comparable_name(normal_text(name))
    rows = rosters.rows_of(connection, door.cohort.id)
    found = [row for row in rows if row.learner_id is None and comparable_name(row.person.name) == wanted]
    return found[0] if len(found) == 1 else None


def join(
    store: Store, door: OpenDoor, *, learner_id: int, name: str, as_expected: StoredRow | None, now: datetime
) -> bool:
    """Become a member under a name. False when she was one already: then only her name there changes.

    `as_expected` is the person on the roster whom she says she is. Raises CohortFull and NameNeeded.
    """
    shown = cohort_name(name)
    with store.writing() as session:
        row = door.row or as_expected
        with counted(session, [learner_id], roster_rows=[row.id] if row else []):
            if not cohorts.add_member(session, door.cohort.id, learner_id, name=shown, now=now):
                cohorts.rename_member(session, door.cohort.id, learner_id, shown)
                return False
            if door.code is not None and not cohorts.use_code(session, door.code.id, now=now):
                raise CohortFull(door.code.code)
            if row is not None and rosters.take_row(session, row.id, learner_id):
                credit_roster_row(session, row.id, learner_id)
                schedule_scores(session, learner_id, now=now)
                schedule_statements(session, learner_id, now=now)
            elif door.row is not None:
                raise LinkNotValid(str(door.row.id))
            people.record_changed(session, learner_id)
    return True


def cohort_name(text: str) -> str:
    """A name or nickname as a cohort shows it. Raises NameNeeded for none, and for one that is too long."""
    name = normal_text(text)
    if not name or len(name) > NAME_MAX:
        raise NameNeeded
    return name


def leave(store: Store, learner_id: int, cohort_id: int) -> None:
    """She is no member any more; her trainers see nothing of her from now on. What she did stays hers."""
    with store.writing() as session, counted(session, [learner_id]):
        if cohorts.drop_member(session, cohort_id, learner_id):
            rosters.free_rows(session, cohort_id, learner_id)
            people.record_changed(session, learner_id)


def tell_profile(store: Store, library: Library, learner_id: int, told: Profile, *, now: datetime) -> None:
    """Keep what she told of her work; nothing told is also an answer, and she is not asked again."""
    known = Profile(
        told.profession_id if told.profession_id in library.professions else None,
        told.organisation_id if told.organisation_id in library.organisations else None,
        told.network_id if told.network_id in library.networks else None,
    )
    with store.writing() as session, counted(session, [learner_id]):
        profiles.keep_profile(session, learner_id, known, now=now)
