"""Made-up people: what they did follows the course's rules, and the counters know of all of it."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta
from fractions import Fraction

import pytest
from sqlalchemy import func, select, text

from course.content.question_version import from_body
from course.domain.account import password_fault
from course.domain.certificate import canonical_json, facts_from_json, facts_hash, normal_code
from course.domain.quiz import mark
from course.services.items import item_reports
from course.services.made_up.demo import FINISHED, PASSWORD, TOTP_SECRET, NotEmpty, code_now, demo_people, make_demo
from course.services.made_up.seeding import LearnersThere, seed_learners
from course.services.people import start_learner
from course.services.second_factor import SECRET_BYTES, SiteKeys, use_totp
from course.services.tally import drift, recount
from course.storage import credentials
from course.storage.engine import Store
from course.storage.tables import (
    Account,
    AnswerRow,
    Attempt,
    Attendance,
    Certificate,
    CertificateEvent,
    Cohort,
    Completion,
    Learner,
    LessonDone,
    QuestionVersion,
    Tally,
    TrackCompletion,
    TrainerNetwork,
    TrainingSession,
)
from tests.services.graduates import verify_url

NOW = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
MANY = 400


@pytest.fixture
def store(engine) -> Store:
    return Store(engine)


@pytest.fixture
def seeded(store, library) -> Store:
    seed_learners(store, library, MANY, seed=1, verify_url=verify_url, now=NOW)
    return store


def rows(store, *columns):
    with store.reading() as connection:
        return connection.execute(select(*columns)).all()


def counted(store, entity) -> int:
    with store.reading() as connection:
        return connection.execute(select(func.count()).select_from(entity)).scalar_one()


def test_the_counters_say_what_the_records_of_seeded_learners_say(seeded, library):
    assert counted(seeded, Learner) == MANY
    assert drift(seeded) == {}
    assert recount(seeded, library) == {}
    assert counted(seeded, Tally) > 100


def test_seeded_learners_are_spread_over_everything_that_is_counted(seeded, library):
    names = ("month", "network", "organisation", "profession", "language", "way_in", "kind")
    spread = {name: {row[0] for row in rows(seeded, getattr(Tally, name))} for name in names}
    assert len(spread["month"]) >= 15
    assert spread["network"] == {"", *library.networks}
    assert spread["profession"] == {"", *library.professions}
    assert spread["organisation"] == {"", *library.organisations}
    assert spread["language"] == set(library.languages)
    assert spread["way_in"] == {"web", "lti", "package"}
    assert spread["kind"] == {"started", "completed", "track_completed", "certificate"}
    assert {row[0] for row in rows(seeded, Completion.module_id)} == {module.id for module in library.modules}


def test_every_seeded_attempt_is_marked_as_its_answers_deserve(seeded, library):
    bodies = {row.hash: row.body for row in rows(seeded, QuestionVersion.hash, QuestionVersion.body)}
    answers = Counter(row.attempt_id for row in rows(seeded, AnswerRow.attempt_id))
    given = {(row.attempt_id, row.question_id): row.chosen for row in rows(seeded, *AnswerRow.__table__.columns)}
    attempts = rows(seeded, *Attempt.__table__.columns)
    assert {attempt.passed for attempt in attempts} == {True, False}
    for attempt in attempts:
        shown = [from_body(bodies[asked["version"]]).question for asked in attempt.questions]
        assert answers[attempt.id] == len(shown) == library.quiz(attempt.quiz_id).draw
        chosen = {one.id: one.normal(given[attempt.id, one.id].split()) for one in shown}
        result = mark(shown, chosen, pass_mark=attempt.pass_mark)
        assert (str(result.points), result.percent, result.passed) == (attempt.points, attempt.percent, attempt.passed)
        assert Fraction(attempt.points) <= len(shown)
        assert attempt.started_at < attempt.submitted_at < NOW


def test_modules_are_passed_by_attempts_and_after_their_lessons(seeded, library):
    attempts = {row.id: row for row in rows(seeded, *Attempt.__table__.columns)}
    read = {(row.learner_id, row.lesson_id): row.done_at for row in rows(seeded, *LessonDone.__table__.columns)}
    for row in rows(seeded, *Completion.__table__.columns):
        attempt = attempts[row.attempt_id]
        assert attempt.passed
        assert (attempt.learner_id, attempt.quiz_id) == (row.learner_id, row.module_id)
        assert attempt.submitted_at == row.passed_at
        lessons = library.module(row.module_id).lesson_ids
        assert all(read[row.learner_id, lesson] <= attempt.started_at for lesson in lessons)


def test_seeded_certificates_check_out_and_carry_names_that_nobody_has(seeded):
    found = rows(seeded, *Certificate.__table__.columns)
    assert len(found) > MANY * 0.05
    for row in found:
        facts = facts_from_json(row.facts.encode())
        assert facts_hash(facts) == row.facts_hash
        assert canonical_json(facts).decode() == row.facts
        assert normal_code(row.code) == row.code
        assert str(row.learner_id) in facts.name
    assert counted(seeded, CertificateEvent) == len(found)
    tracks = {(row.learner_id, row.track_id) for row in rows(seeded, *TrackCompletion.__table__.columns)}
    assert {(row.learner_id, row.track_id) for row in found} <= tracks


def test_the_same_number_makes_the_same_people(store, library):
    def made(seed: int):
        seed_learners(store, library, 30, seed=seed, verify_url=verify_url, now=NOW, beside_others=True)
        found = rows(store, Attempt.learner_id, Attempt.quiz_id, Attempt.seed, Attempt.points)
        first = max(row[0] for row in rows(store, Learner.id)) - 29
        return sorted(tuple(row)[1:] for row in found if row.learner_id >= first)

    one = made(7)
    assert made(7) == one
    assert made(8) != one


def test_seeding_stays_away_from_learners_unless_told(store, library):
    start_learner(store, language="fi", now=NOW)
    with pytest.raises(LearnersThere):
        seed_learners(store, library, 10, seed=1, verify_url=verify_url, now=NOW)
    assert counted(store, Learner) == 1
    seed_learners(store, library, 10, seed=1, verify_url=verify_url, now=NOW, beside_others=True)
    assert counted(store, Learner) == 11


def test_real_learners_can_come_after_seeded_ones(seeded):
    assert start_learner(seeded, language="fi", now=NOW).learner_id > MANY
    assert drift(seeded) == {}
    if seeded.engine.dialect.name == "sqlite":
        with seeded.reading() as connection:
            assert connection.execute(text("pragma foreign_key_check")).all() == []


def test_the_analysis_of_questions_has_answers_to_look_at(store, library):
    seed_learners(store, library, 1_500, seed=1, verify_url=verify_url, now=NOW)
    with store.streaming() as connection:
        reports = item_reports(connection, library, library.modules[0].id)
    assert any(report.difficulty for report in reports)


# The demonstration


KEYS = SiteKeys("a secret key of the tests", "http://localhost", "The course")


@pytest.fixture
def demo(store, library) -> Store:
    assert make_demo(store, library, KEYS, verify_url=verify_url, now=NOW)
    return store


def test_the_demonstration_is_made_once_with_people_groups_and_sessions_in_every_network(demo, library):
    networks = set(library.networks)
    assert {row[0] for row in rows(demo, TrainerNetwork.network_id)} == networks
    assert Counter(row[0] for row in rows(demo, Cohort.network_id)) == dict.fromkeys(networks, 3)
    assert {row[0] for row in rows(demo, TrainingSession.network_id)} == networks
    assert counted(demo, Attendance) > 20 * len(networks)
    assert len({row[0] for row in rows(demo, TrackCompletion.learner_id)}) == FINISHED
    months = {row.completed_at.month for row in rows(demo, TrackCompletion.completed_at)}
    assert len(months) >= 9
    assert drift(demo) == {}
    learners = counted(demo, Learner)
    assert not make_demo(demo, library, KEYS, verify_url=verify_url, now=NOW + timedelta(days=1))
    assert counted(demo, Learner) == learners


def test_everybody_in_the_demonstration_signs_in_with_what_is_printed(demo, library):
    assert len(TOTP_SECRET) == SECRET_BYTES
    for person in demo_people(library):
        assert password_fault(PASSWORD, person.email) is None
    for (account_id,) in rows(demo, Account.id):
        with demo.writing() as session:
            assert use_totp(session, KEYS, account_id, code_now(NOW), now=NOW)
            assert not use_totp(session, KEYS, account_id, code_now(NOW), now=NOW)
            assert credentials.password_of(session.connection(), account_id).one_time_until is None


@pytest.mark.parametrize("who", ["a learner", "an account"])
def test_the_demonstration_stays_away_from_people(store, library, who):
    if who == "a learner":
        start_learner(store, language="fi", now=NOW)
    else:
        with store.writing() as session:
            session.add(Account(email="aino@real.example", language="fi", created_at=NOW))
    with pytest.raises(NotEmpty):
        make_demo(store, library, KEYS, verify_url=verify_url, now=NOW)
    assert counted(store, Cohort) == 0


def test_nobody_made_up_leads_a_browser_into_a_record(seeded):
    with seeded.reading() as connection:
        hashes = connection.execute(text("select secret_hash from way_in")).scalars().all()
    assert len(hashes) == MANY
    # A real one is the base64 of 32 bytes: 43 signs.
    assert {len(one) for one in hashes} == {20}
