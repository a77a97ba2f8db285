"""What a certificate is worth follows from its journal, on any day and in any order."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from course.domain.certificate_state import (
    CORRECTIONS_MAX,
    Actor,
    Deed,
    Event,
    Reason,
    Standing,
    State,
    day_at_home,
    last_valid_day,
    require_replaceable,
    require_revocable,
    standing,
)
from course.domain.errors import CertificateClosed

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
TODAY = date(2026, 11, 22)
ISSUED = Event(Deed.ISSUED, NOON)
REPLACED = Event(Deed.REPLACED, NOON, successor="NEW")
REVOKED = Event(Deed.REVOKED, NOON, reason=Reason.MISUSE)
ERASED = Event(Deed.ERASED, NOON)

moments = st.integers(0, 20 * 365 * 24).map(lambda hours: NOON - timedelta(days=2000) + timedelta(hours=hours))
events = st.builds(
    Event,
    st.sampled_from(Deed),
    moments,
    st.none() | st.sampled_from(Reason),
    st.none() | st.sampled_from(["A", "B"]),
)
journals = st.lists(events, unique_by=lambda event: event.deed)
days = st.dates(date(2020, 1, 1), date(2040, 1, 1))


@pytest.mark.parametrize(
    ("journal", "valid_until", "expected"),
    [
        ([ISSUED], None, Standing(State.VALID)),
        ([ISSUED], TODAY, Standing(State.VALID)),
        ([ISSUED], TODAY - timedelta(days=1), Standing(State.EXPIRED, TODAY - timedelta(days=1))),
        ([ISSUED, REPLACED], None, Standing(State.REPLACED, TODAY, successor="NEW")),
        ([ISSUED, REVOKED], None, Standing(State.REVOKED, TODAY, reason=Reason.MISUSE)),
        ([ISSUED, REPLACED, REVOKED], TODAY, Standing(State.REVOKED, TODAY, reason=Reason.MISUSE)),
        ([ISSUED, REVOKED], date(2020, 1, 1), Standing(State.REVOKED, TODAY, reason=Reason.MISUSE)),
        ([ISSUED, ERASED], None, Standing(State.VALID, erased_on=TODAY)),
        ([ISSUED, REVOKED, ERASED], None, Standing(State.REVOKED, TODAY, Reason.MISUSE, erased_on=TODAY)),
    ],
)
def test_the_journal_and_the_day_tell_what_it_is_worth(journal, valid_until, expected):
    assert standing(journal, valid_until, TODAY) == expected


def test_the_day_of_a_deed_is_the_day_in_finland():
    late = datetime(2026, 6, 30, 21, 30, tzinfo=UTC)
    assert standing([Event(Deed.REVOKED, late, Reason.MISTAKE)], None, TODAY).since == date(2026, 7, 1)
    assert day_at_home(late) == date(2026, 7, 1)


@given(journals, st.none() | days, days)
def test_there_is_one_answer_whatever_the_order_of_the_lines(journal, valid_until, today):
    assert standing(journal, valid_until, today) == standing(reversed(journal), valid_until, today)


@given(journals, st.none() | days, days, days)
def test_what_is_revoked_or_replaced_never_becomes_valid_again(journal, valid_until, today, later):
    before = standing(journal, valid_until, min(today, later))
    after = standing(journal, valid_until, max(today, later))
    if not before.is_valid:
        assert after == before
    if before.state in (State.REVOKED, State.REPLACED):
        assert before.since is not None


@given(journals, st.none() | days, days)
def test_a_revocation_says_more_than_anything_else(journal, valid_until, today):
    revoked = any(event.deed is Deed.REVOKED for event in journal)
    assert (standing(journal, valid_until, today).state is State.REVOKED) is revoked


@given(journals, st.none() | days, days, st.integers(1, 9), st.sampled_from(Actor))
def test_only_a_valid_certificate_with_a_holder_gets_a_successor(journal, valid_until, today, sequence, actor):
    current = standing(journal, valid_until, today)
    may = current.is_valid and current.erased_on is None
    may = may and not (actor is Actor.HOLDER and sequence > CORRECTIONS_MAX)
    try:
        require_replaceable(current, sequence=sequence, actor=actor)
    except CertificateClosed:
        assert not may
    else:
        assert may


@pytest.mark.parametrize("state", State)
def test_what_is_worth_nothing_already_is_not_revoked(state):
    if state in (State.VALID, State.EXPIRED):
        require_revocable(Standing(state))
    else:
        with pytest.raises(CertificateClosed):
            require_revocable(Standing(state))


@pytest.mark.parametrize(
    ("issued", "years", "last"),
    [
        (date(2026, 11, 22), None, None),
        (date(2026, 11, 22), 3, date(2029, 11, 22)),
        (date(2028, 2, 29), 1, date(2029, 2, 28)),
        (date(2028, 2, 29), 4, date(2032, 2, 29)),
    ],
)
def test_a_certificate_is_valid_for_whole_years(issued, years, last):
    assert last_valid_day(issued, years) == last
