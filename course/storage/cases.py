"""Where learners are in the branching cases."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, delete, select, update
from sqlalchemy.orm import Session

from course.storage.insert import insert_if_new
from course.storage.tables import CasePath


def paths_of(connection: Connection, learner_id: int) -> dict[str, tuple[str, ...]]:
    """Every case that the learner has begun, with the path so far."""
    rows = connection.execute(select(CasePath.case_id, CasePath.path).where(CasePath.learner_id == learner_id))
    return {case_id: tuple(path.split()) for case_id, path in rows}


def locked_path(session: Session, learner_id: int, case_id: str, *, now: datetime) -> tuple[str, ...]:
    """The path of one case, held until the end of the transaction; an empty one is made for a case just begun."""
    new = {"learner_id": learner_id, "case_id": case_id, "path": "", "changed_at": now}
    insert_if_new(session, CasePath, [new])
    found = session.execute(
        select(CasePath.path).where(CasePath.learner_id == learner_id, CasePath.case_id == case_id).with_for_update()
    ).scalar_one()
    return tuple(found.split())


def set_path(session: Session, learner_id: int, case_id: str, path: Sequence[str], *, now: datetime) -> None:
    session.execute(
        update(CasePath)
        .where(CasePath.learner_id == learner_id, CasePath.case_id == case_id)
        .values(path=" ".join(path), changed_at=now)
    )


def move_paths(session: Session, *, from_learner: int, to_learner: int) -> None:
    """Of two paths through one case the later one stays."""
    ours, theirs = _changes(session, from_learner), _changes(session, to_learner)
    both = ours.keys() & theirs.keys()
    older_here = [case_id for case_id in both if ours[case_id] <= theirs[case_id]]
    older_there = [case_id for case_id in both if ours[case_id] > theirs[case_id]]
    for learner_id, case_ids in ((from_learner, older_here), (to_learner, older_there)):
        session.execute(delete(CasePath).where(CasePath.learner_id == learner_id, CasePath.case_id.in_(case_ids)))
    session.execute(update(CasePath).where(CasePath.learner_id == from_learner).values(learner_id=to_learner))


def _changes(session: Session, learner_id: int) -> dict[str, datetime]:
    rows = session.execute(select(CasePath.case_id, CasePath.changed_at).where(CasePath.learner_id == learner_id))
    return {case_id: changed_at for case_id, changed_at in rows}  # noqa: C416
