"""Pass a member of one's own cohort in a module, with a reason, and take it back. See docs/decisions/015."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Connection
from sqlalchemy.orm import Session

from course.content.library import Library
from course.domain.errors import NotThere
from course.domain.permission import Staff
from course.domain.waiver import Refusal, normal_reason
from course.services.audit import What, by_account, record_audit
from course.services.cohorts import cohort_for, modules_of
from course.services.tally import counted, finish_tracks
from course.storage import cohorts, people, tracks, waivers
from course.storage.cohorts import StoredCohort
from course.storage.engine import Store
from course.storage.host_scores import schedule_scores
from course.storage.statements import schedule_statements, telling_what_goes


def may_waive(staff: Staff, trainers: Iterable[tuple[int, str]]) -> bool:
    """Whether she is one of the cohort's own trainers, or an administrator. Others of its network only look."""
    return staff.administrator or any(account_id == staff.account_id for account_id, _ in trainers)


def cohort_to_waive_in(connection: Connection, staff: Staff, cohort_id: int) -> StoredCohort:
    """The cohort, for somebody who may waive in it; for everybody else it is not there."""
    cohort = cohort_for(connection, staff, cohort_id)
    if not may_waive(staff, cohorts.trainers_of_cohorts(connection, [cohort_id]).get(cohort_id, [])):
        raise NotThere(str(cohort_id))
    return cohort


def waive_module(
    store: Store,
    library: Library,
    staff: Staff,
    cohort_id: int,
    *,
    learner_id: int,
    module_id: str,
    reason: str,
    now: datetime,
) -> Refusal | None:
    """Pass a member in a module of the cohort's track. None when it is done, else why not."""
    said = normal_reason(reason)
    if not said:
        return Refusal.NO_REASON
    with store.writing() as session:
        connection = session.connection()
        cohort = cohort_to_waive_in(connection, staff, cohort_id)
        if module_id not in modules_of(library, cohort.plan):
            raise NotThere(module_id)
        if cohorts.member_name(connection, cohort_id, learner_id) is None:
            raise NotThere(str(learner_id))
        if staff.account_id is not None and waivers.account_of(connection, learner_id) == staff.account_id:
            return Refusal.ONESELF
        values = {
            "learner_id": learner_id,
            "module_id": module_id,
            "cohort_id": cohort_id,
            "reason": said,
            "author_id": staff.account_id,
            "waived_at": now,
            "edition": library.edition,
            "language": cohort.plan.language,
        }
        with counted(session, [learner_id]):
            if waivers.add_waiver(session, values) is None:
                return Refusal.PASSED
            finish_tracks(session, library, learner_id, language=cohort.plan.language)
            people.record_changed(session, learner_id)
            schedule_scores(session, learner_id, now=now)
            schedule_statements(session, learner_id, now=now)
        _write_down(session, staff, What.WAIVED, learner_id, cohort_id, module_id, now)
    return None


def take_back(store: Store, staff: Staff, cohort_id: int, waiver_id: int, *, now: datetime) -> None:
    """The waiver is gone, and what rests on it alone. A certificate that was issued meanwhile stays as it is."""
    with store.writing() as session:
        connection = session.connection()
        cohort_to_waive_in(connection, staff, cohort_id)
        given = {one.id: one for one in waivers.waivers_of_cohort(connection, cohort_id)}
        if waiver_id not in given:
            raise NotThere(str(waiver_id))
        waiver = given[waiver_id]
        learner_id, module_id = waiver.learner_id, waiver.module_id
        told = (module_id, waiver.waived_at)
        with counted(session, [learner_id]), telling_what_goes(session, learner_id, now=now, waiver=told):
            if waivers.drop_waiver(session, waiver_id):
                tracks.drop_unfounded(session, learner_id)
            people.record_changed(session, learner_id)
            schedule_scores(session, learner_id, now=now)
        _write_down(session, staff, What.WAIVER_BACK, learner_id, cohort_id, module_id, now)


def _write_down(
    session: Session, staff: Staff, what: What, learner_id: int, cohort_id: int, module_id: str, now: datetime
) -> None:
    # The reason may name somebody, so it is in the waiver only, which is erased with her.
    details = {"cohort": cohort_id, "module": module_id}
    record_audit(session, by_account(staff.account_id), what, f"learner:{learner_id}", details, now=now)
