"""What learners told of their work, for the counts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select, update
from sqlalchemy.orm import Session

from course.storage.insert import insert_if_new
from course.storage.tables import LearnerProfile


@dataclass(frozen=True, slots=True)
class Profile:
    """Ids of the content package; None for what she did not tell."""

    profession_id: str | None = None
    organisation_id: str | None = None
    network_id: str | None = None


def profile_of(connection: Connection, learner_id: int) -> Profile | None:
    """None for somebody who was never asked."""
    row = connection.execute(
        select(LearnerProfile.profession_id, LearnerProfile.organisation_id, LearnerProfile.network_id).where(
            LearnerProfile.learner_id == learner_id
        )
    ).first()
    return Profile(*row) if row else None


def keep_profile(session: Session, learner_id: int, profile: Profile, *, now: datetime) -> None:
    """What she tells now stands in place of what she told before."""
    told = {
        "profession_id": profile.profession_id,
        "organisation_id": profile.organisation_id,
        "network_id": profile.network_id,
    }
    if not insert_if_new(session, LearnerProfile, [{"learner_id": learner_id, **told, "asked_at": now}]):
        session.execute(update(LearnerProfile).where(LearnerProfile.learner_id == learner_id).values(**told))
