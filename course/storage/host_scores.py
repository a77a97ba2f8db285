"""Scores that platforms want: whose, of what, and what they were told last."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, bindparam, func, or_, select, update
from sqlalchemy.orm import Session

from course.domain.launch import Part, Score, Target
from course.storage.hot import HotStatement, Place
from course.storage.outbox import hot_task
from course.storage.tables import Attempt, Completion, LtiLink, LtiResult, LtiUser

KIND = "lti-score"


@dataclass(frozen=True, slots=True)
class WantedScore:
    platform_id: int
    subject: str
    learner_id: int
    target: Target
    link_id: str
    title: str
    line_item: str
    line_items: str
    #: None while nothing was told.
    told: Score | None
    sent_at: datetime | None


_WANTED = HotStatement(
    select(LtiResult.link_id, LtiResult.user_id)
    .join(LtiUser, LtiUser.id == LtiResult.user_id)
    .join(LtiLink, LtiLink.id == LtiResult.link_id)
    .where(
        LtiUser.learner_id == bindparam("learner"),
        or_(LtiLink.module_id == "", LtiLink.module_id == bindparam("module"), bindparam("module") == ""),
    )
)
_TASK = hot_task(KIND)


def schedule_scores(place: Place, learner_id: int, *, now: datetime, module_id: str = "") -> None:
    """Tell every link that wants this learner's score, after this transaction; with a module only those it counts for.

    For a learner who never came by a launch it is one look and nothing more.
    """
    for link_id, user_id in _WANTED.rows(place, learner=learner_id, module=module_id):
        _TASK.changed(place, payload={"link": link_id, "user": user_id}, now=now)


def wanted_score(connection: Connection, link_id: int, user_id: int) -> WantedScore | None:
    """None when the learner is no more."""
    row = connection.execute(
        select(
            LtiLink.platform_id,
            LtiUser.subject,
            LtiUser.learner_id,
            LtiLink.part,
            LtiLink.module_id,
            LtiLink.link_id,
            LtiLink.title,
            LtiLink.line_item,
            LtiLink.line_items,
            LtiResult.given,
            LtiResult.most,
            LtiResult.done,
            LtiResult.sent_at,
        )
        .select_from(LtiResult)
        .join(LtiLink, LtiLink.id == LtiResult.link_id)
        .join(LtiUser, LtiUser.id == LtiResult.user_id)
        .where(LtiResult.link_id == link_id, LtiResult.user_id == user_id)
    ).first()
    if row is None:
        return None
    platform_id, subject, learner_id, part, module_id, link, title, line_item, line_items, given, most, done, at = row
    target = Target(Part(part), module_id)
    told = Score(given, most, done=done) if given is not None and most is not None and done is not None else None
    return WantedScore(platform_id, subject, learner_id, target, link, title, line_item, line_items, told, at)


def reached(connection: Connection, learner_id: int) -> tuple[frozenset[str], dict[str, int]]:
    """(modules passed, best percentage by quiz)"""
    passed = connection.execute(select(Completion.module_id).where(Completion.learner_id == learner_id)).scalars()
    best = connection.execute(
        select(Attempt.quiz_id, func.max(Attempt.percent))
        .where(Attempt.learner_id == learner_id, Attempt.percent.is_not(None))
        .group_by(Attempt.quiz_id)
    )
    return frozenset(passed), {row[0]: row[1] or 0 for row in best}


def set_line_item(session: Session, link_id: int, url: str) -> None:
    session.execute(update(LtiLink).where(LtiLink.id == link_id).values(line_item=url))


def set_told(session: Session, link_id: int, user_id: int, score: Score, *, at: datetime) -> None:
    session.execute(
        update(LtiResult)
        .where(LtiResult.link_id == link_id, LtiResult.user_id == user_id)
        .values(given=score.given, most=score.most, done=score.done, sent_at=at)
    )
