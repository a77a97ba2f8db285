"""Learners, what leads back to them, and what they have done."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from course.storage.tables.base import Base, Moment


class Learner(Base):
    """Anyone studying. No name and no mail are needed."""

    __tablename__ = "learner"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    created_at: Mapped[datetime] = mapped_column(Moment)
    #: The language used last.
    language: Mapped[str] = mapped_column(String(8))
    #: Grows with every change of the record that a page shows; a page unchanged since is answered with 304.
    version: Mapped[int] = mapped_column(default=0)
    #: Where the learner was reading, "lesson" or "lesson#section".
    place: Mapped[str | None] = mapped_column(String(160))

    __table_args__ = ({"sqlite_autoincrement": True},)


class WayIn(Base):
    """What leads back to a learner: the cookie of a device, a resume link, a host's user. Only its hash is kept."""

    __tablename__ = "way_in"

    id: Mapped[int] = mapped_column(primary_key=True)
    learner_id: Mapped[int] = mapped_column(ForeignKey("learner.id", ondelete="CASCADE"), index=True)
    #: cookie, resume, host
    kind: Mapped[str] = mapped_column(String(16))
    secret_hash: Mapped[str] = mapped_column(String(43), unique=True)
    created_at: Mapped[datetime] = mapped_column(Moment)
    expires_at: Mapped[datetime | None] = mapped_column(Moment)


class LessonDone(Base):
    __tablename__ = "lesson_done"

    learner_id: Mapped[int] = mapped_column(ForeignKey("learner.id", ondelete="CASCADE"), primary_key=True)
    lesson_id: Mapped[str] = mapped_column(String(80), primary_key=True)
    done_at: Mapped[datetime] = mapped_column(Moment)
    edition: Mapped[str] = mapped_column(String(20))
    language: Mapped[str] = mapped_column(String(8))


class ChangesRead(Base):
    """A learner has read what the editions up to this one changed."""

    __tablename__ = "changes_read"

    learner_id: Mapped[int] = mapped_column(ForeignKey("learner.id", ondelete="CASCADE"), primary_key=True)
    edition: Mapped[str] = mapped_column(String(20), primary_key=True)
    read_at: Mapped[datetime] = mapped_column(Moment)


class Completion(Base):
    """A module passed, once for ever: when, in which edition and language, and by which attempt."""

    __tablename__ = "completion"

    learner_id: Mapped[int] = mapped_column(ForeignKey("learner.id", ondelete="CASCADE"), primary_key=True)
    module_id: Mapped[str] = mapped_column(String(80), primary_key=True)
    passed_at: Mapped[datetime] = mapped_column(Moment)
    edition: Mapped[str] = mapped_column(String(20))
    language: Mapped[str] = mapped_column(String(8))
    attempt_id: Mapped[int | None] = mapped_column(ForeignKey("attempt.id", ondelete="SET NULL"), index=True)
    #: The session whose attendance passed it, where the track says so.
    session_id: Mapped[int | None] = mapped_column(ForeignKey("training_session.id", ondelete="SET NULL"), index=True)
    #: The waiver by which a trainer passed her, until she passes it herself. Never left dangling: see storage/waivers.
    waiver_id: Mapped[int | None] = mapped_column(ForeignKey("waiver.id", ondelete="SET NULL"), index=True)


class QuestionVersion(Base):
    """A question exactly as some attempt showed it, kept once however many attempts show it."""

    __tablename__ = "question_version"

    hash: Mapped[str] = mapped_column(String(32), primary_key=True)
    question_id: Mapped[str] = mapped_column(String(80))
    #: The question, its key, and its words in every language.
    body: Mapped[dict[str, Any]] = mapped_column(JSON)


class Attempt(Base):
    __tablename__ = "attempt"

    id: Mapped[int] = mapped_column(primary_key=True)
    learner_id: Mapped[int] = mapped_column(ForeignKey("learner.id", ondelete="CASCADE"))
    #: The module whose quiz it is.
    quiz_id: Mapped[str] = mapped_column(String(80))
    #: From 1, for this learner and quiz.
    number: Mapped[int]
    #: open, graded, expired, void
    state: Mapped[str] = mapped_column(String(10))
    edition: Mapped[str] = mapped_column(String(20))
    seed: Mapped[int]
    pass_mark: Mapped[int]
    language: Mapped[str] = mapped_column(String(8))
    #: The questions in the order shown: [{"id", "version", "options"}].
    questions: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    started_at: Mapped[datetime] = mapped_column(Moment)
    submitted_at: Mapped[datetime | None] = mapped_column(Moment)
    #: Points as an exact fraction, "7/2".
    points: Mapped[str | None] = mapped_column(String(40))
    percent: Mapped[int | None]
    passed: Mapped[bool | None]

    __table_args__ = (
        UniqueConstraint("learner_id", "quiz_id", "number"),
        # Two clicks on "start" at once make one open attempt.
        Index(
            "uq_attempt_one_open",
            "learner_id",
            "quiz_id",
            unique=True,
            sqlite_where=text("state = 'open'"),
            postgresql_where=text("state = 'open'"),
        ),
    )


class AnswerRow(Base):
    """One answer of an attempt; made empty with the attempt, so that a save is always an update of one version."""

    __tablename__ = "answer"

    attempt_id: Mapped[int] = mapped_column(ForeignKey("attempt.id", ondelete="CASCADE"), primary_key=True)
    question_id: Mapped[str] = mapped_column(String(80), primary_key=True)
    #: Chosen ids joined by spaces; empty when unanswered. See `course.domain.quiz.Answer`.
    chosen: Mapped[str] = mapped_column(String(2000), default="")
    version: Mapped[int] = mapped_column(default=0)
    saved_at: Mapped[datetime | None] = mapped_column(Moment)


class Gain(Base):
    """What a learner knew before the course and after it, by two forms of ten questions: written once, with the second.

    The forms themselves are attempts (see `course.domain.gain.Form`).
    """

    __tablename__ = "gain"

    learner_id: Mapped[int] = mapped_column(ForeignKey("learner.id", ondelete="CASCADE"), primary_key=True)
    #: Per cent of the points of each form.
    before_percent: Mapped[int]
    after_percent: Mapped[int]
    finished_at: Mapped[datetime] = mapped_column(Moment)
    edition: Mapped[str] = mapped_column(String(20))
