"""Keep the counters true: whatever changes a record changes them in the same transaction.

A change is made inside `counted`, which looks at the facts before and after it and adds the difference. So the counters
follow one rule, `cells_of`, and cannot be forgotten piece by piece.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from sqlalchemy import Connection
from sqlalchemy.orm import Session

from course.content.library import Library
from course.domain.counts import Cell, cells_of
from course.storage import facts, people, tally, tracks
from course.storage.engine import Store
from course.storage.facts import Scope
from course.storage.hot import Hot

_SCOPE = "counted"


@contextmanager
def counted(
    session: Session,
    learner_ids: Iterable[int],
    *,
    session_id: int | None = None,
    roster_rows: Iterable[int] = (),
) -> Iterator[None]:
    """Change anything of these learners, of a training session, or of places on a roster; the counters follow.

    The learners are held until the end of the transaction. Within another one it must stay within its people, and
    leaves the counting to it.
    """
    scope = facts.scope_of(session, learner_ids, session_id=session_id, roster_rows=roster_rows)
    outer: Scope | None = session.info.get(_SCOPE)
    if outer is not None:
        if not scope.learners <= outer.learners:
            raise ValueError("a change within another one touches other learners")
        yield
        return
    people.lock_learners(session, sorted(scope.learners))
    session.info[_SCOPE] = scope
    try:
        before = cells_of(facts.facts_in(session, scope))
        yield
        after = cells_of(facts.facts_in(session, scope))
    finally:
        del session.info[_SCOPE]
    tally.change(session, difference(before, after))


@contextmanager
def counted_hot(hot: Hot, learner_id: int) -> Iterator[None]:
    """The same for one learner on the hot path."""
    people.lock_learner_hot(hot, learner_id)
    before = cells_of(facts.facts_of_learner(hot, learner_id))
    yield
    tally.change(hot, difference(before, cells_of(facts.facts_of_learner(hot, learner_id))))


def difference(before: Counter[Cell], after: Counter[Cell]) -> dict[Cell, int]:
    """What must be added to each counter; nothing where nothing changed."""
    return {cell: after[cell] - before[cell] for cell in before.keys() | after.keys() if after[cell] != before[cell]}


def finish_tracks(place: Hot | Session, library: Library, learner_id: int, *, language: str) -> None:
    """Write down every track that the learner has completed by now, as it is in this edition."""
    passed = tracks.passed_modules(place, learner_id)
    shown = {module.id for module in library.modules}
    for track in library.tracks:
        counted_modules = [one for one in track.module_ids if one in shown]
        if counted_modules and passed.keys() >= set(counted_modules):
            tracks.add_track_completion(
                place,
                learner_id,
                track.id,
                module_ids=counted_modules,
                completed_at=max(passed[one] for one in counted_modules),
                edition=library.edition,
                language=language,
            )


# Verify and repair


def true_counts(connection: Connection) -> Counter[Cell]:
    """What the records say, counted anew from the first to the last."""
    return cells_of(facts.all_facts(connection))


def drift(store: Store) -> dict[Cell, int]:
    """What each counter lacks to be true. Empty, unless a record was changed past `counted`."""
    with store.writing() as session:
        connection = session.connection()
        return difference(tally.counters(connection), true_counts(connection))


def recount(store: Store, library: Library) -> dict[Cell, int]:
    """Make the counters say what the records say, and tracks what their modules say. What had to be added."""
    with store.writing() as session:
        connection = session.connection()
        for learner_id, language in tracks.learners_without_a_track(connection, _tracks_of(library)):
            finish_tracks(session, library, learner_id, language=language)
        wanted = true_counts(connection)
        missing = difference(tally.counters(connection), wanted)
        if missing:
            tally.replace_all(session, wanted)
    return missing


def _tracks_of(library: Library) -> dict[str, list[str]]:
    shown = {module.id for module in library.modules}
    found = {track.id: [one for one in track.module_ids if one in shown] for track in library.tracks}
    return {track_id: modules for track_id, modules in found.items() if modules}
