"""Many at once, on real databases: nothing is lost and nothing is made twice."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest
from sqlalchemy import Engine, create_engine, func, select, update
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from course.content.question_version import QuestionVersions
from course.services.attempts import start_attempt, submit_attempt
from course.services.certificates import issue_certificate
from course.services.people import hash_of, start_learner
from course.storage import learning
from course.storage.engine import Store
from course.storage.tables import Attempt, Certificate, Completion, Learner
from tests.services.forms import form_of

NOW = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
THREADS = 8
ROUNDS = 60


def at_once(how_many: int, work: Callable[[int], object]) -> list[object]:
    """Run `work` in threads that all start at the same moment."""
    start = threading.Barrier(how_many)

    def run(number: int) -> object:
        start.wait()
        return work(number)

    with ThreadPoolExecutor(how_many) as pool:
        return list(pool.map(run, range(how_many)))


def read_then_write(session: Session, learner_id: int) -> None:
    seen = session.execute(select(Learner.version).where(Learner.id == learner_id).with_for_update()).scalar_one()
    session.execute(update(Learner).where(Learner.id == learner_id).values(version=seen + 1))


def version_of(engine: Engine, learner_id: int) -> int:
    with engine.connect() as connection:
        return connection.execute(select(Learner.version).where(Learner.id == learner_id)).scalar_one()


def test_eight_threads_of_sixty_read_then_write_transactions_lose_nothing(engine):
    store = Store(engine)
    learner_id = start_learner(store, language="fi", now=NOW).learner_id

    def work(_number: int) -> None:
        for _ in range(ROUNDS):
            with store.writing() as session:
                read_then_write(session, learner_id)

    at_once(THREADS, work)
    assert version_of(engine, learner_id) == THREADS * ROUNDS


def test_the_guard_sees_the_loss_that_sqlite_brings_without_begin_immediate(tmp_path):
    """The fault that the guard is there for: the driver's own way to begin loses updates, or fails."""
    engine = create_engine(f"sqlite:///{tmp_path / 'naive.sqlite3'}", pool_size=20)
    Learner.metadata.create_all(engine)
    with Session(engine) as session:
        session.add(Learner(id=1, created_at=NOW, language="fi", version=0))
        session.commit()
    failed = []

    def work(_number: int) -> None:
        for _ in range(ROUNDS):
            try:
                with Session(engine) as session:
                    read_then_write(session, 1)
                    session.commit()
            except OperationalError:
                failed.append(1)

    at_once(THREADS, work)
    assert version_of(engine, 1) < THREADS * ROUNDS


@pytest.fixture
def store(engine: Engine) -> Store:
    return Store(engine)


@pytest.fixture
def versions(library) -> QuestionVersions:
    return QuestionVersions(library)


def pass_module(store, library, versions, learner_id: int, module_id: str) -> None:
    number = start_attempt(store, library, versions, learner_id=learner_id, module_id=module_id, language="fi", now=NOW)
    submit_rightly(store, library, versions, learner_id, module_id, number)


def submit_rightly(store, library, versions, learner_id: int, module_id: str, number: int):
    quiz = library.quiz(module_id)
    return submit_attempt(
        store,
        library,
        versions,
        learner_id=learner_id,
        module_id=module_id,
        number=number,
        posted=form_of(
            {question.id: question.correct for question in quiz.questions},
            {question.id: 0 for question in quiz.questions},
        ),
        anyway=True,
        language="fi",
        now=NOW,
    )


def count(engine: Engine, entity: type) -> int:
    with engine.connect() as connection:
        return connection.execute(select(func.count()).select_from(entity)).scalar_one()


def test_twenty_clicks_on_start_at_once_open_one_attempt(store, library, versions):
    learner_id = start_learner(store, language="fi", now=NOW).learner_id
    numbers = at_once(
        20,
        lambda _: start_attempt(
            store, library, versions, learner_id=learner_id, module_id="tea", language="fi", now=NOW
        ),
    )
    assert set(numbers) == {1}
    assert count(store.engine, Attempt) == 1


def test_fifty_identical_submissions_at_once_make_one_result(store, library, versions):
    learner_id = start_learner(store, language="fi", now=NOW).learner_id
    number = start_attempt(store, library, versions, learner_id=learner_id, module_id="tea", language="fi", now=NOW)
    outcomes = at_once(50, lambda _: submit_rightly(store, library, versions, learner_id, "tea", number))
    assert {(outcome.submitted, outcome.attempt_number) for outcome in outcomes} == {(True, 1)}
    assert count(store.engine, Attempt) == 1
    assert count(store.engine, Completion) == 1
    with store.reading() as connection:
        [attempt] = learning.attempts_of(connection, learner_id, "tea")
        version = connection.execute(select(Learner.version).where(Learner.id == learner_id)).scalar_one()
    assert (attempt.state, attempt.percent, attempt.passed) == ("graded", 100, True)
    assert version == 2, "the record changed twice: started, handed in"


def test_twenty_certificate_requests_at_once_make_one_certificate(store, library, versions):
    learner_id = start_learner(store, language="fi", now=NOW).learner_id
    for module in library.modules:
        pass_module(store, library, versions, learner_id, module.id)
    issued = at_once(
        20,
        lambda number: issue_certificate(
            store,
            library,
            learner_id=learner_id,
            track_id="core",
            name=f"Aino {'I' * (number + 1)}",
            language="fi",
            verify_url=lambda code: f"http://localhost/verify/{code}",
            now=NOW,
        ),
    )
    assert len({certificate.facts.code for certificate in issued}) == 1
    assert len({certificate.facts.name for certificate in issued}) == 1
    assert count(store.engine, Certificate) == 1


def test_an_answer_saved_while_the_attempt_is_handed_in_is_counted_or_refused(store, library, versions):
    """Forty rounds of the same race: whatever was acknowledged stands in the graded attempt."""
    from_secret = learning.save_answer_by_secret
    for round_number in range(40):
        new = start_learner(store, language="fi", now=NOW)
        number = start_attempt(
            store, library, versions, learner_id=new.learner_id, module_id="tea", language="fi", now=NOW, seed=1
        )
        with store.reading() as connection:
            [attempt] = learning.attempts_of(connection, new.learner_id, "tea")
        asked = library.quiz("tea").question(attempt.questions[0]["id"])

        def save(_attempt=attempt, _asked=asked, _new=new, _number=number) -> bool:
            return from_secret(
                store.engine,
                secret_hash=hash_of(_new.secret),
                quiz_id="tea",
                number=_number,
                question_id=_asked.id,
                chosen=_asked.correct,
                expected=0,
                now=NOW,
            )

        def submit(_new=new, _number=number):
            return submit_attempt(
                store,
                library,
                versions,
                learner_id=_new.learner_id,
                module_id="tea",
                number=_number,
                posted=form_of({}, {}),
                anyway=True,
                language="fi",
                now=NOW,
            )

        saved, _ = at_once(2, lambda which, first=save, second=submit: first() if which == 0 else second())
        with store.reading() as connection:
            stored = learning.answers_of(connection, attempt.id)[asked.id]
            [graded] = learning.attempts_of(connection, new.learner_id, "tea")
        assert graded.state == "graded"
        assert (stored.chosen == asked.correct) == saved, f"round {round_number}"
        assert (graded.points != "0") == saved, f"round {round_number}"
