"""Any number of made-up learners, spread over months, for benchmarks and for trying out what many records are like."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from random import Random

from sqlalchemy import Connection

from course.content.library import Library
from course.content.question_version import QuestionVersions
from course.services.attempts import keep_versions
from course.services.certificates import VerifyUrl
from course.services.made_up.calendar import Calendar, calendar
from course.services.made_up.learners import Block, Group, MadeUpLearner, starts
from course.services.made_up.people import People
from course.services.made_up.stories import Story, Writer
from course.storage import people
from course.storage.bulk import BulkWriter, look_anew
from course.storage.engine import Store
from course.storage.tables import Attempt, Certificate, Cohort, Learner

#: So far back the first of them began.
DAYS = 540
#: Of all learners, so many came to the end of their track, and so many are members of groups of this size.
FINISHED = 0.08
IN_GROUPS, GROUP_SIZE = 0.1, 25
#: Written in one transaction.
BLOCK = 10_000
STORIES_OF_TRACK = 60

#: Told how many more learners are written.
Tell = Callable[[int], None]


class LearnersThere(Exception):
    """The database has learners, who may be real; how many."""


@dataclass(frozen=True, slots=True)
class Plot:
    """What all made-up learners of one run have in common."""

    library: Library
    calendar: Calendar
    people: People
    finished: Sequence[Story]
    unfinished: Sequence[Story]
    chance: Random
    verify_url: VerifyUrl


def seed_learners(
    store: Store,
    library: Library,
    many: int,
    *,
    seed: int,
    verify_url: VerifyUrl,
    now: datetime,
    beside_others: bool = False,
    tell: Tell = lambda _: None,
) -> None:
    """Add so many learners with lessons, attempts, answers, completions and certificates; the counters count them.

    Raises LearnersThere where others are, unless these may come beside them.
    """
    with store.reading() as connection:
        there = people.count_learners(connection)
    if there and not beside_others:
        raise LearnersThere(str(there))
    plot = plot_of(store, library, many, seed=seed, days=DAYS, verify_url=verify_url, now=now)
    for first in range(0, many, BLOCK):
        size = min(BLOCK, many - first)
        finished = round(FINISHED * size)
        with store.writing() as session:
            connection = session.connection()
            groups = _groups(connection, plot, round(IN_GROUPS * size) // GROUP_SIZE)
            write_learners(connection, plot, finished=finished, unfinished=size - finished, groups=groups)
        tell(size)
    with store.writing() as session:
        look_anew(session.connection())


def plot_of(
    store: Store, library: Library, many: int, *, seed: int, days: int, verify_url: VerifyUrl, now: datetime
) -> Plot:
    """Make up the ways that so many learners go, and keep the questions that they were asked."""
    versions = QuestionVersions(library)
    keep_versions(store, versions, list(versions.bodies))
    tail = _tail(store)
    writer, when = Writer(library, versions, seed=seed), calendar(now, days=days, tail=tail)
    chance = Random(f"plot:{seed}")
    each = max(4, min(STORIES_OF_TRACK, many // len(library.tracks)))
    ways = {
        finished: [
            story
            for track in library.tracks
            for story in (writer.story(track, finished=finished) for _ in range(each))
            if story.days <= len(when) and bool(story.tracks) == finished
        ]
        for finished in (True, False)
    }
    return Plot(library, when, People(library, seed=seed), ways[True], ways[False], chance, verify_url)


def _tail(store: Store) -> str:
    with store.reading() as connection:
        return BulkWriter(connection).clock_end


def write_learners(
    connection: Connection, plot: Plot, *, finished: int, unfinished: int, groups: Sequence[Group] = ()
) -> None:
    """Write so many learners who came to the end of a track, and so many who did not; the first fill the groups."""
    bulk = BulkWriter(connection)
    block = Block(
        plot.library, plot.calendar, plot.chance, plot.verify_url, bulk.next_id(Attempt), bulk.next_id(Certificate)
    )
    many, number = finished + unfinished, bulk.next_id(Learner)
    ends = [True] * finished + [False] * unfinished
    plot.chance.shuffle(ends)
    going = {end: starts(plot.chance, ways, len(plot.calendar)) for end, ways in _ways(plot)}
    languages, ways_in = plot.people.languages(many), plot.people.ways(many)
    for place, end in enumerate(ends):
        story, day, later = next(going[end])
        group = groups[place // GROUP_SIZE] if place < len(groups) * GROUP_SIZE else None
        profile = plot.people.profile(group.network if group else None)
        who = MadeUpLearner(number + place, story, languages[place], ways_in[place], profile, day, later)
        block.add(_in_group(who, group, plot.calendar) if group else who)
    block.write(connection, bulk)


def _ways(plot: Plot) -> tuple[tuple[bool, Sequence[Story]], ...]:
    return (True, plot.finished), (False, plot.unfinished)


def _in_group(who: MadeUpLearner, group: Group, days: Calendar) -> MadeUpLearner:
    """Members study in the group's language, from about the day on which it began."""
    latest = len(days) - who.story.days
    return replace(who, group=group, language=group.language, day=min(group.day + who.later % 5, latest))


def _groups(connection: Connection, plot: Plot, many: int) -> list[Group]:
    """New cohorts that their networks' trainers could follow."""
    bulk = BulkWriter(connection)
    number, networks = bulk.next_id(Cohort), list(plot.library.networks)
    if not networks:
        return []
    groups = [
        Group(
            number + place,
            plot.chance.choice(networks),
            plot.people.languages(1)[0],
            plot.chance.randrange(len(plot.calendar)),
        )
        for place in range(many)
    ]
    columns = ("id", "network_id", "name", "track_id", "language", "shows_scores", "created_at")
    track = plot.library.tracks[0].id
    bulk.write(
        Cohort,
        columns,
        [
            (one.cohort_id, one.network, f"Made-up group {one.cohort_id}", track, one.language, False,
             plot.calendar.text(one.day, 5 * 3600))
            for one in groups
        ],
    )  # fmt: skip
    bulk.numbers_used(Cohort)
    return groups
