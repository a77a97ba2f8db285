"""Ask before the course and after it, and tell what it gave: to her, and of groups."""

from __future__ import annotations

import secrets
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from course.content.library import Library, PreTest
from course.content.question_version import QuestionVersions
from course.domain.errors import NoOpenAttempt, NotThere
from course.domain.gain import (
    Banks,
    Form,
    GroupGain,
    Item,
    Pair,
    Stage,
    first_form,
    group_gain,
    has_finished,
    second_form,
)
from course.domain.progress import NOTHING_DONE, Progress
from course.domain.quiz import mark, shuffled_options
from course.services.attempts import (
    GRADED,
    OPEN,
    AttemptView,
    Outcome,
    Posted,
    keep_versions,
    save_posted_answers,
    view_attempt,
)
from course.storage import gain, learning, people
from course.storage.engine import Store
from course.storage.hot import Hot, Place
from course.storage.learning import StoredAttempt


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a learner is between the two forms, with what she has handed in."""

    stage: Stage
    #: The form that is under way.
    form: Form | None = None
    #: Its attempt, or that of the second form when both are handed in.
    attempt: StoredAttempt | None = None
    #: Per cent of the first form; None while it is not handed in.
    before: int | None = None
    #: Both results; None until the second form is handed in.
    pair: Pair | None = None


def pre_test_of(library: Library) -> PreTest:
    """What this course asks before it begins; raises NotThere for a course that asks nothing."""
    if library.pre_test is None:
        raise NotThere("pre-test")
    return library.pre_test


def standing_of(place: Place, library: Library, learner_id: int | None, progress: Progress) -> Standing:
    """Where somebody is. Someone new may try what she knows."""
    if learner_id is None:
        return Standing(Stage.OFFERED)
    taken = gain.forms_of(place, learner_id)
    pair = gain.own_gain(place, learner_id)
    first = _graded(taken[Form.BEFORE])
    before = first.percent if first else None
    if pair is not None:
        second = _graded(taken[Form.AFTER])
        return Standing(Stage.DONE, attempt=second, before=pair.before, pair=pair)
    if first is None:
        if _is_late(place, learner_id, progress):
            return Standing(Stage.TOO_LATE)
        under_way = _open(taken[Form.BEFORE])
        return Standing(Stage.UNDER_WAY, Form.BEFORE, under_way) if under_way else Standing(Stage.OFFERED)
    under_way = _open(taken[Form.AFTER])
    if under_way is not None:
        return Standing(Stage.UNDER_WAY, Form.AFTER, under_way, before)
    finished = has_finished((track.module_ids for track in library.tracks), progress)
    return Standing(Stage.READY if finished else Stage.WAITING, before=before)


def _is_late(place: Place, learner_id: int, progress: Progress) -> bool:
    """Whether she has read reasons already: a first form now would not tell what she knew before the course."""
    return bool(progress.modules_passed) or gain.has_handed_in(place, learner_id)


def _open(taken: Sequence[StoredAttempt]) -> StoredAttempt | None:
    return next((one for one in taken if one.state == OPEN), None)


def _graded(taken: Sequence[StoredAttempt]) -> StoredAttempt | None:
    """The first one that was handed in."""
    done = [one for one in taken if one.state == GRADED and one.submitted_at is not None]
    return min(done, key=lambda one: (one.submitted_at, one.number), default=None)


def offer_of(place: Place, library: Library, learner_id: int | None, progress: Progress) -> Standing | None:
    """What the front page offers, calmly: the first form to someone who has done nothing yet, a form under way, or the
    second one to whoever has completed a track; None otherwise."""
    new = progress == NOTHING_DONE
    finished = has_finished((track.module_ids for track in library.tracks), progress)
    if library.pre_test is None or not (new or finished):
        return None
    standing = standing_of(place, library, learner_id, progress)
    return standing if standing.stage in (Stage.OFFERED, Stage.UNDER_WAY, Stage.READY) else None


# Taking a form


def start_form(
    store: Store,
    library: Library,
    versions: QuestionVersions,
    *,
    learner_id: int,
    language: str,
    now: datetime,
    seed: int | None = None,
) -> None:
    """Begin the form whose turn it is. One under way stays as it is, and where none may be begun nothing happens."""
    asked = pre_test_of(library)
    banks = _banks(library, asked)
    keep_versions(store, versions, [versions.current[id_, one.id] for id_, bank in banks.items() for one in bank])
    with store.writing_hot() as hot:
        standing = standing_of(hot, library, learner_id, learning.progress_of(hot, learner_id))
        if standing.stage is Stage.OFFERED:
            seed = secrets.randbelow(2**31) if seed is None else seed
            taught = _taught(hot, library, learner_id)
            form, items = Form.BEFORE, first_form(banks, size=asked.questions, seed=seed, taught=taught)
        elif standing.stage is Stage.READY:
            form = Form.AFTER
            seed, items = _second(hot, library, versions, banks, learner_id)
        else:
            return
        added = learning.add_attempt(
            hot,
            learner_id,
            form.value,
            questions=[_asked(versions, item, seed) for item in items],
            edition=library.edition,
            seed=seed,
            pass_mark=0,
            language=language,
            now=now,
        )
        if added is not None:
            people.record_changed(hot, learner_id)
            people.set_language(hot, learner_id, language)


def _banks(library: Library, asked: PreTest) -> Banks:
    return {module_id: library.quiz(module_id).questions for module_id in asked.module_ids}


def _taught(hot: Hot, library: Library, learner_id: int) -> set[str]:
    """The modules that she is going to take: those of the tracks of her groups; none while she is in no group."""
    hers = gain.tracks_of(hot, learner_id)
    return {module_id for track in library.tracks if track.id in hers for module_id in track.module_ids}


def _asked(versions: QuestionVersions, item: Item, seed: int) -> dict[str, Any]:
    return {
        "id": item.question.id,
        "version": versions.current[item.module_id, item.question.id],
        "options": list(shuffled_options(item.question, seed=seed)),
        "module": item.module_id,
    }


def _second(
    hot: Hot, library: Library, versions: QuestionVersions, banks: Banks, learner_id: int
) -> tuple[int, list[Item]]:
    """The seed that both forms share, and the questions of the second."""
    taken = gain.forms_of(hot, learner_id)[Form.BEFORE]
    first = _graded(taken)
    if first is None:
        raise NoOpenAttempt(Form.BEFORE)
    shown = view_attempt(hot, versions, first)
    items = [
        Item(stored["module"], asked.question) for stored, asked in zip(first.questions, shown.questions, strict=True)
    ]
    # Where two records were joined there may be another first form: its questions count as met.
    quizzes = [learning.attempts_of(hot, learner_id, module.id) for module in library.modules]
    seen = Counter(asked["id"] for attempts in (taken, *quizzes) for one in attempts for asked in one.questions)
    return first.seed, second_form(banks, items, seed=first.seed, times_seen=seen)


def take_form(
    store: Store,
    library: Library,
    versions: QuestionVersions,
    *,
    learner_id: int,
    form: Form,
    number: int,
    posted: Posted,
    submit: bool,
    anyway: bool,
    now: datetime,
) -> tuple[AttemptView, Outcome]:
    """Save what was posted, each answer by itself, and hand the form in if that is wanted.

    Like a quiz it stays open when another tab had changed an answer, and when something is unanswered unless `anyway`.
    Raises NoOpenAttempt when it was handed in before, or when the course has begun meanwhile.
    """
    with store.writing_hot() as hot:
        attempt = learning.locked_attempt(hot, learner_id, form.value, number)
        if attempt is None or attempt.state != OPEN:
            raise NoOpenAttempt(f"{form} {number}")
        if form is Form.BEFORE and _is_late(hot, learner_id, learning.progress_of(hot, learner_id)):
            raise NoOpenAttempt(f"{form} {number}")
        view, conflicts = save_posted_answers(hot, view_attempt(hot, versions, attempt), posted, now)
        stays = bool(conflicts) or not submit or (bool(view.unanswered) and not anyway)
        if not stays:
            _grade(hot, library, view, learner_id, form, now)
    return view, Outcome(number, conflicts, view.unanswered, submitted=not stays)


def _grade(hot: Hot, library: Library, view: AttemptView, learner_id: int, form: Form, now: datetime) -> None:
    attempt, questions = view.attempt, [asked.question for asked in view.questions]
    result = mark(questions, learning.freeze_answers(hot, attempt.id), pass_mark=0)
    learning.grade_attempt(hot, attempt.id, points=str(result.points), percent=result.percent, passed=None, now=now)
    if form is Form.AFTER:
        _write_down(hot, library, learner_id, attempt.seed, result.percent, now)
    people.record_changed(hot, learner_id)


def _write_down(hot: Hot, library: Library, learner_id: int, seed: int, after: int, now: datetime) -> None:
    """The two forms of a pair share their seed: also where two records were joined and there are two first ones."""
    taken = gain.forms_of(hot, learner_id)[Form.BEFORE]
    before = next((one.percent for one in taken if one.seed == seed and one.percent is not None), None)
    if before is not None:
        gain.add_gain(hot, learner_id, Pair(before, after), edition=library.edition, now=now)


# What it gave


def gain_of_cohort(connection: Connection, library: Library, cohort_id: int, *, small: int) -> GroupGain | None:
    """What the members of a cohort gained; None while too few have taken both forms, or none are asked."""
    return _gain_of(library, gain.gains(connection, cohort_id=cohort_id), small) if library.pre_test else None


def gain_of_all(connection: Connection, library: Library, *, small: int) -> GroupGain | None:
    """What everybody gained who took both forms, whatever the edition."""
    return _gain_of(library, gain.gains(connection), small) if library.pre_test else None


def _gain_of(library: Library, pairs: list[Pair], small: int) -> GroupGain | None:
    return group_gain(pairs, questions=pre_test_of(library).questions, small=small)
