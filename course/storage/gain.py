"""Results before and after the course."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, bindparam, select

from course.domain.gain import Form, Pair
from course.storage.hot import Hot, HotStatement, Place
from course.storage.insert import insert_on
from course.storage.learning import StoredAttempt, attempts_of
from course.storage.tables import Attempt, Cohort, CohortMember, Gain

_OWN = HotStatement(select(Gain.before_percent, Gain.after_percent).where(Gain.learner_id == bindparam("learner")))
_TRACKS = HotStatement(
    select(Cohort.track_id)
    .join(CohortMember, CohortMember.cohort_id == Cohort.id)
    .where(CohortMember.learner_id == bindparam("learner"))
)
#: A quiz of the course that was handed in: the first is as good as any.
_HANDED_IN = HotStatement(
    select(Attempt.id)
    .where(
        Attempt.learner_id == bindparam("learner"),
        Attempt.state == "graded",
        Attempt.quiz_id != Form.BEFORE.value,
        Attempt.quiz_id != Form.AFTER.value,
    )
    .limit(1)
)
_ADD = HotStatement(
    lambda dialect: (
        insert_on(dialect)(Gain)
        .values(
            learner_id=bindparam("learner"),
            before_percent=bindparam("before"),
            after_percent=bindparam("after"),
            finished_at=bindparam("now"),
            edition=bindparam("in_edition"),
        )
        .on_conflict_do_nothing()
    )
)


def forms_of(place: Place, learner_id: int) -> dict[Form, list[StoredAttempt]]:
    """The attempts at both forms, oldest first. There are several of one only where two records were joined."""
    return {form: attempts_of(place, learner_id, form.value) for form in Form}


def has_handed_in(place: Place, learner_id: int) -> bool:
    """Whether she has handed in any quiz of the course."""
    return bool(_HANDED_IN.rows(place, learner=learner_id))


def tracks_of(place: Place, learner_id: int) -> set[str]:
    """The tracks of the groups that she is in."""
    return {row[0] for row in _TRACKS.rows(place, learner=learner_id)}


def own_gain(place: Place, learner_id: int) -> Pair | None:
    return next((Pair(before, after) for before, after in _OWN.rows(place, learner=learner_id)), None)


def add_gain(hot: Hot, learner_id: int, pair: Pair, *, edition: str, now: datetime) -> None:
    """The first one stands."""
    _ADD.changed(hot, learner=learner_id, before=pair.before, after=pair.after, in_edition=edition, now=now)


def gains(connection: Connection, *, cohort_id: int | None = None) -> list[Pair]:
    """Of everybody, or of a cohort's members, in the order in which they finished."""
    query = select(Gain.before_percent, Gain.after_percent).order_by(Gain.finished_at, Gain.learner_id)
    if cohort_id is not None:
        query = query.join(CohortMember, CohortMember.learner_id == Gain.learner_id).where(
            CohortMember.cohort_id == cohort_id
        )
    return [Pair(before, after) for before, after in connection.execute(query)]
