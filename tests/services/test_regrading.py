"""A wrong key is corrected, and whoever was marked by it is marked again; nobody is set back."""

from __future__ import annotations

import shutil
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from course.content.library import Library
from course.content.loading import load
from course.domain.errors import NotThere
from course.services import attempts
from course.services.people import start_learner
from course.services.regrading import Regraded, count_marked_by_other_keys, regrade
from course.services.tally import drift
from course.storage.engine import Store
from course.storage.learning import progress_of
from course.storage.tables import AuditRow, Completion, TrackCompletion
from tests.services.quiz_taker import NOW, Taker, right, taker_asked, versions_of

#: The small course says that tea begins with water. These editions find that it begins with something else.
WATER = "options: [water, leaves, cup]\n    correct: [water]\n"
LATER = NOW + timedelta(days=40)


@pytest.fixture
def store(engine) -> Store:
    return Store(engine)


@pytest.fixture
def edition(fixture_course: Path, tmp_path: Path):
    """The course with another key for its first question."""

    def edition(key: str) -> Library:
        package = Path(shutil.copytree(fixture_course, tmp_path / key))
        file = package / "quizzes/tea.yaml"
        text = file.read_text(encoding="utf-8")
        assert WATER in text
        text = text.replace(WATER, WATER.replace("[water]", f"[{key}]"))
        file.write_text(text.replace("    sections: {leaves: let-it-steep}\n", ""), encoding="utf-8")
        return load(package)

    return edition


@pytest.fixture
def taker(store, library) -> Taker:
    """Somebody who is asked what comes first, and who will be marked by the wrong key."""
    return taker_asked(Taker(store, library, start_learner(store, language="fi", now=NOW)), "which-first")


def answers(taker: Taker, first: str) -> dict[str, tuple[str, ...]]:
    """All right but for the first question."""
    return {**right(taker.questions()), "which-first": (first,)}


def hand_in(taker: Taker, first: str) -> None:
    assert taker.submit(answers(taker, first), versions_of(taker.questions())).submitted


def mark_again(taker: Taker, today: Library, *, apply: bool = True, question: str = "which-first") -> Regraded:
    taker.library = today
    return regrade(taker.store, today, taker.versions, module_id="tea", question_id=question, apply=apply, now=LATER)


def rows(store: Store, *columns):
    with store.reading() as connection:
        return [tuple(row) for row in connection.execute(select(*columns))]


def test_whoever_was_right_in_truth_passes_on_the_day_of_the_correction(taker, edition):
    hand_in(taker, "cup")
    assert taker.view().attempt.percent == 66
    done = mark_again(taker, edition("cup"))
    assert (done.attempts, done.open, done.raised, done.passing) == (1, 0, 1, {taker.me.learner_id})
    attempt = taker.view().attempt
    assert (attempt.percent, attempt.passed, attempt.submitted_at) == (100, True, NOW)
    assert rows(taker.store, Completion.module_id, Completion.passed_at) == [("tea", LATER)]
    assert rows(taker.store, TrackCompletion.track_id) == [("drinks",)]
    assert not drift(taker.store)


def test_whoever_was_right_by_the_wrong_key_stays_right(taker, edition):
    hand_in(taker, "water")
    done = mark_again(taker, edition("cup"))
    assert (done.attempts, done.raised, done.passing) == (1, 0, set())
    attempt = taker.view().attempt
    assert (attempt.percent, attempt.passed) == (100, True)
    assert rows(taker.store, Completion.passed_at) == [(NOW,)]


def test_whoever_was_wrong_by_both_keys_stays_wrong(taker, edition):
    hand_in(taker, "leaves")
    assert mark_again(taker, edition("cup")).raised == 0
    assert taker.view().attempt.passed is False
    assert not rows(taker.store, Completion.module_id)


def test_an_open_attempt_is_marked_by_the_right_key_when_it_is_handed_in(taker, edition):
    today = edition("cup")
    assert mark_again(taker, today).open == 1
    hand_in(taker, "cup")
    assert taker.view().attempt.percent == 100


def test_without_apply_nothing_changes_and_the_same_is_told(taker, edition):
    hand_in(taker, "cup")
    before = taker.view()
    today = edition("cup")
    told = mark_again(taker, today, apply=False)
    assert (told.attempts, told.raised, len(told.passing)) == (1, 1, 1)
    assert (taker.view().attempt, rows(taker.store, AuditRow.what)) == (before.attempt, [])
    assert mark_again(taker, today) == told


def test_a_second_run_finds_nothing_more(taker, edition):
    hand_in(taker, "cup")
    today = edition("cup")
    mark_again(taker, today)
    assert mark_again(taker, today) == Regraded()
    assert rows(taker.store, AuditRow.what) == [("attempts-regraded",)]


def test_a_key_corrected_twice_keeps_what_was_right_by_any_of_the_three(taker, edition):
    hand_in(taker, "water")
    mark_again(taker, edition("cup"))
    mark_again(taker, edition("leaves"))
    [first] = [asked for asked in taker.view().questions if asked.question.id == "which-first"]
    assert first.question.correct == ("leaves",)
    assert first.question.earlier_keys == (("water",), ("cup",))
    assert taker.view().attempt.percent == 100


def test_the_attempt_keeps_what_it_showed_beside_what_it_is_marked_by(taker, edition):
    [shown] = [asked.version_name for asked in taker.view().questions if asked.question.id == "which-first"]
    hand_in(taker, "cup")
    mark_again(taker, edition("cup"))
    [written] = [asked for asked in taker.view().attempt.questions if asked["id"] == "which-first"]
    assert written[attempts.SHOWN] == shown != written["version"]
    [seen] = [asked for asked in taker.view().questions if asked.question.id == "which-first"]
    assert seen.corrected_on == date(2027, 1, 1)


def test_another_question_of_the_same_attempt_is_left_alone(taker, edition):
    hand_in(taker, "cup")
    other = next(one.id for one in taker.questions() if one.id != "which-first")
    assert mark_again(taker, edition("cup"), question=other) == Regraded()


def test_attempts_are_counted_until_they_are_marked_again(taker, edition):
    hand_in(taker, "cup")
    today, asked = edition("cup"), ["which-first", "how-long"]
    with taker.store.reading() as connection:
        assert count_marked_by_other_keys(connection, today, "tea", asked) == {"which-first": 1}
        assert not count_marked_by_other_keys(connection, taker.library, "tea", asked)
    mark_again(taker, today)
    with taker.store.reading() as connection:
        assert not count_marked_by_other_keys(connection, today, "tea", asked)


def test_a_question_that_is_not_there_is_refused_by_name(taker, library):
    with pytest.raises(NotThere, match="no-such-question"):
        mark_again(taker, library, question="no-such-question")


def test_more_attempts_than_are_read_at_once_are_all_marked_again(taker, edition, monkeypatch):
    monkeypatch.setattr("course.services.regrading._AT_ONCE", 2)
    everybody = [taker, *(another(taker) for _ in range(4))]
    for one in everybody:
        hand_in(one, "cup")
    done = mark_again(taker, edition("cup"))
    assert (done.attempts, len(done.passing)) == (5, 5)
    assert all("tea" in passed_by(one) for one in everybody)


def another(taker: Taker) -> Taker:
    fresh = Taker(taker.store, taker.library, start_learner(taker.store, language="sv", now=NOW))
    return taker_asked(fresh, "which-first")


def passed_by(taker: Taker) -> frozenset[str]:
    with taker.store.reading() as connection:
        return progress_of(connection, taker.me.learner_id).modules_passed
