"""The rules of branching cases: every walk ends, and the two kinds of error are told apart."""

from __future__ import annotations

import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st

from course.domain.case import Choice, End, Graph, Harm, Node, Walk
from course.domain.errors import NotThere


@st.composite
def graphs(draw: st.DrawFn) -> Graph:
    """A case without faults: choices lead forward only, every place is reached, the last one is an end."""
    size = draw(st.integers(2, 12))
    nodes = []
    for place in range(size - 1):
        # The first choice leads to the next place, so that none is left out.
        targets = [place + 1, *draw(st.lists(st.integers(place + 1, size - 1), min_size=1, max_size=3))]
        choices = tuple(
            Choice(f"c{number}", f"n{target}", "a-section", draw(st.sampled_from(Harm)))
            for number, target in enumerate(targets)
        )
        nodes.append(Node(f"n{place}", choices))
    return Graph((*nodes, Node(f"n{size - 1}", (), End.GOOD, "a-section")))


def walked(graph: Graph, data: st.DataObject) -> Walk:
    """A walk by chance. It would never come back if a walk did not end."""
    walk = graph.walk()
    while not walk.ended:
        walk = graph.after(walk, data.draw(st.sampled_from([choice.id for choice in walk.node.choices])))
    return walk


@given(graph=graphs(), data=st.data())
def test_every_walk_through_a_sound_case_ends_and_passes_no_place_twice(graph: Graph, data: st.DataObject) -> None:
    walk = walked(graph, data)
    places = [step.node_id for step in walk.steps]
    assert walk.node.end is not None
    assert len(places) == len(set(places)) <= len(graph.decisions())


@given(graph=graphs(), data=st.data())
def test_a_stored_path_leads_to_the_same_place(graph: Graph, data: st.DataObject) -> None:
    walk = walked(graph, data)
    assert graph.walk(walk.path) == walk


@given(graph=graphs(), data=st.data())
def test_every_decision_is_counted_once_as_one_error_or_the_other_or_none(graph: Graph, data: st.DataObject) -> None:
    walk = walked(graph, data)
    missed, harmed = walk.steps_with(Harm.MISSED), walk.steps_with(Harm.SAFETY)
    assert not set(missed) & set(harmed)
    assert len(missed) + len(harmed) + len(walk.steps_with(Harm.NONE)) == len(walk.steps)
    assert all(step.choice.harm is Harm.MISSED for step in missed)


@given(graph=graphs(), data=st.data())
def test_going_back_keeps_what_was_decided_before(graph: Graph, data: st.DataObject) -> None:
    walk = walked(graph, data)
    keep = data.draw(st.integers(0, len(walk.steps)))
    back = graph.walk(walk.path[:keep])
    assert back.steps == walk.steps[:keep]
    assert back.ended == (keep == len(walk.steps))


@given(graph=graphs())
def test_a_sound_case_has_no_fault_but_what_it_loses(graph: Graph) -> None:
    assert not [*graph.dead_ends(), *graph.unreachable(), *graph.returning(), *graph.lost_choices()]


@given(graph=graphs(), data=st.data())
def test_a_choice_that_leads_back_is_noticed(graph: Graph, data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(graph.nodes) - 2))
    node = graph.nodes[place]
    before = graph.nodes[data.draw(st.integers(0, place))]
    back = dataclasses.replace(node, choices=(*node.choices, Choice("back", before.id, "a-section")))
    faulty = Graph((*graph.nodes[:place], back, *graph.nodes[place + 1 :]))
    assert any(choice.id == "back" for _, choice in faulty.returning())


CASE = Graph(
    (
        Node("door", (Choice("ask", "room", "a"), Choice("pass", "street", "a", Harm.MISSED))),
        Node("room", (Choice("listen", "end", "a"), Choice("call-him", "street", "a", Harm.SAFETY))),
        Node("end", (), End.GOOD, "a"),
        Node("street", (), End.LOSS, "a"),
    )
)


def test_a_path_is_kept_as_far_as_the_case_still_knows_it() -> None:
    assert CASE.walk(("door=ask", "room=whisper", "end=x")).path == ("door=ask",)


def test_a_choice_that_the_place_does_not_have_is_refused() -> None:
    with pytest.raises(NotThere):
        CASE.after(CASE.walk(), "listen")


def test_a_loss_that_comes_without_an_error_is_noticed() -> None:
    assert not list(CASE.unearned_losses())
    kind = Choice("pass", "street", "a", Harm.NONE)
    faulty = Graph((Node("door", (CASE.nodes[0].choices[0], kind)), *CASE.nodes[1:]))
    assert [node.id for node in faulty.unearned_losses()] == ["street"]


def test_a_place_without_choices_that_is_no_end_is_a_dead_end_and_so_is_a_single_choice() -> None:
    single = Node("hall", (Choice("on", "end", "a"),))
    faulty = Graph((*CASE.nodes, Node("cellar"), single))
    assert [node.id for node in faulty.dead_ends()] == ["cellar", "hall"]
    assert [node.id for node in faulty.unreachable()] == ["cellar", "hall"]
