"""Go through a branching case: decide, and go back to decide otherwise."""

from __future__ import annotations

from datetime import datetime

from course.content.library import Library
from course.domain.case import Walk
from course.storage import cases, people
from course.storage.engine import Store


def decide(
    store: Store,
    library: Library,
    *,
    learner_id: int,
    case_id: str,
    made: int,
    choice_id: str,
    language: str,
    now: datetime,
) -> Walk:
    """One decision. `made` is how many the page showed: a second click, or an old tab, decides nothing twice."""
    graph = library.case(case_id).graph
    with store.writing() as session:
        walk = graph.walk(cases.locked_path(session, learner_id, case_id, now=now))
        if len(walk.steps) == made:
            walk = graph.after(walk, choice_id)
            cases.set_path(session, learner_id, case_id, walk.path, now=now)
            people.record_changed(session, learner_id)
        people.set_language(session, learner_id, language)
    return walk


def go_back(store: Store, library: Library, *, learner_id: int, case_id: str, keep: int, now: datetime) -> Walk:
    """Take decisions back: the first `keep` stay."""
    graph = library.case(case_id).graph
    with store.writing() as session:
        path = cases.locked_path(session, learner_id, case_id, now=now)
        walk = graph.walk(graph.walk(path).path[: max(keep, 0)])
        cases.set_path(session, learner_id, case_id, walk.path, now=now)
        people.record_changed(session, learner_id)
    return walk
