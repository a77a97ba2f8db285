"""Refreshers come when they are due, once, to whoever asked for them, and never after a stop."""

from __future__ import annotations

import time
from collections import defaultdict
from datetime import UTC, datetime, timedelta
from random import Random

import pytest
from sqlalchemy import func, select

from course.content.question_version import QuestionVersions
from course.domain.errors import LinkNotValid, NotThere
from course.domain.home_time import HOME
from course.domain.quiz import Kind
from course.domain.reminder import stop_token
from course.services import refreshers
from course.services.attempts import start_attempt
from course.services.mail import MAIL, MailHandler
from course.services.people import join_learners, start_learner
from course.services.refresher_letters import LetterSite
from course.services.refreshers import REFRESHER, RefresherHandler, RefresherSite
from course.services.reminders import stop_reminders
from course.services.tally import finish_tracks
from course.services.work import Worker
from course.storage import learning
from course.storage.engine import Store
from course.storage.tables import Refresher, RefresherAnswer, RefresherRound, Task

START = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
SECRET_KEY = "tests only"


class Clock:
    """Tells the time as the server's own zone has it."""

    def __init__(self) -> None:
        self.moment = START

    def __call__(self) -> datetime:
        return self.moment.astimezone()

    def move(self, **step: float) -> None:
        self.moment += timedelta(**step)


class Course:
    """The services on a database, with a worker and a postman who keeps what he is given."""

    def __init__(self, store: Store, library) -> None:
        self.store, self.library, self.clock = store, library, Clock()
        letters = LetterSite(
            library,
            say=lambda _language, text, **values: text % values if values else text,
            stop=lambda token: f"https://course.example/stop/{token}",
            questions=lambda token: f"https://course.example/refresher/{token}",
            confirm=lambda secret: f"https://course.example/refreshers/{secret}",
        )
        self.site = RefresherSite(store, library, QuestionVersions(library), SECRET_KEY, letters)
        #: address -> [(moment, mail)]
        self.mails = defaultdict(list)
        handlers = {REFRESHER: RefresherHandler(self.site, self.clock), MAIL: MailHandler(self, "course@example.org")}
        self.worker = Worker(store, handlers, self.clock)

    def deliver(self, message) -> None:
        self.mails[message["To"]].append((self.clock.moment, message))

    def learner(self, *, language: str = "fi", completed: bool = True) -> int:
        learner_id = start_learner(self.store, language=language, now=self.clock()).learner_id
        if completed:
            self.complete(learner_id)
        return learner_id

    def complete(self, learner_id: int) -> None:
        with self.store.writing() as session:
            for module in self.library.modules:
                learning.add_completion(
                    session, learner_id, module.id, attempt_id=None, edition="1", language="fi", now=self.clock()
                )
            finish_tracks(session, self.library, learner_id, language="fi")

    def ask(self, learner_id: int, email: str) -> None:
        refreshers.ask_for_refreshers(self.site, learner_id, email, language="fi", now=self.clock())

    def confirm(self, email: str) -> str:
        """Follow the link in the last mail to this address; its secret."""
        assert self.worker.run_due()[1] == 0
        secret = self.mails[email].pop()[1].get_content().partition("/refreshers/")[2].split()[0]
        refreshers.confirm_refreshers(self.store, secret, now=self.clock())
        return secret

    def subscribed(self, email: str = "aino@work.example", **how) -> int:
        learner_id = self.learner(**how)
        self.ask(learner_id, email)
        self.confirm(email)
        return learner_id

    def pass_time(self, *, until: datetime) -> None:
        """The worker runs just before and at every full hour at which it may be nine in Finland."""
        day = self.clock.moment.replace(hour=0, minute=0)
        while day < until:
            for hour, minute in ((5, 59), (6, 0), (6, 59), (7, 0)):
                moment = day.replace(hour=hour, minute=minute)
                if self.clock.moment < moment < until:
                    self.clock.moment = moment
                    assert self.worker.run_due()[1] == 0
            day += timedelta(days=1)
        self.clock.moment = until

    def count(self, table) -> int:
        with self.store.reading() as connection:
            return connection.execute(select(func.count()).select_from(table)).scalar_one()


@pytest.fixture
def course(engine, library):
    return Course(Store(engine), library)


@pytest.fixture(params=["UTC", "America/Los_Angeles", "Pacific/Kiritimati"])
def zone(request, monkeypatch):
    """The zone that the server's clock shows."""
    monkeypatch.setenv("TZ", request.param)
    time.tzset()
    yield request.param
    monkeypatch.undo()
    time.tzset()


def due_days(completed: datetime) -> list[str]:
    """Counted here by hand, on the calendar of Finland."""
    day = completed.astimezone(HOME).date()
    half = day.month + 6
    month = f"{day.year + (half > 12)}-{(half - 1) % 12 + 1:02}-{day.day:02}"
    return [*((day + timedelta(weeks=weeks)).isoformat() for weeks in (2, 6, 14)), month]


