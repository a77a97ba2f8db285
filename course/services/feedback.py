"""Feedback on accessibility: told to the administrators at once, and answered within fourteen days."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from course.domain.certificate_state import day_at_home
from course.domain.errors import NotThere
from course.domain.retention import ANSWER_WITHIN
from course.services.audit import What, by_account, record_audit
from course.services.mail import Letter, put_mail
from course.storage import feedback
from course.storage.engine import Store
from course.storage.feedback import StoredFeedback

MESSAGE_MAX = 4000
PAGE_MAX = 300
LISTED_MOST = 500
#: So long before the end of the time a case stands out.
HURRY = timedelta(days=4)
#: (what, tries, seconds) from one network.
FEEDBACK_OF_NETWORK = ("feedback", 10, 3600)

#: (the case's number, language) -> what the administrators are told.
WriteNews = Callable[[str, str], Letter]


@dataclass(frozen=True, slots=True)
class Typed:
    """What somebody wrote."""

    page: str
    message: str
    #: Empty when no answer is wanted.
    email: str
    language: str


def give_feedback(store: Store, typed: Typed, write: WriteNews, *, now: datetime) -> str:
    """The number of the case. Every administrator gets a mail, in the transaction of the case."""
    with store.writing() as session:
        number = feedback.add_feedback(
            session,
            year=day_at_home(now).year,
            language=typed.language,
            page=typed.page[:PAGE_MAX],
            message=typed.message[:MESSAGE_MAX],
            email=typed.email,
            now=now,
        )
        for email, language in feedback.administrators(session.connection()):
            letter = write(number, language)
            put_mail(session, to=email, subject=letter.subject, text=letter.text, now=now)
    return number


def due_at(case: StoredFeedback) -> datetime:
    return case.created_at + ANSWER_WITHIN


def feedback_named(store: Store, feedback_id: int) -> StoredFeedback:
    """Raises NotThere."""
    with store.reading() as connection:
        found = feedback.feedback_by_id(connection, feedback_id)
    if found is None:
        raise NotThere(str(feedback_id))
    return found


def answer_feedback(
    store: Store,
    feedback_id: int,
    answer: str,
    *,
    by: int,
    write: Callable[[StoredFeedback, str], Letter],
    now: datetime,
) -> None:
    """Close a case with what was done; whoever left an address gets it by mail. Answering twice does it once."""
    case = feedback_named(store, feedback_id)
    with store.writing() as session:
        if not feedback.close(session, feedback_id, answer=answer[:MESSAGE_MAX], by=by, now=now):
            return
        if case.email:
            letter = write(case, answer)
            put_mail(session, to=case.email, subject=letter.subject, text=letter.text, now=now)
        record_audit(session, by_account(by), What.ANSWERED, f"feedback:{case.number}", now=now)
