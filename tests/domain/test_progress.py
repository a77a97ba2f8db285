"""What is open, what is locked and why, where to go on, and how two records become one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from course.domain.errors import ModuleLocked, NotEarnedYet
from course.domain.progress import ModuleState, Progress, Record, Step, next_step, require_earned


@dataclass(frozen=True)
class Module:
    id: str
    requires: tuple[str, ...] = ()
    lesson_ids: tuple[str, ...] = ()


FIRST = Module("first", (), ("f1", "f2"))
SECOND = Module("second", ("first",), ("s1",))
THIRD = Module("third", ("second", "planned"), ("t1",))
MODULES = (FIRST, SECOND, THIRD)
SHOWN = [module.id for module in MODULES]


def progress(lessons: str = "", modules: str = "", quizzes: str = "") -> Progress:
    return Progress(frozenset(lessons.split()), frozenset(modules.split()), frozenset(quizzes.split()))


@pytest.mark.parametrize(
    ("done", "module", "state"),
    [
        (progress(), FIRST, ModuleState.OPEN),
        (progress("f1"), FIRST, ModuleState.STARTED),
        (progress(quizzes="first"), FIRST, ModuleState.STARTED),
        (progress(modules="first"), FIRST, ModuleState.PASSED),
        (progress("f1 f2"), SECOND, ModuleState.LOCKED),
        (progress(modules="first"), SECOND, ModuleState.OPEN),
        (progress(modules="second"), SECOND, ModuleState.PASSED),
    ],
)
def test_the_state_of_a_module_follows_from_what_is_done(done, module, state):
    assert done.state_of(module, SHOWN) is state


def test_a_required_module_without_text_locks_nobody_out():
    assert progress(modules="first second").state_of(THIRD, SHOWN) is ModuleState.OPEN


def test_a_locked_module_says_which_ones_are_missing():
    with pytest.raises(ModuleLocked) as refusal:
        progress().require_open(SECOND, SHOWN)
    assert refusal.value.missing == ("first",)


def test_a_module_once_passed_stays_open_when_a_new_edition_puts_another_before_it():
    progress(modules="second").require_open(SECOND, SHOWN)


@pytest.mark.parametrize(
    ("done", "step"),
    [
        (progress(), Step("first", "f1")),
        (progress("f1"), Step("first", "f2")),
        (progress("f1 f2"), Step("first", None)),
        (progress("f1", "first"), Step("second", "s1")),
        (progress("", "first second third"), None),
    ],
)
def test_the_next_step_is_the_first_thing_undone(done, step):
    assert next_step(MODULES, done) == step


def test_a_certificate_needs_every_module_of_its_track_that_has_text():
    track = ["first", "second", "planned"]
    require_earned("core", track, SHOWN, progress(modules="first second"))
    with pytest.raises(NotEarnedYet) as refusal:
        require_earned("core", track, SHOWN, progress(modules="first"))
    assert refusal.value.missing == ("second",)


def test_a_track_without_any_text_earns_nobody_a_certificate():
    with pytest.raises(NotEarnedYet):
        require_earned("later", ["planned"], SHOWN, progress(modules="first second third"))


moments = st.integers(0, 1000).map(lambda minutes: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes))
dated = st.dictionaries(st.sampled_from("abcdef"), moments)
records = st.builds(Record, dated, dated)


@given(records, records)
def test_joining_two_records_keeps_the_union(one, other):
    joined = one.joined_with(other)
    assert set(joined.lessons) == {*one.lessons, *other.lessons}
    assert set(joined.modules) == {*one.modules, *other.modules}


@given(records, records)
def test_of_two_dates_for_one_thing_the_earlier_one_stands(one, other):
    joined = one.joined_with(other)
    for record in (one, other):
        assert all(joined.lessons[name] <= at for name, at in record.lessons.items())
    assert all(at in (one.lessons.get(name), other.lessons.get(name)) for name, at in joined.lessons.items())


@given(records, records, records)
def test_it_does_not_matter_in_which_order_records_are_joined(one, two, three):
    assert one.joined_with(two) == two.joined_with(one)
    assert one.joined_with(two).joined_with(three) == one.joined_with(two.joined_with(three))


@given(records)
def test_joining_a_record_with_itself_changes_nothing(record):
    assert record.joined_with(record) == record
