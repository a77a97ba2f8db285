"""Cases: every way through them comes to an end, and every choice is explained."""

from __future__ import annotations

from collections.abc import Iterator

from course.content.check.parity import word_faults
from course.content.check.registry import Checked, Fault, rule
from course.content.findings import Level
from course.content.package import case_path
from course.content.schema_practice import CaseKey, CaseWords
from course.domain.case import End, Graph

#: How many decisions a case has.
DECISIONS = range(6, 16)


def _graphs(checked: Checked) -> Iterator[tuple[str, Graph]]:
    """(path, graph) of every case."""
    for case_id, case in checked.package.cases.items():
        yield case_path(case_id), case.graph()


def _worded(checked: Checked) -> Iterator[tuple[str, CaseKey, CaseWords]]:
    """(path, key, words) of every case in every language."""
    for language, cases in checked.package.case_words.items():
        for case_id, words in cases.items():
            if case_id in checked.package.cases:
                yield case_path(case_id, language), checked.package.cases[case_id], words


def sections_of(checked: Checked) -> set[str]:
    """The sections that the package has."""
    pages = checked.rendered.lessons.get(checked.package.spine.source_language, {})
    return {section.name for page in pages.values() for section in page.sections}


@rule("case-track", essential=True)
def case_tracks(checked: Checked) -> Iterator[Fault]:
    """A case belongs to tracks of the spine."""
    known = {track.id for track in checked.package.spine.tracks}
    for case_id, case in checked.package.cases.items():
        for track_id in case.tracks:
            if track_id not in known:
                line = checked.line(case_path(case_id), "tracks", track_id)
                yield Fault(case_path(case_id), line, f"There is no track {track_id}.", "Use an id of a track.")


@rule("case-node", essential=True)
def case_nodes(checked: Checked) -> Iterator[Fault]:
    """Every choice of a case leads to a place that is there, and no place or choice has the id of another."""
    for path, graph in _graphs(checked):
        for node, choice in graph.lost_choices():
            line = checked.line(path, "nodes", node.id, "choices", choice.id)
            yield Fault(path, line, f"{choice.id} leads to {choice.to}, which is not there.", "Correct `to`.")
        for names in ([node.id for node in graph.nodes], *([one.id for one in node.choices] for node in graph.nodes)):
            for name in sorted({name for name in names if names.count(name) > 1}):
                yield Fault(path, checked.line(path, "nodes", name), f"{name} stands here twice.", "Rename one.")


@rule("case-dead-end", essential=True)
def dead_ends(checked: Checked) -> Iterator[Fault]:
    """Every place of a case has two choices or more, or is an end and has none."""
    for path, graph in _graphs(checked):
        for node in graph.dead_ends():
            fix = "Give it two choices, or make it an end: `end: good` or `end: loss`, without choices."
            yield Fault(path, checked.line(path, "nodes", node.id), f"The case stops at {node.id}.", fix)


@rule("case-circle", essential=True)
def circles(checked: Checked) -> Iterator[Fault]:
    """No choice of a case leads back to a place passed before; a reader goes back with a button."""
    for path, graph in _graphs(checked):
        for node, choice in graph.returning():
            line = checked.line(path, "nodes", node.id, "choices", choice.id)
            yield Fault(path, line, f"{choice.id} leads back to {node.id}.", "Lead it on to another place.")


@rule("case-unreachable")
def unreachable(checked: Checked) -> Iterator[Fault]:
    """Every place of a case can be reached from its beginning."""
    for path, graph in _graphs(checked):
        for node in graph.unreachable():
            fix = "Lead a choice to it, or take it out."
            yield Fault(path, checked.line(path, "nodes", node.id), f"No choice leads to {node.id}.", fix)


@rule("case-section", essential=True)
def case_sections(checked: Checked) -> Iterator[Fault]:
    """Every choice and every end of a case rests on a section that is there."""
    known = sections_of(checked)
    for path, graph in _graphs(checked):
        for node in graph.nodes:
            named: list[tuple[str, tuple[str, ...]]] = [
                (choice.section, ("choices", choice.id)) for choice in node.choices
            ]
            named += [(node.section, ())] if node.end else []
            for section, keys in named:
                if section not in known:
                    line = checked.line(path, "nodes", node.id, *keys)
                    yield Fault(path, line, f"There is no section {section!r}.", "Use the id of a heading: ## … {#id}.")


@rule("case-words", essential=True)
def case_words(checked: Checked) -> Iterator[Fault]:
    """Every place and choice of a case has words in every language, and no others have."""
    for path, case, words in _worded(checked):
        yield from word_faults(checked, path, ("nodes",), "place", [node.id for node in case.nodes], words.nodes)
        for node in case.nodes:
            if node.id in words.nodes:
                choices = [choice.id for choice in node.choices]
                at = ("nodes", node.id, "choices")
                yield from word_faults(checked, path, at, "choice", choices, words.nodes[node.id].choices)


@rule("case-feedback")
def feedback(checked: Checked) -> Iterator[Fault]:
    """Every choice of a case says what follows from it and why."""
    for path, _, words in _worded(checked):
        for node_id, node in words.nodes.items():
            for choice_id, choice in node.choices.items():
                if not choice.why.strip():
                    line = checked.line(path, "nodes", node_id, "choices", choice_id)
                    yield Fault(path, line, f"{choice_id} has no feedback.", "Add why: in one to three sentences.")


@rule("case-loss-unexplained")
def unexplained_losses(checked: Checked) -> Iterator[Fault]:
    """A case is lost only after an error, and every loss says how it came and what helps."""
    for path, graph in _graphs(checked):
        for node in graph.unearned_losses():
            fix = "Mark the choice that loses it with `error:`, or lead it elsewhere."
            yield Fault(path, checked.line(path, "nodes", node.id), f"{node.id} is lost without an error.", fix)
    for path, case, words in _worded(checked):
        for one in case.nodes:
            if one.end is End.LOSS and one.id in words.nodes and not words.nodes[one.id].why.strip():
                line = checked.line(path, "nodes", one.id)
                yield Fault(path, line, f"The loss {one.id} is not explained.", "Add why: how it came, what helps.")


@rule("case-size", Level.WARNING)
def case_sizes(checked: Checked) -> Iterator[Fault]:
    """A case has 6 to 15 decisions."""
    for path, graph in _graphs(checked):
        count = len(graph.decisions())
        if count not in DECISIONS:
            yield Fault(path, 1, f"The case has {count} decisions.", "Give it between 6 and 15.")


@rule("track-without-case", Level.WARNING)
def tracks_without_case(checked: Checked) -> Iterator[Fault]:
    """In a package with cases, every track has one."""
    package = checked.package
    served = {track_id for case in package.cases.values() for track_id in case.tracks}
    for track in package.spine.tracks if package.cases else ():
        if track.id not in served:
            path = "modules/course.yaml"
            line = checked.line(path, "tracks", track.id)
            yield Fault(path, line, f"No case is for {track.id}.", "Write one, or name the track in a case.")
