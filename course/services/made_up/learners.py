"""Write made-up learners down, with all that they did, and count them in the counters as they are written."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from random import Random
from typing import Any

from sqlalchemy import Connection
from sqlalchemy.orm import DeclarativeBase

from course.content.library import Library
from course.domain.certificate import canonical_json, comparable_name, facts_hash
from course.domain.certificate_state import Actor, Deed
from course.domain.counts import Cell, Kind, Through
from course.services.certificates import VerifyUrl, new_facts
from course.services.made_up.calendar import CLOSES, Calendar
from course.services.made_up.people import Profile, name_of
from course.services.made_up.stories import Story, When
from course.services.people import COOKIE
from course.storage import tally
from course.storage.bulk import BulkWriter
from course.storage.tables import (
    AnswerRow,
    Attempt,
    Certificate,
    CertificateEvent,
    CohortMember,
    Completion,
    Learner,
    LearnerProfile,
    LessonDone,
    TrackCompletion,
    WayIn,
)

#: Of those who came to the end of a track, so many asked for the certificate.
WANTS_CERTIFICATE = 0.85
#: What each table is given, in the order in which rows may refer to one another.
COLUMNS: dict[type[DeclarativeBase], tuple[str, ...]] = {
    Learner: ("id", "created_at", "language", "version"),
    WayIn: ("learner_id", "kind", "secret_hash", "created_at"),
    LearnerProfile: ("learner_id", "profession_id", "organisation_id", "network_id", "asked_at"),
    CohortMember: ("cohort_id", "learner_id", "name", "joined_at"),
    LessonDone: ("learner_id", "lesson_id", "done_at", "edition", "language"),
    Attempt: (
        "id", "learner_id", "quiz_id", "number", "state", "edition", "seed", "pass_mark", "language", "questions",
        "started_at", "submitted_at", "points", "percent", "passed",
    ),
    AnswerRow: ("attempt_id", "question_id", "chosen", "version", "saved_at"),
    Completion: ("learner_id", "module_id", "passed_at", "edition", "language", "attempt_id"),
    TrackCompletion: ("learner_id", "track_id", "completed_at", "edition", "language", "module_ids"),
    Certificate: (
        "id", "learner_id", "track_id", "edition", "language", "sequence", "code", "issued_at", "valid_until", "holder",
        "facts", "facts_hash",
    ),
    CertificateEvent: ("certificate_id", "deed", "at", "actor"),
}  # fmt: skip
NUMBERED = (Learner, Attempt, Certificate)


@dataclass(frozen=True, slots=True)
class Group:
    """A cohort that some of the learners are members of, from a day on."""

    cohort_id: int
    network: str
    language: str
    day: int


@dataclass(frozen=True, slots=True)
class MadeUpLearner:
    """Somebody who is about to be written down."""

    id: int
    story: Story
    language: str
    way: str
    profile: Profile
    #: The day on which her story begins, and how many seconds later than in it everything happens.
    day: int
    later: int
    group: Group | None = None

    @property
    def network(self) -> str:
        return self.group.network if self.group else self.profile.network or ""


@dataclass
class Block:
    """Rows of some learners, to be written at once."""

    library: Library
    calendar: Calendar
    chance: Random
    verify_url: VerifyUrl
    attempt_id: int
    certificate_id: int
    rows: defaultdict[type[DeclarativeBase], list[tuple[Any, ...]]] = field(default_factory=lambda: defaultdict(list))
    cells: Counter[Cell] = field(default_factory=Counter)

    def add(self, who: MadeUpLearner) -> None:
        self._person(who)
        self._studies(who)
        self._attempts(who)
        self._achievements(who)

    def _at(self, who: MadeUpLearner, when: When) -> str:
        return self.calendar.text(who.day + when[0], min(when[1] + who.later, CLOSES))

    def _count(self, who: MadeUpLearner, kind: Kind, subject: str, when: When, language: str) -> None:
        told, month = who.profile, self.calendar.months[who.day + when[0]]
        cell = Cell(
            kind.value, subject, month, who.network, told.organisation or "", told.profession or "", language,
            self.library.edition, who.way,
        )  # fmt: skip
        self.cells[cell] += 1

    def _person(self, who: MadeUpLearner) -> None:
        first = min([*(when for _, when in who.story.lessons), *(one.began for one in who.story.attempts)])
        began = self._at(who, first)
        self.rows[Learner].append((who.id, began, who.language, 1))
        kind = COOKIE if who.way == Through.WEB else who.way
        # No secret has this hash: nobody comes in as somebody made up.
        self.rows[WayIn].append((who.id, kind, f"made-up-{who.id:012}", began))
        if who.profile.told:
            told = who.profile
            self.rows[LearnerProfile].append((who.id, told.profession, told.organisation, told.network, began))
        if who.group:
            self.rows[CohortMember].append((who.group.cohort_id, who.id, name_of(who.id), began))
        self._count(who, Kind.STARTED, "", first, who.language)

    def _studies(self, who: MadeUpLearner) -> None:
        edition, language = self.library.edition, who.language
        self.rows[LessonDone] += [
            (who.id, lesson, self._at(who, when), edition, language) for lesson, when in who.story.lessons
        ]

    def _attempts(self, who: MadeUpLearner) -> None:
        edition, pass_mark, language = self.library.edition, self.library.pass_mark, who.language
        answers = self.rows[AnswerRow]
        for place, one in enumerate(who.story.attempts):
            ended, number = self._at(who, one.ended), self.attempt_id + place
            self.rows[Attempt].append(
                (number, who.id, one.module_id, one.number, "graded", edition, one.seed, pass_mark, language,
                 one.questions, self._at(who, one.began), ended, one.points, one.percent, one.passed)
            )  # fmt: skip
            answers += [(number, question_id, chosen, 1, ended) for question_id, chosen in one.answers]
        for module_id, when, place in who.story.passed:
            at = self._at(who, when)
            self.rows[Completion].append((who.id, module_id, at, edition, language, self.attempt_id + place))
            self._count(who, Kind.COMPLETED, module_id, when, language)
        self.attempt_id += len(who.story.attempts)

    def _achievements(self, who: MadeUpLearner) -> None:
        edition, language = self.library.edition, who.language
        for track_id, when, modules in who.story.tracks:
            self.rows[TrackCompletion].append((who.id, track_id, self._at(who, when), edition, language, modules))
            self._count(who, Kind.TRACK_COMPLETED, track_id, when, language)
            if track_id == who.story.track_id and self.chance.random() < WANTS_CERTIFICATE:
                self._certificate(who, track_id, when)
                self._count(who, Kind.CERTIFICATE, track_id, when, language)

    def _certificate(self, who: MadeUpLearner, track_id: str, when: When) -> None:
        day, second = who.day + when[0], min(when[1] + who.later, CLOSES) + 60
        facts = new_facts(
            self.library,
            self.library.track(track_id),
            name_of(who.id),
            who.language,
            self.verify_url,
            self.calendar.moment(day, second),
        )
        at = self.calendar.text(day, second)
        until = facts.valid_until.isoformat() if facts.valid_until else None
        self.rows[Certificate].append(
            (self.certificate_id, who.id, track_id, facts.edition, who.language, 1, facts.code, at, until,
             comparable_name(facts.name), canonical_json(facts).decode(), facts_hash(facts))
        )  # fmt: skip
        self.rows[CertificateEvent].append((self.certificate_id, Deed.ISSUED.value, at, Actor.HOLDER.value))
        self.certificate_id += 1

    def write(self, connection: Connection, bulk: BulkWriter) -> None:
        for entity, columns in COLUMNS.items():
            bulk.write(entity, columns, self.rows[entity])
        for entity in NUMBERED:
            bulk.numbers_used(entity)
        tally.change_many(connection, self.cells)


def starts(chance: Random, stories: Sequence[Story], days: int) -> Iterator[tuple[Story, int, int]]:
    """(story, day, seconds later) of one learner after the other: the course is known to more people every month."""
    hour = int(timedelta(hours=1).total_seconds())
    while True:
        story = chance.choice(stories)
        day = int(max(0, days - story.days) * chance.random() ** 0.6)
        yield story, day, chance.randrange(hour)