def test_a_year_of_refreshers_sends_exactly_what_is_due_once_and_nothing_after_a_stop(course, zone):
    chance = Random(zone)
    asked: dict[str, datetime] = {}
    stopped: dict[str, datetime] = {}
    learners: dict[str, int] = {}
    for number in range(10):
        # Days up to the 28th, so that half a year later there is such a day in every month.
        course.pass_time(
            until=datetime(2027, number + 1, chance.randrange(1, 28), chance.randrange(24), 30, tzinfo=UTC)
        )
        for mail, at in stopped.items():
            if at <= course.clock.moment and mail in learners:
                stop(course, learners.pop(mail), mail, by_link=chance.random() < 0.5)
                stopped[mail] = course.clock.moment
        email = f"learner{number}@work.example"
        learners[email] = course.subscribed(email)
        asked[email] = course.clock.moment
        if number % 3 == 1:
            stopped[email] = course.clock.moment + timedelta(days=chance.randrange(20, 100))
    course.pass_time(until=datetime(2028, 6, 1, tzinfo=UTC))
    for email, completed in asked.items():
        end = stopped[email] if email in stopped and email not in learners else datetime.max.replace(tzinfo=UTC)
        moments = [moment for moment, _ in course.mails[email]]
        wanted = [day for day in due_days(completed) if datetime.fromisoformat(f"{day}T07:00+00:00") <= end]
        assert [f"{moment.astimezone(HOME):%Y-%m-%d}" for moment in moments] == wanted
        assert {f"{moment.astimezone(HOME):%H.%M}" for moment in moments} <= {"09.00"}
    assert any(len(mails) < 4 for mails in course.mails.values()), "somebody stopped in time"
    hours = {moment.hour for mails in course.mails.values() for moment, _ in mails}
    assert hours == {6, 7}, "both summer and winter were there"


def stop(course, learner_id: int, email: str, *, by_link: bool) -> None:
    if by_link:
        token = stop_token(SECRET_KEY, course.site.key_of(email))
        stop_reminders(course.store, SECRET_KEY, token, now=course.clock())
    else:
        refreshers.end_refreshers(course.store, learner_id)


def test_nothing_comes_before_the_address_is_confirmed_and_then_it_is_forgotten(course):
    learner_id = course.learner()
    course.ask(learner_id, "aino@work.example")
    course.pass_time(until=START + timedelta(days=200))
    assert len(course.mails["aino@work.example"]) == 1
    assert course.count(Refresher) == 0


def test_a_link_confirms_for_three_days_and_twice_is_once(course):
    learner_id = course.learner()
    course.ask(learner_id, "aino@work.example")
    secret = course.confirm("aino@work.example")
    refreshers.confirm_refreshers(course.store, secret, now=course.clock())
    with course.store.reading() as connection:
        due = connection.execute(select(Task.key).where(Task.kind == REFRESHER, Task.state == "open")).scalars().all()
    assert len(due) == len(set(due)) == 6, "four refreshers, the end of the three days, and the end of all"
    course.ask(learner_id, "aino@work.example")
    course.worker.run_due()
    late = course.mails["aino@work.example"].pop()[1].get_content().partition("/refreshers/")[2].split()[0]
    course.clock.move(days=3)
    with pytest.raises(LinkNotValid):
        refreshers.confirm_refreshers(course.store, late, now=course.clock())


def test_the_address_is_forgotten_a_week_after_the_last_one(course):
    course.subscribed()
    course.pass_time(until=datetime(2027, 5, 29, 5, tzinfo=UTC))
    assert len(course.mails["aino@work.example"]) == 4 and course.count(Refresher) == 1
    course.pass_time(until=datetime(2027, 5, 29, 8, tzinfo=UTC))
    assert course.count(Refresher) == 0


def test_whoever_has_completed_no_track_cannot_ask(course):
    learner_id = course.learner(completed=False)
    with pytest.raises(NotThere):
        course.ask(learner_id, "aino@work.example")


def test_a_stop_reaches_a_mail_that_waits_in_the_outbox(course):
    course.subscribed()
    course.clock.move(days=15)
    handler = course.worker.handlers[REFRESHER]
    with course.store.reading() as connection:
        payload = connection.execute(select(Task.payload).where(Task.key.like("%two-weeks"))).scalar_one()
    handler(payload)
    handler(payload)
    assert course.count(RefresherRound) == 1, "a worker that was killed begins again"
    token = stop_token(SECRET_KEY, course.site.key_of("aino@work.example"))
    stop_reminders(course.store, SECRET_KEY, token, now=course.clock())
    course.worker.run_due()
    assert not course.mails["aino@work.example"]


