"""The tables. They hold records, never rules; what must not happen twice is a unique constraint."""

from __future__ import annotations

from course.storage.tables.accounts import (
    Account,
    MailedLink,
    Passkey,
    Password,
    RecoveryCode,
    SignIn,
    SignInRequest,
    Totp,
    TrainerNetwork,
)
from course.storage.tables.base import Base, Moment
from course.storage.tables.books import BookFile
from course.storage.tables.cases import CasePath
from course.storage.tables.certificates import Certificate, CertificateEvent, CertificateFile
from course.storage.tables.cohorts import (
    Cohort,
    CohortMember,
    CohortTrainer,
    JoinCode,
    LearnerProfile,
    RosterImport,
    RosterRow,
)
from course.storage.tables.counts import ApiKey, ClosedMonth, PublishedCount, Tally, TrackCompletion
from course.storage.tables.jobs import Job, JobCertificate, JobPart
from course.storage.tables.learning import (
    AnswerRow,
    Attempt,
    ChangesRead,
    Completion,
    Gain,
    Learner,
    LessonDone,
    QuestionVersion,
    WayIn,
)
from course.storage.tables.lti import (
    LtiContext,
    LtiDeployment,
    LtiInvitation,
    LtiLink,
    LtiLogin,
    LtiMember,
    LtiPlatform,
    LtiResult,
    LtiUser,
)
from course.storage.tables.outbox import Task, VoidedStatement
from course.storage.tables.refreshers import Refresher, RefresherAnswer, RefresherRound
from course.storage.tables.register import AuditHead, AuditRow, Feedback, RemovalNotice
from course.storage.tables.sessions import Attendance, MailStop, Reminder, SessionKit, TrainingSession
from course.storage.tables.throttle import Throttle
from course.storage.tables.waivers import Waiver

__all__ = [
    "Account",
    "AnswerRow",
    "ApiKey",
    "Attempt",
    "Attendance",
    "AuditHead",
    "AuditRow",
    "Base",
    "BookFile",
    "CasePath",
    "Certificate",
    "CertificateEvent",
    "CertificateFile",
    "ChangesRead",
    "ClosedMonth",
    "Cohort",
    "CohortMember",
    "CohortTrainer",
    "Completion",
    "Feedback",
    "Gain",
    "Job",
    "JobCertificate",
    "JobPart",
    "JoinCode",
    "Learner",
    "LearnerProfile",
    "LessonDone",
    "LtiContext",
    "LtiDeployment",
    "LtiInvitation",
    "LtiLink",
    "LtiLogin",
    "LtiMember",
    "LtiPlatform",
    "LtiResult",
    "LtiUser",
    "MailStop",
    "MailedLink",
    "Moment",
    "Passkey",
    "Password",
    "PublishedCount",
    "QuestionVersion",
    "RecoveryCode",
    "Refresher",
    "RefresherAnswer",
    "RefresherRound",
    "Reminder",
    "RemovalNotice",
    "RosterImport",
    "RosterRow",
    "SessionKit",
    "SignIn",
    "SignInRequest",
    "Tally",
    "Task",
    "Throttle",
    "Totp",
    "TrackCompletion",
    "TrainerNetwork",
    "TrainingSession",
    "VoidedStatement",
    "Waiver",
    "WayIn",
]
