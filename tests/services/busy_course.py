"""A course in which many things happen to many learners, in an order that a seed decides, by the services alone."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from random import Random

from sqlalchemy import select

from course.content.library import Library
from course.content.question_version import QuestionVersions
from course.domain.cohort import CohortPlan
from course.domain.errors import CourseError
from course.domain.permission import Staff
from course.domain.roster import Person
from course.domain.session import SessionDetails
from course.services import (
    attempts,
    attendance,
    certificates,
    cohort_joining,
    cohorts,
    gain,
    people,
    rosters,
    sessions,
    study,
    waivers,
)
from course.services.certificate_register import erase_holder
from course.services.cohort_joining import OpenDoor
from course.services.people import NewSecret
from course.services.tally import counted
from course.storage import learning
from course.storage import people as stored_people
from course.storage import rosters as stored_rosters
from course.storage.engine import Store
from course.storage.profiles import Profile
from course.storage.tables import Account, Attendance, CohortMember, Waiver
from tests.services.forms import form_of
from tests.services.graduates import verify_url

BEGAN = datetime(2026, 1, 30, 20, 0, tzinfo=UTC)


@dataclass
class BusyCourse:
    store: Store
    library: Library
    random: Random
    now: datetime = BEGAN
    learners: list[NewSecret] = field(default_factory=list)
    groups: list[int] = field(default_factory=list)
    trainings: list[int] = field(default_factory=list)
    staff: Staff = field(init=False)

    def __post_init__(self) -> None:
        with self.store.writing() as session:
            account = Account(email="a@x.example", name="A", language="fi", administrator=True, created_at=self.now)
            session.add(account)
            session.flush()
            self.staff = Staff(account.id, "A", administrator=True, networks=frozenset({"north", "south"}))

    def live(self, steps: int) -> None:
        """So many things happen; what the rules refuse, does not."""
        does: list[Callable[[], None]] = [
            self.begin, self.begin, self.read, self.read, self.start, self.take, self.take, self.take, self.tell,
            self.try_what_she_knows, self.graduate, self.correct_name, self.found_group, self.enter, self.enter,
            self.leave, self.expect, self.train, self.attend, self.attend, self.list_names, self.strike_out,
            self.cancel, self.change_session, self.join_records, self.erase, self.waive, self.waive, self.take_back,
        ]  # fmt: skip
        self.begin()
        self.found_group()
        for _ in range(steps):
            self.now += timedelta(hours=self.random.randrange(40))
            try:
                self.random.choice(does)()
            except (CourseError, IndexError):
                continue

    # Learners

    def someone(self) -> NewSecret:
        return self.random.choice(self.learners)

    def language(self) -> str:
        return self.random.choice(["fi", "sv", "en"])

    def begin(self) -> None:
        self.learners.append(people.start_learner(self.store, language=self.language(), now=self.now))

    def read(self) -> None:
        lesson = self.random.choice(sorted(self.library.lessons["fi"]))
        study.mark_lesson_done(
            self.store,
            self.library,
            learner_id=self.someone().learner_id,
            lesson_id=lesson,
            language=self.language(),
            now=self.now,
        )

    def start(self, learner_id: int = 0, module_id: str = "") -> int:
        return attempts.start_attempt(
            self.store,
            self.library,
            QuestionVersions(self.library),
            learner_id=learner_id or self.someone().learner_id,
            module_id=module_id or self.random.choice(self.library.modules).id,
            language=self.language(),
            now=self.now,
        )

    def take(self) -> None:
        """An attempt from its start to its end, mostly right."""
        learner_id, module = self.someone().learner_id, self.random.choice(self.library.modules)
        number = self.start(learner_id, module.id)
        versions = QuestionVersions(self.library)
        with self.store.reading() as connection:
            [open_now] = [
                one for one in learning.attempts_of(connection, learner_id, module.id) if one.number == number
            ]
            view = attempts.view_attempt(connection, versions, open_now)
        right = self.random.random() < 0.8
        given = {asked.question.id: asked.question.correct for asked in view.questions} if right else {}
        shown = {asked.question.id: asked.answer.version for asked in view.questions}
        attempts.submit_attempt(
            self.store,
            self.library,
            versions,
            learner_id=learner_id,
            module_id=module.id,
            number=number,
            posted=form_of(given, shown),
            anyway=True,
            language=self.language(),
            now=self.now,
        )

    def try_what_she_knows(self) -> None:
        """A form before the course or after it, if it is its turn; the next time it is handed in."""
        learner_id, versions = self.someone().learner_id, QuestionVersions(self.library)
        with self.store.reading() as connection:
            progress = learning.progress_of(connection, learner_id)
            standing = gain.standing_of(connection, self.library, learner_id, progress)
        if standing.form is None or standing.attempt is None:
            whose = {"learner_id": learner_id, "language": self.language(), "now": self.now}
            gain.start_form(self.store, self.library, versions, **whose)
            return
        gain.take_form(
            self.store,
            self.library,
            versions,
            learner_id=learner_id,
            form=standing.form,
            number=standing.attempt.number,
            posted=form_of({}, {}),
            submit=True,
            anyway=True,
            now=self.now,
        )

    def tell(self) -> None:
        told = Profile(
            self.random.choice(["baker", "cook", None]),
            self.random.choice(["cafe", "bakery", None]),
            self.random.choice(["north", "south", None]),
        )
        cohort_joining.tell_profile(self.store, self.library, self.someone().learner_id, told, now=self.now)

    def graduate(self) -> int:
        held = certificates.issue_certificate(
            self.store,
            self.library,
            learner_id=self.someone().learner_id,
            track_id=self.random.choice(["drinks", "drinks", "core"]),
            name="Aino",
            language=self.language(),
            verify_url=verify_url,
            now=self.now,
        )
        return held.id

    def correct_name(self) -> None:
        certificates.replace_certificate(
            self.store,
            certificate_id=self.graduate(),
            name="Aino Uusi",
            verify_url=verify_url,
            now=self.now,
            by=certificates.HOLDER,
        )

    def join_records(self) -> None:
        kept, other = self.someone(), self.someone()
        if kept is other:
            return
        with self.store.writing() as session:
            people.join_learners(session, kept=kept.learner_id, other=other.learner_id)
        self.learners.remove(other)

    def erase(self) -> None:
        gone = self.someone()
        with self.store.writing() as session, counted(session, [gone.learner_id]):
            erase_holder(session, gone.learner_id, now=self.now)
            stored_people.drop_learner(session, gone.learner_id)
        self.learners.remove(gone)

    # Groups

    def found_group(self) -> None:
        network = self.random.choice(["north", "south"])
        plan = CohortPlan(network_id=network, name="G", track_id="drinks", language="fi")
        self.groups.append(cohorts.create_cohort(self.store, self.library, self.staff, plan, trainers=[], now=self.now))

    def enter(self) -> None:
        with self.store.reading() as connection:
            cohort = cohorts.cohort_named(connection, self.random.choice(self.groups))
            free = [row for row in stored_rosters.rows_of(connection, cohort.id) if row.learner_id is None]
        expected = self.random.choice(free) if free and self.random.random() < 0.7 else None
        cohort_joining.join(
            self.store,
            OpenDoor(cohort),
            learner_id=self.someone().learner_id,
            name="N",
            as_expected=expected,
            now=self.now,
        )

    def leave(self) -> None:
        with self.store.reading() as connection:
            found = connection.execute(select(CohortMember.cohort_id, CohortMember.learner_id)).all()
        cohort_id, learner_id = self.random.choice(found)
        if self.random.random() < 0.5:
            cohort_joining.leave(self.store, learner_id, cohort_id)
        else:
            cohorts.remove_member(self.store, self.staff, cohort_id, learner_id)

    def expect(self) -> None:
        name = f"Person {self.random.randrange(10**6)}"
        rosters.add_person(self.store, self.random.choice(self.groups), Person(name), now=self.now)

    # Sessions

    def details(self) -> SessionDetails:
        with self.store.reading() as connection:
            cohort = cohorts.cohort_named(connection, self.random.choice(self.groups))
        return SessionDetails(
            title="T",
            network_id=cohort.plan.network_id,
            track_id=self.random.choice(["drinks", "core"]),
            module_ids=("tea",),
            language=self.language(),
            starts_at=self.now - timedelta(minutes=30),
            ends_at=self.now + timedelta(minutes=30),
            place="P",
            cohort_id=cohort.id,
        )

    def train(self) -> None:
        self.trainings.append(
            sessions.create_session(self.store, self.library, self.staff, self.details(), now=self.now)
        )

    def attend(self) -> None:
        if self.random.random() < 0.5:
            self.train()
        attendance.attend(
            self.store,
            self.library,
            self.trainings[-1],
            learner_id=self.someone().learner_id,
            name=self.random.choice(["", "Matti", "Maija"]),
            now=self.now,
        )

    def list_names(self) -> None:
        training = self.random.choice(self.trainings)
        with self.store.reading() as connection:
            cohort_id = sessions.session_for(connection, self.staff, training).cohort_id
            rows = [] if cohort_id is None else stored_rosters.rows_of(connection, cohort_id)
            members = connection.execute(
                select(CohortMember.learner_id).where(CohortMember.cohort_id == cohort_id)
            ).scalars()
            chosen = [one for one in members if self.random.random() < 0.5]
        attendance.record_list(
            self.store,
            self.library,
            self.staff,
            training,
            members=chosen,
            roster_rows=[row.id for row in rows if row.learner_id is None and self.random.random() < 0.7],
            names=self.random.choice(["", "Matti\nLiisa"]),
            now=self.now,
        )

    def waive(self) -> None:
        with self.store.reading() as connection:
            found = connection.execute(select(CohortMember.cohort_id, CohortMember.learner_id)).all()
        cohort_id, learner_id = self.random.choice(found)
        waivers.waive_module(
            self.store,
            self.library,
            self.staff,
            cohort_id,
            learner_id=learner_id,
            module_id=self.random.choice(self.library.modules).id,
            reason="Knows all of this",
            now=self.now,
        )

    def take_back(self) -> None:
        with self.store.reading() as connection:
            given = connection.execute(select(Waiver.cohort_id, Waiver.id)).all()
        waivers.take_back(self.store, self.staff, *self.random.choice(given), now=self.now)

    def strike_out(self) -> None:
        with self.store.reading() as connection:
            found = connection.execute(select(Attendance.session_id, Attendance.id)).all()
        attendance.strike_out(self.store, self.staff, *self.random.choice(found), now=self.now)

    def cancel(self) -> None:
        sessions.cancel_session(self.store, self.staff, self.random.choice(self.trainings), now=self.now)

    def change_session(self) -> None:
        sessions.change_session(
            self.store, self.library, self.staff, self.random.choice(self.trainings), self.details(), now=self.now
        )
