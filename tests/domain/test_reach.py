"""Nobody is counted twice where that can be known, and nothing small is published."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from course.domain.reach import Contact, Part, Reached, Way, count_reach, public_reach

CONTACTS = st.lists(
    st.builds(
        Contact,
        network=st.sampled_from(["turku", "oulu"]),
        year=st.integers(2025, 2027),
        way=st.sampled_from(Way),
        person=st.sampled_from([f"L{number}" for number in range(12)]),
    )
)


def contact(person: str, way: Way = Way.ONLINE, network: str = "turku", year: int = 2026) -> Contact:
    return Contact(network, year, way, person)


def test_somebody_who_studies_and_attends_is_one_person():
    reach = count_reach([contact("L1"), contact("L1", Way.SESSION), contact("L2", Way.SESSION)], {})
    assert reach.cells["turku", 2026] == Reached(online=1, sessions=2, people=2)
    assert reach.total.parts == {Part.ONLINE_ONLY: 0, Part.SESSIONS_ONLY: 1, Part.BOTH: 1}


def test_somebody_who_comes_again_is_one_person_and_next_year_is_another_year():
    reach = count_reach([contact("L1", Way.SESSION), contact("L1", Way.SESSION), contact("L1", year=2027)], {})
    assert [reach.years[year].people for year in (2026, 2027)] == [1, 1]
    assert reach.total.people == reach.networks["turku"].people == 1


def test_somebody_in_two_networks_is_in_both_and_in_the_total_once():
    reach = count_reach([contact("L1"), contact("L1", network="oulu")], {})
    assert [reach.networks[name].people for name in ("turku", "oulu")] == [1, 1]
    assert reach.years[2026].people == reach.total.people == 1


def test_people_counted_without_names_are_never_added_to_the_others():
    reach = count_reach([contact("L1")], {("turku", 2026): 30, ("oulu", 2025): 0})
    assert reach.total.people == 1
    assert reach.without_names_in(2026) == 30 and reach.without_names_in(2025) == 0
    assert reach.all_years == [2026]


@given(CONTACTS)
def test_the_parts_of_a_number_add_up_to_it(contacts):
    reach = count_reach(contacts, {})
    for reached in (*reach.cells.values(), *reach.years.values(), reach.total):
        assert sum(reached.parts.values()) == reached.people
        assert min(reached.parts.values()) >= 0


@given(CONTACTS)
def test_the_order_and_repetition_of_contacts_change_nothing(contacts):
    assert count_reach(contacts, {}) == count_reach([*reversed(contacts), *contacts], {})


@given(CONTACTS)
def test_a_published_number_is_near_the_truth_and_moves_in_fives(contacts):
    reach = count_reach(contacts, {})
    shown = public_reach(reach, ["turku", "oulu"], key=b"key")
    for (network, year), count in shown.by_network.items():
        cell = reach.cells.get((network, year))
        assert count % 5 == 0 and abs(count - (cell.people if cell else 0)) < 5
    for year, count in shown.people.items():
        assert count == sum(shown.parts[year, part] for part in Part)
        assert count % 5 == 0 and abs(count - reach.years[year].people) < 5 * len(Part)


def test_a_small_headcount_is_not_published():
    counted = {(network, 2026): 3 for network in "abcdefghij"}
    shown = public_reach(count_reach([], counted), list("abcdefghij"), key=b"key")
    assert set(shown.without_names.values()) == {0, 5}


def test_one_person_more_is_rarely_seen():
    networks = [f"n{number}" for number in range(40)]
    people = [contact(f"L{one}{number}", network=one) for one in networks for number in range(7)]
    more = [*people, *(contact(f"L{one}7", network=one) for one in networks)]
    before, after = (public_reach(count_reach(some, {}), networks, key=b"key").by_network for some in (people, more))
    moved = sum(before[one, 2026] != after[one, 2026] for one in networks)
    assert 0 < moved < len(networks) / 2
