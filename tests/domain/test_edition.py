"""What changed since an edition, and what of it concerns a learner."""

from __future__ import annotations

from datetime import date

from course.domain.edition import Edition, changed_since, changes_for, unread

FIRST = Edition("1", date(2024, 1, 1))
SECOND = Edition("2", date(2025, 1, 1), ("signs", "calls"))
THIRD = Edition("3", date(2026, 1, 1), ("calls", "permits"))
ALL = (FIRST, SECOND, THIRD)


def test_what_later_editions_changed_has_changed_since():
    assert changed_since(ALL, "1") == {"signs", "calls", "permits"}
    assert changed_since(ALL, "2") == {"calls", "permits"}
    assert changed_since(ALL, "3") == frozenset()


def test_of_an_edition_that_nobody_wrote_down_nothing_is_said():
    assert changed_since(ALL, "2023-draft") == frozenset()
    assert changed_since((), "1") == frozenset()
    assert changes_for(ALL, {"signs": "2023-draft"}) == []


def test_only_sections_that_she_studied_before_concern_a_learner_newest_edition_first():
    found = changes_for(ALL, {"calls": "1", "permits": "3", "signs": "1"})
    assert [(edition.id, edition.changed) for edition in found] == [("3", ("calls",)), ("2", ("signs", "calls"))]
    assert changes_for(ALL, {}) == []


def test_what_she_has_read_covers_all_editions_up_to_it():
    changes = changes_for(ALL, {"signs": "1", "calls": "1"})
    assert unread(ALL, changes, ()) == changes
    assert [edition.id for edition in unread(ALL, changes, {"2"})] == ["3"]
    assert unread(ALL, changes, {"3"}) == unread(ALL, changes, {"2", "3"}) == []
