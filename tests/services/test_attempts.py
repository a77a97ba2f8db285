"""An attempt belongs to one learner, keeps what it showed, and judges every answer by itself."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from course.content.library import Library
from course.content.loading import load
from course.domain.errors import ModuleLocked, NoOpenAttempt, NotThere, UnknownOption
from course.domain.quiz import mark
from course.services import attempts
from course.services.people import start_learner
from course.storage.engine import Store
from tests.services.quiz_taker import NOW, Taker, right, taker_asked, versions_of, wrong


@pytest.fixture
def store(engine) -> Store:
    return Store(engine)


@pytest.fixture
def taker(store, library) -> Taker:
    return Taker(store, library, start_learner(store, language="fi", now=NOW))


# Saving


def test_an_answer_is_saved_and_its_version_grows(taker):
    taker.start()
    question = taker.questions()[0]
    assert taker.save_one(question, wrong(question)) == 1
    assert taker.save_one(question, question.correct, version=1) == 2
    assert taker.stored()[question.id] == question.correct


def test_a_stale_tab_is_refused_for_one_answer_and_its_others_are_kept(taker):
    taker.start()
    first, second, third = taker.questions()
    taker.save_one(first, first.correct)
    posted = {first.id: wrong(first), second.id: second.correct, third.id: third.correct}
    outcome = taker.save(posted, versions_of([first, second, third]))
    assert dict(outcome.conflicts) == {first.id: wrong(first)}
    assert taker.stored() == right([first, second, third])


def test_the_same_answer_from_a_stale_tab_is_no_conflict(taker):
    taker.start()
    first = taker.questions()[0]
    taker.save_one(first, first.correct)
    assert not taker.save({first.id: first.correct}, {first.id: 0}).conflicts


def test_a_conflict_keeps_the_attempt_open_and_the_choice_made_then_stands(taker):
    taker.start()
    questions = taker.questions()
    first = questions[0]
    taker.save_one(first, wrong(first))
    outcome = taker.submit(right(questions), versions_of(questions))
    assert not outcome.submitted and set(outcome.conflicts) == {first.id}
    again = taker.submit(right(questions), {**versions_of(questions, 1)})
    assert again.submitted
    assert taker.view().attempt.percent == 100


def test_a_refused_answer_is_told_together_with_what_is_stored(taker):
    taker.start()
    question = taker.questions()[0]
    taker.save_one(question, question.correct)
    assert taker.save_one(question, wrong(question)) is None
    told = attempts.explain_refusal(
        taker.store,
        taker.versions,
        learner_id=taker.me.learner_id,
        module_id="tea",
        number=1,
        question_id=question.id,
        chosen=wrong(question),
        version=0,
        now=NOW,
    )
    assert (told.answer.chosen, told.answer.version) == (question.correct, 1)


def test_an_option_that_the_question_does_not_have_is_refused_and_nothing_is_saved(taker):
    taker.start()
    question = taker.questions()[0]
    assert taker.save_one(question, ("made-up",)) is None
    with pytest.raises(UnknownOption):
        taker.save({question.id: ("made-up",)}, {question.id: 0})
    assert taker.stored()[question.id] == ()


# Whose it is


def test_an_answer_for_somebody_elses_attempt_is_refused(taker, store, library):
    taker.start(seed=1)
    stranger = Taker(store, library, start_learner(store, language="fi", now=NOW))
    question = taker.questions()[0]
    assert stranger.save_one(question, question.correct) is None
    with pytest.raises(NoOpenAttempt):
        stranger.save({question.id: question.correct}, {question.id: 0})
    with pytest.raises(NoOpenAttempt):
        stranger.submit(right(taker.questions()), versions_of(taker.questions()))
    assert set(taker.stored().values()) == {()}


def test_two_learners_with_the_same_questions_keep_their_own_answers(taker, store, library):
    other = Taker(store, library, start_learner(store, language="fi", now=NOW))
    for one in (taker, other):
        one.start(seed=1)
    question = taker.questions()[0]
    assert other.questions()[0] == question
    taker.save_one(question, question.correct)
    other.save_one(question, wrong(question))
    assert (taker.stored()[question.id], other.stored()[question.id]) == (question.correct, wrong(question))


def test_nobody_sees_the_result_of_another(taker, store, library):
    taker.start()
    taker.submit(right(taker.questions()), versions_of(taker.questions()))
    stranger = start_learner(store, language="fi", now=NOW)
    with store.reading() as connection, pytest.raises(NotThere):
        attempts.past_attempt(connection, taker.versions, learner_id=stranger.learner_id, module_id="tea", number=1)


def test_an_attempt_that_is_handed_in_takes_no_more_answers(taker):
    taker.start()
    questions = taker.questions()
    taker.submit({}, {}, anyway=True)
    assert taker.save_one(questions[0], questions[0].correct) is None
    assert taker.save_one(questions[0], questions[0].correct, version=1) is None
    with pytest.raises(NoOpenAttempt):
        taker.save(right(questions), versions_of(questions))
    assert taker.view().attempt.percent == 0


def test_handing_in_twice_gives_the_first_result(taker):
    taker.start()
    questions = taker.questions()
    taker.submit(right(questions), versions_of(questions))
    again = taker.submit({one.id: wrong(one) for one in questions}, versions_of(questions, 1))
    assert again.submitted
    assert taker.view().attempt.percent == 100


def test_a_locked_module_starts_no_attempt(taker):
    with pytest.raises(ModuleLocked):
        taker.start(module_id="bread")


# Again


def test_starting_while_one_is_open_leads_to_the_open_one(taker):
    assert [taker.start(), taker.start()] == [1, 1]


@pytest.mark.parametrize("seed", range(5))
def test_a_new_try_asks_what_was_not_asked_before_as_long_as_there_is_something(taker, seed):
    bank, draw = len(taker.library.quiz("tea").questions), taker.library.quiz("tea").draw
    seen: set[str] = set()
    for number in range(1, bank // draw + 1):
        assert taker.start(seed=seed * 100 + number) == number
        drawn = {question.id for question in taker.questions(number)}
        assert not drawn & seen
        seen |= drawn
        taker.submit({}, {}, number=number, anyway=True)
    assert len(seen) == bank


# An edition that changes


@pytest.fixture
def edited(fixture_course: Path, tmp_path: Path) -> Library:
    """The next edition: another question text, another key, another order of options; one question is gone."""
    package = Path(shutil.copytree(fixture_course, tmp_path / "package"))
    key, words = package / "quizzes/tea.yaml", package / "quizzes/fi/tea.yaml"
    key.write_text(
        key.read_text(encoding="utf-8")
        .replace(
            "options: [water, leaves, cup]\n    correct: [water]", "options: [cup, leaves, water]\n    correct: [cup]"
        )
        .replace("    sections: {leaves: let-it-steep}\n", ""),
        encoding="utf-8",
    )
    words.write_text(
        words.read_text(encoding="utf-8").replace("Mistä tee alkaa?", "Mistä kaikki alkaa?"), encoding="utf-8"
    )
    return load(package)


def test_an_edited_question_is_shown_and_marked_as_it_was_when_the_attempt_began(taker, edited):
    questions = taker_asked(taker, "which-first").questions()
    before = taker.view()
    order = [asked.option_order for asked in before.questions]
    taker.library = edited
    assert edited.quiz("tea").question("which-first").correct == ("cup",)
    after = taker.view()
    assert [asked.option_order for asked in after.questions] == order
    assert "Mistä tee alkaa" in asked_words(after, "which-first")
    taker.submit(right(questions), versions_of(questions))
    assert taker.view().attempt.percent == 100


def asked_words(view: attempts.AttemptView, question_id: str) -> str:
    [shown] = [asked.shown for asked in view.questions if asked.question.id == question_id]
    return shown.words["fi"].ask.replace("\u00ad", "")


def test_a_result_is_explained_with_the_words_and_the_key_of_its_own_edition(taker, edited):
    questions = taker_asked(taker, "which-first").questions()
    taker.submit(right(questions), versions_of(questions))
    taker.library = edited
    with taker.store.reading() as connection:
        view = attempts.past_attempt(
            connection, taker.versions, learner_id=taker.me.learner_id, module_id="tea", number=1
        )
    answers = {asked.question.id: asked.answer.chosen for asked in view.questions}
    assert mark([asked.question for asked in view.questions], answers, pass_mark=view.attempt.pass_mark).percent == 100
    assert "Mistä tee alkaa" in asked_words(view, "which-first")


def test_the_next_attempt_asks_the_edited_question(taker, edited):
    taker.library = edited
    view = taker_asked(taker, "which-first").view()
    assert "Mistä kaikki alkaa" in asked_words(view, "which-first")
    assert view.attempt.edition == edited.edition


def test_an_answer_saved_after_the_edition_changed_is_kept(taker, edited):
    taker_asked(taker, "which-first")
    question = next(one for one in taker.questions() if one.id == "which-first")
    taker.library = edited
    assert taker.save_one(question, ("leaves",)) == 1
    assert taker.stored()["which-first"] == ("leaves",)
