"""The audit log is a chain: whatever is done to a line of it shows."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import delete, select, update

from course.domain.audit import Anchor, Break, Fault, anchor_from
from course.services.audit import OPERATOR, What, keep_anchor, kept_anchors, record_audit, verify
from course.storage import audit
from course.storage.engine import Store
from course.storage.tables import AuditHead, AuditRow

NOW = datetime(2026, 3, 2, 9, 0, 0, 123456, tzinfo=UTC)


@pytest.fixture
def store(engine):
    return Store(engine)


def write(store, many):
    for number in range(1, many + 1):
        with store.writing() as session:
            record_audit(
                session, OPERATOR, What.ROLES, f"account:{number}", {"äö": number}, now=NOW + timedelta(days=number)
            )


def tampered(store, *statements):
    with store.writing() as session:
        for statement in statements:
            session.execute(statement)


def test_an_empty_log_and_an_untouched_one_are_whole(store):
    assert verify(store) == (None, Anchor(0, "0" * 64))
    write(store, 5)
    fault, end = verify(store)
    assert fault is None
    assert end.count == 5


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("who", "account:9"),
        ("what", "x"),
        ("about", "account:4"),
        ("details", "{}"),
        ("at", NOW),
        ("hash", "0" * 64),
    ],
)
def test_a_changed_line_is_found(store, column, value):
    write(store, 5)
    tampered(store, update(AuditRow).where(AuditRow.number == 3).values({column: value}))
    assert verify(store)[0] == Fault(Break.CHANGED, 3)


@pytest.mark.parametrize("number", [1, 3])
def test_a_deleted_line_is_found(store, number):
    write(store, 5)
    tampered(store, delete(AuditRow).where(AuditRow.number == number))
    assert verify(store)[0] == Fault(Break.MISSING, number)


def test_two_swapped_lines_are_found(store):
    write(store, 5)
    move = [(2, 100), (3, 2), (100, 3)]
    tampered(store, *(update(AuditRow).where(AuditRow.number == a).values(number=b) for a, b in move))
    assert verify(store)[0] == Fault(Break.CHANGED, 2)


def test_a_cut_tail_is_found_by_the_head_and_with_the_head_changed_by_the_anchor(store):
    write(store, 5)
    anchor = verify(store)[1]
    tampered(store, delete(AuditRow).where(AuditRow.number > 3))
    assert verify(store)[0] == Fault(Break.CUT, 4)
    with store.reading() as connection:
        last = connection.execute(select(AuditRow.hash).where(AuditRow.number == 3)).scalar_one()
    tampered(store, update(AuditHead).values(count=3, hash=last))
    assert verify(store)[0] is None
    assert verify(store, [anchor])[0] == Fault(Break.CUT, 4)


def test_a_log_written_anew_is_found_by_the_anchor(store):
    write(store, 5)
    anchor = verify(store)[1]
    tampered(store, delete(AuditRow), delete(AuditHead))
    with store.writing() as session:
        record_audit(session, OPERATOR, What.REVOKED, "certificate:1", now=NOW)
    write(store, 5)
    assert verify(store)[0] is None
    assert verify(store, [anchor])[0] == Fault(Break.REWRITTEN, 5)


def test_lines_written_at_once_stand_one_after_the_other(store):
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: write(store, 5), range(8)))
    fault, end = verify(store)
    assert fault is None
    assert end.count == 40


def test_a_line_is_written_with_its_cause_or_not_at_all(store):
    def break_off():
        with store.writing() as session:
            record_audit(session, OPERATOR, What.ROLES, "account:1", now=NOW)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        break_off()
    assert verify(store)[1].count == 0


def test_old_lines_are_removed_and_the_rest_is_still_a_chain(store):
    write(store, 5)
    before = verify(store)[1]
    with store.writing() as session:
        assert audit.remove_before(session, NOW + timedelta(days=3)) == 2
        assert audit.remove_before(session, NOW + timedelta(days=3)) == 0
    assert verify(store, [before])[0] is None
    with store.writing() as session:
        assert audit.remove_before(session, NOW + timedelta(days=30)) == 3
    write(store, 1)
    assert verify(store, [before]) == (None, verify(store)[1])
    tampered(store, delete(AuditRow))
    assert verify(store)[0] == Fault(Break.CUT, 6)


def test_anchors_are_kept_once_and_read_again(tmp_path):
    path = tmp_path / "anchors"
    one = Anchor(3, "ab" * 32)
    keep_anchor(path, one)
    keep_anchor(path, one)
    keep_anchor(path, Anchor(0, "0" * 64))
    assert kept_anchors(path) == [one]
    assert anchor_from(str(one)) == one
    assert anchor_from("3:short") is None
