"""The tables. They hold records, never rules; what must not happen twice is a unique constraint."""

from __future__ import annotations

from course.storage.tables.accounts import Account, TrainerNetwork
from course.storage.tables.base import Base, Moment
from course.storage.tables.certificates import Certificate, CertificateFile
from course.storage.tables.learning import (
    AnswerRow,
    Attempt,
    Completion,
    Learner,
    LessonDone,
    QuestionVersion,
    WayIn,
)
from course.storage.tables.outbox import Task
from course.storage.tables.throttle import Throttle

__all__ = [
    "Account",
    "AnswerRow",
    "Attempt",
    "Base",
    "Certificate",
    "CertificateFile",
    "Completion",
    "Learner",
    "LessonDone",
    "Moment",
    "QuestionVersion",
    "Task",
    "Throttle",
    "TrainerNetwork",
    "WayIn",
]
