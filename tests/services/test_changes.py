"""A learner of an earlier edition is told once what changed, on both databases."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from course.content.question_version import QuestionVersions
from course.domain.edition import Edition
from course.services.changes import Changes, changes_of, mark_changes_read, minutes_to_read
from course.services.people import join_learners, start_learner
from course.services.refresher_pool import pool_of
from course.services.register import register_of
from course.storage import learning
from course.storage.engine import Store

NOW = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
OLD, NEW = "2029.1", "2030.1"


@pytest.fixture
def store(engine) -> Store:
    return Store(engine)


def learner(store: Store, *, lessons: dict[str, str] | None = None, modules: dict[str, str] | None = None) -> int:
    """Somebody who read lessons and passed modules under these editions."""
    learner_id = start_learner(store, language="fi", now=NOW).learner_id
    with store.writing() as session:
        for lesson, edition in (lessons or {}).items():
            learning.add_lesson_done(session, learner_id, lesson, edition=edition, language="fi", now=NOW)
        for module, edition in (modules or {}).items():
            learning.add_completion(
                session, learner_id, module, attempt_id=None, edition=edition, language="fi", now=NOW
            )
    return learner_id


def changed(store: Store, library, learner_id: int) -> list[tuple[str, ...]]:
    return [edition.changed for edition in changes_of(store.engine, library, learner_id).unread]


def test_only_pages_read_and_modules_passed_under_an_earlier_edition_have_changed(store, library):
    assert changed(store, library, learner(store, lessons={"leaves": OLD})) == [("let-it-steep",)]
    assert changed(store, library, learner(store, modules={"bread": OLD})) == [("bake-the-bread",)]
    assert changed(store, library, learner(store, lessons={"water": OLD})) == []
    assert changed(store, library, learner(store, lessons={"leaves": NEW}, modules={"tea": OLD})) == []
    assert changed(store, library, learner(store)) == []


def test_what_is_marked_as_read_is_not_news_any_more_and_can_be_read_again(store, library):
    reader = learner(store, lessons={"leaves": OLD}, modules={"bread": OLD})
    changes = changes_of(store.engine, library, reader)
    assert (changes.sections, minutes_to_read(library, changes, "en")) == (2, 1)
    for _ in range(2):
        mark_changes_read(store, library, reader, now=NOW)
        changes = changes_of(store.engine, library, reader)
        assert (len(changes.unread), len(changes.editions)) == (0, 1)


def test_a_package_of_which_nothing_changed_costs_no_statement(store, library):
    quiet = replace(library, editions=(Edition(NEW, NOW.date()),))
    assert changes_of(None, quiet, 1) == Changes()  # type: ignore[arg-type]


def test_when_two_learners_are_one_what_one_has_read_both_have(store, library):
    one, other = learner(store, lessons={"leaves": OLD}), learner(store, lessons={"oven": OLD})
    for reader in (one, other):
        mark_changes_read(store, library, reader, now=NOW)
    with store.writing() as session:
        join_learners(session, kept=one, other=other)
    assert changed(store, library, one) == []
    with store.reading() as connection:
        assert [row["edition"] for row in register_of(connection, one)["changes read"]] == [NEW]


def test_refreshers_ask_about_a_section_that_changed_since_it_was_answered_right(store, library):
    """The same fact as on the page: `changed_since` of the edition in which the question was met."""
    versions = QuestionVersions(library)
    quiz = library.quiz("tea")
    weak = {}
    for edition in (OLD, NEW):
        reader = learner(store, modules={"tea": edition})
        asked = [{"id": one.id, "version": versions.current["tea", one.id], "options": []} for one in quiz.questions]
        with store.writing_hot() as hot:
            add = {"edition": edition, "seed": 1, "pass_mark": 80, "language": "fi", "now": NOW}
            number = learning.add_attempt(hot, reader, "tea", questions=asked, **add)
            attempt = learning.locked_attempt(hot, reader, "tea", number)
            given = {one.id: learning.StoredAnswer(one.correct, 0) for one in quiz.questions}
            assert learning.save_answers(hot, attempt.id, given, now=NOW) == set()
            learning.grade_attempt(hot, attempt.id, points="1", percent=100, passed=True, now=NOW)
        with store.writing() as session:
            weak[edition] = pool_of(session, library, versions, reader).weak
    resting = {one.id for one in quiz.questions if "let-it-steep" in {one.section, *one.option_sections.values()}}
    assert resting and weak == {OLD: resting, NEW: set()}
