"""A question about counts reads the same wherever it is asked, and facts fall into the right cells."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from course.domain.counts import (
    CountQuery,
    Dimension,
    Fact,
    Kind,
    QueryRefused,
    cells_of,
    closable_month,
    query_of,
    table_of,
    words_of,
)

VALUES = st.sampled_from(["", "oulu", "turku"])
QUERIES = st.builds(
    CountQuery,
    by=st.lists(st.sampled_from(list(Dimension)), unique=True, max_size=4).map(tuple),
    kinds=st.sets(st.sampled_from(list(Kind)), min_size=1).map(lambda some: tuple(k for k in Kind if k in some)),
    where=st.dictionaries(
        st.sampled_from(list(Dimension)), st.sets(VALUES, min_size=1).map(lambda some: tuple(sorted(some)))
    ).map(lambda found: tuple((one, found[one]) for one in Dimension if one in found)),
    first_month=st.sampled_from(["", "2026-01"]),
    last_month=st.sampled_from(["", "2026-12"]),
    exact=st.booleans(),
)


@given(QUERIES)
def test_a_question_written_down_is_the_same_question(query):
    given_parts: dict[str, list[str]] = {}
    for name, value in words_of(query):
        given_parts.setdefault(name, []).append(value)
    assert query_of(given_parts) == query


def test_values_may_stand_with_commas_or_one_by_one():
    assert query_of({"by": ["network,month"]}) == query_of({"by": ["network", "month"]})
    assert query_of({"from": ["2026-03-15"]}).first_month == "2026-03"


@pytest.mark.parametrize(
    "asked",
    [
        {"by": ["shoe"]},
        {"count": ["all"]},
        {"shoe": ["1"]},
        {"from": ["2026"]},
        {"to": ["2026-13"]},
        {"to": ["2026-02-31"]},
    ],
)
def test_what_is_no_question_is_refused_and_named(asked):
    with pytest.raises(QueryRefused) as refused:
        query_of(asked)
    assert refused.value.part in asked


def test_the_last_hours_of_a_month_belong_to_the_month_in_finland():
    def month(at: datetime) -> str:
        [cell] = cells_of([Fact("started", "", at, "1", "fi", "", "", "", "web")])
        return cell.month

    assert month(datetime(2026, 6, 30, 20, 59, tzinfo=UTC)) == "2026-06"
    assert month(datetime(2026, 6, 30, 21, 0, tzinfo=UTC)) == "2026-07"
    assert month(datetime(2026, 12, 31, 21, 59, tzinfo=UTC)) == "2026-12"
    assert month(datetime(2026, 12, 31, 22, 0, tzinfo=UTC)) == "2027-01"


@pytest.mark.parametrize(
    ("now", "month"),
    [
        (datetime(2026, 12, 7, 21, 59, tzinfo=UTC), "2026-10"),
        (datetime(2026, 12, 7, 22, 0, tzinfo=UTC), "2026-11"),
        (datetime(2027, 1, 8, 12, tzinfo=UTC), "2026-12"),
    ],
)
def test_a_month_is_published_a_week_after_its_end(now, month):
    assert closable_month(now) == month


def test_rows_of_nothing_are_left_out_and_the_others_add_up():
    query = CountQuery(by=(Dimension.NETWORK,), kinds=(Kind.STARTED, Kind.ATTENDED))
    sums = [(("b",), "started", 2), (("a",), "attended", 3), (("a",), "started", 1), (("c",), "started", 0)]
    table = table_of(query, sums, until="2026-01", small=5)
    assert [(row.key, row.counts) for row in table.rows] == [(("a",), (1, 3)), (("b",), (2, 0))]
    assert table.totals == (3, 3)
