"""What the counts are made of: every fact in the records, with what is known of the one to whom it happened.

One statement says it, for one learner on the hot path, for some people, or for all.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    String,
    bindparam,
    case,
    cast,
    func,
    literal,
    null,
    or_,
    select,
    true,
    union_all,
)
from sqlalchemy.orm import Session

from course.domain.counts import Fact, Kind, Through
from course.domain.gain import Form
from course.storage.hot import HotStatement, Place
from course.storage.tables import (
    Attempt,
    Attendance,
    Certificate,
    Cohort,
    CohortMember,
    Completion,
    LearnerProfile,
    LessonDone,
    TrackCompletion,
    TrainingSession,
    WayIn,
)

#: The condition that a column of learners' ids is to fulfil.
Of = Callable[[Any], ColumnElement[bool]]
_CHUNK = 10_000


def _facts(of: Of, attendances: ColumnElement[bool], certificates: ColumnElement[bool]) -> Select[Any]:
    """Facts of the learners that `of` says, and of attendances and certificates that lead to no learner any more."""
    one = union_all(
        _started(of),
        _completed(of),
        _tracks_completed(of),
        _certificates(or_(of(Certificate.learner_id), certificates)),
        _attended(or_(of(Attendance.learner_id), attendances)),
    ).subquery("fact")
    cohort = (
        # A group from a platform that belongs to no network says nothing of one.
        select(func.nullif(Cohort.network_id, ""))
        .join(CohortMember, CohortMember.cohort_id == Cohort.id)
        .where(CohortMember.learner_id == one.c.learner_id)
        .order_by(CohortMember.joined_at, CohortMember.cohort_id)
        .limit(1)
        .scalar_subquery()
    )
    return select(
        one.c.kind,
        one.c.subject,
        one.c.at,
        one.c.edition,
        one.c.language,
        # Where a session was held; else the group that she joined first; else what she told.
        func.coalesce(one.c.network, cohort, LearnerProfile.network_id, literal("")),
        func.coalesce(LearnerProfile.organisation_id, literal("")),
        func.coalesce(LearnerProfile.profession_id, literal("")),
        func.coalesce(one.c.way_in, _way_of_learner(one.c.learner_id)),
    ).select_from(one.outerjoin(LearnerProfile, LearnerProfile.learner_id == one.c.learner_id))


def _way_of_learner(learner_id: Any) -> ColumnElement[str]:
    """A host's launch or package leaves its way in with the learner; everybody else came over the web."""

    def came(kind: Through) -> ColumnElement[bool]:
        return select(WayIn.id).where(WayIn.learner_id == learner_id, WayIn.kind == kind.value).exists()

    named = ((came(kind), literal(kind.value)) for kind in (Through.LTI, Through.PACKAGE))
    return case(*named, else_=literal(Through.WEB.value))


def _row(kind: Kind, subject: Any, at: Any, edition: Any, language: Any, learner: Any, **more: Any) -> Select[Any]:
    nothing: Any = cast(null(), String)
    return select(
        literal(kind.value).label("kind"),
        subject.label("subject"),
        at.label("at"),
        edition.label("edition"),
        language.label("language"),
        learner.label("learner_id"),
        more.get("network", nothing).label("network"),
        more.get("way_in", nothing).label("way_in"),
    )


def _started(of: Of) -> Select[Any]:
    """The first thing that she did: a lesson read or a quiz begun."""
    begun = union_all(
        select(LessonDone.learner_id, LessonDone.done_at.label("at"), LessonDone.edition, LessonDone.language).where(
            of(LessonDone.learner_id)
        ),
        select(Attempt.learner_id, Attempt.started_at, Attempt.edition, Attempt.language).where(
            # To try what she knows beforehand is not yet to study.
            of(Attempt.learner_id),
            *(Attempt.quiz_id != form.value for form in Form),
        ),
    ).subquery()
    order = (begun.c.at, begun.c.language, begun.c.edition)
    place = func.row_number().over(partition_by=begun.c.learner_id, order_by=order).label("place")
    first = select(begun, place).subquery()
    columns = first.c
    row = _row(Kind.STARTED, literal(""), columns.at, columns.edition, columns.language, columns.learner_id)
    return row.where(columns.place == 1)


