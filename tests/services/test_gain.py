"""Questions before the course and others like them after it: drawn, saved, handed in, and told of groups."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select

from course.content.question_version import QuestionVersions
from course.domain.errors import NoOpenAttempt, NotThere
from course.domain.gain import Form, Pair, Stage, first_form, second_form
from course.services import attempts, gain, people
from course.services.erasure import erase_learner
from course.services.register import register_of
from course.services.tally import recount
from course.storage import learning
from course.storage.cohorts import add_member
from course.storage.engine import Store
from course.storage.tables import AnswerRow, Attempt, Cohort, Completion, Gain
from tests.services.forms import form_of

NOW = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)


class Taker:
    """A learner who tries what she knows, by the services."""

    def __init__(self, store: Store, library) -> None:
        self.store, self.library, self.versions = store, library, QuestionVersions(library)
        self.id = people.start_learner(store, language="fi", now=NOW).learner_id
        self.now = NOW

    def start(self, seed: int | None = None) -> None:
        whose = {"learner_id": self.id, "language": "fi", "now": self.now, "seed": seed}
        gain.start_form(self.store, self.library, self.versions, **whose)

    def standing(self):
        with self.store.reading() as connection:
            progress = learning.progress_of(connection, self.id)
            return gain.standing_of(connection, self.library, self.id, progress)

    def view(self):
        with self.store.reading() as connection:
            return attempts.view_attempt(connection, self.versions, self.standing().attempt)

    def asked(self):
        return [asked.question for asked in self.view().questions]

    def take(self, right: int, *, submit: bool = True, anyway: bool = True):
        """The first `right` questions answered right, the others left open."""
        standing, view = self.standing(), self.view()
        answers = {asked.question.id: asked.question.correct for asked in view.questions[:right]}
        shown = {asked.question.id: asked.answer.version for asked in view.questions}
        return gain.take_form(
            self.store,
            self.library,
            self.versions,
            learner_id=self.id,
            form=standing.form,
            number=standing.attempt.number,
            posted=form_of(answers, shown),
            submit=submit,
            anyway=anyway,
            now=self.now,
        )

    def complete(self) -> None:
        self.now += timedelta(days=1)
        with self.store.writing() as session:
            for module in self.library.modules:
                learning.add_completion(
                    session, self.id, module.id, attempt_id=None, edition="1", language="fi", now=self.now
                )

    def both(self, before: int, after: int) -> None:
        self.start()
        self.take(before)
        self.complete()
        self.start()
        self.take(after)


@pytest.fixture
def store(engine) -> Store:
    return Store(engine)


@pytest.fixture
def taker(store, library) -> Taker:
    return Taker(store, library)


def count(store, table, *where):
    with store.reading() as connection:
        return connection.execute(select(func.count()).select_from(table).where(*where)).scalar_one()


def test_from_the_offer_to_before_and_now(taker):
    stages = [taker.standing().stage]
    taker.start()
    stages.append(taker.standing().stage)
    first = {question.id for question in taker.asked()}
    taker.take(1)
    stages.append(taker.standing().stage)
    taker.complete()
    stages.append(taker.standing().stage)
    taker.start()
    stages.append(taker.standing().stage)
    second = {question.id for question in taker.asked()}
    taker.take(3)
    assert [*stages, taker.standing().stage] == [
        Stage.OFFERED, Stage.UNDER_WAY, Stage.WAITING, Stage.READY, Stage.UNDER_WAY, Stage.DONE,
    ]  # fmt: skip
    assert taker.standing().pair == Pair(25, 75)
    assert len(first) == len(second) == 4 and not first & second


def in_group_of(store, learner_id: int, *track_ids: str) -> None:
    """The learner becomes a member of a group for each of the tracks."""
    for track_id in track_ids:
        with store.writing() as session:
            group = Cohort(network_id="north", name=track_id, track_id=track_id, language="fi", created_at=NOW)
            session.add(group)
            session.flush()
            add_member(session, group.id, learner_id, name="N", now=NOW)


@pytest.mark.parametrize(
    ("questions", "tracks", "asked_of"),
    [
        (2, [], {"tea", "bread"}),
        (2, ["drinks"], {"tea"}),
        (2, ["core"], {"tea", "bread"}),
        (2, ["drinks", "core"], {"tea", "bread"}),
        # A track that an edition before this one had.
        (2, ["gone"], {"tea", "bread"}),
        # "tea" alone has two questions with a parallel one each: half a form would measure half as finely.
        (4, ["drinks"], {"tea", "bread"}),
    ],
)
def test_who_is_in_a_group_is_asked_of_the_modules_of_its_track_where_they_fill_the_form(
    store, library, questions, tracks, asked_of
):
    assert library.pre_test is not None
    taker = Taker(store, replace(library, pre_test=replace(library.pre_test, questions=questions)))
    in_group_of(store, taker.id, *tracks)
    taker.start(seed=1)
    first = taker.standing().attempt
    assert len(first.questions) == questions
    assert {one["module"] for one in first.questions} == asked_of
    taker.take(1)
    # Whatever group she is in by then, the second form is like the first.
    in_group_of(store, taker.id, "core")
    taker.complete()
    taker.start()
    second = taker.standing().attempt
    assert Counter(one["module"] for one in second.questions) == Counter(one["module"] for one in first.questions)


def test_nobody_in_a_group_of_this_course_is_asked_what_its_track_does_not_teach(real_library):
    asked = gain.pre_test_of(real_library)
    banks = {module_id: real_library.quiz(module_id).questions for module_id in asked.module_ids}
    lacking = 0
    for track in real_library.tracks:
        lacking += not set(asked.module_ids) <= set(track.module_ids)
        for seed in range(5):
            first = first_form(banks, size=asked.questions, seed=seed, taught=track.module_ids)
            assert len(first) == asked.questions
            assert {item.module_id for item in first} <= set(track.module_ids), track.id
            second = second_form(banks, first, seed=seed)
            assert Counter(item.cell for item in second) == Counter(item.cell for item in first), track.id
    assert lacking, "there is such a track, or this test says nothing"


def test_both_forms_keep_one_seed_and_are_drawn_from_it_alone(taker, store, library):
    other = Taker(store, library)
    for one in (taker, other):
        one.start(seed=77)
        one.take(0)
        one.complete()
        one.start()
    with store.reading() as connection:
        rows = connection.execute(select(Attempt.learner_id, Attempt.quiz_id, Attempt.seed, Attempt.questions)).all()
    assert {row.seed for row in rows} == {77}
    drawn = {(row.learner_id, row.quiz_id): row.questions for row in rows}
    for form in Form:
        assert drawn[taker.id, form.value] == drawn[other.id, form.value]


def test_a_second_click_on_begin_starts_no_second_form(taker, store):
    for _ in range(3):
        taker.start()
    assert count(store, Attempt) == 1


def test_handing_in_twice_is_refused_and_writes_one_gain(taker, store):
    taker.both(1, 2)
    standing, view = taker.standing(), taker.view()
    with pytest.raises(NoOpenAttempt):
        gain.take_form(
            store, taker.library, taker.versions, learner_id=taker.id, form=Form.AFTER, number=1,
            posted=form_of({view.questions[0].question.id: ()}, {}), submit=True, anyway=True, now=NOW,
        )  # fmt: skip
    assert count(store, Gain) == 1 and taker.standing() == standing


def test_answers_are_saved_and_a_question_left_open_is_asked_about_once(taker):
    taker.start()
    _, saved = taker.take(2, submit=False)
    assert not saved.submitted and len(saved.unanswered) == 2
    _, asked = taker.take(2, anyway=False)
    assert not asked.submitted and taker.standing().stage is Stage.UNDER_WAY
    assert taker.take(2)[1].submitted
    assert taker.standing().before == 50


def test_a_stale_answer_is_refused_and_the_form_stays_open(taker):
    taker.start()
    asked = taker.asked()[0]
    taker.take(1, submit=False)
    _, outcome = gain.take_form(
        taker.store, taker.library, taker.versions, learner_id=taker.id, form=Form.BEFORE, number=1,
        posted=form_of({asked.id: ()}, {asked.id: 0}), submit=True, anyway=True, now=NOW,
    )  # fmt: skip
    assert set(outcome.conflicts) == {asked.id} and not outcome.submitted


def hand_in_a_quiz(taker) -> None:
    whose = {"learner_id": taker.id, "module_id": "tea", "language": "fi", "now": NOW}
    number = attempts.start_attempt(taker.store, taker.library, taker.versions, **whose)
    posted = form_of({}, {})
    attempts.submit_attempt(
        taker.store, taker.library, taker.versions, number=number, posted=posted, anyway=True, **whose
    )


def test_once_a_quiz_is_handed_in_there_is_no_before_any_more(taker):
    hand_in_a_quiz(taker)
    assert taker.standing().stage is Stage.TOO_LATE
    taker.start()
    assert taker.standing().stage is Stage.TOO_LATE


def test_a_form_begun_before_the_course_cannot_be_handed_in_after_its_first_quiz(taker, store):
    taker.start()
    hand_in_a_quiz(taker)
    assert taker.standing().stage is Stage.TOO_LATE
    with pytest.raises(NoOpenAttempt):
        gain.take_form(
            store, taker.library, taker.versions, learner_id=taker.id, form=Form.BEFORE, number=1,
            posted=form_of({}, {}), submit=True, anyway=True, now=NOW,
        )  # fmt: skip


def test_a_form_passes_no_module_and_is_no_step_of_the_course(taker, store):
    taker.both(4, 4)
    assert count(store, Completion, Completion.module_id.not_in(["tea", "bread"])) == 0
    with store.reading() as connection:
        assert connection.execute(select(Attempt.passed)).scalars().all() == [None, None]
    fresh = Taker(store, taker.library)
    fresh.start()
    progress = learning.progress_of(store.engine, fresh.id)
    assert not progress.quizzes_open
    assert "started" not in {cell.kind for cell in recount(store, taker.library)}


def test_a_form_cannot_be_handed_in_as_a_quiz(taker, store):
    taker.start()
    with pytest.raises(NoOpenAttempt):
        attempts.submit_attempt(
            store, taker.library, taker.versions, learner_id=taker.id, module_id=Form.BEFORE, number=1,
            posted=form_of({}, {}), anyway=True, language="fi", now=NOW,
        )  # fmt: skip
    assert count(store, Completion) == 0


def test_a_package_may_ask_nothing_before_the_course(taker):
    taker.library = replace(taker.library, pre_test=None)
    with pytest.raises(NotThere):
        taker.start()
    with taker.store.reading() as connection:
        assert gain.offer_of(connection, taker.library, taker.id, learning.progress_of(connection, taker.id)) is None
        assert gain.gain_of_all(connection, taker.library, small=5) is None


def test_the_offer_goes_with_the_first_page_read_and_comes_back_at_the_end(taker, store):
    def offered():
        with store.reading() as connection:
            progress = learning.progress_of(connection, taker.id)
            found = gain.offer_of(connection, taker.library, taker.id, progress)
        return found.stage if found else None

    found = [offered()]
    taker.start()
    taker.take(1)
    found.append(offered())
    taker.complete()
    found.append(offered())
    taker.start()
    taker.take(1)
    assert [*found, offered()] == [Stage.OFFERED, None, Stage.READY, None]
    reader = Taker(store, taker.library)
    with store.writing() as session:
        learning.add_lesson_done(session, reader.id, "water", edition="1", language="fi", now=NOW)
    taker.id = reader.id
    assert offered() is None


def test_another_edition_between_the_forms_changes_neither_the_result_nor_the_number_of_questions(taker, store):
    taker.start()
    first = {question.id for question in taker.asked()}
    taker.take(2)
    taker.complete()

    def without_them(module):
        left = tuple(one for one in module.quiz.questions if one.id not in first)
        return replace(module, quiz=replace(module.quiz, questions=left))

    taker.library = replace(taker.library, modules=tuple(map(without_them, taker.library.modules)))
    taker.versions = QuestionVersions(taker.library)
    taker.start()
    assert len(taker.asked()) == 4
    taker.take(4)
    assert taker.standing().pair == Pair(50, 100)


# Two records joined


def test_joining_keeps_the_earlier_pair(store, library):
    kept, other = Taker(store, library), Taker(store, library)
    kept.now += timedelta(days=9)
    kept.both(2, 4)
    other.both(0, 1)
    with store.writing() as session:
        people.join_learners(session, kept=kept.id, other=other.id)
    assert count(store, Gain) == 1 and count(store, Attempt) == 4
    assert kept.standing().pair == Pair(0, 25)


def test_a_form_under_way_is_paired_with_the_first_form_it_was_drawn_for(store, library):
    kept, other = Taker(store, library), Taker(store, library)
    other.start()
    other.take(4)
    kept.now += timedelta(hours=1)
    kept.start()
    kept.take(1)
    kept.complete()
    kept.start()
    with store.writing() as session:
        people.join_learners(session, kept=other.id, other=kept.id)
    other.take(3)
    assert other.standing().pair == Pair(25, 75)


# Groups


def cohort_of(store, takers) -> int:
    with store.writing() as session:
        group = Cohort(network_id="north", name="Group", track_id="core", language="fi", created_at=NOW)
        session.add(group)
        session.flush()
        for one in takers:
            add_member(session, group.id, one.id, name="N", now=NOW)
        return group.id


def test_a_group_is_told_of_from_five_members_on_in_the_order_in_which_they_finished(store, library):
    takers = [Taker(store, library) for _ in range(6)]
    group = cohort_of(store, takers)

    def told():
        with store.reading() as connection:
            return gain.gain_of_cohort(connection, library, group, small=5)

    for number, one in enumerate(takers[:5]):
        one.now += timedelta(minutes=number)
        assert told() is None
        one.both(1, 3)
    first = told()
    assert (first.people, first.before, first.after) == (5, 25, 75)
    assert first.low < 50 < first.high
    takers[5].now += timedelta(hours=1)
    takers[5].both(4, 0)
    assert told() == first


def test_everybody_together_is_told_of_and_members_of_other_groups_are_not_in_ones_own(store, library):
    takers = [Taker(store, library) for _ in range(5)]
    for one in takers:
        one.both(2, 4)
    small_group, whole_group = cohort_of(store, takers[:4]), cohort_of(store, takers)
    with store.reading() as connection:
        assert gain.gain_of_all(connection, library, small=5).gain == 50
        assert gain.gain_of_cohort(connection, library, small_group, small=5) is None
        assert gain.gain_of_cohort(connection, library, whole_group, small=5).people == 5


# The record


def test_the_register_shows_forms_and_gain_and_an_erasure_takes_them(store, library, tmp_path):
    taker, other = Taker(store, library), Taker(store, library)
    for one in (taker, other):
        one.both(1, 2)
    with store.reading() as connection:
        kept = register_of(connection, taker.id)
    assert kept["gain"] == [
        {"before_percent": 25, "after_percent": 50, "finished_at": taker.now.isoformat(), "edition": library.edition}
    ]
    assert {row["quiz_id"] for row in kept["attempts"]} == {"gain:before", "gain:after"}
    erase_learner(store, taker.id, instance=tmp_path, now=NOW)
    assert count(store, Gain, Gain.learner_id == taker.id) == 0 and count(store, Gain) == 1
    assert count(store, Attempt) == 2 and count(store, AnswerRow) == 8