def test_after_a_stop_one_may_ask_anew_and_what_was_sent_is_not_sent_again(course):
    learner_id = course.subscribed()
    course.pass_time(until=START + timedelta(days=20))
    stop(course, learner_id, "aino@work.example", by_link=True)
    course.ask(learner_id, "aino@work.example")
    course.confirm("aino@work.example")
    course.pass_time(until=START + timedelta(days=250))
    assert len(course.mails["aino@work.example"]) == 4


def test_the_mail_asks_without_telling_and_can_be_stopped_by_a_mail_program(course):
    course.subscribed()
    course.pass_time(until=START + timedelta(days=20))
    [(_, mail)] = course.mails["aino@work.example"]
    assert mail.get_content_type() == "text/plain", "no picture reports that it was opened"
    assert mail["List-Unsubscribe"].startswith("<https://course.example/stop/")
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    said = " ".join(mail.get_content().split())
    assert mail["List-Unsubscribe"].strip("<>") in said and "https://course.example/refresher/" in said
    with course.store.reading() as connection:
        asked = connection.execute(select(RefresherRound.questions)).scalar_one()
    shown = course.site.versions.shown[asked[0]["version"]]
    assert shown.question.situation and shown.words["fi"].ask.split("<")[0][:20] in said
    reasons = [
        option.why
        for one in asked
        for option in course.site.versions.shown[one["version"]].words["fi"].options.values()
    ]
    assert not [why for why in reasons if why in said]


def test_what_somebody_got_wrong_comes_back_until_it_is_right(course):
    learner_id = course.learner(completed=False)
    wrong = fail_everything(course, learner_id)
    course.complete(learner_id)
    course.ask(learner_id, "aino@work.example")
    course.confirm("aino@work.example")
    course.pass_time(until=START + timedelta(days=20))
    token = link_token(course)
    first = view(course, token)
    asked = {one.question.id for one in first.questions}
    assert wrong <= asked
    refreshers.answer_round(
        course.store, course.site.versions, SECRET_KEY, token, posted=lambda one: one.correct, now=course.clock()
    )
    course.pass_time(until=START + timedelta(days=50))
    again = {one.question.id for one in view(course, link_token(course)).questions}
    assert not asked & again, "the fixture course has enough that was never asked"


def fail_everything(course, learner_id: int) -> set[str]:
    """Hand in one quiz without an answer; the questions that were asked."""
    versions, module = course.site.versions, course.library.modules[0]
    number = start_attempt(
        course.store,
        course.library,
        versions,
        learner_id=learner_id,
        module_id=module.id,
        language="fi",
        now=course.clock(),
    )
    with course.store.writing() as session:
        [attempt] = learning.attempts_of(session, learner_id, module.id)
        assert attempt.number == number
        learning.grade_attempt(session, attempt.id, points="0", percent=0, passed=False, now=course.clock())
    return {one["id"] for one in attempt.questions}


def link_token(course) -> str:
    mail = course.mails["aino@work.example"][-1][1]
    return mail.get_content().partition("/refresher/")[2].split()[0]


def view(course, token: str):
    with course.store.reading() as connection:
        return refreshers.view_round(connection, course.site.versions, SECRET_KEY, token, now=course.clock())


def test_the_first_answer_stands_and_an_incomplete_one_is_none(course):
    course.subscribed()
    course.pass_time(until=START + timedelta(days=20))
    token = link_token(course)

    def answer(posted) -> int:
        return refreshers.answer_round(
            course.store, course.site.versions, SECRET_KEY, token, posted=posted, now=course.clock()
        )

    assert answer(lambda _: ()) == 0
    total = len(view(course, token).questions)
    assert answer(lambda one: one.correct) == total
    assert answer(lambda one: () if one.kind is Kind.MATCH else tuple(reversed(one.options))[:1]) == 0
    assert all(one.question.is_right(one.answer.chosen) for one in view(course, token).questions)
    assert course.count(RefresherAnswer) == total


def test_a_link_opens_its_questions_for_ninety_days(course):
    course.subscribed()
    course.pass_time(until=START + timedelta(days=15))
    token = link_token(course)
    course.clock.moment = START + timedelta(days=103)
    assert view(course, token).questions
    course.clock.move(days=2)
    with pytest.raises(LinkNotValid):
        view(course, token)
    with pytest.raises(LinkNotValid):
        view(course, f"{token}x")


@pytest.mark.parametrize("confirmed_first", [True, False])
def test_two_learners_who_are_one_get_each_refresher_once(course, confirmed_first):
    kept, other = course.learner(), course.learner()
    one, two = (kept, other) if confirmed_first else (other, kept)
    course.ask(one, "aino@work.example")
    course.confirm("aino@work.example")
    course.ask(two, "aino@home.example")
    with course.store.writing() as session:
        join_learners(session, kept=kept, other=other)
    course.pass_time(until=START + timedelta(days=250))
    assert len(course.mails["aino@work.example"]) == 4
    assert not course.mails["aino@home.example"], "the question whether it is hers was not sent any more"