def _completed(of: Of) -> Select[Any]:
    by_session = case((Completion.session_id.is_not(None), literal(Through.SESSION.value)))
    return _row(
        Kind.COMPLETED,
        Completion.module_id,
        Completion.passed_at,
        Completion.edition,
        Completion.language,
        Completion.learner_id,
        way_in=by_session,
    ).where(of(Completion.learner_id))


def _tracks_completed(of: Of) -> Select[Any]:
    one = TrackCompletion
    return _row(Kind.TRACK_COMPLETED, one.track_id, one.completed_at, one.edition, one.language, one.learner_id).where(
        of(one.learner_id)
    )


def _certificates(which: ColumnElement[bool]) -> Select[Any]:
    one = Certificate
    row = _row(Kind.CERTIFICATE, one.track_id, one.issued_at, one.edition, one.language, one.learner_id)
    # The later ones of a sequence stand in the place of the first.
    return row.where(one.sequence == 1, which)


def _attended(which: ColumnElement[bool]) -> Select[Any]:
    return (
        _row(
            Kind.ATTENDED,
            TrainingSession.track_id,
            TrainingSession.starts_at,
            Attendance.edition,
            TrainingSession.language,
            Attendance.learner_id,
            network=TrainingSession.network_id,
            way_in=literal(Through.SESSION.value),
        )
        .select_from(Attendance)
        .join(TrainingSession, TrainingSession.id == Attendance.session_id)
        .where(TrainingSession.cancelled_at.is_(None), which)
    )


def _fact(row: Any) -> Fact:
    kind, subject, at, edition, language, network, organisation, profession, way_in = row
    return Fact(kind, subject, at, edition, language, network, organisation, profession, way_in)


_NO_ATTENDANCE, _NO_CERTIFICATE = Attendance.id.is_(None), Certificate.id.is_(None)
_OF_LEARNER = HotStatement(_facts(lambda column: column == bindparam("learner"), _NO_ATTENDANCE, _NO_CERTIFICATE))


def facts_of_learner(place: Place, learner_id: int) -> list[Fact]:
    """Everything countable of one learner, in one statement."""
    return [_fact(row) for row in _OF_LEARNER.rows(place, learner=learner_id)]


def all_facts(connection: Connection) -> Iterator[Fact]:
    """Every fact there is, read as a stream."""
    statement = _facts(lambda _: true(), true(), true()).execution_options(yield_per=_CHUNK)
    for row in connection.execute(statement):
        yield _fact(row)


@dataclass(frozen=True, slots=True)
class Scope:
    """Whose facts a change may touch: learners, and what may stay without one."""

    learners: frozenset[int] = frozenset()
    attendances: frozenset[int] = frozenset()
    certificates: frozenset[int] = frozenset()
    #: Everybody recorded at this session, also those who are recorded meanwhile.
    session_id: int | None = None


def scope_of(
    session: Session, learner_ids: Iterable[int], *, session_id: int | None, roster_rows: Iterable[int]
) -> Scope:
    """The learners with their attendances and certificates, those of a session, and of places on a roster."""
    learners = set(learner_ids)
    if session_id is not None:
        there = select(Attendance.learner_id).where(
            Attendance.session_id == session_id, Attendance.learner_id.is_not(None)
        )
        learners |= {one for one in session.execute(there).scalars() if one is not None}
    attendances = select(Attendance.id).where(
        or_(Attendance.learner_id.in_(learners), Attendance.roster_row_id.in_(list(roster_rows)))
    )
    certificates = select(Certificate.id).where(Certificate.learner_id.in_(learners))
    return Scope(
        frozenset(learners),
        frozenset(session.execute(attendances).scalars()),
        frozenset(session.execute(certificates).scalars()),
        session_id,
    )


def facts_in(session: Session, scope: Scope) -> list[Fact]:
    attendances: ColumnElement[bool] = Attendance.id.in_(sorted(scope.attendances))
    if scope.session_id is not None:
        attendances = or_(attendances, Attendance.session_id == scope.session_id)
    certificates = Certificate.id.in_(sorted(scope.certificates))
    statement = _facts(lambda column: column.in_(sorted(scope.learners)), attendances, certificates)
    return [_fact(row) for row in session.execute(statement)]
