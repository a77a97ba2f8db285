"""A branching case: places where one decides, and where each choice leads. Nothing is scored."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from course.domain.errors import NotThere


class Harm(StrEnum):
    """What a choice costs. The two kinds are told apart, because one is mended by asking and the other by care."""

    NONE = "none"
    #: Somebody who may need help goes on without it.
    MISSED = "missed-a-victim"
    #: Somebody is put at risk by what was meant as help.
    SAFETY = "harmed-safety"


class End(StrEnum):
    GOOD = "good"
    #: The case closes without help, or with harm; the place says why.
    LOSS = "loss"


@dataclass(frozen=True, slots=True)
class Choice:
    id: str
    #: The place it leads to.
    to: str
    #: The section of the handbook that the feedback rests on.
    section: str
    harm: Harm = Harm.NONE


@dataclass(frozen=True, slots=True)
class Node:
    """A place of a case: a decision with its choices, or an end without any."""

    id: str
    choices: tuple[Choice, ...] = ()
    end: End | None = None
    #: An end rests on a section, too.
    section: str = ""

    def choice(self, choice_id: str) -> Choice:
        for choice in self.choices:
            if choice.id == choice_id:
                return choice
        raise NotThere(choice_id)


@dataclass(frozen=True, slots=True)
class Step:
    """One decision that was made."""

    node_id: str
    choice: Choice

    def __str__(self) -> str:
        """As it is stored."""
        return f"{self.node_id}={self.choice.id}"


@dataclass(frozen=True, slots=True)
class Walk:
    """How far somebody has come."""

    steps: tuple[Step, ...]
    #: The place reached.
    node: Node

    @property
    def ended(self) -> bool:
        return not self.node.choices

    @property
    def path(self) -> tuple[str, ...]:
        return tuple(map(str, self.steps))

    def steps_with(self, harm: Harm) -> tuple[Step, ...]:
        """The decisions of one kind of error, in the order in which they were made."""
        return tuple(step for step in self.steps if step.choice.harm is harm)


@dataclass(frozen=True)
class Graph:
    """The places of a case. The first is where it begins."""

    nodes: tuple[Node, ...]

    @cached_property
    def by_id(self) -> Mapping[str, Node]:
        return {node.id: node for node in self.nodes}

    def decisions(self) -> tuple[Node, ...]:
        return tuple(node for node in self.nodes if node.choices)

    def walk(self, path: Sequence[str] = ()) -> Walk:
        """Follow a stored path. Where the case has changed since, the path is kept up to there and no further."""
        steps: list[Step] = []
        node = self.nodes[0]
        for written in path:
            choices = {str(Step(node.id, choice)): choice for choice in node.choices}
            if written not in choices:
                break
            steps.append(Step(node.id, choices[written]))
            node = self.by_id[choices[written].to]
        return Walk(tuple(steps), node)

    def after(self, walk: Walk, choice_id: str) -> Walk:
        """One decision more; raises NotThere for a choice that the place does not have."""
        choice = walk.node.choice(choice_id)
        return Walk((*walk.steps, Step(walk.node.id, choice)), self.by_id[choice.to])

    # What may be wrong with a graph

    def lost_choices(self) -> Iterator[tuple[Node, Choice]]:
        """Choices that lead to a place that is not there."""
        return ((node, choice) for node in self.nodes for choice in node.choices if choice.to not in self.by_id)

    def dead_ends(self) -> Iterator[Node]:
        """Places where nothing can be chosen though the case does not end there, or where one choice is no decision."""
        return (node for node in self.nodes if (node.choices if node.end else len(node.choices) < 2))

    def unreachable(self) -> Iterator[Node]:
        """Places that no choice leads to."""
        reached = self._reached(frozenset(Harm))
        return (node for node in self.nodes if node.id not in reached)

    def unearned_losses(self) -> Iterator[Node]:
        """Losses that somebody reaches who has made no error."""
        reached = self._reached(frozenset({Harm.NONE}))
        return (node for node in self.nodes if node.end is End.LOSS and node.id in reached)

    def _reached(self, harms: frozenset[Harm]) -> set[str]:
        waiting, reached = [self.nodes[0].id], set()
        while waiting:
            name = waiting.pop()
            if name in self.by_id and name not in reached:
                reached.add(name)
                waiting += [choice.to for choice in self.by_id[name].choices if choice.harm in harms]
        return reached

    def returning(self) -> Iterator[tuple[Node, Choice]]:
        """Choices that lead back to a place passed before. Without them every walk comes to an end."""
        for node in self.nodes:
            for choice in node.choices:
                if node.id in self._from(choice.to):
                    yield node, choice

    def _from(self, start: str) -> set[str]:
        """A place and all that can follow it."""
        waiting, found = [start], set()
        while waiting:
            name = waiting.pop()
            if name in self.by_id and name not in found:
                found.add(name)
                waiting += [choice.to for choice in self.by_id[name].choices]
        return found
